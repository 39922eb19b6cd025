"""The forecasts of one night: the campaign is gone through again as it is known by now, week by week up to its last day.

`teachers` are the areas from whose past is learned, of all sizes as many as the walk takes; every area with a target is
forecast. The weeks end with the last working day, so that each night makes its own forecast from all that is known.
"""

from bisect import bisect_right
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from math import ceil

from recording.coverage.forecast.calibration import BANDS, Case
from recording.coverage.forecast.course import Course, Days, courses, is_daily
from recording.coverage.forecast.reachable import WEEKS
from recording.coverage.forecast.walk import Walk
from recording.coverage.pace import PACE_WORKING_DAYS
from recording.coverage.workdays import last_working_days, working_days
from recording.parsing.days import ONE_DAY

WEEK = Days.WORKING.week
STEP = 3 * WEEK  # on the way up to the last day: every week would take nine times as long, for little more to learn
MAX_TEACHERS = 30  # of areas that are forecast together
# What the forecast of an area that teaches nobody reads of its past: its pace, and eight weeks for whether it falls.
NEEDED_WORKING_DAYS = max(PACE_WORKING_DAYS, WEEKS * WEEK) + 1
LONGEST_YEARS = 17  # in which LONGEST working days lie


class State(StrEnum):
    """What is said of a target that is not reached."""

    RANGE = "range"
    UNCALIBRATED = "uncalibrated"  # too little is known for a range: the pace alone
    CHECK_LIST = "check_list"  # not reachable without checking the list
    STANDSTILL = "standstill"  # nobody was recorded lately: no pace, no date


@dataclass(frozen=True)
class Forecast:
    """`expected_on` is the day by the pace alone; the range is from `low_on` to `high_on`. `pace_people` were recorded in
    the last `pace_days` working days. `band` is that of progress (calibration.BANDS)."""

    area: str
    target: int
    recorded: int
    pace_people: int
    pace_days: int
    band: int
    state: State
    expected_on: date | None = None
    low_on: date | None = None
    middle_on: date | None = None
    high_on: date | None = None


def teachers_among(areas: Collection[str]) -> list[str]:
    """As many of the areas as are learned from, evenly spread."""
    ordered = sorted(areas)
    return ordered[:: max(1, ceil(len(ordered) / MAX_TEACHERS))]


def night_forecasts(
    areas: Mapping[str, Mapping[date, int]], targets: Mapping[str, int], teachers: Collection[str], as_of: date
) -> list[Forecast]:
    """Of each target that is not reached, by area. `areas` holds people by service day up to `as_of`; of those that do not
    teach, what came before the days that a forecast needs may stand on one earlier day."""
    counts = _up_to(last_working_days(as_of, 1)[0], areas)
    if not counts:
        return []
    axis, of_areas = courses(counts, Days.WORKING)
    cases = _cases(of_areas, targets, teachers, len(axis) - 1)
    days = [*axis, *working_days(axis[-1] + ONE_DAY, axis[-1].replace(day=1, year=axis[-1].year + LONGEST_YEARS))]
    forecasts = []
    for area in sorted(of_areas.keys() & targets.keys()):
        recorded = sum(areas[area].values())
        if recorded < targets[area]:
            forecasts.append(_forecast(of_areas[area], targets[area], recorded, cases.get(area), area, days, as_of))
    return forecasts


def _up_to(last: date, areas: Mapping[str, Mapping[date, int]]) -> dict[str, dict[date, int]]:
    """What lies after the last working day counts with it; in a daily campaign the axis goes on to that day, also where
    nobody has entered anything for it."""
    counts: dict[str, dict[date, int]] = {}
    for area, people in areas.items():
        if people:
            late = sum(number for day, number in people.items() if day > last)
            counts[area] = {day: number for day, number in people.items() if day <= last}
            if late:
                counts[area][last] = counts[area].get(last, 0) + late
    entered = sorted({day for people in counts.values() for day in people})
    if entered and is_daily(entered, Days.WORKING.between(entered[0], last)):
        counts[min(counts)].setdefault(last, 0)
    return {area: people for area, people in counts.items() if people}


def _cases(of_areas: Mapping[str, Course], targets: Mapping[str, int], teachers: Collection[str], last: int) -> dict[str, Case]:
    """The case of each area on the last day of which something is known of it. The way up to the last day is gone with the
    teachers alone; there all are forecast."""
    goals = {area: [targets[area]] for area in sorted(of_areas.keys() & targets.keys())}
    if not goals:
        return {}
    taught_by = sorted(goals.keys() & teachers) or sorted(goals)
    walk = Walk({area: of_areas[area] for area in taught_by}, {area: goals[area] for area in taught_by}, WEEK)
    for day in range(last % STEP or STEP, last, STEP):
        walk.day(day)
        walk.forecast()
    walk.day(last)
    walk.courses, walk.targets = of_areas, goals
    walk.forecast()
    return {case.area: case for case in walk.made if case.made == of_areas[case.area].last_known(last)}


def _forecast(
    course: Course, target: int, recorded: int, case: Case | None, area: str, days: list[date], as_of: date
) -> Forecast:
    pace = course.pace(case.made if case else len(course.totals) - 1)
    known = Forecast(area, target, recorded, round(pace.people), pace.days, band_of(recorded, target), State.STANDSTILL)
    if case is None:
        return known

    def on(number: float | None) -> date | None:
        return None if number is None else max(days[case.made + ceil(number)], as_of + ONE_DAY)

    state = State.CHECK_LIST if case.list_must_be_checked else State.UNCALIBRATED if case.low is None else State.RANGE
    low, middle, high = on(case.low), on(case.middle), on(case.high)
    return replace(known, state=state, expected_on=on(case.predicted), low_on=low, middle_on=middle, high_on=high)


def band_of(recorded: int, target: int) -> int:
    """The band of progress (calibration.BANDS)."""
    return bisect_right(BANDS, recorded / target) - 1
