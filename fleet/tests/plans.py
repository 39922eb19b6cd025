"""Planning stops in tests: the vans of three bases, a stop as one would plan it, and the acts on it."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection

from accounts.acts import Act
from accounts.rights import SYSTEM, Actor
from accounts.tests import cast
from dukcapil.errors import NotAllowed, NotFound
from fleet import guards
from fleet.models import Trip, TripStatus, Van, VanAbsence
from fleet.reports.body import SERVED, ReportBody
from fleet.reports.services import ReportInput, send_report
from fleet.schedule.trips import TripInput, cancel_trip, change_trip, move_trip, pin_trip, plan_trip
from fleet.vans.absences import add_absence, end_absence
from fleet.vans.services import register_van
from recording.models import AuditEntry
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON, REGIONS, after

TIMUR, PALMERIAM, GROGOL = "31.75", "31.75.01.1004", "31.73.02.1001"
TOMORROW, YESTERDAY = DAY + timedelta(days=1), DAY - timedelta(days=1)
PLATES = {BARAT: "B 1001 PKD", TIMUR: "B 1002 PKD", DKI: "B 1003 PKD"}
NAMES = dict(REGIONS)
VILLAGES = [code for code, _name in REGIONS if code.count(".") == 3]

# What each person is answered who changes a van of Barat, of Timur, and of the agency.
who_may_change_a_van = pytest.mark.parametrize(
    ("who", "answers"),
    [
        (cast.admin, (None, None, None)),
        (cast.staff, (None, None, None)),
        (cast.head_barat, (None, NotAllowed, NotAllowed)),
        (cast.head_timur, (NotAllowed, None, NotAllowed)),
        (cast.reader, (NotAllowed, NotAllowed, NotAllowed)),
        (cast.reader_barat, (NotAllowed, NotFound, NotFound)),
        (cast.api_barat, (NotAllowed, NotFound, NotFound)),
        (cast.staff_jabar, (NotFound, NotFound, NotFound)),
        (cast.disabled, (NotFound, NotFound, NotFound)),
    ],
    ids=lambda x: getattr(x, "__name__", None),
)


def van(base: str = BARAT, plate: str = "") -> Van:
    """The van that was first registered at a base, or another of it, as it is by now."""
    plate = plate or PLATES[base]
    known = Van.objects.filter(plate=plate).first()
    return known or register_van(act=Act(SYSTEM, after(-30), "page"), plate=plate, base=base, sets=2)


def stop(day: date = TOMORROW, session: str = "morning", village: str = KAPUK, place: str = "RW 05", **more: Any) -> TripInput:
    """A stop of the van of Barat, unless `van` names another."""
    number = more.pop("van", None) or van().pk
    return TripInput(number, day, session, village, place, **more)


def plan(trip: TripInput | None = None, *, by: Actor = SYSTEM, now: datetime = NOON, confirmed: Collection[str] = ()) -> Trip:
    return plan_trip(act=Act(by, now, "page"), trip=trip or stop(), confirmed=confirmed)


@contextmanager
def without_hours_guards() -> Iterator[None]:
    """As in a database of before the migration `0004_hours`."""
    with connection.cursor() as cursor:
        for statement in guards.drop_hours(connection.vendor):
            cursor.execute(statement)
        yield
        for statement in guards.create_hours(connection.vendor):
            cursor.execute(statement)


def past(day: date = YESTERDAY, **more: Any) -> Trip:
    """A stop of a day that is over, published: planned while it was still to come."""
    return published(plan(stop(day, **more), now=after(-30)))


def published(trip: Trip) -> Trip:
    Trip.objects.filter(pk=trip.pk).update(status=TripStatus.PUBLISHED, announced=True)
    trip.refresh_from_db()
    return trip


def report(trip: Trip, *, by: Actor = SYSTEM, now: datetime = NOON, people: int = 20) -> None:
    body = ReportBody(SERVED, {"record": people})
    send_report(act=Act(by, now, "page"), trip=trip.pk, report=ReportInput(body, f"d-{trip.pk}"))


def change(trip: Trip, wanted: TripInput, *, by: Actor = SYSTEM) -> Trip:
    return change_trip(act=Act(by, NOON, "page"), number=trip.pk, trip=wanted)


def move(trip: Trip, number: int, day: date, *, by: Actor = SYSTEM) -> Trip:
    return move_trip(act=Act(by, NOON, "page"), number=trip.pk, van=number, day=day)


def cancel(trip: Trip, reason: str = "Banjir", *, by: Actor = SYSTEM) -> Trip:
    return cancel_trip(act=Act(by, NOON, "page"), number=trip.pk, reason=reason)


def pin(trip: Trip, pinned: bool = True, *, by: Actor = SYSTEM) -> Trip:
    return pin_trip(act=Act(by, NOON, "page"), number=trip.pk, pinned=pinned)


def absent(
    number: int,
    first: int = 0,
    last: int | None = 0,
    kind: str = "damage",
    note: str = "",
    *,
    from_hour: time | None = None,
    by: Actor = SYSTEM,
) -> VanAbsence:
    """From `first` to `last` days after DAY; None: until further notice."""
    return add_absence(
        act=Act(by, NOON, "page"),
        van=number,
        first_day=DAY + timedelta(days=first),
        from_hour=from_hour,
        last_day=None if last is None else DAY + timedelta(days=last),
        kind=kind,
        note=note,
    )


def back(absence: int, days: int, *, by: Actor = SYSTEM) -> None:
    end_absence(act=Act(by, NOON, "page"), absence=absence, last_day=DAY + timedelta(days=days))


def acts(prefix: str) -> list[tuple[str, str]]:
    found = AuditEntry.objects.filter(action__startswith=prefix).order_by("pk")
    return list(found.values_list("action", "subject"))


def stored(trip: Trip) -> tuple[object, ...]:
    """Everything that the database holds of it."""
    return tuple(Trip.objects.filter(pk=trip.pk).values_list()[0])
