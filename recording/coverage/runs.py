"""Reading runs: the newest ones, those of an address, and the one that tells a day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import F, Q

from recording.coverage.arithmetic import Coverage
from recording.models import CoverageFigure, CoverageRun, run_not_found

PAGE = 30
KNOWN = 400  # newest runs that a page may offer: more than a year of nights


class Runs(NamedTuple):
    """The run that a page shows, the one to compare it with, and the newest of all."""

    shown: CoverageRun
    previous: CoverageRun | None
    newest: CoverageRun


def runs_for(number: int | None) -> Runs | None:
    """The run of that number (the newest without one) and its company, in one query; each with `audit_now`. None when
    nothing was ever computed; NotFound for a number without a run."""
    newest_first = CoverageRun.objects.newest_first()
    shown = CoverageRun.objects.filter(number=number) if number is not None else newest_first[:1]
    found = list(
        newest_first.with_audit_position().filter(
            Q(number__in=newest_first.values("number")[:1])
            | Q(number__in=newest_first.before(shown).values("number")[:1])
            | Q(number=number)
        )
    )
    if not found:
        return None
    run = found[0] if number is None else run_of(found, number)
    return Runs(run, run_before(found, run), found[0])


def known_runs(numbers: Collection[int]) -> list[CoverageRun]:
    """The newest runs and those of these numbers, newest first, in one query; NotFound for a number without a run."""
    newest_first = CoverageRun.objects.newest_first()
    found = list(newest_first.filter(Q(number__in=newest_first.values("number")[:KNOWN]) | Q(number__in=numbers)))
    for number in numbers:
        run_of(found, number)
    return found


def run_of(runs: list[CoverageRun], number: int) -> CoverageRun:
    """The run of that number."""
    for run in runs:
        if run.number == number:
            return run
    raise run_not_found(number, "run")


def run_on(runs: list[CoverageRun], day: date) -> CoverageRun | None:
    """The newest run as of that day or the nearest day before it; `runs` come newest first."""
    return next((run for run in runs if run.as_of <= day), None)


def run_before(runs: list[CoverageRun], run: CoverageRun) -> CoverageRun | None:
    """The newest run of an earlier day with a smaller number, so that the difference reads forward."""
    return next((each for each in runs if each.as_of < run.as_of and each.number < run.number), None)


@dataclass(frozen=True)
class RunLine:
    """A run in the list: what it said of one region in the period of its day, and the run before it."""

    run: CoverageRun
    coverage: Coverage | None
    difference: int | None


def runs_page(code: str, document: str, page: int) -> tuple[list[RunLine], bool]:
    """One page of the runs, newest first, with the figures of a region that the reader may see; and whether more
    follow. Two queries."""
    first = (page - 1) * PAGE
    runs = list(CoverageRun.objects.newest_first()[first : first + PAGE + 1])
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
        for run, before in zip(runs, [*runs, None][1:], strict=True)
    ]
    return lines[:PAGE], len(runs) > PAGE


def _line(run: CoverageRun, figure: CoverageFigure | None, before: CoverageFigure | None) -> RunLine:
    """Two runs are compared only inside one period: a new one begins again at nobody."""
    if figure is None:
        return RunLine(run, None, None)
    same = before is not None and before.period_id == figure.period_id
    difference = figure.recorded - before.recorded if same and before is not None else None
    return RunLine(run, Coverage(figure.recorded, figure.target) if figure.entries else None, difference)
