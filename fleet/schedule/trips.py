"""One trip of the schedule: planning, moving, cancelling and pinning it."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from accounts.acts import Act
from accounts.rights import Actor, require
from accounts.roles import Action
from dukcapil.clock import business_date
from dukcapil.errors import N_, Conflict, NotFound, Refused
from dukcapil.locks import one_writer
from dukcapil.region_codes import is_strictly_within
from fleet.models import Service, Session, Trip, TripStatus, Van, VanAbsence
from fleet.vans.free_text import LONGEST_PLACE, needed_text
from recording.public import Level, Region, is_code, write_audit

HOURS: dict[str, tuple[time, time]] = {  # of a session, when nobody says otherwise
    Session.MORNING: (time(8), time(12)),
    Session.MIDDAY: (time(12), time(15)),
    Session.AFTERNOON: (time(15), time(18)),
    Session.EVENING: (time(18), time(21)),
    Session.FULL: (time(8), time(15)),
}
AHEAD = timedelta(days=366)
USUAL_SERVICES = [Service.RECORD_FIRST, Service.RECORD, Service.KIA, Service.REPLACEMENT]


CONTENT = ("van_id", "day", "session", "village_id", "place", "opens", "closes", "services")


@dataclass(frozen=True)
class TripInput:
    """A stop as it should be. Without hours, those of the session; without services, the usual ones."""

    van: int
    day: date
    session: str
    village: str
    place: str
    opens: time | None = None
    closes: time | None = None
    services: list[str] = field(default_factory=lambda: list(USUAL_SERVICES))

    @property
    def hours(self) -> tuple[time, time]:
        usual = HOURS[self.session]
        return self.opens or usual[0], self.closes or usual[1]


def plan_trip(*, act: Act, trip: TripInput) -> Trip:
    """A new stop, planned and not yet published. Planning the same again answers the same trip."""
    van, place = _checked(act.by, trip, act.now)
    with one_writer():
        same = Trip.objects.same_stop(van.pk, trip.day, trip.session, trip.village, place).first()
        wanted = _wanted(van, trip, place)
        if same and _content(same) == wanted:
            return same
        check_free(van, trip.day, trip.session)
        made = Trip(**wanted)
        _save(made)
        _audit(act, made, "trip.plan")
    return made


def change_trip(*, act: Act, number: int, trip: TripInput) -> Trip:
    """The stop as it should be from now on: also how it is moved to another van, day or session.

    A pinned one must be released first; one with a report stays as it was.
    """
    found = own_trip(act.by, number)
    van, place = _checked(act.by, trip, act.now)
    with one_writer():
        found.refresh_from_db()
        wanted = _wanted(van, trip, place)
        if _content(found) == wanted and found.status != TripStatus.CANCELLED:
            return found
        _check_open(found, act.now)
        moved = any(getattr(found, name) != wanted[name] for name in ("van_id", "day", "session"))
        if moved and found.pinned:
            raise Conflict(N_("Jadwal ini disematkan. Lepaskan sematannya sebelum memindahkannya."))
        check_free(van, trip.day, trip.session, but=found.pk)
        for name, value in wanted.items():
            setattr(found, name, value)
        _save(found)
        _audit(act, found, "trip.change")
    return found


def move_trip(*, act: Act, number: int, van: int, day: date) -> Trip:
    """The same stop with another van or on another day; its session, place and hours stay."""
    own_trip(act.by, number)
    with one_writer():
        found = own_trip(act.by, number)  # as it stands now, that no change of somebody else is undone
        wanted = TripInput(
            van, day, found.session, found.village_id, found.place, found.opens, found.closes, found.services
        )
        return change_trip(act=act, number=number, trip=wanted)


def cancel_trip(*, act: Act, number: int, reason: str) -> Trip:
    """The stop is called off; the reason stays for all to read. Again: nothing changes."""
    found = own_trip(act.by, number)
    reason = needed_text(reason, "reason", N_("Tulis alasan pembatalan; alasan tersimpan dalam riwayat."))
    with one_writer():
        found.refresh_from_db()
        if found.status == TripStatus.CANCELLED:
            return found
        _check_open(found, act.now)
        found.status, found.reason = TripStatus.CANCELLED, reason
        found.save(update_fields=["status", "reason"])
        _audit(act, found, "trip.cancel")
    return found


def pin_trip(*, act: Act, number: int, pinned: bool) -> Trip:
    """A pinned stop is moved by nobody, neither by hand nor by the planner, until it is released."""
    found = own_trip(act.by, number)
    with one_writer():
        found.refresh_from_db()
        if found.pinned != pinned:
            found.pinned = pinned
            found.save(update_fields=["pinned"])
            _audit(act, found, "trip.pin" if pinned else "trip.release")
    return found


def own_trip(by: Actor, number: int) -> Trip:
    """The trip, when `by` may change it: the place and the van must both be within reach."""
    found = Trip.objects.visible_to(by).select_related("van", "village").filter(pk=number).first()
    if found is None:
        raise NotFound(N_("Jadwal itu tidak ditemukan; mungkin sudah dihapus."))
    require(by=by, action=Action.TRIP_WRITE, code=found.van.base_id)
    return found


def village_of(code: str) -> Region:
    """The kelurahan of that code; Refused for anything else."""
    found = Region.objects.filter(code=code, level=Level.VILLAGE).first() if is_code(code) else None
    if found is None:
        raise Refused(N_("Pilih kelurahannya."), "village")
    return found


def check_free(van: Van, day: date, session: str, but: int = 0) -> None:
    """Raise Conflict when the van is absent, retired, or elsewhere in that session; the database refuses it too."""
    if not van.is_in_use(day):
        raise Conflict(N_("Mobil %(plate)s sudah tidak dipakai pada hari itu."), "van", plate=van.plate)
    absence = VanAbsence.objects.touching(day, day).filter(van=van).first()
    if absence:
        raise Conflict(
            N_("Mobil %(plate)s tidak siap hari itu: %(why)s."), "van", plate=van.plate, why=absence.get_kind_display()
        )
    taken = Trip.objects.standing().in_session(session).filter(van=van, day=day).exclude(pk=but)
    other = taken.select_related("village").first()
    if other:
        raise Conflict(
            N_("Mobil %(plate)s sudah ada di %(place)s, %(village)s, pada sesi itu."),
            "session",
            plate=van.plate,
            place=other.place,
            village=other.village.name,
        )


def _save(trip: Trip) -> None:
    """Store it; what the database refuses after all (somebody was quicker in its shell) is a Conflict in words."""
    try:
        with transaction.atomic():
            trip.save()
    except IntegrityError as problem:
        raise Conflict(N_("Jadwal ini bertabrakan dengan jadwal lain. Muat ulang halamannya."), "session") from problem


def _checked(by: Actor, trip: TripInput, now: datetime) -> tuple[Van, str]:
    """The van and the place of a stop that `by` may plan, with everything that can be said before looking at others."""
    van = Van.objects.visible_to(by).select_related("base").filter(pk=trip.van).first()
    if van is None:
        raise NotFound(N_("Mobil itu tidak ditemukan."))
    require(by=by, action=Action.TRIP_WRITE, code=van.base_id)
    village = village_of(trip.village)
    if not is_strictly_within(village.code, van.base_id):
        raise Refused(
            N_("Mobil %(plate)s milik %(base)s; tidak dijadwalkan di wilayah lain."),
            "village",
            plate=van.plate,
            base=van.base.name,
        )
    if not village.is_open_on(trip.day):
        raise Refused(N_("Kelurahan itu tutup pada hari itu."), "village")
    if trip.session not in Session.values:
        raise Refused(N_("Pilih sesinya."), "session")
    if not trip.services or not set(trip.services) <= set(Service.values):
        raise Refused(N_("Pilih paling sedikit satu layanan."), "services")
    opens, closes = trip.hours
    if closes <= opens:
        raise Refused(N_("Jam selesai harus sesudah jam mulai."), "closes")
    today = business_date(now)
    if trip.day < today:
        raise Refused(N_("Hari itu sudah lewat; jadwal hanya untuk hari ini dan sesudahnya."), "day")
    if trip.day > today + AHEAD:
        raise Refused(N_("Jadwal disusun paling jauh satu tahun ke depan."), "day")
    return van, needed_text(trip.place, "place", N_("Tulis tempatnya, misalnya kantor RW 05."), LONGEST_PLACE)


def _wanted(van: Van, trip: TripInput, place: str) -> dict[str, Any]:
    """The fields of a stop as they should be."""
    opens, closes = trip.hours
    return {
        "van_id": van.pk,
        "day": trip.day,
        "session": trip.session,
        "village_id": trip.village,
        "place": place,
        "opens": opens,
        "closes": closes,
        "services": list(trip.services),
    }


def _content(trip: Trip) -> dict[str, Any]:
    """The same fields as they stand."""
    return {name: getattr(trip, name) for name in CONTENT}


def _check_open(trip: Trip, now: datetime) -> None:
    """A stop of a day that is over stays: its report is still expected."""
    if hasattr(trip, "report"):
        raise Conflict(N_("Jadwal ini sudah punya laporan, jadi tidak diubah lagi."))
    if trip.status == TripStatus.CANCELLED:
        raise Conflict(N_("Jadwal ini sudah dibatalkan. Buat jadwal baru."))
    if trip.day < business_date(now):
        raise Conflict(N_("Harinya sudah lewat. Bila mobil tidak keluar, laporkan sebagai tidak beroperasi."))


def _audit(act: Act, trip: Trip, action: str) -> None:
    details: dict[str, object] = {
        "trip": trip.pk,
        "day": trip.day.isoformat(),
        "session": trip.session,
        "village": trip.village_id,
        "place": trip.place,
        "reason": trip.reason,
    }
    write_audit(act=act, action=action, subject=trip.van.plate, details=details)
