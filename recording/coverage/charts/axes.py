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
    """Turns days and numbers of people into coordinates. A day is drawn at its end: before the first one nobody is
    recorded."""

    width: int
    height: int
    left: int
    first_day: date
    days: int
    max_people: int

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
        return floor - (floor - TOP) * people / self.max_people

    def point(self, day: date, people: int, *, at_start: bool = False) -> Point:
        return self.x(day, at_start=at_start), self.y(people)


def y_ticks(max_people: int) -> list[int]:
    """At most MAX_Y_TICKS round numbers above 0, up to `max_people` or more: steps of 1, 2, 2.5 or 5 times 10, 100 …"""
    size = 1
    while True:
        for step in (size, 2 * size, *((5 * size // 2,) if size > 1 else ()), 5 * size):
            if step * MAX_Y_TICKS >= max_people:
                return [step * number for number in range(-(-max_people // step) + 1)]
        size *= 10


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
