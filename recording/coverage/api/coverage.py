"""Coverage: the figures of a run, their course, and why they changed."""

import gzip
import logging
from typing import Any, NamedTuple

from django.core.exceptions import SuspiciousOperation
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.http import http_date
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from accounts.api.authentication import key_of, owner_of
from accounts.api.throttles import count_request
from accounts.roles import Action
from dukcapil.api.schema import FIELDS
from dukcapil.api.views import Answers, Rows, finish
from dukcapil.conditional import response_or_304
from dukcapil.errors import Refused
from dukcapil.requests import PortalRequest
from recording.coverage import arithmetic
from recording.coverage.answer_cache import AnswerKey, Writer, answer_key, build_answer, kept_answer
from recording.coverage.answers import COLUMNS, RUN_COLUMNS, csv_pieces, json_pieces
from recording.coverage.api.parameters import PARAMETER_DOCS, PARAMETERS, parse_query
from recording.coverage.history import visible_figures
from recording.filters import HistoryFilter
from recording.models import CoverageFigure, Document, Level, RunStatus

log = logging.getLogger(__name__)


class Format(NamedTuple):
    content_type: str
    columns: tuple[str, ...]
    write: Writer


FORMATS = {
    "json": Format("application/json", COLUMNS, json_pieces),
    "csv": Format("text/csv; charset=utf-8", (*COLUMNS, *RUN_COLUMNS), csv_pieces),
}
ACCEPTED = {"application/json": "json", "*/*": "json", "text/csv": "csv"}  # other media types the framework negotiates


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

    def dispatch(self, request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """An answer that is kept is sent before the framework begins (docs/decisions/0013 says what that saves).
        Everything else, refusals included, goes the ordinary way."""
        if request.method in ("GET", "HEAD"):
            try:
                response = _kept_response(request)
            except (Refused, APIException, SuspiciousOperation) as refusal:
                log.debug("left to the framework, which will refuse it: %s", refusal)
                response = None
            if response is not None:
                return response
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: Request) -> HttpResponse:
        """The figures."""
        form, by = request.accepted_renderer.format, request.user
        key = answer_key(by, parse_query(request.query_params, FORMATS[form].columns), form, request._request.day)
        body = kept_answer(key) or build_answer(by, key, FORMATS[form].write)
        return _response(request._request, key, body)


def _kept_response(request: PortalRequest) -> HttpResponse | None:
    """None when the answer is not built yet, and when only the framework can tell what the request wants. What it
    would refuse raises here too: Refused, or one of the framework's exceptions."""
    accept = request.headers.get("Accept", "*/*").partition(",")[0].strip()
    form = request.GET.get("format") or ACCEPTED.get(accept, "")
    if form not in FORMATS or any(len(values) > 1 for _name, values in request.GET.lists()):
        return None
    if not {*PARAMETERS, "format"}.issuperset(request.GET):
        return None
    api_key = key_of(request)
    by: Any = owner_of(api_key) if api_key is not None else request.user
    if not by.is_authenticated:
        return None
    key = answer_key(by, parse_query(request.GET, FORMATS[form].columns), form, request.day)
    body = kept_answer(key)
    if body is None or count_request(request, by).exceeded:
        return None
    response = _response(request, key, body)
    finish(request, response)
    return response_or_304(request, response)


def _response(request: PortalRequest, key: AnswerKey, body: bytes) -> HttpResponse:
    """`body` is gzip, and is unpacked for whoever cannot read that."""
    response = HttpResponse(content_type=FORMATS[key.form].content_type)
    response["ETag"] = f'W/"{key.tag}"'
    response["Last-Modified"] = http_date(key.state.changed_at)
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Accept-Encoding"
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response.content = body
        response["Content-Encoding"] = "gzip"
    else:
        response.content = gzip.decompress(body)
    response["Content-Length"] = str(len(response.content))
    if key.form == "csv":
        response["Content-Disposition"] = f'inline; filename="cakupan-{key.state.run}-{key.query.document}.csv"'
    return response


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
