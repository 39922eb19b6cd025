"""Vans with their papers, and the days on which they cannot go out."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from accounts.roles import Action
from dukcapil.api.schema import FIELDS
from dukcapil.api.views import Row, Rows
from fleet.filters import VanFilter
from fleet.models import AbsenceKind, PaperKind, Van

NUMBER = OpenApiParameter("number", int, OpenApiParameter.PATH, description="The van's number, from `number` of the list.")


class AbsenceRow(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(AbsenceKind.choices, help_text="maintenance, damage or lent.")
    first_day = serializers.DateField(help_text="First day without the van.")
    from_hour = serializers.TimeField(
        allow_null=True, help_text="On the first day it is away from this time on, in Jakarta; null: the whole day."
    )
    last_day = serializers.DateField(
        allow_null=True, help_text="Last day without the van, included; null: not known yet, until further notice."
    )


class PaperRow(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(
        PaperKind.choices, help_text="stnk (registration), kir (roadworthiness) or asuransi (insurance)."
    )
    expires = serializers.DateField(help_text="Last day on which it is valid.")


class VanRow(serializers.Serializer[Any]):
    number = serializers.IntegerField(source="pk", help_text="Number of the van; never changes.")
    plate = serializers.CharField(help_text="Its plate, such as B 1234 PKD; never changes.")
    base = serializers.CharField(
        source="base_id", help_text="Code of the base: a province (van of the agency) or a city (of its Sudin)."
    )
    base_name = serializers.CharField(source="base.name", help_text="Name of the base.")
    sets = serializers.IntegerField(help_text="Recording sets on board.")
    retired = serializers.DateField(allow_null=True, help_text="First day without the van; null: in use.")
    absences = AbsenceRow(many=True, help_text="Days on which it cannot go out, oldest first.")
    papers = PaperRow(many=True, help_text="Its papers, the first to expire first; one that is missing was not told.")


class VisibleVans:
    """The vans of the bases that the reader may see."""

    reads = Action.FLEET_READ
    serializer_class = VanRow
    queryset = Van.objects.none()
    request: Request

    def get_queryset(self) -> QuerySet[Van]:
        vans = Van.objects.visible_to(self.request.user)
        return vans.select_related("base").prefetch_related("absences", "papers")


@extend_schema(
    tags=["fleet"],
    summary="Vans",
    parameters=[FIELDS],
    description="Every van that was ever registered, the retired ones too: see `in_use_on`. A van keeps its number "
    "when it moves to another base.",
)
class Vans(VisibleVans, Rows):
    filterset_class = VanFilter
    orderings = {"number": ("pk",), "plate": ("plate",)}
    ordering = "number"


@extend_schema(tags=["fleet"], summary="One van", description="By its number.", parameters=[NUMBER, FIELDS])
class OneVan(VisibleVans, Row):
    """By its number."""
