"""The tree of regions."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from accounts.roles import Action
from dukcapil.api.schema import FIELDS
from dukcapil.api.views import Row, Rows
from recording.filters import RegionFilter
from recording.models import Level, Region


class FormerNameRow(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="What the region was called.")
    first_day = serializers.DateField(allow_null=True, help_text="First day of the name; null: as long as anyone counts.")
    last_day = serializers.DateField(help_text="Last day of the name.")


class RegionRow(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="Kemendagri code, as 31.73.02.1001.")
    name = serializers.CharField(help_text="Present name, as in the decree.")
    level = serializers.ChoiceField(Level.choices, help_text="province, city, district or village.")
    parent = serializers.CharField(
        source="parent_id", allow_null=True, help_text="Code of the region above; null for a province."
    )
    opened = serializers.DateField(allow_null=True, help_text="First day; null: as long as anyone counts.")
    closed = serializers.DateField(allow_null=True, help_text="Last day; null: still open.")
    former_names = FormerNameRow(many=True, help_text="The names it had before, oldest first; runs of their days use them.")


class Visible:
    """The regions that the reader may see."""

    reads = Action.COVERAGE_READ
    serializer_class = RegionRow
    queryset = Region.objects.none()

    def get_queryset(self) -> QuerySet[Region]:
        return Region.objects.visible_to(self.request.user).prefetch_related("former_names")  # type: ignore[attr-defined]


@extend_schema(tags=["regions"], summary="Regions", parameters=[FIELDS])
class Regions(Visible, Rows):
    """Provinces, cities, kecamatan (district) and kelurahan (village) inside the reader's reach."""

    filterset_class = RegionFilter
    orderings = {"code": ("code",)}
    ordering = "code"


@extend_schema(tags=["regions"], summary="One region", parameters=[FIELDS])
class OneRegion(Visible, Row):
    """By its code."""

    lookup_url_kwarg = "code"
