"""A day without a period: its report is taken and waits, stays open until the period is made, and is not late."""

from datetime import date, timedelta

import pytest

from accounts.acts import Act
from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil import clock
from dukcapil.errors import Refused
from fleet.models import Trip
from fleet.reports.selectors import trips_to_report
from fleet.reports.watch import expected_reports
from fleet.tests.stops import body, send, stands, stop, van
from recording.coverage.services import recompute_coverage
from recording.models import CoverageFigure, Period
from recording.targets.next_period import make_next_period
from recording.tests.pages import logged_in, words
from recording.tests.world import BARAT, KAPUK, NOON

THIRD = date(2022, 1, 3)
MONDAY = NOON.replace(year=2022, month=1, day=3)
WAITS = "Hari itu menunggu periodenya"


@pytest.fixture
def in_use(small_world: None) -> None:
    """The period of 2021 was made before it began: the portal was in use all year."""
    Period.objects.update(made_at=NOON.replace(year=2020, month=1))


def make_the_period(days: int) -> None:
    """So many days after the third of January."""
    make_next_period(act=Act(SYSTEM, MONDAY + timedelta(days=days), "page"), name="2022")


def states(days: int) -> list[str]:
    today = THIRD + timedelta(days=days)
    return [row.state for row in expected_reports(SYSTEM, BARAT, THIRD, THIRD, today)]


def recorded(day: date) -> int:
    run = recompute_coverage(by=SYSTEM, day=day, now=NOON.replace(year=2022, month=1, day=day.day))
    return CoverageFigure.objects.get(run=run, region=KAPUK, document="KTP", period__name="2022").recorded


@pytest.mark.usefixtures("in_use")
def test_a_report_waits_and_enters_once() -> None:
    trip = stop(van(), day=THIRD)
    send(trip, body(20), by=cast.head_barat(), now=MONDAY + timedelta(days=6))
    assert stands(trip) == 20
    assert states(6) == ["on_time"]
    make_the_period(6)
    assert [recorded(THIRD + timedelta(days=6)) for _ in range(2)] == [20, 20]
    assert states(7) == ["on_time"], "it came before its period did"


@pytest.mark.usefixtures("in_use")
def test_a_waiting_day_stays_open() -> None:
    trip, other = stop(van(), day=THIRD), stop(van("B 2 PKD"), day=THIRD)
    closed = stop(van("B 3 PKD"), day=date(2021, 12, 31))
    later = MONDAY + timedelta(days=20)
    assert states(20) == ["waiting", "waiting"]
    assert {row.pk for row in trips_to_report(SYSTEM, BARAT, later.date(), later)} == {trip.pk, other.pk}
    with pytest.raises(Refused, match="sudah ditutup"):
        send(closed, now=later)
    make_the_period(20)
    assert states(20) == ["waiting", "waiting"]
    assert send(trip, now=later + timedelta(days=3)).report.version == 1
    assert states(23) == ["late", "missing"]
    with pytest.raises(Refused, match="sudah ditutup"):
        send(other, now=later + timedelta(days=4))
    assert trips_to_report(SYSTEM, BARAT, THIRD + timedelta(days=24), later + timedelta(days=4)) == []


@pytest.mark.usefixtures("in_use")
def test_days_after_their_period_close_as_usual() -> None:
    make_the_period(2)
    trip = stop(van(), day=date(2022, 1, 6))
    with pytest.raises(Refused, match="sudah ditutup"):
        send(trip, now=MONDAY + timedelta(days=7))
    assert send(trip, now=MONDAY + timedelta(days=6)).report.version == 1


@pytest.mark.usefixtures("in_use")
def test_the_pages_say_that_it_waits() -> None:
    trip, client = stop(van(), day=THIRD), logged_in(cast.head_barat())
    clock.set_demo(THIRD, MONDAY)
    fields = {"kind": "served", "record": "20", "device": "hp-1", "expected": "0", "stop": trip.token}
    answer = client.post(f"/laporan/{trip.pk}/", fields, headers={"accept": "application/json"})
    assert answer.status_code == 200
    assert WAITS in answer.json()["message"]
    assert WAITS in words(client.get(f"/laporan/{trip.pk}/"))
    make_the_period(0)
    assert WAITS not in words(client.get(f"/laporan/{trip.pk}/"))
    assert Trip.objects.get().status == "held"
