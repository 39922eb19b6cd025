"""The bars of the last days: stops held, under the line of what was scheduled. Pure geometry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 560, 190, 30, 26, 14


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
    """A day's bar from its top to the ground; `middle` is where its label stands."""

    day: date
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
    width: int = WIDTH
    height: int = HEIGHT
    ground: int = HEIGHT - BOTTOM
    left: int = LEFT


def day_chart(days: Sequence[Day]) -> DayChart:
    """One bar a day, as high as the stops held; a value's height is in proportion to it, from the ground up."""
    most = max([4, *(max(day.scheduled, day.held) for day in days)])
    top = -(-most // 4) * 4  # the next multiple of four, so that the ticks are whole
    ground, room = HEIGHT - BOTTOM, HEIGHT - BOTTOM - TOP
    step = (WIDTH - LEFT) / max(len(days), 1)

    def level(value: int) -> int:
        return round(ground - room * value / top)

    bars, points = [], []
    for number, day in enumerate(days):
        x, middle = round(LEFT + step * number + step * 0.2), round(LEFT + step * (number + 0.5))
        y = level(day.held)
        bars.append(Bar(day.day, x, y, round(step * 0.6), ground - y, middle))
        points.append(f"{middle},{level(day.scheduled)}")
    return DayChart(bars, " ".join(points), [(level(value), value) for value in range(0, top + 1, top // 4)])
