"""How long forecasts like this one really took: quantiles of (actual days ÷ predicted days) over the other areas of the
same campaign, widened or narrowed until the ranges given so far were right as often as they claim.

Three rules keep it honest. A forecast whose target is not reached yet counts with what is known of it, that it takes
longer (Kaplan and Meier); otherwise only the quick ones would be learned from. Each target of an area counts once in a
band of progress, however many weeks it spent there. Without enough other areas there are no quantiles.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from math import exp, log

MISSED = 0.1  # share of the truths below a range, and as many above it: it holds 80%
BANDS = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9)  # of progress to the target, each from here to the next
ENOUGH_AREAS = 7  # smallest and largest of seven hold the next one with 75%
DEPTH_HALVES = 0.4  # a target of another depth weighs half at this distance
AGE_HALVES_WEEKS = 8  # a forecast weighs half when it is so much older
LIGHTEST = 0.03  # what weighs less by its depth is left out
ROUNDING = 1e-9  # of sums of weights
SHORTEST = 0.5  # days: a target reached at once has no logarithm
LEARNING = 2.0  # how much of the log of a range's width one area's misses move
NARROWEST, WIDEST = log(0.6), log(2.0)  # of the width, as a share of what the quantiles say


@dataclass(slots=True)
class Case:
    """A forecast that was made for a target of an area, and what became of it: it `took` so many days, or the area has
    `waited` so many without reaching it, as far as is known.

    `depth` is the target's share of the area's largest one; `progress` the share of it that was recorded.
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

    @property
    def band(self) -> int:
        return bisect_right(BANDS, self.progress) - 1


@dataclass(frozen=True)
class Quantiles:
    """Logarithms of actual ÷ predicted that one truth in ten stays below, half of them, and one in ten exceeds."""

    low: float
    middle: float
    high: float


class Pool:
    """The cases of one band of progress as they are known on a day, smallest actual ÷ predicted first."""

    def __init__(self, cases: Iterable[Case], day: int, age_halves: float) -> None:
        cases = [case for case in cases if 0.5 ** ((day - case.made) / age_halves) >= LIGHTEST]
        weeks = Counter((case.area, case.target) for case in cases)
        rows: list[tuple[float, bool, str, float, float]] = []
        for case in cases:
            ended = case.took is not None
            days = case.took if case.took is not None else case.waited
            if ended or days > 0:
                weight = 0.5 ** ((day - case.made) / age_halves) / weeks[case.area, case.target]
                rows.append((log(max(days, SHORTEST) / case.predicted), not ended, case.area, case.depth, weight))
        self.rows = sorted(rows)
        self._at_depth: dict[float, tuple[list[tuple[float, bool, str, float]], dict[str, float]]] = {}

    def quantiles(self, leave_out: Container[str], depth: float) -> Quantiles | None:
        """The quantiles for a target of this depth from areas that are not left out; None without enough of them."""
        if depth not in self._at_depth:
            self._at_depth[depth] = self._alike(depth)
        rows, likeness = self._at_depth[depth]
        if sum(like for area, like in likeness.items() if area not in leave_out) < ENOUGH_AREAS:
            return None
        curve = survival([(value, is_open, weight) for value, is_open, area, weight in rows if area not in leave_out])
        if curve[-1][0] < 1 - MISSED - ROUNDING:
            return None  # too many are still open: nobody knows how long the slowest tenth takes
        return Quantiles(*(_at(curve, share) for share in (MISSED, 0.5, 1 - MISSED)))

    def _alike(self, depth: float) -> tuple[list[tuple[float, bool, str, float]], dict[str, float]]:
        """The rows, weighted by how much like this their depth is; and of each area with a truth how much it is at most."""
        alike = {each: 0.5 ** (abs(each - depth) / DEPTH_HALVES) for each in {row[3] for row in self.rows}}
        rows, likeness = [], dict.fromkeys(sorted({row[2] for row in self.rows}), 0.0)
        for value, is_open, area, its_depth, weight in self.rows:
            like = alike[its_depth]
            if like >= LIGHTEST:
                rows.append((value, is_open, area, weight * like))
                if not is_open and like > likeness[area]:
                    likeness[area] = like
        return rows, likeness


def survival(seen: Iterable[tuple[float, bool, float]]) -> list[tuple[float, float]]:
    """The share that ended up to each value from (value, whether it is open, weight), smallest value first. What is open
    is only known to exceed its value (Kaplan and Meier)."""
    seen = list(seen)
    at_risk, lasting, curve = sum([weight for _value, _is_open, weight in seen]), 1.0, []
    for value, is_open, weight in seen:
        if not is_open:
            lasting *= max(0.0, 1 - weight / at_risk) if at_risk > weight else 0.0
            curve.append((1 - lasting, value))
        at_risk -= weight
    return curve


def _at(curve: Sequence[tuple[float, float]], share: float) -> float:
    """The smallest value up to which at least this share ended."""
    return next((value for ended, value in curve if ended >= share - ROUNDING), curve[-1][1])


@dataclass
class Width:
    """How much wider than its quantiles a range is drawn, below and above its middle, adapted to the misses so far
    (adaptive conformal inference): a miss widens by nine times what a hit narrows, so that a tenth of them balances."""

    below: float = 0.0
    above: float = 0.0
    waiting: list[Case] = field(default_factory=list)

    def range(self, predicted: float, found: Quantiles) -> tuple[float, float, float]:
        """Days until the target: low, middle, high."""
        low = found.middle - exp(self.below) * (found.middle - found.low)
        high = found.middle + exp(self.above) * (found.high - found.middle)
        return predicted * exp(low), predicted * exp(found.middle), predicted * exp(high)

    def learn(self, share: float) -> None:
        """Take in every end of a range of which it is known by now whether the truth lies beyond it. A case moves the
        width by `share` of an area.

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
        self.below = min(WIDEST, max(NARROWEST, self.below + LEARNING * share * below))
        self.above = min(WIDEST, max(NARROWEST, self.above + LEARNING * share * above))
