"""A whole week of a base's schedule at once: publishing it, and copying it to the next."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from accounts.acts import Act
from accounts.rights import require
from accounts.roles import Action
from dukcapil.clock import business_date
from dukcapil.errors import N_, Conflict, Question, Refused, Unconfirmed
from dukcapil.locks import one_writer
from fleet.models import Trip, TripStatus
from fleet.schedule.selectors import monday_of, stops_beyond_days
from fleet.schedule.trips import TripInput, plan_trip
from recording.public import write_audit

WEEK = timedelta(days=7)


def publish_week(*, act: Act, base: str, monday: date) -> int:
    """Make the planned stops of a base's vans known, from today to the end of that week; answers how many. From then
    on each of them expects a report. Conflict, and nothing is published, while the kelurahan of one is not open on its
    day: it was closed after it was planned."""
    require(by=act.by, action=Action.TRIP_WRITE, code=base)
    monday = monday_of(monday)
    with one_writer():
        planned = Trip.objects.filter(
            van__base=base, status=TripStatus.PLANNED, day__gte=max(monday, business_date(act.now)), day__lt=monday + WEEK
        )
        if beyond := stops_beyond_days(planned):
            raise Conflict(N_("Minggu ini belum diterbitkan. %(stops)s Ubah atau batalkan dahulu."), stops=" ".join(beyond))
        number = planned.update(status=TripStatus.PUBLISHED, announced=True)
        if number:
            details: dict[str, object] = {"monday": monday.isoformat(), "trips": number}
            write_audit(act=act, action="trip.publish", subject=base, details=details)
    return number


@dataclass(frozen=True)
class CopiedWeek:
    """How many stops were planned, the sentences of those that had no room, and the questions about those that leave
    their van too little time to drive there (each with its stop)."""

    planned: int
    skipped: list[str]
    asked: list[tuple[TripInput, Question]] = field(default_factory=list)


def copy_week(*, act: Act, base: str, monday: date, confirmed: Collection[str] = ()) -> CopiedWeek:
    """Plan the stops of the week before again, each on the same weekday, where its van is free; days that are over are
    left out. Copying again plans nothing more. `confirmed`: see `plan_trip`; what is asked about is not planned."""
    require(by=act.by, action=Action.TRIP_WRITE, code=base)
    monday = monday_of(monday)
    week_before = (monday - WEEK, monday - timedelta(days=1))
    planned, skipped, asked = 0, [], []
    for former in Trip.objects.standing().filter(van__base=base, day__range=week_before).select_related("van"):
        trip = replace(TripInput.of(former), day=former.day + WEEK)
        same = Trip.objects.same_stop(trip.van, trip.day, trip.session, trip.village, trip.place)
        if trip.day < business_date(act.now) or same.exists():
            continue
        try:
            plan_trip(act=act, trip=trip, confirmed=confirmed)
            planned += 1
        except Unconfirmed as problem:
            asked += [(trip, question) for question in problem.questions]
        except Refused as problem:
            skipped.append(str(problem))
    return CopiedWeek(planned, skipped, asked)
