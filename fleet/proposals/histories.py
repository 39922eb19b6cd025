"""What reports and the newest official run tell of each kelurahan: its target, its visits, who was recorded elsewhere."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from django.db.models import OuterRef, Q, Subquery, Sum

from accounts.rights import SYSTEM
from fleet.models import ReportKind, ReportNotFound, ReportStatus, VanReport
from fleet.planning.yields import PlaceHistory, Visit
from fleet.proposals.question import Question
from fleet.proposals.situation import KnownPlace
from fleet.reports.body import USUAL_PER_SET
from fleet.reports.not_recorded import CONFIRMED
from recording.public import Document, Figure, Level, OfficialFigures, official_figures, recorded_before

ONE_DAY = timedelta(days=1)
USUAL_SETS = 2  # where no van is known


@dataclass(frozen=True)
class KnownPlaces:
    """`run` 0: there is no official run yet, and nothing is known of any place. `histories`: of all kelurahan of the province,
    which learn from each other."""

    places: tuple[KnownPlace, ...]
    histories: dict[str, PlaceHistory]
    run: int
    as_of: date | None


@dataclass(frozen=True)
class PastVisit:
    """One report about a kelurahan: residents recorded, people who were confirmed gone (who was only not found may still
    come), and whether the van could take no more."""

    day: date
    recorded: int
    not_found: int
    full: bool


def known_places(question: Question, cities: Collection[str], sets: Sequence[int], *, today: date) -> KnownPlaces:
    """The kelurahan of these cities that are open on a day of the horizon, in seven queries. `sets`: of the vans that go; one
    visit records as many people as is usual for them. A city asked for alone learns from all of its province, so that its
    places are told the same as among the others."""
    province = question.region[:2]
    official = official_figures(SYSTEM, province, Level.VILLAGE, question.first_day, question.last_day, today=today)
    capacity = USUAL_PER_SET * round(median(sets) if sets else USUAL_SETS)
    visits, before = visits_of(province, official, today)
    places = tuple(
        known_place(question, figure, official, visits[figure.code], before.get(figure.code, 0), capacity)
        for figure in official.regions
    )
    histories = {place.code: place.history for place in places}
    planned = tuple(place for place in places if place.city in cities)
    return KnownPlaces(planned, histories, official.run, official.as_of)


def known_place(
    question: Question, figure: Figure, official: OfficialFigures, visits: Sequence[PastVisit], before: int, capacity: int
) -> KnownPlace:
    """`before`: recorded before the first visit. Without any visit everything was."""
    before = before if visits else figure.recorded
    by_vans = sum(visit.recorded for visit in visits if official.as_of and visit.day <= official.as_of)
    gap = None if figure.target is None else max(0, figure.target - before)
    elsewhere = max(0, figure.recorded - before - by_vans)
    told = tuple(
        Visit(visit.recorded, visit.not_found, visit.full, others)
        for visit, others in zip(visits, spread_evenly(elsewhere, visits, official.as_of), strict=True)
    )
    return KnownPlace(
        figure.code,
        figure.code[:5],
        figure.recorded,
        figure.target,
        PlaceHistory(gap, told, elsewhere, capacity),
        visits[-1].day.isoformat() if visits else "",
        frozenset(closed_days(question, figure)),
    )


def spread_evenly(elsewhere: int, visits: Sequence[PastVisit], as_of: date | None) -> list[int]:
    """How many of those whom others recorded between the first visit and the official figures' day were recorded before each
    visit: as if the same number came every day, which asks no day of each of them."""
    days = (as_of - visits[0].day).days if as_of and visits else 0
    if days <= 0:
        return [0] * len(visits)
    return [min(elsewhere, elsewhere * (visit.day - visits[0].day).days // days) for visit in visits]


def closed_days(question: Question, figure: Figure) -> list[str]:
    """The days of the horizon on which the kelurahan does not count, before it was opened or after it was closed."""
    days = (question.first_day + timedelta(days=number) for number in range(question.days))
    first, last = figure.opened or question.first_day, figure.closed or question.last_day
    return [day.isoformat() for day in days if not first <= day <= last]


def visits_of(code: str, official: OfficialFigures, today: date) -> tuple[defaultdict[str, list[PastVisit]], dict[str, int]]:
    """By kelurahan the visits of the period, oldest first, as far as their reports stand and tell of recordings; and what had
    been recorded before the first of them."""
    visits: defaultdict[str, list[PastVisit]] = defaultdict(list)
    if official.period is None:
        return visits, {}
    reports = VanReport.objects.below(code).filter(
        status__in=(ReportStatus.SENT, ReportStatus.APPROVED),
        kind__in=(ReportKind.SERVED, ReportKind.NIHIL),
        trip__day__range=(official.period.first_day, min(today, official.period.last_day)),
    )
    told = reports.annotate(people=Sum("lines__people", filter=Q(lines__service__in=("record_first", "record"))))
    confirmed = ReportNotFound.objects.filter(report__in=reports, reason__in=CONFIRMED).order_by()
    missed = dict(confirmed.values_list("report").annotate(people=Sum("people")))
    rows = told.filter(people__isnull=False).order_by("trip__day", "pk")
    for number, village, day, sets, people, away in rows.values_list(
        "pk", "trip__village", "trip__day", "trip__van__sets", "people", "elsewhere_ktp"
    ):
        full = people >= USUAL_PER_SET * sets
        visits[village].append(PastVisit(day, people - (away or 0), missed.get(number, 0), full))
    of_place = rows.filter(trip__village=OuterRef("region")).order_by("trip__day").values("trip__day")[:1]
    return visits, recorded_before(SYSTEM, code, Document.KTP, official.period.first_day, Subquery(of_place))
