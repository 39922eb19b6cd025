"""The burn-up chart as coordinates: every point's height is its value. Pure; templates only write the numbers out.

Coordinates are strings in the units of the SVG's viewBox, with a dot in every language.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, pairwise

from recording.coverage.charts.fan import Fan
from recording.coverage.charts.picture import Lines, Picture, Step, people_axis, picture, scales
from recording.coverage.plan import plan_on
from recording.parsing.days import ONE_DAY

MAX_POINTS = 120


@dataclass(frozen=True)
class Row:
    """A line of the table under the chart. `recorded` None: that day is still to come, or nothing was ever entered;
    `target` None: none yet. `slow` and `fast`: the people that the range of the forecast expects by then; None: no range."""

    day: date
    recorded: int | None
    plan: int | None
    target: int | None
    slow: int | None = None
    fast: int | None = None


@dataclass(frozen=True)
class Readout:
    """What can be read of each day from `first_day` on. `people` and `plan` begin with what was recorded and planned
    before it; then comes what each day added, nothing between two commas where nobody has entered anything. `last` and
    `last_plan` are the people of the last day and the plan up to it."""

    first_day: date
    people: str
    plan: str
    last: int | None
    last_plan: int | None


@dataclass(frozen=True)
class BurnUp:
    """A period's course: `total` recorded as of `as_of` (None: nobody has entered anything), the target in force then,
    `expected` at the end if the pace stays (None: not drawn), both pictures and the table. `unit` says what the ticks
    below name: a week, a month, or a month with its year. `days` are those that the axis shows, people from `low` to
    `high`; `added` and `planned` are what these days brought, `span` says how many days were chosen."""

    as_of: date
    total: int | None
    target: int | None
    expected: int | None
    revised: bool
    unit: str
    span: int | None
    days: int
    low: int
    high: int
    added: int | None
    planned: int | None
    ahead: int | None
    readout: Readout | None
    wide: Picture
    narrow: Picture
    rows: list[Row]


def burn_up(
    *,
    first_day: date,
    last_day: date,
    as_of: date,
    recorded: Mapping[date, int],
    targets: Sequence[Step],
    expected: int | None = None,
    reach: tuple[date, date] | None = None,
    span: int | None = None,
) -> BurnUp:
    """The chart of a period, or of its last `span` days up to `as_of`. `recorded` holds people by service day; `targets`
    says from which day on which target was in force, oldest first. What lies outside of the period or after `as_of` is
    left out. `reach`: the first and the last day on which a forecast expects the target to be reached."""
    until = min(as_of, last_day)
    course = cumulative(recorded, first_day, until)
    steps = _steps(targets, first_day, until)
    goal = steps[-1][1] if steps else None
    total = course[-1][1] if course else None
    whole = span is None or until < first_day
    begin, end = (first_day, last_day) if whole else (max(first_day, until - timedelta(days=(span or 1) - 1)), until)

    def plan(day: date) -> int | None:
        return None if goal is None else plan_on(day, first_day, last_day, goal)

    lines = _lines(begin, end, course, steps, plan)
    if whole and total is not None and until < last_day:
        if goal is not None and total < goal:
            lines.required.extend([(until, total), (last_day, goal)])
        if expected is not None:
            lines.stays.extend([(until, total), (last_day, expected)])
    fan = None
    if whole and total is not None and goal is not None and total < goal and reach and until < last_day:
        fan = Fan(until, total, goal, *reach)
        lines.fan.extend(fan.corners(last_day))
    low, high = people_axis(lines, whole)
    days = (end - begin).days + 1
    wide, narrow = scales(begin, days, low, high)
    planned_before, planned = plan(begin - ONE_DAY), plan(until)
    return BurnUp(
        until,
        total,
        goal,
        lines.stays[-1][1] if lines.stays else None,
        len({people for _day, people in steps}) > 1,
        wide.unit,
        None if whole else span,
        days,
        low,
        high,
        total - lines.recorded[0][1] if total is not None else None,
        None if planned is None or planned_before is None else planned - planned_before,
        None if total is None or planned is None else total - planned,
        _readout(begin, until, recorded, course, plan) if course else None,
        picture(wide, lines),
        picture(narrow, lines),
        _rows(first_day, last_day, until, course, steps, fan),
    )


def shorter_spans(spans: Sequence[int], first_day: date, until: date) -> list[int]:
    """Those that show less than all days up to `until`."""
    return [days for days in spans if days <= (until - first_day).days]


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


def _lines(begin: date, end: date, course: list[Step], steps: list[Step], plan: Callable[[date], int | None]) -> Lines:
    """Those of the days from `begin` to `end`, without what leads beyond the last entry."""
    before = begin - ONE_DAY
    shown = [(day, people) for day, people in course if day >= begin]
    start = (before, dict(course).get(before, 0))
    planned, goal = plan(before), plan(end)
    in_force = [people for day, people in steps if day <= begin]
    target = [(begin, in_force[-1]), *((day, people) for day, people in steps if day > begin)] if steps else []
    corners = [
        corner
        for (day, people), (until, _next) in pairwise([*target, (end + ONE_DAY, 0)])
        for corner in ((day - ONE_DAY, people), (until - ONE_DAY, people))
    ]
    return Lines(
        [start, *thinned(shown)] if shown else [],
        [] if planned is None or goal is None else [(before, planned), (end, goal)],
        [],
        [],
        corners,
        [],
    )


def _readout(
    begin: date, until: date, recorded: Mapping[date, int], course: list[Step], plan: Callable[[date], int | None]
) -> Readout:
    days = [begin + timedelta(days=number) for number in range((until - begin).days + 1)]
    planned = [plan(day) for day in (begin - ONE_DAY, *days)]
    steps = [] if planned[0] is None else [planned[0], *((after or 0) - (before or 0) for before, after in pairwise(planned))]
    people = [dict(course).get(begin - ONE_DAY, 0), *(recorded.get(day, "") for day in days)]
    return Readout(begin, ",".join(map(str, people)), ",".join(map(str, steps)), recorded.get(until), planned[-1])


def _rows(first_day: date, last_day: date, until: date, course: list[Step], steps: list[Step], fan: Fan | None) -> list[Row]:
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
            *((fan.slow(day), fan.fast(day)) if fan and day > until else (None, None)),
        )
        for day in sorted(ends | ({until} if course else set()))
    ]
