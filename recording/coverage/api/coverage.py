"""Coverage: the figures of a run, their course, and why they changed."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from accounts.roles import Action
from dukcapil.api.schema import FIELDS
from dukcapil.api.views import Answers, Rows
from recording.coverage import arithmetic
from recording.coverage.answer_cache import answer, answer_key
from recording.coverage.api.direct import FORMATS, answer_response
from recording.coverage.api.parameters import PARAMETER_DOCS, PARAMETERS, parse_query
from recording.coverage.history import visible_figures
from recording.filters import HistoryFilter
from recording.models import CoverageFigure, Document, Level, RunStatus


class CoverageRow(serializers.Serializer[Any]):
    region = serializers.CharField(help_text="Code of the region.")
    name = serializers.CharField(help_text="Its name.")
    level = serializers.ChoiceField(Level.choices, help_text="province, city, district or village.")
    document = serializers.ChoiceField(Document.choices, help_text="KTP or KIA.")
    period = serializers.CharField(help_text="Name of the period.")
    recorded = serializers.IntegerField(help_text="People recorded in the period up to the as-of day.")
    target = serializers.IntegerField(allow_null=True, help_text="People to reach; null: none is set.")
    percent = serializers.CharField(
        allow_null=True, help_text="recorded of target with two decimals; never 100.00 unless reached."
    )
    remaining = serializers.IntegerField(allow_null=True, help_text="target less recorded, never below 0.")


class CoverageAnswer(serializers.Serializer[Any]):
    run = serializers.IntegerField(help_text="Number of the run: the same number, the same figures, for ever.")
    as_of = serializers.DateField(help_text="The figures hold for the end of this day.")
    status = serializers.ChoiceField(RunStatus.choices, help_text="official, provisional, or void: not to be used.")
    results = CoverageRow(many=True, help_text="By code.")


EXAMPLE = {
    "run": 326,
    "as_of": "2021-11-25",
    "status": "official",
    "results": [
        {
            "region": "31.73",
            "name": "Kota Administrasi Jakarta Barat",
            "level": "city",
            "document": "KTP",
            "period": "2021",
            "recorded": 13770,
            "target": 13770,
            "percent": "100.00",
            "remaining": 0,
        }
    ],
}


@extend_schema(
    tags=["coverage"],
    summary="Coverage",
    parameters=PARAMETER_DOCS,
    responses=CoverageAnswer,
    examples=[OpenApiExample("A city that is done", value=EXAMPLE, response_only=True)],
)
class Coverage(Answers):
    """Recorded against target, as one run says it. The answer is a function of the run: it carries an ETag, and an
    unchanged one answers 304. In CSV each row also says run, as_of and status."""

    parameters = PARAMETERS
    reads = Action.COVERAGE_READ

    def get(self, request: Request) -> HttpResponse:
        """The figures."""
        form, by = request.accepted_renderer.format, request.user
        key = answer_key(by, parse_query(request.query_params, FORMATS[form].columns), form, request._request.day)
        return answer_response(request._request, key, answer(by, key, FORMATS[form].write))


class HistoryRow(serializers.Serializer[Any]):
    run = serializers.IntegerField(source="run_id", help_text="Number of the run.")
    as_of = serializers.DateField(source="run.as_of", help_text="The figures hold for the end of this day.")
    status = serializers.ChoiceField(RunStatus.choices, source="run.shown_status", help_text="official, provisional or void.")
    region = serializers.CharField(source="region_id", help_text="Code of the region.")
    document = serializers.ChoiceField(Document.choices, help_text="KTP or KIA.")
    period = serializers.CharField(source="period.name", help_text="Name of the period.")
    recorded = serializers.IntegerField(help_text="People recorded in the period up to that day.")
    target = serializers.IntegerField(allow_null=True, help_text="People to reach; null: none was set.")
    percent = serializers.SerializerMethodField(help_text="recorded of target with two decimals, or null.")
    remaining = serializers.SerializerMethodField(help_text="target less recorded, never below 0, or null.")

    def get_percent(self, row: CoverageFigure) -> str | None:
        percent = arithmetic.percent(row.recorded, row.target)
        return None if percent is None else str(percent)

    def get_remaining(self, row: CoverageFigure) -> int | None:
        return arithmetic.Coverage(row.recorded, row.target).remaining


@extend_schema(tags=["coverage"], summary="History of coverage", parameters=[FIELDS])
class History(Rows):
    """What every run said of one region, by run: frozen figures, not a recomputation."""

    reads = Action.COVERAGE_READ
    serializer_class = HistoryRow
    queryset = CoverageFigure.objects.none()
    filterset_class = HistoryFilter
    orderings = {"run": ("run_id", "period_id")}
    ordering = "run"

    def get_queryset(self) -> QuerySet[CoverageFigure]:
        return visible_figures(self.request.user, self.request.query_params.get("region", ""))
