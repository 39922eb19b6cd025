"""A whole week of a base's schedule at once: publishing it, and copying the one before. What would be done is shown first
and then done just so; each act can be undone."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from accounts.acts import Act
from accounts.rights import require
from accounts.roles import Action
from dukcapil.clock import business_date
from dukcapil.errors import N_, Conflict, Question, Refused
from dukcapil.locks import one_writer
from fleet.models import ScheduleActKind, Trip, TripStatus, Van
from fleet.schedule.acts import keep_act
from fleet.schedule.double_booking import Bookings, refused_in_words
from fleet.schedule.selectors import monday_of, stops_beyond_days
from fleet.schedule.trips import TripInput, trip_fields, write_trail
from recording.public import write_audit

WEEK = timedelta(days=7)
CHANGED = N_("Jadwal berubah sesudah daftar ini ditampilkan. Periksa lagi daftar yang baru, lalu ulangi.")


def fingerprint(stops: Iterable[Trip]) -> set[str]:
    """What a list of stops showed, one line each: the same as long as nothing of a stop changed."""
    return {"|".join(map(str, (s.pk or "new", *s.identity, s.opens, s.closes, *s.services))) for s in stops}


def stops_to_publish(base: str, monday: date, today: date) -> list[Trip]:
    """The planned stops of a base's vans from today to the end of that week."""
    monday = monday_of(monday)
    planned = Trip.objects.filter(van__base=base, status=TripStatus.PLANNED, day__gte=max(monday, today), day__lt=monday + WEEK)
    return list(planned.select_related("van", "village").order_by("day", "opens", "pk"))


def publish_week(*, act: Act, base: str, monday: date, seen: Collection[str] | None = None) -> int:
    """Make the planned stops of a base's vans known, from today to the end of that week; answers how many. From then
    on each of them expects a report. Conflict, and nothing is published, while the kelurahan of one is not open on its
    day: it was closed after it was planned; or while these are no longer the stops that were `seen`, their fingerprint."""
    require(by=act.by, action=Action.TRIP_WRITE, code=base)
    monday = monday_of(monday)
    with one_writer():
        stops = stops_to_publish(base, monday, business_date(act.now))
        if not stops:
            return 0
        if seen is not None and set(seen) != fingerprint(stops):
            raise Conflict(CHANGED)
        publish_stops(act=act, base=base, monday=monday, stops=stops)
    return len(stops)


def publish_stops(*, act: Act, base: str, monday: date, stops: Sequence[Trip]) -> None:
    """Make these planned stops of a base's vans known, all of one week; as one act that can be undone. Conflict: see
    `publish_week`."""
    require(by=act.by, action=Action.TRIP_WRITE, code=base)
    with one_writer():
        planned = Trip.objects.filter(pk__in=[stop.pk for stop in stops])
        if beyond := stops_beyond_days(planned):
            raise Conflict(N_("Minggu ini belum diterbitkan. %(stops)s Ubah atau batalkan dahulu."), stops=" ".join(beyond))
        before = [stop.state for stop in stops]
        planned.update(status=TripStatus.PUBLISHED, announced=True)
        for stop in stops:
            stop.status, stop.announced = TripStatus.PUBLISHED, True
        details: dict[str, object] = {"monday": monday.isoformat(), "trips": len(stops)}
        write_audit(act=act, action="trip.publish", subject=base, details=details)
        changed = list(zip(before, stops, strict=True))
        keep_act(act=act, kind=ScheduleActKind.PUBLISH, base=base, stops=changed, monday=monday)


@dataclass(frozen=True)
class Skipped:
    """A stop of the week before that has no room in this one, and why."""

    stop: Trip
    day: date
    why: Refused


@dataclass(frozen=True)
class CopyPlan:
    """What copying the week before would do: `new` stops, those that have no room, and those about whose time to drive is
    asked first. What stands already, and days that are over, are in none of them."""

    new: list[Trip] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    asked: list[tuple[Trip, Question]] = field(default_factory=list)


def plan_copy(*, act: Act, base: str, monday: date, confirmed: Collection[str] = ()) -> CopyPlan:
    """Each stop of the week before on the same weekday, where its van is free; in seven queries. `confirmed`: see
    `plan_trip`."""
    require(by=act.by, action=Action.TRIP_WRITE, code=base)
    monday = monday_of(monday)
    days = [monday + timedelta(days=n) for n in range(7)]
    vans = Van.objects.visible_to(act.by).filter(base=base).select_related("base").in_bulk()
    bookings = Bookings(list(vans), days)
    plan = CopyPlan()
    for former, wanted in _wanted(base, monday, business_date(act.now), bookings, vans):
        try:
            stop = Trip(**trip_fields(vans[former.van_id], former.village, wanted, business_date(act.now)))
            stop.village = former.village  # at hand already
            bookings.check(stop)
        except Refused as problem:
            plan.skipped.append(Skipped(former, wanted.day, problem))
            continue
        questions = [question for question in bookings.questions(stop) if question.code not in confirmed]
        if questions:
            plan.asked.extend((stop, question) for question in questions)
            continue
        bookings.add(stop)
        plan.new.append(stop)
    return plan


def _wanted(base: str, monday: date, today: date, bookings: Bookings, vans: dict[int, Van]) -> Iterator[tuple[Trip, TripInput]]:
    """Each stop of the week before with the one that it would be; without what is over or stands already."""
    before = (monday - WEEK, monday - timedelta(days=1))
    formers = Trip.objects.standing().filter(van__base=base, van__in=vans, day__range=before)
    for former in formers.select_related("van", "village").order_by("day", "van", "opens"):
        wanted = replace(TripInput.of(former), day=former.day + WEEK)
        probe = Trip(van_id=former.van_id, day=wanted.day)
        same = {stop.identity for stop in bookings.beside(probe)}
        if wanted.day >= today and (wanted.van, wanted.day, wanted.session, wanted.village, wanted.place) not in same:
            yield former, wanted


@dataclass(frozen=True)
class CopiedWeek:
    """How many stops were planned, and what was left out."""

    planned: int
    skipped: list[Skipped] = field(default_factory=list)
    asked: list[tuple[Trip, Question]] = field(default_factory=list)


def copy_week(
    *, act: Act, base: str, monday: date, confirmed: Collection[str] = (), seen: Collection[str] | None = None
) -> CopiedWeek:
    """Do what `plan_copy` says. Copying again plans nothing more. Conflict when that is no longer what was `seen`, the
    fingerprint of its new stops."""
    require(by=act.by, action=Action.TRIP_WRITE, code=base)
    monday = monday_of(monday)
    with one_writer():
        plan = plan_copy(act=act, base=base, monday=monday, confirmed=confirmed)
        if seen is not None and plan.new and set(seen) != fingerprint(plan.new):
            raise Conflict(CHANGED)
        if plan.new:
            with refused_in_words():
                Trip.objects.bulk_create(plan.new)
            write_trail(act, plan.new, "trip.plan")
            stops = [(None, stop) for stop in plan.new]
            keep_act(act=act, kind=ScheduleActKind.COPY, base=base, stops=stops, monday=monday)
    return CopiedWeek(len(plan.new), plan.skipped, plan.asked)
