"""The one clock: Jakarta's days, and an example that lives in its own time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError

from dukcapil import clock
from dukcapil.models import Demo

EVENING = datetime(2021, 11, 25, 18, 0, tzinfo=clock.JAKARTA)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2021, 11, 25, 16, 59, 59, tzinfo=UTC), date(2021, 11, 25)),
        (datetime(2021, 11, 25, 17, 0, tzinfo=UTC), date(2021, 11, 26)),
        (datetime(2021, 12, 31, 18, 30, tzinfo=UTC), date(2022, 1, 1)),
        (datetime(2021, 11, 25, 0, 0, tzinfo=clock.JAKARTA), date(2021, 11, 25)),
    ],
)
def test_the_day_is_that_of_jakarta(moment: datetime, day: date) -> None:
    assert clock.business_date(moment) == day


@pytest.mark.parametrize(
    ("hour", "minute", "closed"), [(0, 14, date(2021, 11, 23)), (0, 15, date(2021, 11, 24)), (23, 59, date(2021, 11, 24))]
)
def test_a_day_closes_at_quarter_past_midnight(hour: int, minute: int, closed: date) -> None:
    assert clock.last_closed_day(EVENING.replace(hour=hour, minute=minute)) == closed


def test_a_real_installation_uses_the_machines_time(db: None) -> None:
    assert clock.demo() is None
    before = clock.real_now()
    assert before <= clock.now() <= clock.real_now()


def test_an_examples_clock_starts_then_and_runs_normally(db: None) -> None:
    clock.set_demo(date(2021, 11, 25), EVENING)
    row = clock.demo()
    assert row
    assert row.until == date(2021, 11, 25)
    real, shown = clock.real_now(), clock.now()
    assert EVENING <= shown < EVENING + timedelta(minutes=5)
    assert real - row.shift <= shown <= clock.real_now() - row.shift
    assert real - timedelta(minutes=5) < clock.real_now() - timedelta(0) < real + timedelta(minutes=5)


def test_setting_the_example_again_moves_the_one_row(db: None) -> None:
    clock.set_demo(date(2021, 1, 4), EVENING - timedelta(days=300))
    clock.set_demo(date(2021, 11, 25), EVENING)
    assert Demo.objects.count() == 1
    assert clock.business_date(clock.now()) == date(2021, 11, 25)
    with pytest.raises(IntegrityError):
        Demo.objects.create(pk=2, until=date(2021, 11, 25), shift=timedelta(0))
