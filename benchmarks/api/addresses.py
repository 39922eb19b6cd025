"""The portal's addresses and two of the benchmark's: an empty view and a naive list."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import path
from rest_framework import generics, serializers

from accounts.roles import Action
from dukcapil import urls
from dukcapil.requests import PortalRequest
from recording.coverage.arithmetic import Coverage
from recording.coverage.query import period_of
from recording.models import CoverageFigure, CoverageRun, Document, Level


@login_not_required
def empty(request: PortalRequest) -> HttpResponse:
    """Nothing but what every request costs."""
    return HttpResponse(b"")


class NaiveRow(serializers.ModelSerializer[CoverageFigure]):
    name = serializers.CharField(source="region.name")
    level = serializers.CharField(source="region.level")
    period = serializers.CharField(source="period.name")
    percent = serializers.SerializerMethodField()
    remaining = serializers.SerializerMethodField()

    class Meta:
        model = CoverageFigure
        fields = ("region", "name", "level", "document", "period", "recorded", "target", "percent", "remaining")

    def get_percent(self, row: CoverageFigure) -> str:
        return str(Coverage(row.recorded, row.target).percent)

    def get_remaining(self, row: CoverageFigure) -> int | None:
        return Coverage(row.recorded, row.target).remaining


class Naive(generics.ListAPIView[CoverageFigure]):
    """The same rows as one writes it first: a serializer that follows each row's region and period, nothing kept."""

    reads = Action.COVERAGE_READ
    serializer_class = NaiveRow
    filter_backends = ()
    pagination_class = None

    def get_queryset(self) -> QuerySet[CoverageFigure]:
        run = CoverageRun.objects.latest("as_of", "number")
        figures = CoverageFigure.objects.order_by("region_id")
        return figures.filter(run=run, document=Document.KTP, period=period_of(None, run), region__level=Level.VILLAGE)


_naive: Any = login_not_required(Naive.as_view())
urlpatterns = [path("kosong/", empty), path("polos/", _naive), *urls.urlpatterns]
handler500 = urls.handler500
