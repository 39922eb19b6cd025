"""Working days: weekends, public holidays and collective leave of 2021 and 2026 by the decrees."""

from datetime import date

import pytest

from recording.coverage.workdays import is_working_day, last_working_days, working_days


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2021, 11, 25), True),  # a Thursday
        (date(2021, 11, 27), False),  # Saturday
        (date(2021, 11, 28), False),  # Sunday
        (date(2021, 8, 17), False),  # Independence Day
        (date(2021, 5, 13), False),  # Idulfitri
        (date(2021, 5, 12), False),  # collective leave before Idulfitri
        (date(2021, 12, 31), True),
    ],
)
def test_workdays_exclude_weekends_holidays_and_collective_leave(day: date, works: bool) -> None:
    assert is_working_day(day) is works


def test_working_days_between_two_days_hold_both_ends() -> None:
    assert working_days(date(2021, 5, 10), date(2021, 5, 17)) == [date(2021, 5, 10), date(2021, 5, 11), date(2021, 5, 17)]
    assert working_days(date(2021, 5, 17), date(2021, 5, 16)) == []


def test_the_last_working_days_skip_what_is_free() -> None:
    assert last_working_days(date(2021, 5, 16), 3) == [date(2021, 5, 7), date(2021, 5, 10), date(2021, 5, 11)]
    assert last_working_days(date(2021, 11, 25), 1) == [date(2021, 11, 25)]
