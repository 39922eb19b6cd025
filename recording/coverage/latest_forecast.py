"""The newest forecast of a region in words, for doors that show no figures: the e-mail of the evening."""

from datetime import date

from accounts.rights import Actor
from recording.coverage.figures import figures_of, period_for, with_figures
from recording.coverage.forecast_words import forecast_words
from recording.coverage.forecasts import forecast_for, forecasts_of
from recording.coverage.runs import newest_runs
from recording.models import Period, Region


def latest_forecast(by: Actor, code: str, document: str, today: date) -> str:
    """ "" where `by` may not see the region, or no forecast stands beside its newest figure."""
    runs = newest_runs(today)
    period = period_for(list(Period.objects.all()), None, today) if runs else None
    if runs is None or period is None:
        return ""
    run = runs.shown
    for figure in figures_of(with_figures(Region.objects.visible_to(by).filter(code=code), run, document, period)):
        forecast = forecast_for(forecasts_of(run, document, period, [code]).get(code), figure, run)
        if forecast:
            return forecast_words(forecast, run.as_of).text
    return ""
