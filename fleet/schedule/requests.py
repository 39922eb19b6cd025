"""A Sudin asks for a van of the agency; the agency grants it with a trip, or says why not."""

from dataclasses import dataclass
from datetime import date

from accounts.acts import Act
from accounts.rights import Actor, require
from accounts.roles import Action
from dukcapil.clock import business_date
from dukcapil.errors import N_, Conflict, NotFound, Refused
from dukcapil.locks import one_writer
from fleet.models import RequestStatus, Session, Trip, TripStatus, Van, VanRequest
from fleet.schedule.trips import TripInput, plan_trip, village_of
from fleet.vans.free_text import LONGEST_PLACE, needed_text
from recording.public import write_audit


@dataclass(frozen=True)
class RequestInput:
    """Where and when a van is wanted, and what for."""

    day: date
    session: str
    village: str
    place: str
    why: str


def ask_for_van(*, act: Act, request: RequestInput) -> VanRequest:
    """Ask for a van of the agency. The same question again is the same request."""
    require(by=act.by, action=Action.TRIP_WRITE, code=request.village)
    if not village_of(request.village).is_open_on(request.day):
        raise Refused(N_("Kelurahan itu tutup pada hari itu."), "village")
    if request.session not in Session.values:
        raise Refused(N_("Pilih sesinya."), "session")
    if request.day < business_date(act.now):
        raise Refused(N_("Hari itu sudah lewat; jadwal hanya untuk hari ini dan sesudahnya."), "day")
    place = needed_text(request.place, "place", N_("Tulis tempatnya, misalnya kantor RW 05."), LONGEST_PLACE)
    why = needed_text(request.why, "why", N_("Tulis untuk apa mobilnya diperlukan."))
    with one_writer():
        known = VanRequest.objects.filter(
            day=request.day, session=request.session, village=request.village, status=RequestStatus.OPEN
        ).first()
        if known:
            if (known.place, known.why) != (place, why):
                sentence = N_("Sudah ada permintaan untuk kelurahan, hari dan sesi itu: %(place)s.")
                raise Conflict(sentence, place=known.place)
            return known
        made = VanRequest.objects.create(
            day=request.day,
            session=request.session,
            village_id=request.village,
            place=place,
            why=why,
            at=act.now,
            by=act.author,
        )
        _audit(act, made, "request.ask")
    return made


def grant_request(*, act: Act, number: int, van: int) -> Trip:
    """Give the van for it: its trip is published at once. Granting it again answers the same trip."""
    found = _answerable(act.by, number)
    with one_writer():
        found.refresh_from_db()
        if found.status == RequestStatus.GRANTED and found.trip:
            return found.trip
        _check_waiting(found)
        if not Van.objects.filter(pk=van, base=found.village_id[:2]).exists():
            raise Refused(N_("Pilih mobil Dinas."), "van")
        wanted = TripInput(van, found.day, found.session, found.village_id, found.place)
        trip = plan_trip(act=act, trip=wanted)
        if trip.status != TripStatus.PLANNED or hasattr(trip, "request"):
            raise Conflict(N_("Mobil itu sudah dijadwalkan di tempat itu. Pilih mobil lain."), "van")
        trip.status, trip.announced = TripStatus.PUBLISHED, True
        trip.save(update_fields=["status", "announced"])
        found.trip = trip
        _answer(act, found, RequestStatus.GRANTED, "")
    return trip


def refuse_request(*, act: Act, number: int, reason: str) -> VanRequest:
    """Say why there is no van for it."""
    found = _answerable(act.by, number)
    reason = needed_text(reason, "reason", N_("Tulis alasannya; Sudin membacanya."))
    with one_writer():
        found.refresh_from_db()
        if found.status != RequestStatus.REFUSED:
            _check_waiting(found)
            _answer(act, found, RequestStatus.REFUSED, reason)
    return found


def withdraw_request(*, act: Act, number: int) -> VanRequest:
    """The Sudin no longer needs it. A granted one is called off on its trip."""
    found = _visible(act.by, number)
    require(by=act.by, action=Action.TRIP_WRITE, code=found.village_id)
    with one_writer():
        found.refresh_from_db()
        if found.status != RequestStatus.WITHDRAWN:
            _check_waiting(found)
            _answer(act, found, RequestStatus.WITHDRAWN, "")
    return found


def _visible(by: Actor, number: int) -> VanRequest:
    seen = VanRequest.objects.visible_to(by)
    found = seen.select_related("village").filter(pk=number).first()
    if found is None:
        raise NotFound(N_("Permintaan itu tidak ditemukan."))
    return found


def _answerable(by: Actor, number: int) -> VanRequest:
    """Whoever plans the vans of the province answers."""
    found = _visible(by, number)
    require(by=by, action=Action.TRIP_WRITE, code=found.village_id[:2])
    return found


def _check_waiting(found: VanRequest) -> None:
    if found.status != RequestStatus.OPEN:
        raise Conflict(N_("Permintaan ini sudah dijawab: %(status)s."), status=found.get_status_display())


def _answer(act: Act, found: VanRequest, status: str, text: str) -> None:
    found.status, found.answer, found.answered_at, found.answered_by = status, text, act.now, act.author
    found.save()
    _audit(act, found, f"request.{status}")


def _audit(act: Act, found: VanRequest, action: str) -> None:
    details: dict[str, object] = {"request": found.pk, "day": found.day.isoformat(), "place": found.place}
    write_audit(act=act, action=action, subject=found.village_id, details=details)
