"""The forecasts of a whole campaign, each made from what was known on its day; the future is read by nothing here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil

from recording.coverage.forecast.calibration import AGE_HALVES_WEEKS, LIGHTEST, Case, Pool, Width
from recording.coverage.forecast.course import Course
from recording.coverage.forecast.predictors import LONGEST, Situation
from recording.coverage.forecast.reachable import WEEKS, list_must_be_checked

MILESTONES = tuple(tenth / 10 for tenth in range(1, 10))  # of an area's largest target: forecast to learn from, not shown
MOST_LEARNED_FROM = 60  # areas; of more, every second, third … one: the quantiles change little, the time much
NEARLY = 0.05  # of its list: another area must have come this near to where a target lies


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
        self._taught: list[Case] = []
        self._last_made: dict[str, int] = {}
        areas = sorted(self.courses)
        self._teachers = frozenset(areas[:: ceil(len(areas) / MOST_LEARNED_FROM)])

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
        age_halves = AGE_HALVES_WEEKS * self.week
        self._taught = [case for case in self._taught if 0.5 ** ((self._today - case.made) / age_halves) >= LIGHTEST]
        pool = Pool(self._taught, self._today, age_halves, self.width.shares)
        deepest = self._deepest()
        taught: list[Case] = []
        for area in sorted(self.targets):
            last = self.courses[area].last_known(self._today)
            if last is None or last <= self._last_made.get(area, -1):
                continue
            self._last_made[area] = last
            largest = max(self.targets[area])
            shown = set(self.targets[area])
            teaches = area in self._teachers
            milestones = {ceil(largest * share) for share in MILESTONES} if teaches else set()
            for case in self._cases(area, sorted(shown | milestones), largest, last):
                if _led(case, area, deepest) and not case.list_must_be_checked and (found := pool.range(case)):
                    case.low, case.middle, case.high = (_whole_days(round(days)) for days in found)
                self._open.append(case)
                if teaches:
                    taught.append(case)
                if case.target in shown:
                    self.made.append(case)
        self._taught += taught
        self.width.waiting += [case for case in taught if case.low is not None]

    def _cases(self, area: str, targets: Sequence[int], largest: int, last: int) -> list[Case]:
        """A forecast without a range of each target that is not reached. None while nobody is recorded."""
        course = self.courses[area]
        pace = course.pace(last)
        if pace.people <= 0:
            return []
        situation = Situation.of(course, last, largest)
        weekly = self._weekly(course, last)
        cases = []
        for target in targets:
            if course.reached(target, last) is None:
                predicted = min((target - situation.recorded) / situation.bare, LONGEST)
                case = Case(area, target, round(target / largest, 2), last, max(0.0, situation.recorded / target), predicted)
                case.logs = situation.logs(target)
                case.list_must_be_checked = list_must_be_checked(weekly, target)
                cases.append(case)
        return cases

    def _deepest(self) -> dict[str, float]:
        """How far each area has come to its largest target."""
        return {
            area: self.courses[area].totals[last] / max(targets)
            for area, targets in self.targets.items()
            if (last := self.courses[area].last_known(self._today)) is not None
        }

    def _weekly(self, course: Course, last: int) -> list[float]:
        ends = range(last - WEEKS * self.week, last + 1, self.week)
        return [course.totals[end] for end in ends] if ends[0] >= 0 else []


def _led(case: Case, area: str, deepest: Mapping[str, float]) -> bool:
    """Whether another area has come about as deep into its list as this target asks: nothing is said of unknown ground."""
    return any(deep >= case.depth - NEARLY for other, deep in deepest.items() if other != area)


def _whole_days(days: int) -> int:
    """At least tomorrow, at most ten years."""
    return max(1, min(days, LONGEST))
