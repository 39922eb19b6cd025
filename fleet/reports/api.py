"""Daily reports in the API: what a van did at a stop, by the last version."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from accounts.roles import Action
from dukcapil.api.schema import FIELDS
from dukcapil.api.views import Row, Rows
from fleet.filters import ReportFilter
from fleet.models import IdleReason, ReportKind, ReportStatus, VanReport

NUMBER = OpenApiParameter("number", int, OpenApiParameter.PATH, description="The number of its trip, from `trip` of the list.")


class ChoiceOrNull(serializers.ChoiceField):
    """One of the choices; null where none was reported."""

    def to_representation(self, value: Any) -> Any:
        return super().to_representation(value) or None


def people(what: str) -> serializers.IntegerField:
    """A field for people of one kind; null where they were not reported."""
    return serializers.IntegerField(allow_null=True, help_text=f"{what}; null: not told.")


class Served(serializers.Serializer[Any]):
    record_first = people("Recordings of people of 16 and 17")
    record = people("Recordings of people of 17 and older")
    kia = people("KIA issued")
    replacement = people("KTP replaced")
    birth = people("Birth certificates")
    family_card = people("Family cards")
    digital = people("Digital identities")
    moves = people("Moves in and out")
    consultation = people("Consultations")

    def to_representation(self, report: Any) -> dict[str, int | None]:
        people = {line.service: line.people for line in report.lines.all()}
        return {name: people.get(name) for name in self.fields}


class NotFoundPeople(serializers.Serializer[Any]):
    moved = people("Moved away")
    died = people("Died")
    abroad = people("Abroad")
    duplicate = people("Listed twice")
    unknown = people("Not found")

    def to_representation(self, report: Any) -> dict[str, int | None]:
        people = {row.reason: row.people for row in report.not_found.all()}
        return {name: people.get(name) for name in self.fields}


class ReportRow(serializers.Serializer[Any]):
    trip = serializers.IntegerField(source="trip_id", help_text="Number of the trip, and so of its report.")
    day = serializers.DateField(source="trip.day", help_text="Day of the trip.")
    van = serializers.IntegerField(source="trip.van_id", help_text="Number of the van.")
    village = serializers.CharField(source="trip.village_id", help_text="Code of the kelurahan.")
    kind = serializers.ChoiceField(
        ReportKind.choices, help_text="served; nihil: open, and nobody came; idle: the van did not go out."
    )
    status = serializers.ChoiceField(
        ReportStatus.choices,
        help_text="sent: its counts are in the coverage, provisionally; approved; returned: they were taken out again.",
    )
    version = serializers.IntegerField(help_text="1, 2, …: rises with each correction.")
    served = Served(source="*", help_text="People served, by service. One that was left blank is null, never 0.")
    elsewhere_ktp = people("Of the people recorded, those who live elsewhere and are not counted here")
    elsewhere_kia = people("Of the KIA issued, those of children who live elsewhere and are not counted here")
    not_found = NotFoundPeople(source="*", help_text="People of the list who could not be recorded, by reason; null: not told.")
    obstacles = serializers.CharField(help_text="What hindered the work, in words; empty: nothing was told.")
    idle_reason = ChoiceOrNull(IdleReason.choices, allow_null=True, help_text="Why the van did not go out; null: it did.")
    source = serializers.CharField(help_text="The source under which its counts stand in counts/ and changes/.")
    first_sent_at = serializers.DateTimeField(help_text="When its first version was sent.")
    sent_at = serializers.DateTimeField(help_text="When this version was sent.")
    decided_at = serializers.DateTimeField(
        allow_null=True, help_text="When this version was approved or returned; null: it waits."
    )


class VisibleReports:
    """The reports of the trips that the reader may see."""

    reads = Action.FLEET_READ
    serializer_class = ReportRow
    queryset = VanReport.objects.none()
    request: Request

    def get_queryset(self) -> QuerySet[VanReport]:
        reports = VanReport.objects.visible_to(self.request.user)
        return reports.select_related("trip").prefetch_related("lines", "not_found")


@extend_schema(
    tags=["fleet"],
    summary="Reports",
    parameters=[FIELDS],
    description="How each trip went, as last told. Residents recorded and KIA issued stand as counts under `source`, "
    "at the day and kelurahan of the trip; how they changed is in changes/.",
)
class Reports(VisibleReports, Rows):
    filterset_class = ReportFilter
    # By day too: a trip that has a report is not moved any more.
    orderings = {"trip": ("trip_id",), "day": ("trip__day", "trip_id"), "first_sent_at": ("first_sent_at", "trip_id")}
    ordering = "trip"


@extend_schema(tags=["fleet"], summary="One report", description="By the number of its trip.", parameters=[NUMBER, FIELDS])
class OneReport(VisibleReports, Row):
    """By the number of its trip."""
