"""What an area had recorded by each day of a campaign, and when that was known."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import accumulate, pairwise

from recording.coverage.pace import PACE_WORKING_DAYS
from recording.coverage.workdays import ONE_DAY, is_working_day, working_days

Counts = Mapping[date, int]
DAILY_SHARE = 0.8  # reports are daily when so many of the days from the first to the last one have an entry
SUNDAY_SHARE = 0.25  # and works on every day of the calendar when so many of its Sundays have recordings


class Days(StrEnum):
    """The days in which a campaign's pace and forecasts are counted."""

    CALENDAR = "calendar"
    WORKING = "working"

    @property
    def week(self) -> int:
        """Days of a week without holidays."""
        return 7 if self is Days.CALENDAR else 5

    def between(self, first: date, last: date) -> list[date]:
        """The days from `first` to the first one on or after `last`."""
        if self is Days.CALENDAR:
            return [first + timedelta(days=number) for number in range((last - first).days + 1)]
        while not is_working_day(last):
            last += ONE_DAY
        return working_days(first, last)

    def after(self, day: date, number: int) -> date:
        """The day that comes `number` of these days after `day`."""
        if self is Days.CALENDAR:
            return day + timedelta(days=number)
        for _number in range(number):
            day += ONE_DAY
            while not is_working_day(day):
                day += ONE_DAY
        return day


@dataclass(frozen=True)
class Pace:
    """People recorded in `days` days up to and including the last one that is known."""

    people: float
    days: int

    @property
    def per_day(self) -> float:
        return self.people / self.days

    def needed(self, remaining: float) -> float | None:
        """Days that `remaining` people take at this pace; None when nobody was recorded."""
        return remaining * self.days / self.people if self.people > 0 else None


@dataclass(frozen=True)
class Course:
    """People of one area recorded up to and including each day (days are numbered from the campaign's first one).

    `known` are the days with an entry, ascending: nothing is said of a day before the next entry has come. A correction
    may lower a total.
    """

    totals: Sequence[float]
    known: Sequence[int]

    @cached_property
    def _peaks(self) -> Sequence[float]:
        return list(accumulate(self.totals, max))

    def last_known(self, day: int) -> int | None:
        """The last day on or before `day` that has an entry."""
        place = bisect_right(self.known, day)
        return self.known[place - 1] if place else None

    def pace(self, day: int, days: int = PACE_WORKING_DAYS) -> Pace:
        """The pace of the 20 days that end with `day`, or of fewer where the campaign is younger."""
        days = min(days, day + 1)
        before = self.totals[day - days] if day >= days else 0
        return Pace(self.totals[day] - before, days)

    def reached(self, target: int, day: int) -> int | None:
        """The day on which the target was first reached, as far as is known on `day`; None while it is not. What a later
        correction takes away does not undo it."""
        last = self.last_known(day)
        if last is None or self._peaks[last] < target:
            return None
        return bisect_left(self._peaks, target)


def courses(areas: Mapping[str, Counts], days: Days, *, by_area: bool = False) -> tuple[list[date], dict[str, Course]]:
    """The days of a campaign, and the course of each area over them.

    What is recorded on a day that does not count (a Saturday, among working days) counts with the next one. In a daily
    campaign a day without an entry had no recordings. In any other it is not known: an entry then stands for all days
    since the area's entry before it, which share it evenly. With `by_area` each area's own entries tell whether it is
    daily, as in a file from elsewhere, where many areas that report now and then leave no day empty.
    """
    entered = sorted({day for counts in areas.values() for day in counts})
    axis = days.between(entered[0], entered[-1])
    daily = is_daily(entered, axis)
    return axis, {
        area: _course(counts, axis, daily and not (by_area and _now_and_then(counts, axis)))
        for area, counts in sorted(areas.items())
    }


def _now_and_then(counts: Counts, axis: Sequence[date]) -> bool:
    """Whether an area leaves out days between its first and its last entry."""
    own = sorted(counts)
    return not is_daily(own, axis[bisect_left(axis, own[0]) : bisect_left(axis, own[-1]) + 1])


def is_daily(entered: Sequence[date], axis: Sequence[date]) -> bool:
    """Whether entries came in day by day on these days, not once a week or now and then."""
    return len({bisect_left(axis, day) for day in entered}) >= DAILY_SHARE * len(axis)


def usual_days(areas: Mapping[str, Counts]) -> Days:
    """Calendar days where Sundays have recordings, working days where they have none."""
    entered = sorted({day for counts in areas.values() for day in counts})
    busy = {day for counts in areas.values() for day, people in counts.items() if people}
    sundays = [day for day in Days.CALENDAR.between(entered[0], entered[-1]) if day.weekday() == 6]
    if not is_daily(entered, Days.WORKING.between(entered[0], entered[-1])):
        return Days.CALENDAR  # a weekly entry says nothing about its days
    return Days.CALENDAR if sum(day in busy for day in sundays) > SUNDAY_SHARE * len(sundays) else Days.WORKING


def _course(counts: Counts, axis: Sequence[date], daily: bool) -> Course:
    people = [0] * len(axis)
    for day, number in counts.items():
        people[bisect_left(axis, day)] += number
    if daily:
        return Course(list(accumulate(people)), range(len(axis)))
    known = sorted({bisect_left(axis, day) for day in counts})
    spread = [0.0] * len(axis)
    total = 0
    for before, entry in pairwise([known[0] - 1, *known]):
        for number in range(before + 1, entry):
            spread[number] = total + people[entry] * (number - before) / (entry - before)
        total += people[entry]
        spread[entry] = total
    spread[known[-1] + 1 :] = [total] * (len(axis) - known[-1] - 1)
    return Course(spread, known)
