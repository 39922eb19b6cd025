"""Coverage: the figures of a run, their course, and why they changed."""

import gzip
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.utils.http import http_date
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from accounts.api.authentication import key_of, owner_of
from accounts.api.throttles import count_request
from accounts.rights import Actor
from accounts.roles import Action
from dukcapil.api.schema import FIELDS
from dukcapil.api.views import Answers, Rows, conditional, finish
from dukcapil.cells import csv_of
from dukcapil.requests import PortalRequest
from recording.coverage.answers import COLUMNS, OF_THE_RUN, PARAMETERS, Asked, asked_of, body_of, json_lines, state_of
from recording.coverage.figures import Figure, coverage_row
from recording.coverage.history import visible_figures
from recording.filters import HistoryFilter
from recording.models import CoverageFigure, CoverageRun, Document, Level, Period, RunStatus

TYPES = {"json": "application/json", "csv": "text/csv; charset=utf-8"}


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
    status = serializers.ChoiceField(RunStatus.choices, help_text="official or provisional.")
    results = CoverageRow(many=True, help_text="By code.")


PARAMETER_DOCS = [
    OpenApiParameter("document", str, enum=Document.values, default="KTP", description="What is counted."),
    OpenApiParameter(
        "level",
        str,
        enum=Level.values,
        description="All regions of this level at or below `parent`; without it the parent and the regions just below.",
    ),
    OpenApiParameter("parent", str, description="Code of a region; without it all that you reach."),
    OpenApiParameter("period", str, description="Name of a period; without it that of the as-of day."),
    OpenApiParameter(
        "run",
        {"type": "integer", "minimum": 1, "maximum": 999_999_999},
        description="Number of a run; without it the newest.",
    ),
    OpenApiParameter(
        "date", {"type": "string", "format": "date"}, description="Instead of `run`: the newest run of this as-of day."
    ),
    FIELDS,
]


SHOWN = {
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
    examples=[OpenApiExample("A city that is done", value=SHOWN, response_only=True)],
)
class Coverage(Answers):
    """Recorded against target, as one run says it. The answer is a function of the run: it carries an ETag, and an
    unchanged one answers 304. In CSV each row also says run, as_of and status."""

    parameters = PARAMETERS
    reads = Action.COVERAGE_READ

    def dispatch(self, request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What is built already is answered before the framework begins (`make bench` says what that saves).
        Everything else, refusals included, goes the ordinary way."""
        if request.method in ("GET", "HEAD"):
            try:
                answer = _kept(request)
            except Exception:  # the ordinary way says what is wrong
                answer = None
            if answer is not None:
                return answer
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: Request) -> HttpResponse:
        """The figures."""
        form = request.accepted_renderer.format
        found = _answer(request._request, request.user, form, build=True)
        if found is None:  # a built answer is always there
            raise RuntimeError("not built")
        return found


def _kept(request: PortalRequest) -> HttpResponse | None:
    form = request.GET.get("format") or ("" if "Accept" in request.headers else "json")
    if not form:
        accept = request.headers["Accept"].partition(",")[0].strip()
        form = {"application/json": "json", "*/*": "json", "text/csv": "csv"}.get(accept, "")
    if form not in TYPES or any(len(values) > 1 for _name, values in request.GET.lists()):
        return None
    if not {*PARAMETERS, "format"}.issuperset(request.GET):
        return None
    key = key_of(request)
    by: Any = owner_of(key) if key is not None else request.user
    if not by.is_authenticated or isinstance(by, AnonymousUser):
        return None
    answer = _answer(request, by, form, build=False)
    if answer is None or count_request(request, by).over:
        return None
    finish(request, answer)
    return conditional(request, answer)


def _answer(request: PortalRequest, by: Actor, form: str, *, build: bool) -> HttpResponse | None:
    columns = COLUMNS if form == "json" else (*COLUMNS, *OF_THE_RUN)
    asked = _asked(request.META["QUERY_STRING"], columns)
    state = state_of(asked)
    body = body_of(by, asked, state, form, json_lines if form == "json" else csv_lines, build=build)
    if body is None:
        return None
    response = HttpResponse(content_type=TYPES[form])
    response["ETag"] = f'W/"{body.tag}"'
    response["Last-Modified"] = http_date(state.finished)
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Accept-Encoding"
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response.content = body.packed
        response["Content-Encoding"] = "gzip"
    else:
        response.content = gzip.decompress(body.packed)
    response["Content-Length"] = str(len(response.content))
    if form == "csv":
        name = f"cakupan-{state.run}-{asked.document}.csv"
        response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@lru_cache(maxsize=256)
def _asked(query: str, columns: tuple[str, ...]) -> Asked:
    """The same address is the same question; what is refused is not kept."""
    return asked_of(QueryDict(query), columns)


def csv_lines(asked: Asked, run: CoverageRun, period: Period, figures: Iterator[Figure]) -> Iterator[bytes]:
    """The same rows as lines, each with its run."""
    told = {"run": run.number, "as_of": run.as_of.isoformat(), "status": run.status}
    rows = (coverage_row(figure, asked.document, period.name) | told for figure in figures)
    yield csv_of(list(asked.fields), ([row[name] for name in asked.fields] for row in rows))


class HistoryRow(serializers.Serializer[Any]):
    run = serializers.IntegerField(source="run_id", help_text="Number of the run.")
    as_of = serializers.DateField(source="run.as_of", help_text="The figures hold for the end of this day.")
    status = serializers.ChoiceField(RunStatus.choices, source="run.status", help_text="official or provisional.")
    region = serializers.CharField(source="region_id", help_text="Code of the region.")
    document = serializers.ChoiceField(Document.choices, help_text="KTP or KIA.")
    period = serializers.CharField(source="period.name", help_text="Name of the period.")
    recorded = serializers.IntegerField(help_text="People recorded in the period up to that day.")
    target = serializers.IntegerField(allow_null=True, help_text="People to reach; null: none was set.")
    percent = serializers.SerializerMethodField(help_text="recorded of target with two decimals, or null.")
    remaining = serializers.SerializerMethodField(help_text="target less recorded, never below 0, or null.")

    def get_percent(self, row: CoverageFigure) -> str | None:
        percent = Figure(row.region_id, "", "", row.recorded, target=row.target).percent
        return None if percent is None else str(percent)

    def get_remaining(self, row: CoverageFigure) -> int | None:
        return Figure(row.region_id, "", "", row.recorded, target=row.target).remaining


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
