"""When targets will be reached, as the night said it."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import Action
from dukcapil.api.views import Answers
from recording.coverage.answer_cache import answer_key
from recording.coverage.api.parameters import PARAMETER_DOCS, PARAMETERS, parse_query
from recording.coverage.figures import Figure
from recording.coverage.forecast.night import State
from recording.coverage.forecast_words import forecast_words
from recording.coverage.forecasts import StoredForecast, forecast_for, forecasts_of
from recording.coverage.query import period_of, query_figures
from recording.models import CoverageRun, Document, Level, RunStatus

REACHED, NONE = "reached", "none"
STATES = [*(state.value for state in State), REACHED, NONE]


class ForecastRow(serializers.Serializer[Any]):
    region = serializers.CharField(help_text="Code of the region.")
    name = serializers.CharField(help_text="Its name.")
    level = serializers.ChoiceField(Level.choices, help_text="province, city, district or village.")
    document = serializers.ChoiceField(Document.choices, help_text="KTP or KIA.")
    period = serializers.CharField(help_text="Name of the period.")
    recorded = serializers.IntegerField(help_text="People recorded in the period up to the as-of day.")
    target = serializers.IntegerField(help_text="People to reach.")
    state = serializers.ChoiceField(
        STATES,
        help_text="range: eight of ten such targets are reached between low_on and high_on. uncalibrated: too few other "
        "regions tell how long such a target takes; expected_on is the pace alone. check_list: not reachable without checking "
        "the list. standstill: nobody was recorded lately. reached. none: no forecast stands, as after a new target.",
    )
    pace = serializers.CharField(allow_null=True, help_text="People per working day over the last 20, with one decimal.")
    expected_on = serializers.DateField(allow_null=True, help_text="The day by the pace alone; usually too early.")
    low_on = serializers.DateField(allow_null=True, help_text="First day of the range.")
    middle_on = serializers.DateField(allow_null=True, help_text="As likely before this day as after it.")
    high_on = serializers.DateField(allow_null=True, help_text="Last day of the range.")
    known = serializers.IntegerField(allow_null=True, help_text="Former ranges of which the truth was known by then.")
    inside = serializers.IntegerField(allow_null=True, help_text="Of these, how many held it.")
    made_on = serializers.DateField(allow_null=True, help_text="The as-of day of the night that forecast this.")
    words = serializers.CharField(allow_null=True, help_text="The same in words, as pages and reports say it.")


class ForecastAnswer(serializers.Serializer[Any]):
    run = serializers.IntegerField(help_text="Number of the run whose figures these are.")
    as_of = serializers.DateField(help_text="The figures hold for the end of this day.")
    status = serializers.ChoiceField(RunStatus.choices, help_text="official, provisional, or void: not to be used.")
    results = ForecastRow(many=True, help_text="Regions with a target, by code.")


@extend_schema(
    tags=["coverage"],
    summary="When targets will be reached",
    parameters=[parameter for parameter in PARAMETER_DOCS if parameter.name != "fields"],
    responses=ForecastAnswer,
)
class Forecast(Answers):
    """The forecasts that belong to the figures of a run: those of its own night, or of the newest night of the week before
    it. A forecast never changes; what a later correction changes is told by the next night's."""

    parameters = tuple(name for name in PARAMETERS if name != "fields")
    reads = Action.COVERAGE_READ

    def get(self, request: Request) -> Response:
        """The forecasts."""
        by, query = request.user, parse_query(request.query_params)
        run = answer_key(by, query, "json", request._request.day).run
        period = period_of(query.period, run)
        stored = forecasts_of(run, query.document, period)
        rows = [
            _row(figure, query.document, period.name, forecast_for(stored.get(figure.code), figure, run), run)
            for figure in query_figures(by, query, run, period)
            if figure.target is not None
        ]
        head = {"run": run.number, "as_of": run.as_of.isoformat(), "status": run.shown_status.value}
        return Response(head | {"results": rows})


def _row(figure: Figure, document: str, period: str, forecast: StoredForecast | None, run: CoverageRun) -> dict[str, Any]:
    told = vars(forecast) if forecast else {}
    return {
        "region": figure.code,
        "name": figure.name,
        "level": figure.level,
        "document": document,
        "period": period,
        "recorded": figure.recorded,
        "target": figure.target,
        "state": forecast.state.value if forecast else REACHED if figure.reached else NONE,
        "pace": _pace(forecast) if forecast else None,
        **{name: told.get(name) for name in ("expected_on", "low_on", "middle_on", "high_on", "known", "inside")},
        "made_on": told.get("as_of"),
        "words": forecast_words(forecast, run.as_of).text if forecast else None,
    }


def _pace(forecast: StoredForecast) -> str:
    """As the page rounds it."""
    return str((Decimal(forecast.pace_people) / forecast.pace_days).quantize(Decimal("0.1"), ROUND_HALF_UP))
