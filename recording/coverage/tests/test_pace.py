"""Pace: people per working day so far, and what is still required."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recording.coverage.pace import Pace, last_week, pace
from recording.coverage.workdays import last_working_days, working_days

pytestmark = pytest.mark.once

FIRST, LAST, AS_OF = date(2021, 1, 1), date(2021, 12, 31), date(2021, 11, 25)
ALL = {"first_day": FIRST, "last_day": LAST, "as_of": AS_OF}
TWENTY = last_working_days(AS_OF, 20)


@pytest.mark.parametrize(
    ("recorded", "people"),
    [
        ({}, 0),
        ({AS_OF: 100}, 100),
        ({TWENTY[0]: 7}, 7),
        ({TWENTY[0] - timedelta(days=1): 7}, 0),
        ({date(2021, 11, 20): 9}, 9),  # a Saturday: its people count, the day does not
        ({AS_OF + timedelta(days=1): 9}, 0),
    ],
)
def test_the_pace_is_that_of_twenty_workdays(recorded: dict[date, int], people: int) -> None:
    found = pace(recorded, total=people, remaining=0, **ALL)
    assert (found.people, found.days) == (people, 20)


def test_half_a_tenth_is_rounded_up() -> None:
    assert Pace(1_001, 20, 1_001, 0, 0).per_day == Decimal("50.1")
    assert Pace(0, 0, 0, 0, 0).per_day is None


@pytest.mark.parametrize(
    ("remaining", "days_left", "required"),
    [(29_000, 26, 1_116), (26, 26, 1), (1, 26, 1), (0, 26, 0), (0, 0, 0), (1, 0, None), (None, 26, None)],
)
def test_the_required_pace_needs_target_and_days(remaining: int | None, days_left: int, required: int | None) -> None:
    assert Pace(100, 20, 100, remaining, days_left).required == required


@pytest.mark.parametrize(
    ("people", "days", "remaining", "days_left", "expected", "shortfall"),
    [
        (200, 20, 260, 26, 1_260, 0),
        (199, 20, 260, 26, 1_258, 2),
        (0, 20, 1, 26, 1_000, 1),
        (0, 20, 0, 26, 1_000, 0),
        (200, 20, None, 26, 1_260, None),
        (0, 0, 10, 26, None, None),
    ],
)
def test_whether_the_pace_is_enough(
    people: int, days: int, remaining: int | None, days_left: int, expected: int | None, shortfall: int | None
) -> None:
    found = Pace(people, days, 1_000, remaining, days_left)
    assert (found.expected, found.shortfall) == (expected, shortfall)


def test_a_young_period_has_fewer_workdays() -> None:
    young = pace({FIRST: 5}, total=5, remaining=10, first_day=date(2021, 11, 24), last_day=LAST, as_of=AS_OF)
    assert (young.days, young.days_left) == (2, len(working_days(date(2021, 11, 26), LAST)))
    before = pace({}, total=0, remaining=10, first_day=date(2021, 11, 27), last_day=LAST, as_of=date(2021, 11, 27))
    assert (before.days, before.per_day, before.expected) == (0, None, None)
    over = pace({LAST: 40}, total=40, remaining=3, first_day=FIRST, last_day=LAST, as_of=date(2022, 3, 1))
    assert (over.people, over.days_left, over.required, over.expected) == (40, 0, None, 40)


@given(st.integers(0, 10**7), st.integers(1, 10**7), st.integers(1, 260))
def test_keeping_the_required_pace_reaches_the_target(recorded: int, remaining: int, days_left: int) -> None:
    required = Pace(0, 20, recorded, remaining, days_left).required
    assert required is not None
    assert Pace(required * 20, 20, recorded, remaining, days_left).shortfall == 0
    assert Pace((required - 1) * 20, 20, recorded, remaining, days_left).shortfall


def test_the_last_week_holds_seven_days() -> None:
    recorded = {AS_OF - timedelta(days=number): 1 for number in range(-1, 9)}
    assert last_week(recorded, AS_OF) == 7


@pytest.mark.parametrize(
    ("people", "remaining", "shortfall", "reached_on"),
    [
        (200, 10, 0, date(2021, 11, 26)),  # ten a day: the next working day
        (200, 11, 0, date(2021, 11, 29)),  # a weekend lies between
        (200, 260, 0, LAST),
        (200, 261, 1, None),
        (1, 2, 1, None),
        (0, 5, 5, None),
        (200, 0, 0, None),
        (200, None, None, None),
    ],
)
def test_the_outlook_follows_from_the_pace(
    people: int, remaining: int | None, shortfall: int | None, reached_on: date | None
) -> None:
    coming = tuple(working_days(AS_OF + timedelta(days=1), LAST))
    assert len(coming) == 26
    found = Pace(people, 20, 1_000, remaining, len(coming), coming)
    assert (found.shortfall, found.reached_on) == (shortfall, reached_on)


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_day_is_told_where_nothing_misses(people: int, remaining: int) -> None:
    found = pace({AS_OF: people}, total=people, remaining=remaining, **ALL)
    assert (found.reached_on is not None) == (found.shortfall == 0)
    assert found.coming == tuple(working_days(AS_OF + timedelta(days=1), LAST))


def test_no_day_before_the_period_is_to_come() -> None:
    before = pace({}, total=0, remaining=10, first_day=date(2022, 1, 1), last_day=date(2022, 12, 31), as_of=AS_OF)
    assert before.coming[0] == date(2022, 1, 3)
