"""What lies behind one region's figure in a run, from exactly the ledger rows that the run read."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Case, CharField, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Cast, Concat

from recording.coverage.changes import Comparison, Difference, difference_of, difference_rows
from recording.coverage.forecasts import FORECAST, StoredForecast, forecast_of, forecast_row
from recording.coverage.not_recorded import MISSED, Rows
from recording.models import (
    CountChange,
    CountedQuerySet,
    CoverageFigure,
    CoverageRun,
    LedgerSum,
    Level,
    Period,
    RunStatus,
    summed_source,
)
from recording.parsing.region_names import level_of

# What the `people` of a row of the one query are; the other parts are the causes of changes.py.
DAY, TODAY, TARGET_ON = "day ", "today", "target on "


@dataclass(frozen=True)
class FigureBreakdown:
    """`days` and `sources` are the people by service day and by source, all vans as one: both sum to `recorded`.

    `today`: people that the regions just below recorded on the run's own day; who is missing has not reported.
    `targets`: from which day on which target was in force, oldest first, as the runs up to this one saw it.
    `change`: why the figure differs from the run before; None without one.
    """

    days: dict[date, int] = field(default_factory=dict)
    sources: dict[str, int] = field(default_factory=dict)
    today: dict[str, int] = field(default_factory=dict)
    targets: list[tuple[date, int]] = field(default_factory=list)
    change: Difference | None = None
    missed: list[tuple[str, str, int]] = field(default_factory=list)  # for not_recorded()
    forecast: StoredForecast | None = None


def figure_breakdown(
    code: str, run: CoverageRun, previous: CoverageRun | None, *, document: str, period: Period, missed: Rows | None = None
) -> FigureBreakdown:
    """Of a region that the reader may see, in one query, together with the query `missed` (not_recorded.py) and the forecast
    (forecasts.py). It reads the sums up to the run's `summed_position`, and the ledger from there on; a kelurahan's ledger is
    read whole."""
    span = (period.first_day, min(period.last_day, run.as_of))
    summed = 0 if level_of(code) == Level.VILLAGE else run.summed_position
    of_run = CountChange.objects.filter(pk__lte=run.ledger_position, document=document, day__range=span)
    figures = CoverageFigure.objects.filter(region=code, document=document, period=period)
    queries: list[Rows] = [_by_child(of_run, code, run.as_of), *_targets(figures, run, span)]
    if summed:
        queries.append(_summed(LedgerSum.objects.filter(region=code, document=document, day__range=span, until__lte=summed)))
    if summed < run.ledger_position:
        queries.append(_by_day_and_source(of_run.filter(pk__gt=summed) if summed else of_run, code))
    if previous is not None:
        queries += difference_rows(Comparison(previous, run, document, period), [code])
    queries += [rows for rows in (missed, forecast_row(run, code, document, period)) if rows is not None]
    days: dict[date, int] = defaultdict(int)
    sources: dict[str, int] = defaultdict(int)
    today: dict[str, int] = {}
    targets: dict[date, tuple[int, int]] = {}
    causes: dict[str, int] = defaultdict(int)
    told: list[tuple[str, str, int]] = []
    forecast: StoredForecast | None = None
    for label, part, people in queries[0].union(*queries[1:], all=True):
        if part.startswith(DAY):
            days[date.fromisoformat(part.removeprefix(DAY))] += people
            sources[label] += people
        elif part == TODAY:
            today[label] = people
        elif part.startswith(TARGET_ON):
            day, number = date.fromisoformat(part.removeprefix(TARGET_ON)), int(label)
            targets[day] = max(targets.get(day, (0, 0)), (number, people))
        elif part.startswith(MISSED):
            told.append((label, part, people))
        elif part == FORECAST:
            forecast = forecast_of(label)
        else:
            causes[part] += people
    change = difference_of(causes) if previous is not None else None
    return FigureBreakdown(dict(days), dict(sources), today, _steps(targets), change, told, forecast)


def _summed(sums: QuerySet[LedgerSum]) -> Rows:
    return sums.annotate(label=F("source"), part=_part_of_day()).values_list("label", "part", "people")


def _by_day_and_source(of_run: CountedQuerySet[CountChange], code: str) -> Rows:
    return (
        of_run.below(code)
        .values(label=summed_source(), part=_part_of_day())
        .annotate(people=Sum("delta"))
        .values_list("label", "part", "people")
    )


def _part_of_day() -> Concat:
    return Concat(Value(DAY), Cast("day", CharField()))


def _by_child(of_run: QuerySet[CountChange], code: str, day: date) -> Rows:
    children = of_run.filter(day=day, region__links_up__ancestor__parent_id=code)
    rows = children.values(label=F("region__links_up__ancestor_id"), part=Value(TODAY, CharField()))
    return _with_values(rows).values_list("label", "part", "people")


def today_by_region(codes: Collection[str], run: CoverageRun, documents: Collection[str]) -> dict[tuple[str, str], int]:
    """People of (region, document) recorded on the run's own day, each region with everything below it; who is missing has
    not reported. One query."""
    of_day = CountChange.objects.filter(pk__lte=run.ledger_position, day=run.as_of, document__in=documents)
    rows = of_day.filter(region__links_up__ancestor__in=codes).values("document", code=F("region__links_up__ancestor_id"))
    return {(code, document): people for code, document, people in _with_values(rows).values_list("code", "document", "people")}


def _with_values(rows: Any) -> Any:
    """`people` of grouped changes that leave a value: one that was taken out again is missing, not zero."""
    values = Case(
        When(old_people__isnull=True, new_people__isnull=False, then=Value(1)),
        When(old_people__isnull=False, new_people__isnull=True, then=Value(-1)),
        default=Value(0),
    )
    return rows.annotate(people=Sum("delta"), values=Sum(values)).filter(values__gt=0)


def _targets(figures: QuerySet[CoverageFigure], run: CoverageRun, span: tuple[date, date]) -> list[Rows]:
    """Of the run, and of the official ones up to it on the days of the period: as many as there are days."""
    official = Q(run__status=RunStatus.OFFICIAL, run__void=None, run__number__lte=run.number, run__as_of__range=span)
    targets = figures.filter(target__isnull=False).annotate(
        label=Cast("run_id", CharField()), part=Concat(Value(TARGET_ON), Cast("run__as_of", CharField())), people=F("target")
    )
    return [targets.filter(of).values_list("label", "part", "people") for of in (Q(run=run), official)]


def _steps(targets: dict[date, tuple[int, int]]) -> list[tuple[date, int]]:
    """Only the days on which the target became another one."""
    steps: list[tuple[date, int]] = []
    for day in sorted(targets):
        people = targets[day][1]
        if not steps or steps[-1][1] != people:
            steps.append((day, people))
    return steps
