"""The forecasts of a whole campaign, each made from what was known on its day; the future is read by nothing here."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import ceil, floor

from recording.coverage.forecast.calibration import AGE_HALVES_WEEKS, Case, Pool, Quantiles, Width
from recording.coverage.forecast.course import Course
from recording.coverage.forecast.reachable import WEEKS, list_must_be_checked

MILESTONES = tuple(tenth / 10 for tenth in range(1, 10))  # of an area's largest target: forecast to learn from, not shown
GROUPS = 20  # of areas that are left out together: with at most 20 areas each one alone
MOST_LEARNED_FROM = 60  # areas; of more, every second, third … one: the quantiles change little, the time much
LONGEST = 3_650  # days: what takes longer is "more than ten years"

# The quantiles of a band of progress, without some areas, for a target of a depth.
Ask = Callable[[int, frozenset[str], float], Quantiles | None]


@dataclass
class Walk:
    """A campaign as it goes by. Call `day` for every day in order, and `forecast` on the days on which forecasts are
    made, `week` days apart."""

    courses: Mapping[str, Course]
    targets: Mapping[str, Sequence[int]]
    week: int
    width: Width = field(default_factory=Width)
    made: list[Case] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._today = -1
        self._open: list[Case] = []
        self._deepest: dict[str, float] = {}
        self._bands: defaultdict[int, list[Case]] = defaultdict(list)
        self._last_made: dict[str, int] = {}
        areas = sorted(self.courses)
        self._teachers = areas[:: ceil(len(areas) / MOST_LEARNED_FROM)]
        groups = [frozenset(self._teachers[number::GROUPS]) for number in range(GROUPS)]
        self._left_out = {area: group for group in groups for area in group}

    def run(self, days: int) -> list[Case]:
        """Go through the days and make forecasts once a week; all that were made for targets, in order."""
        for day in range(days):
            self.day(day)
            if day and day % self.week == 0:
                self.forecast()
        return self.made

    def day(self, day: int) -> None:
        """Learn what has become known on this day."""
        self._today = day
        for case in self._open:
            course = self.courses[case.area]
            if (reached := course.reached(case.target, day)) is not None:
                case.took = reached - case.made
            case.waited = (course.last_known(day) or 0) - case.made
        self._open = [case for case in self._open if case.took is None]
        self.width.learn(1 / len(self._teachers))

    def forecast(self) -> None:
        """Forecast every target of every area that is not reached and of which there is something new."""
        pools = {band: Pool(cases, self._today, AGE_HALVES_WEEKS * self.week) for band, cases in self._bands.items()}
        ask = cache(lambda band, leave_out, depth: pools[band].quantiles(leave_out, depth) if band in pools else None)
        self._deepest = {
            area: self.courses[area].totals[last] / max(targets)
            for area, targets in self.targets.items()
            if (last := self.courses[area].last_known(self._today)) is not None
        }
        taught: list[Case] = []
        for area in sorted(self.targets):
            last = self.courses[area].last_known(self._today)
            if last is None or last <= self._last_made.get(area, -1):
                continue
            self._last_made[area] = last
            largest = max(self.targets[area])
            shown = sorted(set(self.targets[area]))
            teaches = area in self._left_out
            milestones = [ceil(largest * share) for share in MILESTONES] if teaches else []
            for target in sorted({*shown, *milestones}):
                if case := self._case(area, target, largest, last, ask):
                    self._open.append(case)
                    if teaches:
                        taught.append(case)
                    if target in shown:
                        self.made.append(case)
        for case in taught:
            self._bands[case.band].append(case)
        self.width.waiting += [case for case in taught if case.low is not None]

    def _case(self, area: str, target: int, largest: int, last: int, ask: Ask) -> Case | None:
        course = self.courses[area]
        recorded = course.totals[last]
        predicted = course.pace(last).needed(target - recorded)
        if recorded >= target or predicted is None:
            return None
        depth = round(target / largest, 2)
        case = Case(area, target, depth, last, recorded / target, min(predicted, LONGEST))
        found = ask(case.band, self._leave_out(area), depth) if self._led(area, depth) else None
        case.list_must_be_checked = list_must_be_checked(self._weekly(course, last), target)
        if found and not case.list_must_be_checked:
            low, middle, high = self.width.range(case.predicted, found)
            case.low, case.middle, case.high = _whole_days(floor(low)), _whole_days(round(middle)), _whole_days(ceil(high))
        return case

    def _leave_out(self, area: str) -> frozenset[str]:
        return self._left_out.get(area, frozenset())

    def _led(self, area: str, depth: float) -> bool:
        """Whether another area has come as deep into its list as this target asks: nothing is said of unknown ground."""
        alone = {area, *self._leave_out(area)}
        return any(deep >= depth for other, deep in self._deepest.items() if other not in alone)

    def _weekly(self, course: Course, last: int) -> list[float]:
        ends = range(last - WEEKS * self.week, last + 1, self.week)
        return [course.totals[end] for end in ends] if ends[0] >= 0 else []


def _whole_days(days: int) -> int:
    """At least tomorrow, at most ten years."""
    return max(1, min(days, LONGEST))
