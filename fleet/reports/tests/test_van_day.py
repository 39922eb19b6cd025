"""What a van told of its other stops of a day fills the day's limit; a report that was returned does not."""

import pytest

from accounts.acts import Act
from accounts.rights import SYSTEM
from dukcapil.errors import Refused
from fleet.models import Trip
from fleet.reports.approval import approve_report, return_report
from fleet.tests.stops import GROGOL, body, send, stop, van
from recording.tests.world import NOON

pytestmark = pytest.mark.usefixtures("small_world")


def two_stops() -> tuple[Trip, Trip]:
    """Morning and afternoon of a van with one recording set: at most 160 recordings a day."""
    one_set = van(sets=1)
    return stop(one_set), stop(one_set, GROGOL, session="afternoon")


def tell(trip: Trip, people: int) -> int:
    return send(trip, body(people, obstacles="satu sekolah"), confirmed=[f"hours:{people}"]).report.version


@pytest.mark.parametrize("decide", [None, approve_report], ids=["sent", "approved"])
def test_a_report_that_stands_fills_the_day(decide: object) -> None:
    morning, afternoon = two_stops()
    tell(morning, 110)
    if decide is not None:
        approve_report(act=Act(SYSTEM, NOON, "page"), trip=morning.pk, version=1)
    with pytest.raises(Refused, match="Perekaman 161 melebihi 160"):
        tell(afternoon, 51)
    assert tell(afternoon, 50) == 1


def test_a_returned_report_does_not_fill_the_day() -> None:
    morning, afternoon = two_stops()
    tell(morning, 110)
    return_report(act=Act(SYSTEM, NOON, "page"), trip=morning.pk, version=1, reason="periksa")
    assert tell(afternoon, 120) == 1
