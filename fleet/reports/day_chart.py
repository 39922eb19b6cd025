"""The bars of the last days: stops held, under the line of what was scheduled. Pure geometry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

WIDE, NARROW = (560, 190), (260, 170)  # units, for a desk and for a phone: see .day-chart in portal.css
LEFT, RIGHT, BOTTOM, TOP = 30, 16, 26, 14
LABEL_WIDTH = 36  # units that "25/11" needs, and some room


class Day(Protocol):
    """What a day tells."""

    @property
    def day(self) -> date: ...
    @property
    def scheduled(self) -> int: ...
    @property
    def held(self) -> int: ...


@dataclass(frozen=True)
class Bar:
    """A day's bar from its top to the ground; its label stands at `middle`, if there is room for one (`labelled`)."""

    day: date
    labelled: bool
    x: int
    y: int
    width: int
    height: int
    middle: int


@dataclass(frozen=True)
class DayChart:
    """`line` is the polyline of scheduled stops; `ticks` pair a height with the number of stops it stands for."""

    bars: list[Bar]
    line: str
    ticks: list[tuple[int, int]]
    width: int
    height: int
    ground: int
    left: int = LEFT


def day_charts(days: Sequence[Day]) -> tuple[DayChart, DayChart]:
    """The wide picture and the narrow one."""
    return _chart(days, *WIDE), _chart(days, *NARROW)


def _chart(days: Sequence[Day], width: int, height: int) -> DayChart:
    """One bar a day, as high as the stops held; a value's height is in proportion to it, from the ground up. Of the days
    as many are named as there is room for, the last one always."""
    most = max([4, *(max(day.scheduled, day.held) for day in days)])
    top = -(-most // 4) * 4  # the next multiple of four, so that the ticks are whole
    ground, room = height - BOTTOM, height - BOTTOM - TOP
    step = (width - LEFT - RIGHT) / max(len(days), 1)
    named = -(-LABEL_WIDTH // step)  # every how many days

    def level(value: int) -> int:
        return round(ground - room * value / top)

    bars, points = [], []
    for number, day in enumerate(days):
        x, middle = round(LEFT + step * number + step * 0.2), round(LEFT + step * (number + 0.5))
        y, labelled = level(day.held), (len(days) - 1 - number) % named == 0
        bars.append(Bar(day.day, labelled, x, y, round(step * 0.6), ground - y, middle))
        points.append(f"{middle},{level(day.scheduled)}")
    ticks = [(level(value), value) for value in range(0, top + 1, top // 4)]
    return DayChart(bars, " ".join(points), ticks, width, height, ground)
