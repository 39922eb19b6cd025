"""A Sudin asks for a van of the agency; the agency grants it with a trip, or says why not."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from accounts.acts import Act
from accounts.rights import Actor, require
from accounts.roles import Action
from dukcapil.clock import business_date
from dukcapil.errors import N_, Conflict, NotFound, Refused
from dukcapil.locks import one_writer
from fleet.models import RequestStatus, Session, Trip, TripStatus, Van, VanRequest
from fleet.schedule.selectors import village_with_code
from fleet.schedule.trips import TripInput, plan_trip
from fleet.vans.free_text import MAX_PLACE_LENGTH, required_text
from recording.public import check_open, write_audit


@dataclass(frozen=True)
class RequestInput:
    """Where and when a van is needed, and what for."""

    day: date
    session: str
    village: str
    place: str
    why: str


def ask_for_van(*, act: Act, request: RequestInput) -> VanRequest:
    """Ask for a van of the agency. The same request again is the same row."""
    require(by=act.by, action=Action.TRIP_WRITE, code=request.village)
    check_open(village_with_code(request.village), request.day, "village")
    if request.session not in Session.values:
        raise Refused(N_("Pilih sesinya."), "session")
    if request.day < business_date(act.now):
        raise Refused(N_("Hari itu sudah lewat; jadwal hanya untuk hari ini dan sesudahnya."), "day")
    place = required_text(request.place, "place", N_("Tulis tempatnya, misalnya kantor RW 05."), MAX_PLACE_LENGTH)
    why = required_text(request.why, "why", N_("Tulis untuk apa mobilnya diperlukan."))
    with one_writer():
        stop = {"day": request.day, "session": request.session, "village_id": request.village}
        waiting = VanRequest.objects.filter(**stop, status=RequestStatus.OPEN).first()
        if waiting:
            if (waiting.place, waiting.why) != (place, why):
                sentence = N_("Sudah ada permintaan untuk kelurahan, hari dan sesi itu: %(place)s.")
                raise Conflict(sentence, place=waiting.place)
            return waiting
        new = VanRequest.objects.create(**stop, place=place, why=why, at=act.now, by=act.author)
        _audit(act, new, "request.ask")
    return new


def grant_request(*, act: Act, number: int, van: int, confirmed: Collection[str] = ()) -> Trip:
    """Grant it with a van of the agency: its trip is published at once. Granting it again answers the same trip.
    `confirmed`: see `plan_trip`."""
    request = _answerable_request(act.by, number)
    with one_writer():
        request.refresh_from_db()
        if request.status == RequestStatus.GRANTED and request.trip:
            return request.trip
        _check_open(request)
        if not Van.objects.filter(pk=van, base=request.village_id[:2]).exists():
            raise Refused(N_("Pilih mobil Dinas."), "van")
        stop = TripInput(van, request.day, request.session, request.village_id, request.place)
        trip = plan_trip(act=act, trip=stop, confirmed=confirmed)
        if trip.status != TripStatus.PLANNED or hasattr(trip, "request"):
            raise Conflict(N_("Mobil itu sudah dijadwalkan di tempat itu. Pilih mobil lain."), "van")
        trip.status, trip.announced = TripStatus.PUBLISHED, True
        trip.save(update_fields=["status", "announced"])
        request.trip = trip
        _answer(act, request, RequestStatus.GRANTED)
    return trip


def refuse_request(*, act: Act, number: int, reason: str) -> VanRequest:
    """Say why there is no van for it."""
    request = _answerable_request(act.by, number)
    reason = required_text(reason, "reason", N_("Tulis alasannya; Sudin membacanya."))
    with one_writer():
        request.refresh_from_db()
        if request.status != RequestStatus.REFUSED:
            _check_open(request)
            _answer(act, request, RequestStatus.REFUSED, reason)
    return request


def withdraw_request(*, act: Act, number: int) -> VanRequest:
    """The Sudin no longer needs it. A granted one is called off on its trip."""
    request = _visible_request(act.by, number)
    require(by=act.by, action=Action.TRIP_WRITE, code=request.village_id)
    with one_writer():
        request.refresh_from_db()
        if request.status != RequestStatus.WITHDRAWN:
            _check_open(request)
            _answer(act, request, RequestStatus.WITHDRAWN)
    return request


def _visible_request(by: Actor, number: int) -> VanRequest:
    visible = VanRequest.objects.visible_to(by)
    request = visible.select_related("village").filter(pk=number).first()
    if request is None:
        raise NotFound(N_("Permintaan itu tidak ditemukan."))
    return request


def _answerable_request(by: Actor, number: int) -> VanRequest:
    """The request, when `by` may answer it: who plans the vans of the province does."""
    request = _visible_request(by, number)
    require(by=by, action=Action.TRIP_WRITE, code=request.village_id[:2])
    return request


def _check_open(request: VanRequest) -> None:
    if request.status != RequestStatus.OPEN:
        raise Conflict(N_("Permintaan ini sudah dijawab: %(status)s."), status=request.get_status_display())


def _answer(act: Act, request: VanRequest, status: str, text: str = "") -> None:
    request.status, request.answer, request.answered_at, request.answered_by = status, text, act.now, act.author
    request.save()
    _audit(act, request, f"request.{status}")


def _audit(act: Act, request: VanRequest, action: str) -> None:
    details: dict[str, object] = {"request": request.pk, "day": request.day.isoformat(), "place": request.place}
    write_audit(act=act, action=action, subject=request.village_id, details=details)
