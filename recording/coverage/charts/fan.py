"""The range of a forecast as a fan in the burn-up: straight to the target, at its earliest and at its latest. Pure."""

from dataclasses import dataclass
from datetime import date

Step = tuple[date, int]


@dataclass(frozen=True)
class Fan:
    """From `people` at the end of the day `since` to `goal`, at the earliest on the day `low`, at the latest on `high`."""

    since: date
    people: int
    goal: int
    low: date
    high: date

    def fast(self, day: date) -> int:
        """People by the end of a later day if the target is reached on the first day of the range; rounded down."""
        return self._on(day, self.low)

    def slow(self, day: date) -> int:
        """If it is reached on the last day of the range."""
        return self._on(day, self.high)

    def corners(self, last_day: date) -> list[Step]:
        """The corners of the fan up to the last day of a chart, around it."""
        upper = [(min(self.low, last_day), self.fast(min(self.low, last_day)))]
        if self.low < last_day:
            upper.append((min(self.high, last_day), self.goal))
        lower = (min(self.high, last_day), self.slow(min(self.high, last_day)))
        corners = [(self.since, self.people), *upper, lower]
        return list(dict.fromkeys(corners))

    def _on(self, day: date, reached: date) -> int:
        days = (reached - self.since).days
        return self.goal if day >= reached else self.people + (self.goal - self.people) * (day - self.since).days // days
