"""Reading what was forecast: the forecast that belongs to a figure, in the query of its page or for many regions at once."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, TextField, Value
from django.db.models.functions import Cast, JSONObject

from recording.coverage.figures import Figure
from recording.coverage.forecast.night import State
from recording.coverage.not_recorded import Rows
from recording.models import CoverageForecast, CoverageRun, Period

FORECAST = "forecast"  # the `part` of its row
MAX_AGE = timedelta(days=7)  # a forecast is told beside later figures for so long
_NUMBERS = ("recorded", "target", "pace_people", "pace_days", "known", "inside")
_DAYS = ("expected_on", "low_on", "middle_on", "high_on")


@dataclass(frozen=True)
class StoredForecast:
    """What the night of `as_of` expected of a region: see CoverageForecast."""

    run: int
    as_of: date
    state: State
    recorded: int
    target: int
    pace_people: int
    pace_days: int
    known: int
    inside: int
    expected_on: date | None = None
    low_on: date | None = None
    middle_on: date | None = None
    high_on: date | None = None


def forecast_for(forecast: StoredForecast | None, figure: Figure, run: CoverageRun) -> StoredForecast | None:
    """The forecast, where it may stand beside a region's figure in a run: not when it is old, not once the target has become
    another one or is reached."""
    if forecast is None or figure.reached or figure.target != forecast.target:
        return None
    return forecast if forecast.as_of <= run.as_of < forecast.as_of + MAX_AGE else None


def forecast_row(run: CoverageRun, code: str, document: str, period: Period) -> Rows | None:
    """The query for the forecast that belongs to a region's figure, as one row for `forecast_of`. `run` with
    `forecast_run`."""
    if not run.forecast_run:
        return None
    return _rows(run, document, period).filter(region=code).values_list("label", "part", "people")


def forecast_of(label: str) -> StoredForecast:
    """The forecast in the label of its row."""
    values = json.loads(label)
    days = {name: values[name] and date.fromisoformat(values[name]) for name in ("as_of", *_DAYS)}
    return StoredForecast(**values | days | {"state": State(values["state"])})


def forecasts_of(
    run: CoverageRun, document: str, period: Period, codes: Collection[str] | None = None
) -> dict[str, StoredForecast]:
    """By region, of those (None: all) that have one; one query. `run` with `forecast_run`."""
    if not run.forecast_run:
        return {}
    rows = _rows(run, document, period)
    if codes is not None:
        rows = rows.filter(region__in=codes)
    return {code: forecast_of(label) for code, label in rows.values_list("region_id", "label")}


def _rows(run: CoverageRun, document: str, period: Period) -> Any:
    """With label, part and people; none of a run that is void."""
    rows = CoverageForecast.objects.filter(run=run.forecast_run, document=document, period=period, run__void=None)
    names = {name: F(name) for name in ("state", *_NUMBERS, *_DAYS)}
    described = JSONObject(run=F("run_id"), as_of=F("run__as_of"), **names)
    return rows.annotate(label=Cast(described, TextField()), part=Value(FORECAST, TextField()), people=F("target"))
