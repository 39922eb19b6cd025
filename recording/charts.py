"""The burn-up chart as coordinates: every point's height is its value. Pure; templates only write the numbers out.

Coordinates are strings in the units of the SVG's viewBox, with a dot in every language.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

WIDE, NARROW = (640, 300), (340, 260)  # for a desk and for a phone: letters keep their size on both
LEFT, RIGHT, TOP, BOTTOM = 52, 14, 22, 26
MOST_POINTS = 120
MOST_Y_TICKS = 5
ROOM_FOR_A_MONTH = 46  # units that the name of a month needs
ONE_DAY = timedelta(days=1)
Step = tuple[date, int]


@dataclass(frozen=True)
class Tick:
    """A labelled place on an axis: `at` is its coordinate, `value` a number of people or a day."""

    at: str
    value: int | date


@dataclass(frozen=True)
class Row:
    """A line of the table under the chart. `recorded` None: that day is still to come; `target` None: none yet."""

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
    dot_label_y: str
    target_label_y: str
    y_ticks: list[Tick]
    x_ticks: list[Tick]


@dataclass(frozen=True)
class BurnUp:
    """A period's course: `total` recorded as of `as_of`, the target in force then, both pictures and the table."""

    as_of: date
    total: int
    target: int | None
    revised: bool
    by_week: bool
    wide: Picture
    narrow: Picture
    rows: list[Row]


@dataclass(frozen=True)
class Scale:
    """Where a day and a number of people lie. A day is drawn at its end: nobody is recorded before the first one."""

    width: int
    height: int
    first_day: date
    days: int
    most: int

    def x(self, day: date, *, begin: bool = False) -> float:
        """The coordinate of a day's end, or of its begin."""
        passed = (day - self.first_day).days + (0 if begin else 1)
        return LEFT + (self.width - LEFT - RIGHT) * passed / self.days

    def y(self, people: int) -> float:
        """The coordinate of a number of people."""
        floor = self.height - BOTTOM
        return floor - (floor - TOP) * people / self.most

    def point(self, day: date, people: int, *, begin: bool = False) -> str:
        return f"{self.x(day, begin=begin):.1f},{self.y(people):.1f}"


def burn_up(
    *, first_day: date, last_day: date, as_of: date, recorded: Mapping[date, int], targets: Sequence[Step]
) -> BurnUp:
    """The chart of a period. `recorded` holds people by service day; `targets` says from which day on which target was
    in force, oldest first. What lies outside of the period or after `as_of` is left out."""
    until = min(as_of, last_day)
    course = cumulative(recorded, first_day, until)
    total = course[-1][1] if course else 0
    steps = _steps(targets, first_day, until)
    goal = steps[-1][1] if steps else None
    most = y_ticks(max([1, total, *(people for _day, people in steps)]))[-1]
    days = (last_day - first_day).days + 1

    def picture(width: int, height: int) -> Picture:
        scale = Scale(width, height, first_day, days, most)
        return _picture(scale, last_day, until, course, steps)

    return BurnUp(
        as_of, total, goal, len({people for _day, people in steps}) > 1, days < 60,
        picture(*WIDE), picture(*NARROW), _rows(first_day, last_day, until, course, steps),
    )  # fmt: skip


def cumulative(recorded: Mapping[date, int], first_day: date, until: date) -> list[Step]:
    """(day, people recorded so far) at each day with an entry, ending with `until`; none before the first day."""
    if until < first_day:
        return []
    course, total = [], 0
    for day in sorted(day for day in recorded if first_day <= day <= until):
        total += recorded[day]
        course.append((day, total))
    if not course or course[-1][0] != until:
        course.append((until, total))
    return course


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
    known = [(day, people) for day, people in targets if day <= until]
    return [
        (max(first_day, day) if number else first_day, people) for number, (day, people) in enumerate(known)
    ]


def _picture(scale: Scale, last_day: date, until: date, course: list[Step], steps: list[Step]) -> Picture:
    total = course[-1][1] if course else 0
    goal = steps[-1][1] if steps else None
    start = scale.point(scale.first_day, 0, begin=True)
    missing = goal is not None and goal > total and until < last_day
    return Picture(
        scale.width, scale.height, LEFT, scale.width - RIGHT, scale.height - BOTTOM,
        recorded=" ".join([start, *(scale.point(*each) for each in thinned(course))]) if course else "",
        plan=f"{start} {scale.point(last_day, goal)}" if goal is not None else "",
        required=f"{scale.point(until, total)} {scale.point(last_day, goal)}" if missing and course else "",  # type: ignore[arg-type]
        target=_step_line(scale, steps, last_day),
        dot=(f"{scale.x(until):.1f}", f"{scale.y(total):.1f}") if course else None,
        dot_label_y=f"{max(scale.y(total) - 9, 12):.1f}",
        target_label_y=f"{scale.y(goal) - 6:.1f}" if goal is not None else "",
        y_ticks=[Tick(f"{scale.y(people):.1f}", people) for people in y_ticks(scale.most)],
        x_ticks=_x_ticks(scale, last_day),
    )  # fmt: skip


def thinned(course: list[Step]) -> list[Step]:
    """At most about MOST_POINTS of the points, the last one always; each that stays is exact."""
    every = -(-len(course) // MOST_POINTS)
    return course if every < 2 else [*course[:-1][::every], course[-1]]


def _step_line(scale: Scale, steps: list[Step], last_day: date) -> str:
    points: list[str] = []
    for (day, people), (end, _next) in pairwise([*steps, (last_day + ONE_DAY, 0)]):
        points += [scale.point(day, people, begin=True), scale.point(end, people, begin=True)]
    return " ".join(points)


def _x_ticks(scale: Scale, last_day: date) -> list[Tick]:
    """The first days of months, or of weeks in a short period, as many as there is room for."""
    days = [scale.first_day + timedelta(days=number) for number in range(scale.days)]
    begins = [day for day in days if (day.weekday() == 0 if scale.days < 60 else day.day == 1)] or days[:1]
    room = (scale.width - LEFT - RIGHT) / scale.days * (7 if scale.days < 60 else 30.4)
    every = max(1, -(-ROOM_FOR_A_MONTH // max(1, int(room))))
    return [Tick(f"{scale.x(day, begin=True):.1f}", day) for day in begins[::every]]


def _rows(first_day: date, last_day: date, until: date, course: list[Step], steps: list[Step]) -> list[Row]:
    """The ends of the months, the day itself among them."""
    ends = {day for number in range((last_day - first_day).days + 1)
            if (day := first_day + timedelta(days=number)) == last_day or (day + ONE_DAY).day == 1}  # fmt: skip
    goal = steps[-1][1] if steps else None
    days = sorted(ends | ({until} if course else set()))
    return [
        Row(
            day, _on(course, day, 0) if day <= until else None,
            None if goal is None else plan_on(day, first_day, last_day, goal), _on(steps, day, None),
        )
        for day in days
    ]  # fmt: skip


def _on(steps: Sequence[Step], day: date, before: int | None) -> int | None:
    """The value of the last step up to a day."""
    return next((people for begin, people in reversed(steps) if begin <= day), before)
