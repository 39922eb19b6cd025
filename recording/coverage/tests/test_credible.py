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
    ("before", "ahead", "void"),
    [
        (24, [], []),
        (24, [108, 108, 108], [1, 2, 3]),  # three nights in the one minute three days ahead
        (24, [48, 72], []),  # nothing was skipped: it is now that is behind
        (24, [60], []),  # exactly 36 hours may be a late night
        (None, [108], []),  # nothing before it to be sure of
    ],
)
def test_runs_that_a_jumped_clock_made(before: float | None, ahead: list[float], void: list[int]) -> None:
    runs = [(number, at(hours)) for number, hours in enumerate(ahead, 1)]
    assert runs_of_a_jump(None if before is None else at(before), runs) == void
