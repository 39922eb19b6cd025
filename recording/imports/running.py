"""Running totals: what was counted on a day is the difference to the last known total. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date


@dataclass
class Daily:
    """The counts of one region, document and source that make its totals true.

    `counts` are those that are new or different. `falls`: (day, total before it, the file's total) of every total that
    is smaller than the one known before; the difference was taken out of the latest days before it.
    """

    counts: dict[date, int] = field(default_factory=dict)
    falls: list[tuple[date, int, int]] = field(default_factory=list)


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
        if shift > 0:
            _take(counts, later, shift)
        elif shift < 0 and later:
            counts[later[0]] -= shift
        daily.counts[day] = counts[day]
    daily.counts |= {day: people for day, people in counts.items() if known.get(day) != people}
    daily.counts |= {day: counts[day] for day in daily.counts}
    return daily


def _take(counts: dict[date, int], days: list[date], people: int) -> None:
    """Take people out of these days in this order, never more than a day holds."""
    for day in days:
        taken = min(counts[day], people)
        counts[day] -= taken
        people -= taken
