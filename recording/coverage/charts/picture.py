"""One picture of the burn-up: lines of days and people as coordinates, the axes, and places for the numbers. Pure."""

from dataclasses import dataclass
from datetime import date

from recording.coverage.charts.axes import BOTTOM, RIGHT, TOP, Scale, Tick, readable_from, x_ticks, y_ticks
from recording.coverage.charts.labels import Label, Line, along, around, at_end, best, text_width

WIDE, NARROW = (560, 290), (260, 230)  # units, for a desk and for a phone: see .burn-up in portal.css
AXIS_SIZE, TOTAL_SIZE, TARGET_SIZE, EXPECTED_SIZE = 12, 14, 12, 12  # of letters, at most, as in portal.css
Step = tuple[date, int]


@dataclass(frozen=True)
class Picture:
    """One SVG. Lines are point lists ("x,y x,y …"), empty where there is nothing to draw; the lines of the chart lie
    between `left` and `right`, `top` and `bottom`."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    recorded: str
    plan: str
    required: str
    stays: str
    target: str
    fan: str
    dot: tuple[str, str] | None
    total_label: Label | None
    target_label: Label | None
    expected_label: Label | None
    y_ticks: list[Tick]
    x_ticks: list[Tick]


@dataclass(frozen=True)
class Lines:
    """What is drawn, as (day, people at its end); the first point of a line lies on the day before it. `fan` has the corners
    of an area: numbers may stand on it."""

    recorded: list[Step]
    plan: list[Step]
    required: list[Step]
    stays: list[Step]
    target: list[Step]
    fan: list[Step]


def scales(begin: date, days: int, low: int, high: int) -> tuple[Scale, Scale]:
    """Those of the wide and of the narrow picture."""
    left = round(text_width(high, AXIS_SIZE)) + 10
    wide, narrow = (Scale(width, height, left, begin, days, high, low) for width, height in (WIDE, NARROW))
    return wide, narrow


def people_axis(lines: Lines, whole: bool) -> tuple[int, int]:
    """The people at the foot and at the top. A range is drawn for its course: a target that would press it flat is left
    out of it."""
    course = [people for line in (lines.recorded, lines.plan, lines.required, lines.stays) for _day, people in line]
    target = [people for _day, people in lines.target]
    if whole or not course:
        return 0, y_ticks(max([1, *course, *target]))[-1]
    lowest, highest = min(course), max([1, *course])
    ticks = y_ticks(highest, readable_from(lowest, highest))
    if target and not ticks[0] <= min(target) <= max(target) <= ticks[-1]:
        lines.target.clear()
    return ticks[0], ticks[-1]


def picture(scale: Scale, lines: Lines) -> Picture:
    drawn = {name: [scale.point(*step) for step in line] for name, line in vars(lines).items()}
    dot = drawn["recorded"][-1] if lines.recorded else None
    right, target = scale.width - RIGHT, drawn["target"]
    total_label, target_label, expected_label = best(
        around(dot, lines.recorded[-1][1], TOTAL_SIZE) if dot else [],
        along(target[-2][0], right, target[-1][1], lines.target[-1][1], TARGET_SIZE) if target else [],
        at_end(drawn["stays"][-1], lines.stays[-1][1], EXPECTED_SIZE) if lines.stays else [],
        lines=[line for name, line in drawn.items() if name != "fan"],
        dot=dot,
        frame=(scale.left, 1, scale.width - 1, scale.height - BOTTOM),
    )
    return Picture(
        scale.width,
        scale.height,
        scale.left,
        right,
        TOP,
        scale.height - BOTTOM,
        **{name: _points(line) for name, line in drawn.items()},
        dot=(_number(dot[0]), _number(dot[1])) if dot else None,
        total_label=total_label,
        target_label=target_label,
        expected_label=expected_label,
        y_ticks=[Tick(_number(scale.y(people)), people) for people in y_ticks(scale.max_people, scale.min_people)],
        x_ticks=x_ticks(scale),
    )


def _number(value: float) -> str:
    return f"{value:.1f}"


def _points(line: Line) -> str:
    return " ".join(f"{_number(x)},{_number(y)}" for x, y in line)
