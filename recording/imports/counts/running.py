"""Running totals: what was counted on a day is the difference to the last known total. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate
from typing import NamedTuple


class Move(NamedTuple):
    """People of a later known day that the total of `day` moves: `people` are added to the count of `later`, or taken
    out of it when negative. `later` None: nobody had them, and every later total grows. `former`: the total up to
    `day` that was known before."""

    day: date
    later: date | None
    people: int
    former: int
    total: int


@dataclass
class Daily:
    """The counts of one region, document and source that make its totals true.

    `counts` are those that are new or different. `falls`: (day, total before it, the file's total) of every total that
    is smaller than the one known before; the difference was taken out of the latest days before it. `moves`: what the
    totals change of later days.
    """

    counts: dict[date, int] = field(default_factory=dict)
    falls: list[tuple[date, int, int]] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)


def as_daily(known: dict[date, int], totals: Iterable[tuple[date, int]]) -> Daily:
    """Turn totals "up to and with this day" into counts per day.

    `known` are the stored counts. After it every given total is the sum of all counts up to its day, and every total
    that was known for a later day stays what it was, as long as the later counts can give what came in before them.
    No count becomes negative. Given twice, the second time changes nothing.
    """
    counts, daily = dict(known), Daily()
    for day, total in sorted(totals):
        before = sum(people for each, people in counts.items() if each < day)
        former = counts.get(day, 0)
        if total < before:
            daily.falls.append((day, before, total))
            _take(counts, [each for each in sorted(counts, reverse=True) if each < day], before - total)
        counts[day] = max(0, total - before)
        shift = total - (before + former)
        later = [each for each in sorted(counts) if each > day]
        if later and shift:
            daily.moves += [Move(day, each, people, before + former, total) for each, people in _shifted(counts, later, shift)]
        daily.counts[day] = counts[day]
    daily.counts |= {day: people for day, people in counts.items() if known.get(day) != people}
    daily.counts |= {day: counts[day] for day in daily.counts}
    return daily


def keeps_totals(known: dict[date, int], daily: Daily, totals: Iterable[tuple[date, int]]) -> bool:
    """Whether the counts up to each day, with those of `daily`, are its total. The totals before a fall of their own
    file are not: the latest day has the last word."""
    counts = sorted((known | daily.counts).items())
    sums = dict(zip((day for day, _ in counts), accumulate(people for _, people in counts), strict=True))
    last_fall = max((day for day, _, _ in daily.falls), default=date.min)
    return all(sums[day] == total for day, total in totals if day >= last_fall)


def _shifted(counts: dict[date, int], later: list[date], shift: int) -> list[tuple[date | None, int]]:
    """Give the later days what a smaller total frees, or take out of them what a greater one needs; what was moved."""
    if shift < 0:
        counts[later[0]] -= shift
        return [(later[0], -shift)]
    taken = _take(counts, later, shift)
    missing = shift - sum(people for _, people in taken)
    return [*((day, -people) for day, people in taken), *([(None, missing)] if missing else [])]


def _take(counts: dict[date, int], days: list[date], people: int) -> list[tuple[date, int]]:
    """Take people out of these days in this order, never more than a day holds; how many of each."""
    taken = []
    for day in days:
        if part := min(counts[day], people):
            counts[day] -= part
            people -= part
            taken.append((day, part))
    return taken
