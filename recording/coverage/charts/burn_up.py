"""The burn-up chart as coordinates: every point's height is its value. Pure; templates only write the numbers out.

Coordinates are strings in the units of the SVG's viewBox, with a dot in every language.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, pairwise

from recording.coverage.charts.labels import Label, Line, Point, along, around, best, text_width

WIDE, NARROW = (560, 290), (300, 240)  # for a desk and for a phone: letters keep their size on both
RIGHT, TOP, BOTTOM = 14, 24, 28
MOST_POINTS = 120
MOST_Y_TICKS = 5
AXIS_SIZE, TOTAL_SIZE, TARGET_SIZE = 12, 14, 12  # of letters, as in portal.css
ROOM = {"week": 46, "month": 26, "year": 58}  # units that "29 Nov", "Nov" and "Nov 2021" need
BETWEEN = 8  # units between two names
ONE_DAY = timedelta(days=1)
Step = tuple[date, int]


@dataclass(frozen=True)
class Tick:
    """A labelled place on an axis: `at` is its coordinate, `value` a number of people or a day."""

    at: str
    value: int | date


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


@dataclass(frozen=True)
class Scale:
    """Where a day and a number of people lie. A day is drawn at its end: nobody is recorded before the first one."""

    width: int
    height: int
    left: int
    first_day: date
    days: int
    most: int

    @property
    def unit(self) -> str:
        return "week" if self.days < 60 else "month" if self.days <= 366 else "year"

    def x(self, day: date, *, begin: bool = False) -> float:
        """The coordinate of a day's end, or of its begin."""
        passed = (day - self.first_day).days + (0 if begin else 1)
        return self.left + (self.width - self.left - RIGHT) * passed / self.days

    def y(self, people: int) -> float:
        """The coordinate of a number of people."""
        floor = self.height - BOTTOM
        return floor - (floor - TOP) * people / self.most

    def point(self, day: date, people: int, *, begin: bool = False) -> Point:
        return self.x(day, begin=begin), self.y(people)


def burn_up(
    *, first_day: date, last_day: date, as_of: date, recorded: Mapping[date, int], targets: Sequence[Step]
) -> BurnUp:
    """The chart of a period. `recorded` holds people by service day; `targets` says from which day on which target was
    in force, oldest first. What lies outside of the period or after `as_of` is left out."""
    until = min(as_of, last_day)
    course = cumulative(recorded, first_day, until)
    steps = _steps(targets, first_day, until)
    most = y_ticks(max([1, *(people for _day, people in [*course, *steps])]))[-1]
    days = (last_day - first_day).days + 1
    left = round(text_width(most, AXIS_SIZE)) + 10

    def scale(width: int, height: int) -> Scale:
        return Scale(width, height, left, first_day, days, most)

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
    """At most MOST_POINTS days at even distances, the last one always; each that stays is exact."""
    every = max(1, -(-len(course) // MOST_POINTS))
    return course[::-1][::every][::-1]


def plan_on(day: date, first_day: date, last_day: date, target: int) -> int:
    """People that the straight plan wants recorded by the end of a day, rounded down."""
    days = (last_day - first_day).days + 1
    return target * ((min(day, last_day) - first_day).days + 1) // days


def y_ticks(most: int) -> list[int]:
    """Round numbers from 0 to at least `most`, few enough to be read: steps of 1, 2, 2.5 or 5 times a power of ten."""
    size = 1
    while True:
        for step in (size, 2 * size, *((5 * size // 2,) if size > 1 else ()), 5 * size):
            if step * MOST_Y_TICKS >= most:
                return [step * number for number in range(-(-most // step) + 1)]
        size *= 10


def _steps(targets: Sequence[Step], first_day: date, until: date) -> list[Step]:
    """The targets as of `until`; the first one is drawn from the period's begin."""
    known = {max(first_day, day): people for day, people in targets if day <= until}
    return [(day if number else first_day, people) for number, (day, people) in enumerate(known.items())]


def _picture(scale: Scale, last_day: date, course: list[Step], steps: list[Step]) -> Picture:
    start = scale.point(scale.first_day, 0, begin=True)
    dot = scale.point(*course[-1]) if course else None
    goal = scale.point(last_day, steps[-1][1]) if steps else None
    missing = course and steps and course[-1][1] < steps[-1][1] and course[-1][0] < last_day
    recorded = [start, *(scale.point(*each) for each in thinned(course))] if course else []
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
        _written(recorded),
        _written(plan),
        _written(required),
        _written(target),
        (_number(dot[0]), _number(dot[1])) if dot else None,
        total_label,
        target_label,
        y_ticks=[Tick(_number(scale.y(people)), people) for people in y_ticks(scale.most)],
        x_ticks=_x_ticks(scale),
    )


def _number(value: float) -> str:
    return f"{value:.1f}"


def _written(line: Line) -> str:
    return " ".join(f"{_number(x)},{_number(y)}" for x, y in line)


def _step_line(scale: Scale, steps: list[Step], last_day: date) -> Line:
    points: Line = []
    for (day, people), (end, _next) in pairwise([*steps, (last_day + ONE_DAY, 0)]):
        points += [scale.point(day, people, begin=True), scale.point(end, people, begin=True)]
    return points


def _x_ticks(scale: Scale) -> list[Tick]:
    """The first days of months, or of weeks in a short period, as many as there is room for."""
    days = [scale.first_day + timedelta(days=number) for number in range(scale.days)]
    weekly = scale.unit == "week"
    begins = [day for day in days if (day.weekday() == 0 if weekly else day.day == 1)] or days[:1]
    room = ROOM[scale.unit]
    fitting = [day for day in begins if scale.x(day, begin=True) + room <= scale.width] or days[:1]
    evenly = [[(scale.x(day, begin=True), day) for day in fitting[::every]] for every in (1, 2, 3, 6, 12, 24, 60)]
    shown = next((ticks for ticks in evenly if _apart(ticks, room + BETWEEN)), evenly[-1][:1])
    return [Tick(_number(x), day) for x, day in shown]


def _apart(ticks: list[tuple[float, date]], room: int) -> bool:
    return all(after - before >= room for (before, _), (after, _) in pairwise(ticks))


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
            next((people for begin, people in reversed(steps) if begin <= day), None),
        )
        for day in sorted(ends | ({until} if course else set()))
    ]
