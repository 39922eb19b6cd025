"""How a region's period goes, as the page and the paper tell it: its pace, and the chart of its course."""

from recording.coverage.breakdown import FigureBreakdown
from recording.coverage.charts.burn_up import BurnUp, burn_up
from recording.coverage.figures import RegionCoverage
from recording.coverage.pace import Pace, pace
from recording.models import Period


def pace_of(coverage: RegionCoverage, period: Period, breakdown: FigureBreakdown) -> Pace:
    """The pace as of the run's day."""
    return pace(
        breakdown.days,
        total=coverage.figure.recorded,
        remaining=coverage.figure.remaining,
        first_day=period.first_day,
        last_day=period.last_day,
        as_of=coverage.run.as_of,
    )


def course_of(
    coverage: RegionCoverage, period: Period, breakdown: FigureBreakdown, pace: Pace, *, span: int | None = None
) -> BurnUp:
    """The chart of the period, or of its last `span` days. Where no working day is left the pace leads nowhere."""
    return burn_up(
        first_day=period.first_day,
        last_day=period.last_day,
        as_of=coverage.run.as_of,
        recorded=breakdown.days if coverage.figure.entries else {},
        targets=breakdown.targets,
        expected=pace.expected if pace.days_left else None,
        span=span,
    )
