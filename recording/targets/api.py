"""Periods and targets."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from accounts.acts import Act
from accounts.roles import Action
from dukcapil.api.schema import FIELDS
from dukcapil.api.views import Rows
from dukcapil.errors import N_, Refused
from recording.filters import PeriodFilter, TargetFilter
from recording.ledger.api_rows import IDEMPOTENCY, day, integer, once, read_rows, text
from recording.models import Document, Door, Period, Target, TargetKind
from recording.parsing.numbers import MAX_PEOPLE
from recording.targets.services import TargetInput, TargetOutcome, set_targets

MAX_TARGETS_PER_REQUEST = 1_000
MAX_PERIOD_LETTERS = 40


class PeriodRow(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="Such as 2021; how other addresses name it.")
    first_day = serializers.DateField(help_text="First day.")
    last_day = serializers.DateField(help_text="Last day, included.")


@extend_schema(tags=["targets"], summary="Periods", parameters=[FIELDS])
class Periods(Rows):
    """Spans of days with targets; they never overlap."""

    reads = Action.COVERAGE_READ
    serializer_class = PeriodRow
    queryset = Period.objects.none()
    filterset_class = PeriodFilter
    orderings = {"first_day": ("first_day",)}
    ordering = "first_day"

    def get_queryset(self) -> QuerySet[Period]:
        return Period.objects.all()


class TargetRow(serializers.Serializer[Any]):
    number = serializers.IntegerField(source="pk", help_text="Number of the version, in the order of writing.")
    region = serializers.CharField(source="region_id", help_text="Code of the region.")
    document = serializers.ChoiceField(Document.choices, help_text="KTP or KIA.")
    period = serializers.CharField(source="period.name", help_text="Name of the period.")
    kind = serializers.ChoiceField(TargetKind.choices, help_text="task: of the period; stock: all eligible.")
    version = serializers.IntegerField(
        help_text="1, 2, … of the same target. In force: the latest effective_from not after the day; of equals the greatest."
    )
    people = serializers.IntegerField(allow_null=True, help_text="People; null: withdrawn.")
    opening = serializers.IntegerField(help_text="stock only: recorded before the period.")
    decree = serializers.CharField(source="source", help_text="Number of the decree or letter.")
    effective_from = serializers.DateField(help_text="In force from this day on.")
    written_at = serializers.DateTimeField(source="at", help_text="When it was written.")


class TargetEntry(serializers.Serializer[Any]):
    region = serializers.CharField(help_text="Code of the region.")
    document = serializers.ChoiceField(Document.choices, help_text="KTP or KIA.")
    period = serializers.CharField(help_text="Name of the period.")
    people = serializers.IntegerField(
        min_value=0, max_value=MAX_PEOPLE, allow_null=True, help_text="People; null withdraws the target."
    )
    source = serializers.CharField(max_length=200, help_text="Number of the decree or letter.")
    effective_from = serializers.DateField(help_text="In force from this day on.")
    kind = serializers.ChoiceField(TargetKind.choices, required=False, help_text="task (default) or stock.")
    opening = serializers.IntegerField(
        required=False, min_value=0, max_value=MAX_PEOPLE, help_text="stock only: recorded before the period."
    )
    expected = serializers.IntegerField(
        required=False, min_value=0, help_text="The version that you saw (0: none); another one stands: 409."
    )


class TargetDone(serializers.Serializer[Any]):
    region = serializers.CharField(help_text="Code of the region.")
    document = serializers.ChoiceField(Document.choices, help_text="KTP or KIA.")
    status = serializers.ChoiceField(["new", "changed", "unchanged"], help_text="What happened.")
    version = serializers.IntegerField(help_text="The version that stands now.")
    old = serializers.IntegerField(allow_null=True, help_text="People in force on that day before; null: none.")
    new = serializers.IntegerField(allow_null=True, help_text="People now; null: withdrawn.")
    superseded_from = serializers.DateField(
        allow_null=True, help_text="From this day on another version, already decreed, is in force instead; null: none."
    )


class TargetsDone(serializers.Serializer[Any]):
    results = TargetDone(many=True, help_text="What happened to each, in the order of the request.")


ONE = {
    "region": "31.73.01.1001",
    "document": "KTP",
    "period": "2021",
    "people": 240,
    "source": "SK 12/2021",
    "effective_from": "2021-01-01",
}


@extend_schema(tags=["targets"])
class Targets(Rows):
    """Every version of every target; nothing is ever overwritten."""

    reads, writes = Action.COUNT_READ, Action.TARGET_WRITE
    serializer_class = TargetRow
    queryset = Target.objects.none()
    filterset_class = TargetFilter
    orderings = {"number": ("pk",)}
    ordering = "number"

    def get_queryset(self) -> QuerySet[Target]:
        return Target.objects.visible_to(self.request.user).select_related("period")

    @extend_schema(summary="Targets", parameters=[FIELDS], operation_id="targets_list")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        summary="Set targets",
        operation_id="targets_set",
        parameters=[IDEMPOTENCY],
        filters=False,
        description="One object, or a list of up to 1,000: all are set or none. Each becomes one more version; what is "
        "so already stays so. For the staff of the agency; the key's scope: targets:write.",
        request=TargetEntry(many=True),
        responses={200: TargetsDone},
        examples=[OpenApiExample("One target", value=ONE, request_only=True)],
    )
    def post(self, request: Request) -> HttpResponse:
        """Set targets."""
        targets = read_rows(request.data, TargetEntry, _read, limit=MAX_TARGETS_PER_REQUEST)
        act = Act(request.user, request._request.now, Door.API)
        return once(request, lambda: _done(set_targets(act=act, targets=targets)))


def _read(row: dict[str, Any]) -> TargetInput:
    people = None if row["people"] is None else integer(row, "people")
    period = text(row, "period")
    if len(period) > MAX_PERIOD_LETTERS:
        raise Refused(N_("Periode %(name)s tidak ada."), "period", name=period[:MAX_PERIOD_LETTERS])
    return TargetInput(
        text(row, "region"),
        text(row, "document"),
        period,
        people,
        text(row, "source"),
        day(row, "effective_from"),
        text(row, "kind", TargetKind.TASK),
        integer(row, "opening", 0) or 0,
        integer(row, "expected"),
    )


def _done(outcomes: list[TargetOutcome]) -> dict[str, Any]:
    return {"results": [TargetDone(outcome).data for outcome in outcomes]}
