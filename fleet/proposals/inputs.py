"""From the database to what is known when a proposal is planned; the number of queries does not grow with the places.

Only KTP recordings are planned for: the KIA is issued without biometrics and needs no van, so its target moves none. A stop
that offers no recording stays where it is.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Max, OuterRef, Q, Subquery

from dukcapil.region_codes import is_strictly_within, within_region
from fleet.models import (
    BaseQuota,
    Proposal,
    ProposalStatus,
    RequestStatus,
    ScheduleActKind,
    ScheduleStep,
    Service,
    Trip,
    TripStatus,
    Van,
    VanAbsence,
    VanReport,
    VanRequest,
    absence_of,
)
from fleet.planning.request import REVISIT_GAP
from fleet.proposals.histories import known_places
from fleet.proposals.question import Question
from fleet.proposals.situation import CalledOff, ReadyVan, ServiceDay, Situation, StandingStop, Wish
from recording.public import last_working_days, newest_official_run, open_saturdays, working_days

ONE_DAY = timedelta(days=1)
RECORDINGS = {Service.RECORD_FIRST, Service.RECORD}
AFTER = timedelta(days=21)  # within so many days lie the working days of a revisit gap, whatever the holidays


@dataclass(frozen=True)
class Surroundings:
    """Everything but the places: what a proposal is asked about, and what must not change until it is published."""

    days: tuple[ServiceDay, ...]
    cities: tuple[str, ...]
    vans: tuple[ReadyVan, ...]
    stops: tuple[StandingStop, ...]
    wishes: tuple[Wish, ...]

    def digest(self, *more: object) -> str:
        return hashlib.sha256(json.dumps([repr(self), *map(str, more)]).encode()).hexdigest()


def known_now(question: Question, today: date) -> str:
    """A digest of everything that a plan for the question depends on: the same as long as nothing of it changes."""
    reports = VanReport.objects.below(question.region)
    told = reports.aggregate(number=Count("pk"), sent=Max("sent_at"), decided=Max("decided_at"))
    return surroundings(question, today).digest(newest_official_run(today), *told.values())


def situation_of(question: Question, *, today: date) -> Situation:
    """All that is known for a question."""
    around = surroundings(question, today)
    known = known_places(question, around.cities, [van.sets for van in planned_vans(question)], today=today)
    saturdays = [] if question.options.saturdays else open_saturdays(question.first_day, question.last_day)
    return Situation(
        around.days,
        question.region[:2],
        around.cities,
        around.vans,
        known.places,
        around.stops,
        around.wishes,
        called_off(question) if question.repairs else (),
        saturdays[0].isoformat() if saturdays else "",
        today.isoformat(),
        known.run,
        known.as_of.isoformat() if known.as_of else "",
        known.histories,
    )


def surroundings(question: Question, today: date) -> Surroundings:
    """In five queries."""
    days, vans = service_days(question), planned_vans(question)
    absences = VanAbsence.objects.of_vans([van.pk for van in vans], [question.first_day, question.last_day])
    stops = standing_stops(question, days, vans, absences, today)
    taken = {(stop.van, stop.day) for stop in stops if stop.fixed}
    ready = []
    for van in vans:
        away = {
            day.day
            for day in days
            if (van.pk, day.day) in taken
            or not van.is_in_use(on := date.fromisoformat(day.day))
            or absence_of(absences, van.pk, on)
        }
        ready.append(ReadyVan(van.pk, van.plate, van.base_id, frozenset(away)))
    return Surroundings(days, cities_with_vans(question, vans), tuple(ready), stops, wishes(question))


def service_days(question: Question) -> tuple[ServiceDay, ...]:
    """The working days of the horizon, and its Saturdays where they are asked for."""
    days = working_days(question.first_day, question.last_day)
    if question.options.saturdays:
        days = sorted([*days, *open_saturdays(question.first_day, question.last_day)])
    return tuple(ServiceDay(day.isoformat(), working_day_number(question, day)) for day in days)


def working_day_number(question: Question, day: date) -> int:
    """Counted from the first day of the horizon, which is 1; 0 and below before it."""
    first = question.first_day
    return len(working_days(first, day)) if day >= first else -len(working_days(day + ONE_DAY, first - ONE_DAY))


def planned_vans(question: Question) -> list[Van]:
    """Those whose stops the planner chooses: of the city, or of all cities; those of the agency where they are asked for."""
    region = question.region
    bases = Q(base=region) if "." in region else within_region("base__code", region)
    if question.options.agency:
        bases |= Q(base=region[:2])
    return list(Van.objects.in_use(question.first_day).filter(bases).order_by("plate"))


def cities_with_vans(question: Question, vans: Collection[Van]) -> tuple[str, ...]:
    """The city, or those of the province in which vans drive: with a van of their own or a quota. To the islands of Kepulauan
    Seribu, which have neither, no van of the agency is sent."""
    if "." in question.region:
        return (question.region,)
    quotas = BaseQuota.objects.filter(within_region("base__code", question.region), vans__gt=0).values_list("base", flat=True)
    return tuple(sorted(code for code in {van.base_id for van in vans} | set(quotas) if "." in code))


def standing_stops(
    question: Question, days: Collection[ServiceDay], vans: Collection[Van], absences: Collection[VanAbsence], today: date
) -> tuple[StandingStop, ...]:
    """The stops of the horizon, and those so near before and after it that they keep a place closed. One of a day that is
    over counts only when people were told of it."""
    numbers, service = {van.pk for van in vans}, {day.day for day in days}
    first = last_working_days(question.first_day - ONE_DAY, REVISIT_GAP)[0]
    near = Trip.objects.standing().filter(day__range=(first, question.last_day + AFTER)).exclude(report__kind="idle")
    near = near.filter(within_region("village__code", question.region) | Q(van__in=numbers, day__gte=question.first_day))
    near = near.exclude(status=TripStatus.PLANNED, day__lt=today)
    rows = list(near.select_related("report", "request").order_by("day", "pk"))
    of_van, of_place = Counter((row.van_id, row.day) for row in rows), Counter((row.village_id, row.day) for row in rows)

    def fixed(row: Trip) -> bool:
        alone = of_van[row.van_id, row.day] == of_place[row.village_id, row.day] == 1
        planned_here = row.day.isoformat() in service and row.van_id in numbers
        under_way = row.day == today and row.status == TripStatus.PUBLISHED
        leaves_early = absence_of(absences, row.van_id, row.day) is not None
        return not (alone and planned_here and is_for_recordings(question, row)) or under_way or leaves_early or is_held(row)

    return tuple(
        StandingStop(
            row.pk,
            row.van_id,
            row.village_id,
            row.day.isoformat(),
            working_day_number(question, row.day),
            row.status == TripStatus.PUBLISHED,
            fixed(row),
        )
        for row in rows
    )


def is_for_recordings(question: Question, stop: Trip) -> bool:
    """Whether it stands in the region of the question and offers what is planned for."""
    return is_strictly_within(stop.village_id, question.region) and bool(RECORDINGS & set(stop.services))


def is_held(stop: Trip) -> bool:
    """Whether somebody wants it just so: it is pinned, was reported, or answers a request."""
    return stop.pinned or hasattr(stop, "report") or hasattr(stop, "request")


def wishes(question: Question) -> tuple[Wish, ...]:
    """The requests of the horizon that wait, and those that were granted and whose stop was called off since."""
    rows = VanRequest.objects.below(question.region).filter(day__range=(question.first_day, question.last_day))
    rows = rows.filter(Q(status=RequestStatus.OPEN) | Q(status=RequestStatus.GRANTED, trip__status=TripStatus.CANCELLED))
    return tuple(
        Wish(number, village, day.isoformat(), status == RequestStatus.GRANTED)
        for number, village, day, status in rows.order_by("pk").values_list("pk", "village", "day", "status")
    )


def called_off(question: Question) -> tuple[CalledOff, ...]:
    """The stops of the horizon that were published and called off since, and that nobody planned again; not those that a
    proposal left out."""
    published = Proposal.objects.filter(within_region("region__code", question.region), status=ProposalStatus.PUBLISHED)
    left_out = {number for done in published.values_list("published", flat=True) for number in done["called_off"]}
    days = {day.day for day in service_days(question)}
    within = Trip.objects.below(question.region).filter(day__range=(question.first_day, question.last_day))
    standing = set(within.standing().values_list("village", "day"))
    kind = ScheduleStep.objects.filter(trip=OuterRef("pk")).order_by("-pk").values("act__kind")[:1]
    rows = within.filter(status=TripStatus.CANCELLED, announced=True).annotate(kind=Subquery(kind)).order_by("day", "pk")
    return tuple(
        CalledOff(village, day.isoformat(), kind != ScheduleActKind.BREAKDOWN)
        for number, village, day, kind in rows.values_list("pk", "village", "day", "kind")
        if number not in left_out and (village, day) not in standing and day.isoformat() in days
    )
