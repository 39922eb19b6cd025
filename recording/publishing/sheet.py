"""What one sheet of a report on paper says of a region, as of a run: figure, course, pace, outlook and the regions below."""

from dataclasses import dataclass, field
from datetime import date

from django.conf import settings

from accounts.rights import Actor
from dukcapil.clock import business_date
from dukcapil.region_codes import is_strictly_within
from recording.coverage.breakdown import figure_breakdown
from recording.coverage.changes import Comparison, Difference, differences, named_parts
from recording.coverage.charts.burn_up import BurnUp
from recording.coverage.course import course_of, pace_of, words_of
from recording.coverage.figures import Figure, RegionCoverage, region_coverage, worst_first
from recording.coverage.forecast_words import ForecastWords
from recording.coverage.outlook import outlook
from recording.coverage.pace import Pace
from recording.coverage.runs import Runs
from recording.models import CoverageRun, Period

PORTRAIT, LANDSCAPE = "tegak", "mendatar"  # how the paper lies


@dataclass(frozen=True)
class Line:
    """A region in the table: its figure, by how many people it grew since the run before (None: not told), and those
    below it that are listed with it."""

    figure: Figure
    grown: int | None = None
    below: list[Figure] = field(default_factory=list)


@dataclass(frozen=True)
class Sheet:
    """`change` is against `previous`: None without one. `total` is the line of the region itself."""

    run: CoverageRun
    previous: CoverageRun | None
    period: Period
    figure: Figure
    lines: list[Line]
    total: Line
    change: Difference | None
    parts: list[tuple[str, int, str]]
    pace: Pace
    outlook: str
    forecast: ForecastWords | None
    chart: BurnUp

    @property
    def date(self) -> date:
        """The day on which the figures were computed, under which the report is signed."""
        return business_date(self.run.finished_at)


def sheet(
    by: Actor, code: str, runs: Runs, document: str, period: Period, *, deep: bool = False, since: date | None = None
) -> Sheet:
    """`deep` lists the level below each child too. `since`: each line tells what the days from then on brought, where
    `runs.previous` is of the day before or the period begins no earlier. NotFound for a region that `by` may not see."""
    coverage = region_coverage(by=by, code=code, document=document, period=period, runs=runs)
    figure, run, previous = coverage.figure, runs.shown, runs.previous
    breakdown = figure_breakdown(code, run, previous, document=document, period=period)
    going = pace_of(coverage, period, breakdown)
    grown = _growth(coverage, document, period, since) if since else {}
    return Sheet(
        run,
        previous,
        period,
        figure,
        [Line(child, grown.get(child.code), _below(coverage, child) if deep else []) for child in coverage.children],
        Line(figure, grown.get(code)),
        breakdown.change,
        [part for part in named_parts(breakdown.change) if part[1]] if breakdown.change else [],
        going,
        outlook(figure, going),
        words_of(coverage, breakdown),
        course_of(coverage, period, breakdown, going),
    )


def letterhead() -> dict[str, str]:
    """The agency and whoever signs, from the settings."""
    return {
        "agency": settings.AGENCY_NAME,
        "address": settings.AGENCY_ADDRESS,
        "place": settings.AGENCY_PLACE,
        "signer_title": settings.SIGNER_TITLE,
        "signer": settings.SIGNER_NAME,
    }


def _growth(coverage: RegionCoverage, document: str, period: Period, since: date) -> dict[str, int]:
    """What each line gained since the run before; in a period that had not begun, all that was recorded. Nothing where that
    is not known, or where nobody has entered anything: missing is not zero."""
    figures = [figure for figure in (coverage.figure, *coverage.children) if figure.entries]
    if coverage.previous is None:
        return {figure.code: figure.recorded for figure in figures} if period.first_day >= since else {}
    gained = differences(Comparison(coverage.previous, coverage.run, document, period), [figure.code for figure in figures])
    return {code: difference.recorded for code, difference in gained.items()}


def _below(coverage: RegionCoverage, child: Figure) -> list[Figure]:
    ones = [figure for figure in coverage.grandchildren if is_strictly_within(figure.code, child.code)]
    return sorted(ones, key=worst_first)
