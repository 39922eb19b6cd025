"""How a region's period goes, as the page and the paper tell it: its pace, and the chart of its course."""

from recording.coverage.breakdown import FigureBreakdown
from recording.coverage.charts.burn_up import BurnUp, burn_up
from recording.coverage.figures import RegionCoverage
from recording.coverage.forecast_words import ForecastWords, forecast_words
from recording.coverage.forecasts import forecast_for
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


def words_of(coverage: RegionCoverage, breakdown: FigureBreakdown) -> ForecastWords | None:
    """When the target will be reached, in words; None without a forecast that may stand beside the figure."""
    forecast = forecast_for(breakdown.forecast, coverage.figure, coverage.run)
    return forecast_words(forecast, coverage.run.as_of) if forecast else None


def course_of(
    coverage: RegionCoverage, period: Period, breakdown: FigureBreakdown, pace: Pace, *, span: int | None = None
) -> BurnUp:
    """The chart of the period, or of its last `span` days. Where no working day is left the pace leads nowhere."""
    forecast = forecast_for(breakdown.forecast, coverage.figure, coverage.run)
    return burn_up(
        first_day=period.first_day,
        last_day=period.last_day,
        as_of=coverage.run.as_of,
        recorded=breakdown.days if coverage.figure.entries else {},
        targets=breakdown.targets,
        expected=pace.expected if pace.days_left else None,
        reach=(forecast.low_on, forecast.high_on) if forecast and forecast.low_on and forecast.high_on else None,
        span=span,
    )
