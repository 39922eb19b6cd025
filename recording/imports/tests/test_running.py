"""Running totals: the count of a day is the difference to the last known total, and nothing known later moves."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recording.imports.counts.running import as_daily

pytestmark = pytest.mark.once

FIRST = date(2021, 11, 1)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def total(counts: dict[date, int], until: date) -> int:
    return sum(people for each, people in counts.items() if each <= until)


CASES = [
    ("the first total is a count", {}, [(5, 100)], {5: 100}, []),
    ("a later total counts the difference", {1: 60}, [(5, 100)], {5: 40}, []),
    ("the same total again is a day of nobody", {1: 60}, [(5, 60)], {5: 0}, []),
    ("given again it stays as it is", {1: 60, 5: 40}, [(5, 100)], {5: 40}, []),
    ("two totals of one file follow each other", {}, [(9, 150), (5, 100)], {5: 100, 9: 50}, []),
    ("an earlier total comes out of the next known day", {9: 150}, [(5, 100)], {5: 100, 9: 50}, []),
    ("a corrected total moves the next day the other way", {5: 100, 9: 50}, [(5, 90)], {5: 90, 9: 60}, []),
    ("a fall is taken from the latest day before", {1: 60, 4: 10}, [(5, 65)], {4: 5, 5: 0}, [(5, 70, 65)]),
    ("a deep fall goes on to the days before that", {1: 60, 4: 10}, [(5, 40)], {1: 40, 4: 0, 5: 0}, [(5, 70, 40)]),
    ("a fall to nothing empties all", {1: 60, 4: 10}, [(5, 0)], {1: 0, 4: 0, 5: 0}, [(5, 70, 0)]),
]


@pytest.mark.parametrize(("known", "totals", "counts", "falls"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_totals_become_the_counts_of_their_days(
    known: dict[int, int], totals: list[tuple[int, int]], counts: dict[int, int], falls: list[tuple[int, int, int]]
) -> None:
    daily = as_daily({day(n): people for n, people in known.items()}, [(day(n), people) for n, people in totals])
    assert daily.counts == {day(n): people for n, people in counts.items()}
    assert daily.falls == [(day(n), before, now) for n, before, now in falls]


people = st.integers(0, 500)
known_counts = st.dictionaries(st.integers(0, 20).map(day), people, max_size=8)
said_totals = st.dictionaries(st.integers(0, 20).map(day), st.integers(0, 3000), min_size=1, max_size=5)


@given(known=known_counts, said=said_totals)
def test_counts_sum_to_the_total_of_their_day(known: dict[date, int], said: dict[date, int]) -> None:
    """Where totals within one file contradict each other the latest day has the last word."""
    after = known | as_daily(known, said.items()).counts
    assert all(value >= 0 for value in after.values())
    last = max(said)
    assert total(after, last) == said[last]
    ordered = sorted(said)
    if all(said[a] <= said[b] for a, b in pairwise(ordered)):
        assert {each: total(after, each) for each in said} == said


@given(known=known_counts, said=said_totals)
def test_the_same_totals_again_change_nothing(known: dict[date, int], said: dict[date, int]) -> None:
    ordered = sorted(said)
    rising = {each: max(said[before] for before in ordered if before <= each) for each in ordered}
    after = known | as_daily(known, rising.items()).counts
    again = as_daily(after, rising.items())
    assert (after | again.counts, again.falls) == (after, [])


@given(known=known_counts, number=st.integers(0, 20), people=people)
def test_a_later_total_moves_only_when_exceeded(known: dict[date, int], number: int, people: int) -> None:
    after = known | as_daily(known, [(day(number), people)]).counts
    for later in [each for each in known if each > day(number)]:
        assert total(after, later) == max(total(known, later), people)
