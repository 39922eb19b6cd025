"""A van cannot go out: its absence and what becomes of each stop that it hits, in one act."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from accounts.acts import Act
from accounts.rights import Actor, can, require
from accounts.roles import Action
from dukcapil.clock import business_date
from dukcapil.errors import N_, Conflict, NotFound, Refused, Unconfirmed
from dukcapil.locks import one_writer
from fleet.models import ScheduleAct, ScheduleActKind, Trip, TripStatus, VanAbsence
from fleet.schedule.acts import State, keep_act
from fleet.schedule.double_booking import Bookings, refused_in_words, travel_questions
from fleet.schedule.trips import TripInput, check_may_change, checked_fields, write_trail
from fleet.vans.absences import same_absence, store_absence
from fleet.vans.free_text import required_text


@dataclass(frozen=True)
class StopAnswer:
    """What becomes of a stop: this van takes it, on this day, in this session; or it is called off for this reason."""

    van: int = 0
    day: date | None = None
    session: str = ""
    reason: str = ""


def hit_stops(absence: VanAbsence, today: date) -> list[Trip]:
    """The stops for which something must be found while the van is absent: those of today and later without a report."""
    stops = Trip.objects.during(absence).filter(day__gte=today, report=None)
    return list(stops.select_related("van__base", "village__parent").order_by("day", "opens", "pk"))


def record_breakdown(
    *, act: Act, absence: VanAbsence, answers: Mapping[int, StopAnswer], confirmed: Collection[str] = ()
) -> ScheduleAct:
    """Store the absence (see `checked_absence`) and what becomes of each stop that it hits, by the stop's number: all or
    nothing. A locked stop goes where it is told and stays locked: its van cannot keep it.

    Conflict when these are no longer the stops that are hit, or a van was taken meanwhile; its field is `stop-NUMBER`.
    Unconfirmed: see `plan_trip`; a drive that the broken van had is not asked about again. Writing the same absence again
    changes nothing.
    """
    for action in (Action.VAN_WRITE, Action.TRIP_WRITE):
        require(by=act.by, action=action, code=absence.van.base_id)
    with one_writer():
        if known := _same(absence):
            return known
        stops = hit_stops(absence, business_date(act.now))
        if {stop.pk for stop in stops} != set(answers):
            raise Conflict(N_("Jadwal mobil ini berubah sesudah daftar ini ditampilkan. Periksa lagi, lalu simpan."))
        before = [stop.state for stop in stops]
        for stop in stops:
            _answer(act, stop, answers[stop.pk])
        _check_room(absence, stops, before, confirmed)
        for stop in stops:
            with refused_in_words():
                stop.save()
        return _keep(act, absence, stops, before)


def _same(absence: VanAbsence) -> ScheduleAct | None:
    known = same_absence(absence)
    return known.acts.filter(kind=ScheduleActKind.BREAKDOWN).first() if known else None


def _answer(act: Act, stop: Trip, answer: StopAnswer) -> None:
    """Set the stop as it shall be. Refused at `stop-NUMBER` for what is wrong in the answer itself."""
    field = f"stop-{stop.pk}"
    try:
        check_may_change(stop, act.now)
        if not answer.van:
            stop.reason = required_text(answer.reason, "reason", N_("Tulis alasan pembatalan; alasan tersimpan dalam riwayat."))
            stop.status = TripStatus.CANCELLED
            return
        session = answer.session or stop.session
        wanted = replace(TripInput.of(stop), van=answer.van, day=answer.day or stop.day, session=session)
        if session != stop.session:
            wanted = replace(wanted, opens=None, closes=None)  # the usual hours of that session
        (fields,) = checked_fields(act, [wanted])
    except Refused as problem:
        raise _at(problem, field) from problem
    for name, value in fields.items():
        setattr(stop, name, value)


def _check_room(absence: VanAbsence, stops: Sequence[Trip], before: Sequence[State], confirmed: Collection[str]) -> None:
    """As `check_vans_are_free`, with the absence as if it stood already."""
    moved = [stop for stop in stops if stop.status != TripStatus.CANCELLED]
    bookings = Bookings({stop.van_id for stop in moved}, {stop.day for stop in moved}, without=[stop.pk for stop in stops])
    bookings.absences.append(absence)
    accepted = {*confirmed, *_drives_as_before(stops, before)}
    asked = []
    for stop in moved:
        if problem := bookings.refusal(stop):
            raise _at(problem, f"stop-{stop.pk}")
        asked += [question for question in bookings.questions(stop) if question.code not in accepted]
        bookings.add(stop)
    if asked:
        raise Unconfirmed(N_("Periksa waktu perjalanannya."), asked)


def _drives_as_before(stops: Sequence[Trip], before: Sequence[State]) -> set[str]:
    """The codes of the drives that one van takes over from the other as they are: same day, same hours."""
    times = ("day", "opens", "closes")
    pairs = [(stop, stop.state, state) for stop, state in zip(stops, before, strict=True)]
    same = [stop for stop, now, state in pairs if all(now[name] == state[name] for name in times)]
    together = [(one, [other for other in same if (other.van_id, other.day) == (one.van_id, one.day)]) for one in same]
    return {question.code for one, others in together for question in travel_questions(one, others)}


def _keep(act: Act, absence: VanAbsence, stops: list[Trip], before: list[State]) -> ScheduleAct:
    """The absence and the trail of everything."""
    van = absence.van
    called_off = [stop for stop in stops if stop.status == TripStatus.CANCELLED]
    moved = [stop for stop in stops if stop not in called_off]
    stored = same_absence(absence) or store_absence(act, absence, cancelled=len(called_off), moved=len(moved))
    write_trail(act, called_off, "trip.cancel")
    write_trail(act, moved, "trip.change")
    changed = list(zip(before, stops, strict=True))
    return keep_act(act=act, kind=ScheduleActKind.BREAKDOWN, base=van.base_id, stops=changed, absence=stored)


def _at(problem: Refused, field: str) -> Refused:
    """The same refusal, said of one stop."""
    return type(problem)(problem.template, field, **problem.params)


def visible_breakdown(by: Actor, number: int) -> ScheduleAct:
    """What was done when a van broke down; NotFound when `by` may not see its base."""
    acts = ScheduleAct.objects.filter(kind=ScheduleActKind.BREAKDOWN).select_related("base", "by", "absence__van")
    act = acts.filter(pk=number).first()
    if act is None or not can(by, Action.FLEET_READ, act.base_id):
        raise NotFound(N_("Catatan itu sudah tidak ada."))
    return act
