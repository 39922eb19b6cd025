"""Vans, stops and reports for tests, in the small world of recording."""

from datetime import date, datetime
from itertools import count
from typing import Any

from accounts.rights import SYSTEM, Actor
from fleet.models import Trip, TripStatus, Van
from fleet.report_body import SERVED, ReportBody
from fleet.services.reports import Sent, send_report
from fleet.services.trips import TripInput, plan_trip
from fleet.services.vans import register_van
from recording.tests.world import BARAT, DAY, KAPUK, NOON, value

GROGOL, PALMERIAM = "31.73.02.1001", "31.75.01.1004"
_ids = count(1)


def van(plate: str = "B 1 PKD", base: str = BARAT, sets: int = 2) -> Van:
    return register_van(by=SYSTEM, plate=plate, base=base, sets=sets, now=NOON, door="page")


def stop(
    of: Van,
    village: str = KAPUK,
    *,
    day: date = DAY,
    session: str = "morning",
    published: bool = True,
    **other: Any,
) -> Trip:
    """A stop, published unless said otherwise. A day that is over is planned on that day."""
    wanted = TripInput(of.pk, day, session, village, other.pop("place", "Kantor RW 05"), **other)
    now = NOON if day >= DAY else NOON - (DAY - day)
    trip = plan_trip(by=SYSTEM, trip=wanted, now=now, door="page")
    if published:
        Trip.objects.filter(pk=trip.pk).update(status=TripStatus.PUBLISHED, announced=True)
        trip.refresh_from_db()
    return trip


def body(record: int | None = 20, kia: int | None = None, **other: Any) -> ReportBody:
    lines = {"record": record, "kia": kia} | other.pop("lines", {})
    told = {service: people for service, people in lines.items() if people is not None}
    return ReportBody(other.pop("kind", SERVED), told, **other)


def send(
    trip: Trip, told: ReportBody | None = None, *, by: Actor = SYSTEM, expected: int = 0, now: datetime = NOON,
    device: str = "", **other: Any,
) -> Sent:  # fmt: skip
    return send_report(
        by=by, trip=trip.pk, body=told or body(), device=device or f"uji-{next(_ids)}", expected=expected, now=now,
        door="page", **other,
    )  # fmt: skip


def stands(trip: Trip, document: str = "KTP") -> int | None:
    """What stands of a trip in the counts."""
    return value(trip.village_id, day=trip.day, document=document, source=f"trip-{trip.pk}")
