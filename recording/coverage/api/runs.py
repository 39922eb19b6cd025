"""Numbered runs, and the imports behind counts."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from accounts.roles import Action
from dukcapil.api.schema import FIELDS
from dukcapil.api.views import Row, Rows
from recording.filters import ImportFilter, RunFilter
from recording.models import CoverageRun, ImportBatch, ImportKind, ImportState, RunStatus


class RunRow(serializers.Serializer[Any]):
    number = serializers.IntegerField(help_text="Rises by one with each run.")
    as_of = serializers.DateField(help_text="The figures hold for the end of this day.")
    status = serializers.ChoiceField(
        RunStatus.choices,
        source="shown_status",
        help_text="official: the day was over; provisional: it was not; void: not to be used.",
    )
    finished_at = serializers.DateTimeField(help_text="When it was computed.")
    ledger_position = serializers.IntegerField(help_text="The last position of changes/ that it read.")
    voided_at = serializers.DateTimeField(
        source="voided.at", default=None, allow_null=True, help_text="When it was declared void; null: it stands."
    )
    void_reason = serializers.CharField(
        source="voided.reason", default=None, allow_null=True, help_text="Why it is void; null: it stands."
    )


class VisibleRuns:
    """Runs are the same for everybody; their figures are not."""

    reads = Action.COVERAGE_READ
    serializer_class = RunRow
    queryset = CoverageRun.objects.none()

    def get_queryset(self) -> QuerySet[CoverageRun]:
        return CoverageRun.objects.select_related("void")


@extend_schema(tags=["coverage"], summary="Runs", parameters=[FIELDS])
class Runs(VisibleRuns, Rows):
    """Every computation of the figures. A run is frozen: a later correction shows in the next one."""

    filterset_class = RunFilter
    orderings = {"number": ("number",)}
    ordering = "-number"


@extend_schema(tags=["coverage"], summary="One run", parameters=[FIELDS])
class OneRun(VisibleRuns, Row):
    """By its number."""


class ImportRow(serializers.Serializer[Any]):
    number = serializers.IntegerField(source="pk", help_text="Number of the import.")
    kind = serializers.ChoiceField(ImportKind.choices, help_text="counts or targets.")
    state = serializers.ChoiceField(ImportState.choices, help_text="How far it is.")
    file_name = serializers.CharField(help_text="Name of the file that was sent.")
    size = serializers.IntegerField(help_text="Bytes.")
    digest = serializers.CharField(help_text="SHA-256 of the file.")
    region = serializers.CharField(help_text="Jurisdiction of the sender.")
    door = serializers.CharField(help_text="page or command.")
    at = serializers.DateTimeField(help_text="When it was sent.")
    finished_at = serializers.DateTimeField(allow_null=True, help_text="When it was done; null: it is not.")
    posting = serializers.IntegerField(
        source="posting_id", allow_null=True, help_text="The posting of its changes; null: nothing was written."
    )


class VisibleImports:
    """The imports that the pages show to the same reader."""

    reads = Action.COUNT_READ
    serializer_class = ImportRow
    queryset = ImportBatch.objects.none()

    def get_queryset(self) -> QuerySet[ImportBatch]:
        return ImportBatch.objects.visible_to(self.request.user)  # type: ignore[attr-defined]


@extend_schema(tags=["counts"], summary="Imports", parameters=[FIELDS])
class Imports(VisibleImports, Rows):
    """Spreadsheets that were sent in, by those who may import inside the reader's jurisdiction."""

    filterset_class = ImportFilter
    orderings = {"number": ("pk",)}
    ordering = "-number"


@extend_schema(tags=["counts"], summary="One import", parameters=[FIELDS])
class OneImport(VisibleImports, Row):
    """By its number."""
