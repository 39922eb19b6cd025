"""Which moments are to be believed, case by case."""

from datetime import datetime, timedelta

import pytest

from dukcapil.clock import JAKARTA
from recording.coverage.credible import Jump, first_jump, lies_ahead, runs_of_a_jump

NIGHT = datetime(2021, 11, 25, 0, 15, tzinfo=JAKARTA)


def at(hours: float) -> datetime:
    return NIGHT + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("hours", "now", "jump"),
    [
        ([0], 24, None),
        ([0], 36, None),
        ([0], 36.1, (0, 36.1)),
        ([0], -5, None),  # the clock is behind: no leap
        ([0, 30], 60, None),  # somebody wrote in between: time went on
        ([0, 30], 67, (30, 67)),
        ([0, 40, 50], 60, (0, 40)),  # a write by the same jumped clock is no proof
        ([], 100, None),
    ],
)
def test_a_leap_of_time(hours: list[float], now: float, jump: tuple[float, float] | None) -> None:
    found = first_jump([at(moment) for moment in hours], at(now))
    assert found == (Jump(at(jump[0]), at(jump[1])) if jump else None)


@pytest.mark.parametrize(("minutes", "ahead"), [(-60, False), (0, False), (10, False), (11, True)])
def test_a_moment_that_has_not_come(minutes: float, ahead: bool) -> None:
    assert lies_ahead(NIGHT + timedelta(minutes=minutes), NIGHT) is ahead


@pytest.mark.parametrize(
    ("finished", "now", "void"),
    [
        ([0, 24, 48], 50, []),
        ([0, 24, 24 + 84, 24 + 84, 24 + 84], 36, [3, 4, 5]),  # three nights in the one minute three days ahead
        ([0, 24, 108, 48], 50, [3]),  # a true night was made since
        ([0, 24, 48, 72], 30, []),  # nothing was skipped: it is now that is behind
        ([0, 24, 60], 30, []),  # exactly 36 hours may be a late night
        ([108, 24], 30, []),  # nothing before it to be sure of
        ([], 30, []),
    ],
)
def test_runs_that_a_jumped_clock_made(finished: list[float], now: float, void: list[int]) -> None:
    runs = [(number, at(hours)) for number, hours in enumerate(finished, 1)]
    assert runs_of_a_jump(runs, at(now)) == void
