"""Trips in the API: a row, the filters, the pages."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from accounts.acts import Act
from accounts.rights import SYSTEM
from fleet.models import Trip
from fleet.schedule.trips import move_trip
from fleet.tests.api import ONE_DAY, a_few_times, check_filter, pages, row, staff
from fleet.tests.stops import stop
from recording.tests.world import BARAT, DAY, KAPUK, NOON

pytestmark = pytest.mark.usefixtures("at_noon", "nobody_asked_before")


def test_a_trip(fleet: SimpleNamespace) -> None:
    assert row(f"trips/{fleet.lent.pk}/") == {
        "number": fleet.lent.pk,
        "van": fleet.dki.pk,
        "plate": "B 9 PKD",
        "day": (DAY + ONE_DAY).isoformat(),
        "session": "full",
        "village": KAPUK,
        "village_name": "Kapuk",
        "city": BARAT,
        "place": "Kecamatan",
        "opens": "08:00:00",
        "closes": "15:00:00",
        "services": ["kia"],
        "status": "published",
        "reason": "",
        "pinned": False,
    }
    called_off = row(f"trips/{fleet.cancelled.pk}/")
    assert (called_off["status"], called_off["reason"]) == ("cancelled", "banjir")
    assert [row(f"trips/{each.pk}/")["status"] for each in (fleet.planned, fleet.sent)] == ["planned", "held"]


FILTERED = [
    ("trips/?day=2021-11-25", {"sent", "approved", "returned", "theirs"}),
    ("trips/?day_from=2021-11-26", {"cancelled", "planned", "lent"}),
    ("trips/?day_to=2021-11-25&session=evening", {"returned"}),
    ("trips/?region=31.73.02", {"approved"}),
    ("trips/?region=31.73.02.1001", {"approved"}),
    ("trips/?region=31.7", None),
    ("trips/?region=31.75", {"theirs"}),
    ("trips/?region=32", set()),
    ("trips/?status=cancelled", {"cancelled"}),
    ("trips/?status=planned&region=31", {"planned"}),
    ("trips/?van={dki}", {"lent"}),
    ("trips/?van=999999999999999999", set()),
]


@pytest.mark.parametrize(("query", "names"), FILTERED)
def test_filters_of_trips(fleet: SimpleNamespace, query: str, names: set[str] | None) -> None:
    check_filter(fleet, query, names)


@pytest.mark.parametrize("ordering", ["number", "-number"])
def test_pages_of_trips_neither_skip_nor_repeat(fleet: SimpleNamespace, ordering: str) -> None:
    before = {trip.pk for trip in Trip.objects.all()}
    days = iter(range(3, 99))

    def meanwhile() -> None:
        """A stop is planned, and one that was listed or is still to come is moved to another day."""
        day = DAY + timedelta(days=next(days))
        stop(fleet.dki, KAPUK, day=day, session="morning")
        move_trip(act=Act(SYSTEM, NOON, "page"), number=fleet.planned.pk, van=fleet.one.pk, day=day)

    found = [each["number"] for each in pages(f"trips/?limit=1&ordering={ordering}", staff(), a_few_times(meanwhile))]
    assert len(found) == len(set(found))
    assert before <= set(found)
    assert found == sorted(found, reverse=ordering.startswith("-"))
