"""How long forecasts like this one really took: quantiles of (actual days ÷ predicted days) over the areas of the same
campaign, taken further out or in until the ranges given so far were right as often as they claim.

Four rules keep it honest. A forecast whose target is not reached yet counts with what is known of it, that it takes
longer (Kaplan and Meier); otherwise only the quick ones would be learned from. The many weeks that an area spends before
a target count little more than one. Of several ways to predict, those weigh most that were nearest to the truth in cases
like this. Without enough areas whose truth is known there are no quantiles.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import exp, log
from typing import NamedTuple

from recording.coverage.forecast.predictors import SHORTEST

MISSED = 0.1  # share of the truths below a range, and as many above it: it holds 80%
BANDS = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9)  # of progress to the target, each from here to the next
ENOUGH_AREAS = 4  # with a known truth; one that is unlike this case counts as part of an area
STEP = 0.1  # in which progress and depth are compared
PROGRESS_HALVES, DEPTH_HALVES = 1.5, 3.0  # steps apart at which a case weighs half
HORIZON_STEP = 0.5  # of the logarithm of the predicted days
HORIZON_HALVES = 2.0
LEAST_ALIKE = 0.1  # weight of a case elsewhere on the way, if it was predicted as long
AGE_HALVES_WEEKS = 12  # a forecast weighs half when it is so much older
LIGHTEST = 0.03  # what weighs less is left out
MOST_CASES = 2_000  # evenly taken of more: the quantiles change little, the time much
TRUST = 2  # a way to predict that was twice as far off weighs a quarter
NARROWEST = 0.02  # of a logarithm: what was that near to the truth, by chance, is not trusted more
ROUNDING = 1e-9  # of sums of weights
FIRST_BELOW, FIRST_ABOVE = 0.1, 0.4  # few areas seldom show the tenth that is farthest out, the slow end least
LEARNING = 2.0  # how far one area's misses move the ends of the ranges
INMOST, OUTMOST = -1.2, 2.5  # one truth in four is outside there, or one in 125


class Kind(NamedTuple):
    """What makes cases alike: the steps of progress and depth, relative to the area's largest target, and of the
    logarithm of the predicted days."""

    progress: int
    depth: int
    horizon: int

    def likeness(self, other: "Kind") -> float:
        """1 of the same kind; less the farther apart."""
        way = abs(self.progress - other.progress) / PROGRESS_HALVES + abs(self.depth - other.depth) / DEPTH_HALVES
        likeness = max(LEAST_ALIKE, 0.5**way) * 0.5 ** (abs(self.horizon - other.horizon) / HORIZON_HALVES)
        return likeness if likeness >= LIGHTEST else 0.0


@dataclass(slots=True)
class Case:
    """A forecast that was made for a target of an area, and what became of it: it `took` so many days, or the area has
    `waited` so many without reaching it, as far as is known.

    `depth` is the target's share of the area's largest one; `progress` the share of it that was recorded; `logs` the
    logarithms of the days by each predictor, that of the bare pace (`predicted`) first.
    """

    area: str
    target: int
    depth: float
    made: int
    progress: float
    predicted: float
    low: int | None = None
    middle: int | None = None
    high: int | None = None
    took: int | None = None
    waited: int = 0
    list_must_be_checked: bool = False
    low_is_known: bool = False
    high_is_known: bool = False
    logs: tuple[float, ...] = ()

    @property
    def band(self) -> int:
        return sum(self.progress >= start for start in BANDS) - 1

    @property
    def kind(self) -> Kind:
        horizon = round(log(max(self.predicted, 1.0)) / HORIZON_STEP)
        return Kind(int(self.progress * self.depth / STEP), round(self.depth / STEP), horizon)


class Shares(NamedTuple):
    """The shares of the truths below the low end of a range, its middle and its high end."""

    low: float
    middle: float
    high: float


class Quantiles(NamedTuple):
    """Of one predictor: its weight, and the logarithms of actual ÷ predicted at each of the shares."""

    weight: float
    predictor: int
    low: float
    middle: float
    high: float


@dataclass
class Width:
    """How far out the ends of a range lie among the truths, adapted to the misses so far (adaptive conformal inference):
    a miss moves an end by nine times what a hit does, so that a tenth of misses balances. As logarithms of odds."""

    below: float = FIRST_BELOW
    above: float = FIRST_ABOVE
    waiting: list[Case] = field(default_factory=list)

    @property
    def shares(self) -> Shares:
        odds = (1 - MISSED) / MISSED
        return Shares(1 / (1 + odds * exp(self.below)), 0.5, 1 - 1 / (1 + odds * exp(self.above)))

    def learn(self, share: float) -> None:
        """Take in every end of a range of which it is known by now whether the truth lies beyond it. A case counts as
        `share` of an area.

        A range that passed without the target is a miss on the day it passed, not on the day the target is reached.
        """
        below = above = 0.0
        for case in self.waiting:
            assert case.low is not None
            assert case.high is not None
            if not case.low_is_known and (case.took is not None or case.waited > case.low):
                case.low_is_known = True
                below += (case.took is not None and case.took < case.low) - MISSED
            if not case.high_is_known and (case.took is not None or case.waited > case.high):
                case.high_is_known = True
                above += (case.took is None or case.took > case.high) - MISSED
        self.waiting = [case for case in self.waiting if not (case.low_is_known and case.high_is_known)]
        self.below = min(OUTMOST, max(INMOST, self.below + LEARNING * share * below))
        self.above = min(OUTMOST, max(INMOST, self.above + LEARNING * share * above))


class Pool:
    """The cases of a campaign as they are known on a day."""

    def __init__(self, cases: Sequence[Case], day: int, age_halves: float, shares: Shares | None = None) -> None:
        cases = [case for case in cases if 0.5 ** ((day - case.made) / age_halves) >= LIGHTEST]
        cases = [case for case in cases if case.took is not None or case.waited > 0]
        self._known_areas: defaultdict[Kind, set[str]] = defaultdict(set)
        for case in cases:
            if case.took is not None:
                self._known_areas[case.kind].add(case.area)
        cases = cases[:: 1 + len(cases) // MOST_CASES]
        weeks = Counter((case.area, case.target) for case in cases)
        self._shares = shares or Width().shares
        self._kinds = [case.kind for case in cases]
        self._weights = [0.5 ** ((day - c.made) / age_halves) / weeks[c.area, c.target] ** 0.5 for c in cases]
        self._open = [case.took is None for case in cases]
        self._errors = [_errors(case) for case in cases]
        self._orders: dict[int, list[int]] = {}
        self._found: dict[Kind, list[Quantiles]] = {}

    def range(self, case: Case) -> tuple[float, float, float] | None:
        """Days until the target of a case: low, middle, high. None without enough areas that know."""
        kind = case.kind
        if kind not in self._found:
            self._found[kind] = self._quantiles(kind, len(case.logs))
        found = self._found[kind]
        if not found:
            return None
        weights = sum(each.weight for each in found)
        low, middle, high = (
            exp(sum(each.weight * (case.logs[each.predictor] + each[place]) for each in found) / weights) for place in (2, 3, 4)
        )
        return low, middle, high

    def _quantiles(self, kind: Kind, predictors: int) -> list[Quantiles]:
        alike = {each: kind.likeness(each) for each in {*self._kinds, *self._known_areas}}
        if self._areas(alike) < ENOUGH_AREAS:
            return []
        weights = [weight * alike[each] for weight, each in zip(self._weights, self._kinds, strict=True)]
        found = []
        for predictor in range(predictors):
            seen = ((self._errors[n][predictor], self._open[n], weights[n]) for n in self._order(predictor) if weights[n])
            values = ended_by(seen, sum(weights), self._shares)
            if values:
                found.append((values[2] - values[0], predictor, values))
        if not found:
            return []
        nearest = max(NARROWEST, min(spread for spread, _predictor, _values in found))
        return [Quantiles((nearest / max(NARROWEST, spread)) ** TRUST, which, *values) for spread, which, values in found]

    def _areas(self, alike: dict[Kind, float]) -> float:
        """How many areas know a truth, each as much as its likest case is alike."""
        likest: dict[str, float] = {}
        for kind, areas in self._known_areas.items():
            for area in areas:
                likest[area] = max(likest.get(area, 0.0), alike[kind])
        return sum(sorted(likest.values()))

    def _order(self, predictor: int) -> list[int]:
        """The cases, smallest error of the predictor first; of equal ones what is known comes before what is open."""
        if predictor not in self._orders:
            numbers = range(len(self._errors))
            self._orders[predictor] = sorted(numbers, key=lambda n: (self._errors[n][predictor], self._open[n]))
        return self._orders[predictor]


def _errors(case: Case) -> list[float]:
    """The logarithm of actual ÷ predicted for each predictor."""
    days = log(max(case.waited if case.took is None else case.took, SHORTEST))
    return [days - each for each in case.logs]


def ended_by(seen: Iterable[tuple[float, bool, float]], weight: float, shares: Sequence[float]) -> list[float] | None:
    """The smallest values up to which each of the ascending shares ended, from (value, whether it is open, weight),
    smallest value first, that weigh `weight` together. What is open is only known to exceed its value (Kaplan and Meier).

    Beyond the last truth nothing is known: it stands for the largest share if all but a tenth ended; None if fewer did.
    """
    at_risk, lasting, last = weight, 1.0, 0.0
    values: list[float] = []
    for value, is_open, each in seen:
        if not is_open:
            lasting = lasting * (1 - each / at_risk) if at_risk > each + ROUNDING else 0.0
            last = value
            while len(values) < len(shares) and 1 - lasting >= shares[len(values)] - ROUNDING:
                values.append(value)
            if len(values) == len(shares):
                return values
        at_risk -= each
    if 1 - lasting < 1 - MISSED - ROUNDING:
        return None
    return values + [last] * (len(shares) - len(values))
