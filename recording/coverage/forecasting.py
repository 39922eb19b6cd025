"""The forecasts of the nights: for each newest official run once, as a step of its own after it (docs/decisions/0030)."""

import logging
from collections.abc import Iterator
from datetime import datetime

from django.db.models import F

from accounts.rights import Actor, require
from accounts.roles import Action
from dukcapil.clock import business_date
from dukcapil.locks import FORECAST_LOCK, one_writer, single_flight
from recording.coverage.forecast.night import Forecast, State, night_forecasts, teachers_among
from recording.coverage.forecast_counts import is_village, recent_courses, whole_courses
from recording.coverage.forecast_outcomes import Record, new_outcomes, open_forecasts, record_of
from recording.coverage.ledger_sums import sum_ledger
from recording.models import CoverageFigure, CoverageForecast, CoverageRun, Document, ForecastOutcome, Level, Period

log = logging.getLogger(__name__)
MAX_VILLAGES = 10_000  # of more no kelurahan is forecast: the nation is, down to its kecamatan
ROWS_AT_A_TIME = 2_000


def forecast_due(*, by: Actor, now: datetime) -> CoverageRun | None:
    """Make the forecasts of the newest official run, unless it has them; answers that run, or None when nothing was due.

    Each run gets them once and never again: what a later correction changes is told by the next run's. A run that was
    followed by another one before its turn came stays without, as nobody needs a forecast of the past. Safe to call at any
    time, by whomever, and after having been killed: all are written in one transaction.
    """
    require(by=by, action=Action.RUN_START)
    run = _due(now)
    if run is None:
        return None
    sum_ledger()  # of kecamatan and above the counts are read in sums
    with single_flight(lock=FORECAST_LOCK):
        if _has_forecasts(run):
            return None
        outcomes = new_outcomes(run)
        forecasts = list(_forecasts(run, outcomes))
        with one_writer():
            if _has_forecasts(run):
                return None
            ForecastOutcome.objects.bulk_create(outcomes, batch_size=ROWS_AT_A_TIME)
            CoverageForecast.objects.bulk_create(forecasts, batch_size=ROWS_AT_A_TIME)
    log.info("run %s: %s forecasts, %s outcomes", run.number, len(forecasts), len(outcomes))
    return run if forecasts or outcomes else None


def _due(now: datetime) -> CoverageRun | None:
    """The newest official run without forecasts, where a target is not reached or a former forecast still open."""
    run = CoverageRun.objects.credible(business_date(now)).official().newest_first().first()
    if run is None or _has_forecasts(run):
        return None
    period = _period(run)
    unreached = CoverageFigure.objects.filter(run=run, period=period, entries__gt=0, recorded__lt=F("target"))
    return run if unreached.exists() or open_forecasts().exists() else None


def _has_forecasts(run: CoverageRun) -> bool:
    return CoverageForecast.objects.filter(run=run).exists()


def _period(run: CoverageRun) -> Period | None:
    """That of the run's day; of one that is over nothing is forecast."""
    return Period.objects.filter(first_day__lte=run.as_of, last_day__gte=run.as_of).first()


def _forecasts(run: CoverageRun, outcomes: list[ForecastOutcome]) -> Iterator[CoverageForecast]:
    period = _period(run)
    for document in Document.values if period else ():
        assert period
        counted, record = _counted(document, period), record_of(document, outcomes)
        for forecast in _of_document(run, document, period):
            key = forecast.area, forecast.target, forecast.band
            is_counted = forecast.state == State.RANGE and key not in counted
            yield _row(run, document, period, forecast, record, counted=is_counted)


def _counted(document: str, period: Period) -> set[tuple[str, int, int]]:
    """The targets that are counted already, with their band of progress."""
    before = CoverageForecast.objects.filter(document=document, period=period, counted=True, run__void=None)
    return set(before.values_list("region_id", "target", "band"))


def _of_document(run: CoverageRun, document: str, period: Period) -> Iterator[Forecast]:
    """Kelurahan learn from kelurahan, whose counts come in leaps; kecamatan and above from kecamatan and cities."""
    figures = CoverageFigure.objects.filter(run=run, document=document, period=period, entries__gt=0, target__gt=0)
    if figures.filter(region__level=Level.VILLAGE).count() > MAX_VILLAGES:
        figures = figures.exclude(region__level=Level.VILLAGE)
    rows = list(figures.values_list("region_id", "recorded", "target"))
    recorded = {code: people for code, people, _target in rows}
    targets = {code: target for code, _people, target in rows if target}
    for villages in (False, True):
        group = {code: target for code, target in targets.items() if is_village(code) == villages}
        teachers = teachers_among([code for code in group if "." in code] or list(group))
        counts = whole_courses(run, document, period, teachers)
        begin = min((day for days in counts.values() for day in days), default=period.first_day)
        others = {code: recorded[code] for code in group.keys() - teachers}
        counts |= recent_courses(run, document, period, others, begin)
        yield from night_forecasts(counts, group, teachers, run.as_of)


def _row(
    run: CoverageRun, document: str, period: Period, forecast: Forecast, record: Record, *, counted: bool
) -> CoverageForecast:
    return CoverageForecast(
        run=run,
        document=document,
        period=period,
        region_id=forecast.area,
        band=forecast.band,
        state=forecast.state,
        recorded=forecast.recorded,
        target=forecast.target,
        pace_people=forecast.pace_people,
        pace_days=forecast.pace_days,
        expected_on=forecast.expected_on,
        low_on=forecast.low_on,
        middle_on=forecast.middle_on,
        high_on=forecast.high_on,
        counted=counted,
        known=record.known,
        inside=record.inside,
    )
