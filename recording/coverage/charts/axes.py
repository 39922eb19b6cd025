"""The axes of the burn-up: where a day and a number of people lie, and which of them are labelled. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from recording.coverage.charts.labels import Point

RIGHT, TOP, BOTTOM = 14, 24, 28  # margins, in units of the viewBox
MAX_Y_TICKS = 5
TICK_WIDTH = {"week": 46, "month": 26, "year": 58}  # units that "29 Nov", "Nov" and "Nov 2021" need
TICK_GAP = 8  # units between two of them


@dataclass(frozen=True)
class Tick:
    """A labelled place on an axis: `at` is its coordinate, `value` a number of people or a day."""

    at: str
    value: int | date


@dataclass(frozen=True)
class Scale:
    """Turns days and numbers of people into coordinates. A day is drawn at its end: where the axis begins, its first day
    has not begun either. `min_people` lies on the ground, `max_people` at the top."""

    width: int
    height: int
    left: int
    first_day: date
    days: int
    max_people: int
    min_people: int = 0

    @property
    def unit(self) -> str:
        return "week" if self.days < 60 else "month" if self.days <= 366 else "year"

    def x(self, day: date, *, at_start: bool = False) -> float:
        """The coordinate of the end of a day, or of its start."""
        days = (day - self.first_day).days + (0 if at_start else 1)
        return self.left + (self.width - self.left - RIGHT) * days / self.days

    def y(self, people: int) -> float:
        """The coordinate of a number of people."""
        floor = self.height - BOTTOM
        return floor - (floor - TOP) * (people - self.min_people) / (self.max_people - self.min_people)

    def point(self, day: date, people: int) -> Point:
        return self.x(day), self.y(people)


def y_ticks(max_people: int, min_people: int = 0) -> list[int]:
    """Round numbers from `min_people` or less to `max_people` or more, at most MAX_Y_TICKS above the first: steps of 1, 2,
    2.5 or 5 times 10, 100 …"""
    size = 1
    while True:
        for step in (size, 2 * size, *((5 * size // 2,) if size > 1 else ()), 5 * size):
            first, last = min_people // step, -(-max_people // step)
            if last - first <= MAX_Y_TICKS:
                return [step * number for number in range(first, max(last, first + 1) + 1)]
        size *= 10


def readable_from(lowest: int, highest: int) -> int:
    """Where a vertical axis starts: at 0, unless what is drawn would then take less than half of its height."""
    return lowest if 2 * (highest - lowest) < highest else 0


def x_ticks(scale: Scale) -> list[Tick]:
    """The first days of months, or of weeks in a short period, as many as there is room for."""
    days = [scale.first_day + timedelta(days=number) for number in range(scale.days)]
    weekly = scale.unit == "week"
    starts = [day for day in days if (day.weekday() == 0 if weekly else day.day == 1)] or days[:1]
    width = TICK_WIDTH[scale.unit]
    fitting = [day for day in starts if scale.x(day, at_start=True) + width <= scale.width] or days[:1]
    evenly = [[(scale.x(day, at_start=True), day) for day in fitting[::every]] for every in (1, 2, 3, 6, 12, 24, 60)]
    shown = next((ticks for ticks in evenly if _apart(ticks, width + TICK_GAP)), evenly[-1][:1])
    return [Tick(f"{x:.1f}", day) for x, day in shown]


def _apart(ticks: list[tuple[float, date]], distance: int) -> bool:
    return all(after - before >= distance for (before, _), (after, _) in pairwise(ticks))
