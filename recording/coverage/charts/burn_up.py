"""The burn-up chart as coordinates: every point's height is its value. Pure; templates only write the numbers out.

Coordinates are strings in the units of the SVG's viewBox, with a dot in every language.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, pairwise

from recording.coverage.charts.axes import BOTTOM, RIGHT, Scale, Tick, x_ticks, y_ticks
from recording.coverage.charts.labels import Label, Line, along, around, best, text_width
from recording.coverage.plan import plan_on

WIDE, NARROW = (560, 290), (300, 240)  # units, for a desk and for a phone: letters have the same size on both
MAX_POINTS = 120
AXIS_SIZE, TOTAL_SIZE, TARGET_SIZE = 12, 14, 12  # of letters, as in portal.css
ONE_DAY = timedelta(days=1)
Step = tuple[date, int]


@dataclass(frozen=True)
class Row:
    """A line of the table under the chart. `recorded` None: that day is still to come, or nothing was ever entered;
    `target` None: none yet."""

    day: date
    recorded: int | None
    plan: int | None
    target: int | None


@dataclass(frozen=True)
class Picture:
    """One SVG. Lines are point lists ("x,y x,y …"), empty where there is nothing to draw."""

    width: int
    height: int
    left: int
    right: int
    bottom: int
    recorded: str
    plan: str
    required: str
    target: str
    dot: tuple[str, str] | None
    total_label: Label | None
    target_label: Label | None
    y_ticks: list[Tick]
    x_ticks: list[Tick]


@dataclass(frozen=True)
class BurnUp:
    """A period's course: `total` recorded as of `as_of` (None: nobody has entered anything), the target in force then,
    both pictures and the table. `unit` says what the ticks below name: a week, a month, or a month with its year."""

    as_of: date
    total: int | None
    target: int | None
    revised: bool
    unit: str
    wide: Picture
    narrow: Picture
    rows: list[Row]


def burn_up(*, first_day: date, last_day: date, as_of: date, recorded: Mapping[date, int], targets: Sequence[Step]) -> BurnUp:
    """The chart of a period. `recorded` holds people by service day; `targets` says from which day on which target was
    in force, oldest first. What lies outside of the period or after `as_of` is left out."""
    until = min(as_of, last_day)
    course = cumulative(recorded, first_day, until)
    steps = _steps(targets, first_day, until)
    max_people = y_ticks(max([1, *(people for _day, people in [*course, *steps])]))[-1]
    days = (last_day - first_day).days + 1
    left = round(text_width(max_people, AXIS_SIZE)) + 10

    def scale(width: int, height: int) -> Scale:
        return Scale(width, height, left, first_day, days, max_people)

    return BurnUp(
        until,
        course[-1][1] if course else None,
        steps[-1][1] if steps else None,
        len({people for _day, people in steps}) > 1,
        scale(*WIDE).unit,
        _picture(scale(*WIDE), last_day, course, steps),
        _picture(scale(*NARROW), last_day, course, steps),
        _rows(first_day, last_day, until, course, steps),
    )


def cumulative(recorded: Mapping[date, int], first_day: date, until: date) -> list[Step]:
    """(day, people recorded so far) of every day of the period until `until`: a day without an entry adds nobody. Empty
    before the period, and where nobody has entered anything, which is missing and not zero."""
    days = [first_day + timedelta(days=number) for number in range((until - first_day).days + 1)]
    if not any(day in recorded for day in days):
        return []
    return list(zip(days, accumulate(recorded.get(day, 0) for day in days), strict=True))


def thinned(course: list[Step]) -> list[Step]:
    """At most MAX_POINTS days at even distances, the last one always; each that stays is exact."""
    step = max(1, -(-len(course) // MAX_POINTS))
    return course[::-1][::step][::-1]


def _steps(targets: Sequence[Step], first_day: date, until: date) -> list[Step]:
    """The targets as of `until`; the first one is drawn from the start of the period."""
    in_force = {max(first_day, day): people for day, people in targets if day <= until}
    return [(day if number else first_day, people) for number, (day, people) in enumerate(in_force.items())]


def _picture(scale: Scale, last_day: date, course: list[Step], steps: list[Step]) -> Picture:
    start = scale.point(scale.first_day, 0, at_start=True)
    dot = scale.point(*course[-1]) if course else None
    goal = scale.point(last_day, steps[-1][1]) if steps else None
    missing = course and steps and course[-1][1] < steps[-1][1] and course[-1][0] < last_day
    recorded = [start, *(scale.point(*step) for step in thinned(course))] if course else []
    plan = [start, goal] if goal else []
    required = [dot, goal] if dot and goal and missing else []
    target = _step_line(scale, steps, last_day)
    right = scale.width - RIGHT
    total_label, target_label = best(
        around(dot, course[-1][1], TOTAL_SIZE) if dot else [],
        along(target[-2][0], right, goal[1], steps[-1][1], TARGET_SIZE) if goal else [],
        lines=[recorded, plan, required, target],
        dot=dot,
        frame=(scale.left, 1, scale.width - 1, scale.height - BOTTOM),
    )
    return Picture(
        scale.width,
        scale.height,
        scale.left,
        right,
        scale.height - BOTTOM,
        _points(recorded),
        _points(plan),
        _points(required),
        _points(target),
        (_number(dot[0]), _number(dot[1])) if dot else None,
        total_label,
        target_label,
        y_ticks=[Tick(_number(scale.y(people)), people) for people in y_ticks(scale.max_people)],
        x_ticks=x_ticks(scale),
    )


def _number(value: float) -> str:
    return f"{value:.1f}"


def _points(line: Line) -> str:
    return " ".join(f"{_number(x)},{_number(y)}" for x, y in line)


def _step_line(scale: Scale, steps: list[Step], last_day: date) -> Line:
    points: Line = []
    for (day, people), (end, _next) in pairwise([*steps, (last_day + ONE_DAY, 0)]):
        points += [scale.point(day, people, at_start=True), scale.point(end, people, at_start=True)]
    return points


def _rows(first_day: date, last_day: date, until: date, course: list[Step], steps: list[Step]) -> list[Row]:
    """The ends of the months, the day itself among them."""
    ends = {
        day
        for number in range((last_day - first_day).days + 1)
        if (day := first_day + timedelta(days=number)) == last_day or (day + ONE_DAY).day == 1
    }
    goal = steps[-1][1] if steps else None
    so_far = dict(course)
    return [
        Row(
            day,
            so_far.get(day),
            None if goal is None else plan_on(day, first_day, last_day, goal),
            next((people for since, people in reversed(steps) if since <= day), None),
        )
        for day in sorted(ends | ({until} if course else set()))
    ]
