"""The closing plan: what remains, divided by what a visit yields, against what is booked."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from accounts.tests import cast
from dukcapil.errors import NotFound
from fleet.proposals.closing import CityToClose, PlaceToClose, worst_first
from fleet.proposals.closing_plan import closing_plan
from fleet.proposals.tests.world import CENGKARENG, MONDAY, ONE, OWN_WORLDS, TIMUR, TWO, bus
from fleet.tests.plans import GROGOL, cancel
from fleet.tests.stops import stop
from recording.tests.world import BARAT, DAY, DKI, KAPUK

__all__ = ["OWN_WORLDS"]


def place(remaining: int | None, expected: float = 20, booked: int = 0, held: int = 0, code: str = "a") -> PlaceToClose:
    return PlaceToClose(code, "Kapuk", "Cengkareng", remaining, expected, held, booked)


@pytest.mark.parametrize(
    ("of", "needed", "short_by", "out_of_reach"),
    [
        (place(100, 20), 5, 5, False),
        (place(101, 20), 6, 6, False),
        (place(100, 20, booked=3), 5, 2, False),
        (place(100, 20, booked=9), 5, 0, False),
        (place(0, 20), 0, 0, False),
        (place(0, 0), 0, 0, False),
        (place(40, 0.2), None, None, True),
        (place(None, 20), None, None, False),
    ],
)
def test_visits_that_are_needed(of: PlaceToClose, needed: int | None, short_by: int | None, out_of_reach: bool) -> None:
    assert (of.needed, of.short_by, of.out_of_reach) == (needed, short_by, out_of_reach)


@pytest.mark.parametrize(
    ("gone", "held", "expected", "behind"), [(0, 0, 0, 0), (100, 0, 4, 4), (100, 2, 4, 2), (100, 10, 8, 0), (250, 10, 20, 10)]
)
def test_a_city_is_on_schedule_or_short(gone: int, held: int, expected: int, behind: int) -> None:
    """Of the stop-days held and still needed (10), as many as of the working days are over (of 250)."""
    city = CityToClose("31.73", "Barat", (place(100, 20, held=held), place(100, 20), place(30, 0, booked=2)), gone, 250)
    assert (city.needed, city.expected_by_today, city.behind, city.on_schedule) == (10, expected, behind, not behind)
    assert (city.booked, city.short_by, city.out_of_reach) == (2, 10, 1)


def test_a_city_tells_who_can_be_found() -> None:
    places = [replace(place(100), left=12.4), replace(place(3), left=9.0), replace(place(None), left=5.0)]
    city = CityToClose("31.73", "Barat", tuple(places), 0, 250)
    assert (city.remaining, city.left) == (103, 15)


def test_a_period_without_working_days_expects_nothing() -> None:
    assert CityToClose("31.73", "Barat", (place(100),), 0, 0).expected_by_today == 0


def test_those_that_lack_most_come_first() -> None:
    done, lacking, more = place(0, code="a"), place(100, code="b"), place(500, code="c")
    unreachable, untargeted = place(9, 0, code="d"), place(None, code="e")
    rows = worst_first([untargeted, done, lacking, unreachable, more])
    assert [row.code for row in rows] == ["c", "b", "d", "a", "e"]


@pytest.mark.usefixtures("city")
def test_the_plan_of_every_city_with_vans() -> None:
    stop(bus(ONE), KAPUK, day=MONDAY)
    stop(bus(TWO), KAPUK, day=MONDAY + timedelta(days=7))
    cancel(stop(bus(TWO), GROGOL, day=MONDAY))
    stop(bus(TWO), GROGOL, day=date(2021, 12, 1), published=False)
    barat, timur = closing_plan(cast.head_barat(), DKI, DAY)
    assert (barat.code, barat.name, timur.code) == (BARAT, "Kota Administrasi Jakarta Barat", TIMUR)
    rows = {row.code: row for row in barat.places}
    assert (rows[KAPUK].remaining, rows[KAPUK].held, rows[KAPUK].booked) == (242, 1, 2)
    assert (rows[GROGOL].remaining, rows[GROGOL].held, rows[GROGOL].booked) == (210, 1, 0), "neither cancelled nor drafts"
    assert (rows[CENGKARENG].name, rows[CENGKARENG].district) == ("Cengkareng Barat", "Cengkareng")
    assert rows[KAPUK].needed == 7, "242 by 40,3 a visit, rounded up"
    assert rows[KAPUK].short_by == 5
    assert (barat.held, barat.days - barat.gone) == (3, 27), "of the working days of 2021"
    assert barat.behind == barat.expected_by_today - 3


@pytest.mark.usefixtures("city")
def test_a_city_alone_and_who_may_read_it() -> None:
    assert [city.code for city in closing_plan(cast.reader_barat(), BARAT, DAY)] == [BARAT]
    with pytest.raises(NotFound):
        closing_plan(cast.reader_barat(), TIMUR, DAY)


@pytest.mark.usefixtures("at_noon")
def test_before_the_first_official_run_nothing_is_told() -> None:
    assert closing_plan(cast.staff(), BARAT, DAY) == []
