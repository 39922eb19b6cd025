"""The made-up campaigns: the same for the same seed, and each what its family says."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks.forecast.families import FAMILIES, FIRST, Campaign, campaign
from benchmarks.forecast.measurements import late_cases
from recording.coverage.forecast.files import own_targets

pytestmark = pytest.mark.once


def of(family: str) -> Campaign:
    return campaign(family, 3)


def weeks(counts: dict[date, int]) -> list[int]:
    days = sorted(counts)
    return [sum(counts[day] for day in days[start : start + 7]) for start in range(0, len(days) - 6, 7)]


@pytest.mark.parametrize("family", [family for family in FAMILIES if family != "many areas"])
def test_a_seed_makes_one_campaign(family: str) -> None:
    made = of(family)
    assert made == of(family)
    assert made != campaign(family, 4)
    assert all(sum(counts.values()) > 0 for counts in made.counts.values())
    assert min(day for counts in made.counts.values() for day in counts) >= FIRST


def test_reports_are_as_the_family_says() -> None:
    weekly = of("weekly reports").counts["A000"]
    assert {day.weekday() for day in sorted(weekly)[:-1]} == {6}
    assert max((later - earlier).days for earlier, later in pairwise(sorted(of("irregular reports").counts["A000"]))) > 10
    assert min(people for counts in of("corrections").counts.values() for people in counts.values()) < 0
    late = [[counts[day] for day in sorted(counts)] for counts in of("backlog").counts.values()]
    assert any(not any(days[n - 7 : n]) and days[n] > 100 for days in late for n in range(7, len(days)))


def test_a_break_is_the_same_for_all() -> None:
    silent = [{day for day, people in counts.items() if not people} for counts in of("holiday break").counts.values()]
    assert len(set.intersection(*map(set, silent))) >= 14


def test_targets_may_lie_beyond_demand() -> None:
    made = of("beyond demand")
    assert made.targets is not None
    never = [area for area, targets in made.targets.items() if targets[-1] > sum(made.counts[area].values())]
    assert 0.3 <= len(never) / len(made.counts) <= 0.9


def test_sizes_differ_by_orders_of_magnitude() -> None:
    totals = sorted(sum(counts.values()) for counts in of("waves").counts.values())
    assert totals[-1] > 10 * totals[0]


def test_only_late_forecasts_are_scored() -> None:
    made = of("eight areas")
    cases = late_cases(made.counts, own_targets(Path("made-up"), made.counts))
    assert min(case.made for case in cases) == 56
