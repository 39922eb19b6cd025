"""One trip of the schedule: planning, changing, moving, cancelling and pinning it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from accounts.acts import Act
from accounts.rights import require
from accounts.roles import Action
from dukcapil.clock import business_date
from dukcapil.errors import N_, Conflict, Refused
from dukcapil.locks import one_writer
from dukcapil.region_codes import is_strictly_within
from fleet.models import ScheduleActKind, Service, Session, Trip, TripStatus, Van
from fleet.schedule.acts import keep_act
from fleet.schedule.double_booking import check_vans_are_free, refused_in_words
from fleet.schedule.selectors import own_trip, villages_with_codes
from fleet.vans.free_text import MAX_PLACE_LENGTH, required_text
from fleet.vans.selectors import visible_vans
from recording.public import Region, check_open, write_audits

HOURS: dict[str, tuple[time, time]] = {  # of a session, when nobody says otherwise
    Session.MORNING: (time(8), time(12)),
    Session.MIDDAY: (time(12), time(15)),
    Session.AFTERNOON: (time(15), time(18)),
    Session.EVENING: (time(18), time(21)),
    Session.FULL: (time(8), time(15)),
}
USUAL_SERVICES = [Service.RECORD_FIRST, Service.RECORD, Service.KIA, Service.REPLACEMENT]
WHERE_AND_WHEN = ("van", "day", "session", "village_id", "opens", "closes")
MAX_PLANNED_AHEAD = timedelta(days=366)


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

    @classmethod
    def of(cls, trip: Trip) -> "TripInput":
        """The stop as it stands."""
        stop = trip.van_id, trip.day, trip.session, trip.village_id, trip.place
        return cls(*stop, trip.opens, trip.closes, trip.services)

    @property
    def hours(self) -> tuple[time, time]:
        opens, closes = HOURS[self.session]
        return self.opens or opens, self.closes or closes


def plan_trip(*, act: Act, trip: TripInput, confirmed: Collection[str] = ()) -> Trip:
    """A new stop; see `plan_trips`."""
    (planned,) = plan_trips(act=act, trips=[trip], confirmed=confirmed)
    return planned


def plan_trips(*, act: Act, trips: Sequence[TripInput], confirmed: Collection[str] = ()) -> list[Trip]:
    """New stops, all or none, planned and not yet published. Planning the same again answers the same trips.

    Unconfirmed when a van has too little time to drive there; `confirmed` are the codes of the questions answered
    with yes."""
    rows = checked_fields(act, trips)
    with one_writer():
        known = {stop.identity: stop for stop in _standing(rows)}
        stops = [_same_or_new(known, fields) for fields in rows]
        if new := [stop for stop in stops if stop.pk is None]:
            check_vans_are_free(new, confirmed)
            with refused_in_words():
                Trip.objects.bulk_create(new)
            write_trail(act, new, "trip.plan")
    return stops


def change_trip(*, act: Act, number: int, trip: TripInput, confirmed: Collection[str] = ()) -> Trip:
    """The stop as it should be from now on: also how it is moved to another van, day or session.

    A pinned one must be released first; one with a report stays as it was. `confirmed`: see `plan_trip`; asked when the
    van, the time or the kelurahan changes.
    """
    stored = own_trip(act.by, number)
    (fields,) = checked_fields(act, [trip])
    with one_writer():
        stored.refresh_from_db()
        if _has(stored, fields) and stored.status != TripStatus.CANCELLED:
            return stored
        check_may_change(stored, act.now)
        moved = (stored.van_id, stored.day, stored.session) != (trip.van, trip.day, trip.session)
        if moved and stored.pinned:
            raise Conflict(N_("Jadwal ini dikunci. Buka kuncinya sebelum memindahkannya."))
        asks = any(getattr(stored, name) != fields[name] for name in WHERE_AND_WHEN)
        before = stored.state
        for name, value in fields.items():
            setattr(stored, name, value)
        if asks:
            check_vans_are_free([stored], confirmed)
        with refused_in_words():
            stored.save()
        write_trail(act, [stored], "trip.change")
        keep_act(act=act, kind=ScheduleActKind.CHANGE, base=stored.van.base_id, stops=[(before, stored)])
    return stored


def move_trip(*, act: Act, number: int, van: int, day: date, confirmed: Collection[str] = ()) -> Trip:
    """The same stop with another van or on another day; its session, place and hours stay. `confirmed`: see
    `plan_trip`."""
    own_trip(act.by, number)
    with one_writer():
        stored = own_trip(act.by, number)  # read under the lock, so that no change of somebody else is undone
        moved = replace(TripInput.of(stored), van=van, day=day)
        return change_trip(act=act, number=number, trip=moved, confirmed=confirmed)


def cancel_trip(*, act: Act, number: int, reason: str) -> Trip:
    """The stop is called off; the reason stays for all to read. Again: nothing changes."""
    trip = own_trip(act.by, number)
    reason = required_text(reason, "reason", N_("Tulis alasan pembatalan; alasan tersimpan dalam riwayat."))
    with one_writer():
        trip.refresh_from_db()
        if trip.status == TripStatus.CANCELLED:
            return trip
        check_may_change(trip, act.now)
        before = trip.state
        trip.status, trip.reason = TripStatus.CANCELLED, reason
        trip.save(update_fields=["status", "reason"])
        write_trail(act, [trip], "trip.cancel")
        keep_act(act=act, kind=ScheduleActKind.CANCEL, base=trip.van.base_id, stops=[(before, trip)])
    return trip


def resume_trip(*, act: Act, number: int, van: int | None = None, confirmed: Collection[str] = ()) -> Trip:
    """A stop that was called off takes place after all, with its own van or with another one; what was published once is
    published again. Asked like a new one: its day, its kelurahan, its van. Again: nothing changes. `confirmed`: see
    `plan_trip`."""
    own_trip(act.by, number)
    with one_writer():
        stored = own_trip(act.by, number)
        wanted = replace(TripInput.of(stored), van=stored.van_id if van is None else van)
        if stored.status != TripStatus.CANCELLED:
            if stored.van_id == wanted.van:
                return stored
            raise Conflict(N_("Jadwal ini sudah berlaku lagi dengan mobil %(plate)s."), "van", plate=stored.van.plate)
        (fields,) = checked_fields(act, [wanted])
        before = stored.state
        stored.van, stored.reason = fields["van"], ""
        stored.status = TripStatus.PUBLISHED if stored.announced else TripStatus.PLANNED
        check_vans_are_free([stored], confirmed)
        with refused_in_words():
            stored.save()
        write_trail(act, [stored], "trip.resume")
        keep_act(act=act, kind=ScheduleActKind.RESUME, base=stored.van.base_id, stops=[(before, stored)])
    return stored


def pin_trip(*, act: Act, number: int, pinned: bool) -> Trip:
    """A pinned stop is moved by nobody, neither by hand nor by the planner, until it is released."""
    trip = own_trip(act.by, number)
    with one_writer():
        trip.refresh_from_db()
        if trip.pinned != pinned:
            trip.pinned = pinned
            trip.save(update_fields=["pinned"])
            write_trail(act, [trip], "trip.pin" if pinned else "trip.release")
    return trip


def checked_fields(act: Act, trips: Sequence[TripInput]) -> list[dict[str, Any]]:
    """The fields of the rows of stops that `act.by` may plan; Refused for what is wrong in one itself, whatever else is
    planned."""
    vans = visible_vans(act.by, {trip.van for trip in trips})
    for van in vans.values():
        require(by=act.by, action=Action.TRIP_WRITE, code=van.base_id)
    villages = villages_with_codes({trip.village for trip in trips})
    return [trip_fields(vans[trip.van], villages[trip.village], trip, business_date(act.now)) for trip in trips]


def trip_fields(van: Van, village: Region, trip: TripInput, today: date) -> dict[str, Any]:
    _check_village(van, village, trip.day)
    if trip.session not in Session.values:
        raise Refused(N_("Pilih sesinya."), "session")
    if not trip.services or not set(trip.services) <= set(Service.values):
        raise Refused(N_("Pilih paling sedikit satu layanan."), "services")
    opens, closes = trip.hours
    if closes <= opens:
        raise Refused(N_("Jam selesai harus sesudah jam mulai."), "closes")
    if trip.day < today:
        raise Refused(N_("Hari itu sudah lewat; jadwal hanya untuk hari ini dan sesudahnya."), "day")
    if trip.day > today + MAX_PLANNED_AHEAD:
        raise Refused(N_("Jadwal disusun paling jauh satu tahun ke depan."), "day")
    return {
        "van": van,
        "day": trip.day,
        "session": trip.session,
        "village_id": village.code,
        "place": required_text(trip.place, "place", N_("Tulis tempatnya, misalnya kantor RW 05."), MAX_PLACE_LENGTH),
        "opens": opens,
        "closes": closes,
        "services": list(trip.services),
    }


def _check_village(van: Van, village: Region, day: date) -> None:
    """A van of a Sudin stays in its city, one of the agency in its province."""
    if not is_strictly_within(village.code, van.base_id):
        sentence = N_("Mobil %(plate)s milik %(base)s; tidak dijadwalkan di wilayah lain.")
        raise Refused(sentence, "village", plate=van.plate, base=van.base.name)
    check_open(village, day, "village")


def _standing(rows: Sequence[dict[str, Any]]) -> Iterable[Trip]:
    """The trips of the vans of these rows on their days."""
    vans, days = {fields["van"] for fields in rows}, {fields["day"] for fields in rows}
    return Trip.objects.standing().filter(van__in=vans, day__in=days).select_related("van")


def _same_or_new(known: Mapping[tuple[Any, ...], Trip], fields: dict[str, Any]) -> Trip:
    """The trip that stands just so already, else one that is not stored yet."""
    new = Trip(**fields)
    same = known.get(new.identity)
    return same if same and _has(same, fields) else new


def _has(trip: Trip, fields: dict[str, Any]) -> bool:
    return all(getattr(trip, name) == value for name, value in fields.items())


def check_may_change(trip: Trip, now: datetime) -> None:
    """A stop of a day that is over stays: its report is still expected."""
    if hasattr(trip, "report"):
        raise Conflict(N_("Jadwal ini sudah punya laporan, jadi tidak diubah lagi."))
    if trip.status == TripStatus.CANCELLED:
        raise Conflict(N_("Jadwal ini sudah dibatalkan. Jadwalkan lagi dahulu."))
    if trip.day < business_date(now):
        raise Conflict(N_("Harinya sudah lewat. Bila mobil tidak keluar, laporkan sebagai tidak beroperasi."))


def write_trail(act: Act, trips: Sequence[Trip], action: str) -> None:
    write_audits(act=act, action=action, subjects=[(trip.van.plate, _details(trip)) for trip in trips])


def _details(trip: Trip) -> dict[str, Any]:
    return {
        "trip": trip.pk,
        "day": trip.day.isoformat(),
        "session": trip.session,
        "village": trip.village_id,
        "place": trip.place,
        "reason": trip.reason,
    }
