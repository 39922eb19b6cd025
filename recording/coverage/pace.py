"""Pace: people per working day, so far and as still required. Pure; the numbers are people and days, whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from recording.coverage.workdays import last_working_days, working_days

PACE_WORKING_DAYS = 20  # over which the pace so far is taken


@dataclass(frozen=True)
class Pace:
    """People recorded over the last `days` working days (20, or fewer where the period is younger), against what is
    still required: `remaining` people (None: there is no target) in the `days_left` working days to come, which are
    `coming`, the next one first."""

    people: int
    days: int
    recorded: int
    remaining: int | None
    days_left: int
    coming: tuple[date, ...] = ()

    @property
    def per_day(self) -> Decimal | None:
        """People per working day, half-up to one place; None before the first working day of the period is over."""
        if not self.days:
            return None
        return (Decimal(self.people) / self.days).quantize(Decimal("0.1"), ROUND_HALF_UP)

    @property
    def required(self) -> int | None:
        """People per working day that reach the target on the last day: see `required_per_day`."""
        return required_per_day(self.remaining, self.days_left)

    @property
    def expected(self) -> int | None:
        """Recorded at the end of the period if the pace stays as it is, rounded down; None without a pace."""
        return self.recorded + self.people * self.days_left // self.days if self.days else None

    @property
    def shortfall(self) -> int | None:
        """People who will be missing at the end of the period if the pace stays as it is; None without a target or
        without a pace."""
        if self.remaining is None or self.expected is None:
            return None
        return max(0, self.recorded + self.remaining - self.expected)

    @property
    def reached_on(self) -> date | None:
        """The working day of the period on which the target is reached if the pace stays as it is; None when that is not
        to come."""
        if not self.remaining or not self.people:
            return None
        needed = -(-self.remaining * self.days // self.people)  # working days, rounded up
        return self.coming[needed - 1] if needed <= len(self.coming) else None


def required_per_day(remaining: int | None, days_left: int) -> int | None:
    """People per working day that reach the target on the last day, rounded up; 0 when it is reached; None without a
    target, or when no working day is left."""
    if remaining is None or (remaining and not days_left):
        return None
    return -(-remaining // days_left) if remaining else 0


def pace(
    recorded: Mapping[date, int], *, total: int, remaining: int | None, first_day: date, last_day: date, as_of: date
) -> Pace:
    """The pace of a period as of a day. `recorded` holds people by service day, `total` their sum.

    What is recorded on a Saturday or a holiday counts for the people, not for the days. After the period's end the
    pace is that of its last days, and no day is left.
    """
    end = min(as_of, last_day)
    days = [day for day in last_working_days(end, PACE_WORKING_DAYS) if day >= first_day]
    people = between(recorded, days[0], end) if days else 0
    coming = tuple(working_days(max(end + timedelta(days=1), first_day), last_day))
    return Pace(people, len(days), total, remaining, len(coming), coming)


def between(recorded: Mapping[date, int], first: date, last: date) -> int:
    """People recorded from the first to the last day, both included."""
    return sum(people for day, people in recorded.items() if first <= day <= last)


def last_week(recorded: Mapping[date, int], as_of: date) -> int:
    """People recorded in the seven days that end with `as_of`."""
    return between(recorded, as_of - timedelta(days=6), as_of)
