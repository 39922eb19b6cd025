"""Ways to predict how many days a target takes, from what one area had recorded by a day. Pure.

None of them is right for every campaign: a level pace is told best by its longest stretch, a list that runs out by those
who are left, a ramp-up by its growth. Which of them to trust is learned from how they did: see calibration.
"""

from dataclasses import dataclass
from math import log

from recording.coverage.forecast.course import Course
from recording.coverage.pace import PACE_WORKING_DAYS

SHORTEST = 0.5  # days: a target reached at once has no logarithm
LONGEST = 3_650  # days: what takes longer is "more than ten years"
LONG_STRETCH = 40  # days of the steadier pace
SPARE = (1.06, 1.4)  # of the largest target: how many people there may be in all
MOST_GROWTH = 2.0  # of the pace from one stretch of 20 days to the next, and its inverse


@dataclass(frozen=True)
class Situation:
    """What the predictions of an area are made from: the people recorded, those of an average day of the last 20 and of
    the last 40, and how much the pace grew. Nothing older is read (NEEDED_WORKING_DAYS of night)."""

    recorded: float
    bare: float
    long: float
    growth: float
    largest: float

    @classmethod
    def of(cls, course: Course, day: int, largest: float) -> "Situation":
        bare, before = course.pace(day), course.pace(day - PACE_WORKING_DAYS) if day >= PACE_WORKING_DAYS else None
        growth = bare.people / before.people if before and before.people > 0 else 1.0
        return cls(
            recorded=course.totals[day],
            bare=bare.people / bare.days,
            long=course.pace(day, LONG_STRETCH).per_day,
            growth=min(MOST_GROWTH, max(1 / MOST_GROWTH, growth)),
            largest=largest,
        )

    def logs(self, target: float) -> tuple[float, ...]:
        """The logarithm of the days by each predictor, the bare pace first. Only where that is above zero."""
        remaining = target - self.recorded
        bare = remaining / self.bare
        days = (
            bare,
            remaining / self.long if self.long > 0 else bare,
            *(self._from_those_left(target, spare * self.largest, bare) for spare in SPARE),
            bare / self.growth,
        )
        return tuple(log(min(max(each, SHORTEST), LONGEST)) for each in days)

    def _from_those_left(self, target: float, people: float, bare: float) -> float:
        """Where each day finds the same share of those who are left of `people`."""
        if target >= people:
            return bare
        middle = self.recorded - self.bare * PACE_WORKING_DAYS / 2  # when the pace was that of its 20 days
        return log((people - self.recorded) / (people - target)) * (people - middle) / self.bare
