"""What became of former forecasts, as a run knows it, and how often such ranges were right so far.

Only what was really stored counts, and of each target only its first range in a band of progress: a hundred nights that
say the same of one target are one forecast.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import accumulate
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from recording.coverage.forecast_counts import is_village, whole_courses
from recording.coverage.workdays import working_day_from
from recording.models import CoverageFigure, CoverageForecast, CoverageRun, ForecastOutcome, Period

LATE_REPORTS = timedelta(days=7)  # a range has passed without its target when so much later nobody has reported it


class Record(NamedTuple):
    """Of `known` forecasts the outcome is known, and in `inside` of them it lay in their range."""

    known: int = 0
    inside: int = 0


def open_forecasts() -> QuerySet[CoverageForecast]:
    """The counted ones whose outcome is not known yet."""
    same = {name: OuterRef(name) for name in ("run_id", "document", "period_id", "region_id")}
    counted = CoverageForecast.objects.filter(counted=True, run__void=None)
    return counted.filter(~Exists(ForecastOutcome.objects.filter(**same)))


def new_outcomes(run: CoverageRun) -> list[ForecastOutcome]:
    """Of the forecasts whose truth the run knows and no run before it knew."""
    by_campaign: dict[tuple[str, int], list[CoverageForecast]] = defaultdict(list)
    for forecast in open_forecasts():
        by_campaign[forecast.document, forecast.period_id].append(forecast)
    periods = Period.objects.in_bulk({period for _document, period in by_campaign})
    return [
        outcome
        for (document, period), forecasts in by_campaign.items()
        for outcome in _outcomes(run, document, periods[period], forecasts)
    ]


def record_of(document: str, outcomes: Iterable[ForecastOutcome]) -> Record:
    """How often ranges of a document were right, in all regions: by the outcomes that are stored, and by these new ones."""
    stored = ForecastOutcome.objects.filter(document=document, run__void=None)
    known, inside = stored.aggregate(known=Count("*"), inside=Count("known_in", filter=Q(inside=True))).values()
    new = [outcome.inside for outcome in outcomes if outcome.document == document]
    return Record(known + len(new), inside + sum(new))


def _outcomes(run: CoverageRun, document: str, period: Period, forecasts: list[CoverageForecast]) -> Iterable[ForecastOutcome]:
    figures = CoverageFigure.objects.filter(run=run, document=document, period=period)
    recorded = dict(figures.filter(region__in={each.region_id for each in forecasts}).values_list("region_id", "recorded"))
    reached = {each.region_id for each in forecasts if recorded.get(each.region_id, 0) >= each.target}
    courses: dict[str, dict[date, int]] = {}
    for codes in ({code for code in reached if is_village(code)}, {code for code in reached if not is_village(code)}):
        courses |= whole_courses(run, document, period, codes)
    for each in forecasts:
        assert each.low_on
        assert each.high_on
        if each.region_id in reached and recorded[each.region_id] >= each.target:
            reached_on = _reached_on(courses[each.region_id], each.target)
            inside = each.low_on <= working_day_from(reached_on) <= each.high_on
            yield _outcome(run, each, reached_on, inside=inside)
        elif each.high_on + LATE_REPORTS < run.as_of:
            yield _outcome(run, each, None, inside=False)


def _reached_on(course: Mapping[date, int], target: int) -> date:
    """The first day at whose end so many people were recorded."""
    days = sorted(course)
    return next(day for day, people in zip(days, accumulate(course[day] for day in days), strict=True) if people >= target)


def _outcome(run: CoverageRun, forecast: CoverageForecast, reached_on: date | None, *, inside: bool) -> ForecastOutcome:
    return ForecastOutcome(
        run_id=forecast.run_id,
        document=forecast.document,
        period_id=forecast.period_id,
        region_id=forecast.region_id,
        band=forecast.band,
        reached_on=reached_on,
        inside=inside,
        known_in=run.number,
    )
