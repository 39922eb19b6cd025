"""Why figures changed between two runs: the page "Mengapa berubah?" for programs."""

from dataclasses import asdict
from datetime import date
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rights import home_region, require
from accounts.roles import Action
from dukcapil.api.views import Answers
from dukcapil.errors import N_, Refused
from recording.coverage.api.parameters import DOCUMENT, RUN_NUMBER, parse_query, parse_run_number
from recording.coverage.changes import Comparison, differences
from recording.coverage.figures import region_coverage
from recording.coverage.query import period_of
from recording.coverage.runs import Runs, runs_for
from recording.models import Document


class ExplanationRow(serializers.Serializer[Any]):
    region = serializers.CharField(help_text="Code of the region.")
    name = serializers.CharField(help_text="Its name.")
    recorded = serializers.IntegerField(help_text="The whole difference of `recorded`: the sum of the six parts below.")
    new = serializers.IntegerField(help_text="Of days that the earlier run did not cover yet.")
    late = serializers.IntegerField(help_text="First entered after the earlier run, for a day that it covered.")
    corrected = serializers.IntegerField(help_text="Another value for a day that it covered.")
    returned = serializers.IntegerField(help_text="Taken out again with a returned report.")
    undone = serializers.IntegerField(help_text="Acts of writing that were undone.")
    regrouped = serializers.IntegerField(help_text="What is left when regions or periods changed.")
    target = serializers.IntegerField(help_text="Difference of the target.")


class ExplanationAnswer(serializers.Serializer[Any]):
    earlier = serializers.IntegerField(help_text="Number of the earlier run.")
    later = serializers.IntegerField(help_text="Number of the later run.")
    document = serializers.ChoiceField(Document.choices, help_text="KTP or KIA.")
    period = serializers.CharField(help_text="Name of the period.")
    results = ExplanationRow(many=True, help_text="The parent, and the regions just below it.")


PARAMETERS = [
    OpenApiParameter("later", RUN_NUMBER, description="Number of the later run; without it the newest."),
    OpenApiParameter("earlier", RUN_NUMBER, description="Number of the earlier run; without it the one of the day before."),
    DOCUMENT,
    OpenApiParameter("parent", str, description="Code of a region; without it where your reach begins."),
    OpenApiParameter("period", str, description="Name of a period; without it that of the later run's day."),
]


@extend_schema(tags=["coverage"], summary="Why figures changed", parameters=PARAMETERS, responses=ExplanationAnswer)
class Explanation(Answers):
    """The difference between two runs in parts that sum exactly to it."""

    parameters = ("earlier", "later", "document", "parent", "period")
    reads = Action.COVERAGE_READ

    def get(self, request: Request) -> Response:
        """The parts, region by region."""
        query = parse_query(request.query_params)
        code = query.parent or home_region(request.user)
        require(by=request.user, action=Action.COVERAGE_READ, code=code)
        today = request._request.day
        runs = _runs(parse_run_number(request.query_params, "later"), today)
        number = parse_run_number(request.query_params, "earlier")
        later, earlier = runs.shown, runs.previous if number is None else _runs(number, today).shown
        if earlier is None or earlier.number >= later.number or earlier.as_of > later.as_of:
            raise Refused(N_("earlier harus perhitungan sebelum later, dari hari yang sama atau sebelumnya."), "earlier")
        period, document = period_of(query.period, later), query.document
        runs = runs._replace(previous=earlier)
        region = region_coverage(by=request.user, code=code, document=document, period=period, runs=runs)
        figures = [region.figure, *sorted(region.children, key=lambda figure: figure.code)]
        compared = Comparison(earlier, later, document, period)
        parts = differences(compared, [figure.code for figure in figures])
        rows = [
            {"region": figure.code, "name": figure.name, "recorded": part.recorded, **asdict(part)}
            for figure, part in ((figure, parts[figure.code]) for figure in figures)
        ]
        answer = {"earlier": earlier.number, "later": later.number, "document": document, "period": period.name}
        return Response(answer | {"results": rows})


def _runs(number: int | None, today: date) -> Runs:
    runs = runs_for(number, today)
    if runs is None:
        raise Refused(N_("Belum ada perhitungan."), "later")
    return runs
