"""The straight plan of a period: as many people on each of its days. Pure."""

from dataclasses import dataclass
from datetime import date


def plan_on(day: date, first_day: date, last_day: date, target: int) -> int:
    """People that the straight plan wants recorded by the end of a day, rounded down: nobody before the period, all of
    the target from its last day on."""
    days = (last_day - first_day).days + 1
    gone = (min(day, last_day) - first_day).days + 1
    return target * max(0, gone) // days


@dataclass(frozen=True)
class Plan:
    """The straight plan of a period as of a day."""

    first_day: date
    last_day: date
    as_of: date

    def to_date(self, target: int) -> int:
        return plan_on(self.as_of, self.first_day, self.last_day, target)
