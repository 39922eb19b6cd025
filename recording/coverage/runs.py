"""Reading runs: by number, by day, with the one before, and as a list."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import F, Q, Subquery

from dukcapil.kept import Kept
from recording.coverage.arithmetic import Coverage
from recording.models import (
    ANSWER_ACTIONS,
    AuditEntry,
    CoverageFigure,
    CoverageForecast,
    CoverageRun,
    LedgerSpan,
    run_not_found,
)

RUNS_PER_PAGE = 30
MAX_KNOWN_RUNS = 400  # the newest: more than a year of nights


class Runs(NamedTuple):
    """The run that a page shows, the one to compare it with, and the newest of all."""

    shown: CoverageRun
    previous: CoverageRun | None
    newest: CoverageRun


def runs_for(number: int | None, today: date) -> Runs | None:
    """The run of that number (the newest credible one without it), the one before it and the newest credible one, in
    one query; each with `audit_now`, `summed_position` and `forecast_run`. None when nothing credible was ever computed;
    NotFound for a number without a run. Any run may be asked for by its number, also one that is void."""
    newest_first = CoverageRun.objects.newest_first()
    newest = newest_first.credible(today)[:1]
    shown = newest if number is None else CoverageRun.objects.filter(number=number)
    # "=" and not "IN": SQLite finds each by its number, however many there are.
    wanted = Q(number=Subquery(newest.values("number")))
    wanted |= Q(number=Subquery(newest_first.before(shown).values("number")[:1]))
    if number is not None:
        wanted |= Q(number=number)
    told = newest_first.seen_on(today).with_audit_position().with_summed_position().with_forecast_run()
    runs = list(told.filter(wanted))
    if not runs:
        return None
    believed = next((run for run in runs if run.credible), None)
    run = believed if number is None else run_of(runs, number)
    return Runs(run, run_before(runs, run), believed or run) if run else None


def newest_runs(today: date) -> Runs | None:
    """`runs_for` without a number; once a second it is asked whether another one would be the newest. All threads are given
    the same runs, which nobody may change."""
    if not settings.KEPT_SECONDS:
        return runs_for(None, today)
    return _newest_runs(today, *_state_of_figures())


@Kept
def _state_of_figures() -> tuple[int, ...]:
    """The last run, the last act after which an answer about a run is another one, how far the ledger is summed, and the last
    run with forecasts: all are written by one at a time."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE_OF_FIGURES, ANSWER_ACTIONS)
        return tuple(cursor.fetchone())


_ACTIONS = ", ".join(["%s"] * len(ANSWER_ACTIONS))
_STATE_OF_FIGURES = f"""
    SELECT (SELECT COALESCE(MAX(number), 0) FROM {CoverageRun._meta.db_table}),
           (SELECT COALESCE(MAX(id), 0) FROM {AuditEntry._meta.db_table} WHERE action IN ({_ACTIONS})),
           (SELECT COALESCE(MAX(until), 0) FROM {LedgerSpan._meta.db_table}),
           (SELECT COALESCE(MAX(run_id), 0) FROM {CoverageForecast._meta.db_table})
"""


def _read_newest_runs(today: date, *_state: int) -> Runs | None:
    return runs_for(None, today)


_newest_runs = Kept(_read_newest_runs, exact=True)


def known_runs(numbers: Collection[int], today: date) -> list[CoverageRun]:
    """The newest credible runs and those of these numbers, newest first, in one query; NotFound for a number without a
    run."""
    newest_first = CoverageRun.objects.newest_first()
    newest = newest_first.credible(today).values("number")[:MAX_KNOWN_RUNS]
    runs = list(newest_first.seen_on(today).filter(Q(number__in=newest) | Q(number__in=numbers)))
    for number in numbers:
        run_of(runs, number)
    return runs


def run_numbered(number: int, today: date) -> CoverageRun:
    """A run with its `void`, whatever it is worth; NotFound for a number without a run."""
    run = CoverageRun.objects.select_related("void").seen_on(today).filter(number=number).first()
    if run is None:
        raise run_not_found(number, "run")
    return run


def run_of(runs: list[CoverageRun], number: int) -> CoverageRun:
    """NotFound for a number that is not among the runs."""
    for run in runs:
        if run.number == number:
            return run
    raise run_not_found(number, "run")


def run_on(runs: list[CoverageRun], day: date) -> CoverageRun | None:
    """The newest run as of that day or the nearest day before it; `runs` come newest first."""
    return next((run for run in runs if run.as_of <= day), None)


def run_of_day(day: date, today: date) -> CoverageRun | None:
    """The newest run as of that very day."""
    return CoverageRun.objects.newest_first().credible(today).filter(as_of=day).first()


def nearest_runs_by_day(day: date, today: date) -> list[CoverageRun]:
    """The newest run of the nearest day before, and of the nearest one after, in two queries."""
    runs = CoverageRun.objects.newest_first().credible(today)
    before = runs.filter(as_of__lt=day).order_by("-as_of", "-number").first()
    after = runs.filter(as_of__gt=day).order_by("as_of", "-number").first()
    return [run for run in (before, after) if run]


def nearest_runs_by_number(number: int, today: date) -> list[CoverageRun]:
    """The runs with the nearest number below and above, in two queries; none where this very number is known."""
    runs = CoverageRun.objects.newest_first().seen_on(today)
    if runs.filter(number=number).exists():
        return []
    below, above = runs.filter(number__lt=number).order_by("-number"), runs.filter(number__gt=number).order_by("number")
    return [run for run in (below.first(), above.first()) if run]


def run_before(runs: list[CoverageRun], run: CoverageRun) -> CoverageRun | None:
    """The newest one with which a run may be compared (see `CoverageRunQuerySet.before`); `runs` come newest first."""
    earlier = (other for other in runs if other.as_of < run.as_of and other.number < run.number)
    return next((other for other in earlier if not other.voided), None)


@dataclass(frozen=True)
class RunLine:
    """A run in the list: what it said of one region in the period of its day, and the run before it."""

    run: CoverageRun
    coverage: Coverage | None
    difference: int | None


def runs_page(code: str, document: str, page: int, today: date) -> tuple[list[RunLine], bool]:
    """One page of the runs, newest first, with the figures of a region that the reader may see; and whether more
    follow. Two queries."""
    start = (page - 1) * RUNS_PER_PAGE
    runs = list(CoverageRun.objects.newest_first().seen_on(today)[start : start + RUNS_PER_PAGE + 1])
    figures = {
        figure.run_id: figure
        for figure in CoverageFigure.objects.filter(
            run__in=[run.number for run in runs],
            document=document,
            region_id=code,
            period__first_day__lte=F("run__as_of"),
            period__last_day__gte=F("run__as_of"),
        )
    }
    lines = [
        _line(run, figures.get(run.number), figures.get(before.number) if before else None)
        for run, before in ((run, _standing_after(runs, index)) for index, run in enumerate(runs))
    ]
    return lines[:RUNS_PER_PAGE], len(runs) > RUNS_PER_PAGE


def _standing_after(runs: list[CoverageRun], index: int) -> CoverageRun | None:
    """The next run of the list that is not void."""
    return next((run for run in runs[index + 1 :] if not run.voided), None)


def _line(run: CoverageRun, figure: CoverageFigure | None, before: CoverageFigure | None) -> RunLine:
    """Two runs are compared only inside one period: a new one begins again at nobody."""
    if figure is None:
        return RunLine(run, None, None)
    comparable = before is not None and before.period_id == figure.period_id
    difference = figure.recorded - before.recorded if comparable and before is not None else None
    return RunLine(run, Coverage(figure.recorded, figure.target) if figure.entries else None, difference)
