"""Trips: one van, one day, one session, one place."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from accounts.roles import Action
from dukcapil.api.schema import FIELDS
from dukcapil.api.views import Row, Rows
from fleet.filters import TripFilter
from fleet.models import Service, Session, Trip, TripStatus

NUMBER = OpenApiParameter("number", int, OpenApiParameter.PATH, description="The trip's number, from `number` of the list.")


class TripRow(serializers.Serializer[Any]):
    number = serializers.IntegerField(
        source="pk", help_text="Number of the trip; stays when the stop is moved to another day or van."
    )
    van = serializers.IntegerField(source="van_id", help_text="Number of the van.")
    plate = serializers.CharField(source="van.plate", help_text="Plate of the van.")
    day = serializers.DateField(help_text="Day of the stop.")
    session = serializers.ChoiceField(
        Session.choices, help_text="Part of the day: morning, midday, afternoon, evening, or full for all of them."
    )
    village = serializers.CharField(source="village_id", help_text="Code of the kelurahan in which it stops.")
    village_name = serializers.CharField(source="village.name", help_text="Name of the kelurahan.")
    city = serializers.CharField(help_text="Code of the city in which it stops, also for a van of the agency.")
    place = serializers.CharField(help_text="Where exactly, in words.")
    opens = serializers.TimeField(help_text="From this time of day, in Jakarta.")
    closes = serializers.TimeField(help_text="Until this time of day, in Jakarta.")
    services = serializers.ListField(child=serializers.ChoiceField(Service.choices), help_text="What is offered there.")
    status = serializers.ChoiceField(
        TripStatus.choices, help_text="planned (not told to people yet), published, held (a report says so) or cancelled."
    )
    reason = serializers.CharField(help_text="Why it was cancelled; empty: it was not.")
    pinned = serializers.BooleanField(help_text="Whether it may not be moved until it is released.")


class VisibleTrips:
    """The trips to places that the reader may see, the planned ones too: as on the pages of the schedule."""

    reads = Action.FLEET_READ
    serializer_class = TripRow
    queryset = Trip.objects.none()
    request: Request

    def get_queryset(self) -> QuerySet[Trip]:
        trips = Trip.objects.visible_to(self.request.user)
        return trips.select_related("van", "village")


@extend_schema(
    tags=["fleet"],
    summary="Trips",
    parameters=[FIELDS],
    description="The schedule: what is planned, what people were told of, what was held, and what was called off. The "
    "day, the van and the place of a trip can still change before it is held; its number cannot.",
)
class Trips(VisibleTrips, Rows):
    filterset_class = TripFilter
    # Not by day: a trip that is moved while somebody reads on would be skipped, or come twice.
    orderings = {"number": ("pk",)}
    ordering = "number"


@extend_schema(tags=["fleet"], summary="One trip", description="By its number.", parameters=[NUMBER, FIELDS])
class OneTrip(VisibleTrips, Row):
    """By its number."""
