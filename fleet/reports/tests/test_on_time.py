"""A report is on time by the day on which it came first; what is corrected or approved later stays on time."""

from datetime import datetime, timedelta

import pytest

from accounts.acts import Act
from accounts.rights import SYSTEM
from fleet.models import Trip
from fleet.reports.approval import approve_report, return_report
from fleet.reports.watch import state_of
from fleet.tests.stops import body, send, stop, van
from recording.tests.world import DAY, NOON, after

pytestmark = pytest.mark.usefixtures("small_world")
MIDNIGHT = (NOON + timedelta(days=1)).replace(hour=0)
TOMORROW = DAY + timedelta(days=1)


def state(trip: Trip) -> str:
    return state_of(Trip.objects.select_related("report").get(pk=trip.pk), TOMORROW, trip.day)


@pytest.mark.parametrize(
    ("first", "expected"), [(NOON, "on_time"), (MIDNIGHT - timedelta(seconds=1), "on_time"), (MIDNIGHT, "late")]
)
def test_the_first_sending_decides(first: datetime, expected: str) -> None:
    trip = stop(van())
    send(trip, now=first)
    assert state(trip) == expected
    send(trip, body(21), expected=1, now=after(days=2), reason="salah hitung")
    assert state(trip) == expected
    approve_report(act=Act(SYSTEM, after(days=2), "page"), trip=trip.pk, version=2)
    assert state(trip) == expected


def test_a_mended_report_is_on_time_again() -> None:
    trip = stop(van())
    send(trip)
    return_report(act=Act(SYSTEM, NOON, "page"), trip=trip.pk, version=1, reason="periksa")
    assert state(trip) == "returned"
    send(trip, body(21), expected=1, now=after(days=1), reason="sudah diperiksa")
    assert state(trip) == "on_time"
