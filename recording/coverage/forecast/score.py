"""How good the forecasts of a campaign were, once the truth is known.

The weighted interval score (Bracher and others, 2021) takes the middle and the 80% range: wide ranges cost, and what lies
outside costs ten times as much. Of the bare pace, a single day, it is the days by which that missed. A range that has
passed without the target was wrong, though nobody knows by how many days: it counts in the share, not in the score. One
that has not passed when the campaign's days end is open and counts in neither.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from recording.coverage.forecast.calibration import BANDS, MISSED, Case

LATE_WEEKS = 8


@dataclass(frozen=True)
class Score:
    """Of the forecasts with a range whose truth is known, so many lay inside, below and above it, `passed` of the last
    without having been reached; the score of those that were, and that of the bare pace for the same."""

    inside: int
    below: int
    above: int
    passed: int
    interval_score: float
    bare_pace_score: float

    @property
    def scored(self) -> int:
        return self.inside + self.below + self.above

    def as_json(self) -> dict[str, Any]:
        return {
            "scored": self.scored,
            "inside": self.inside,
            "below": self.below,
            "above": self.above,
            "passed": self.passed,
            "coverage": ratio(self.inside, self.scored),
            "coverage_of_reached": ratio(self.inside, self.scored - self.passed),
            "relative_wis": ratio(self.interval_score, self.bare_pace_score),
        }


def ratio(part: float, whole: float) -> float | None:
    """To four places; None of nothing."""
    return round(part / whole, 4) if whole else None


def not_calibrated(case: Case) -> bool:
    """Whether no range was given because too little was known."""
    return case.low is None and not case.list_must_be_checked


def interval_score(truth: int, low: int, middle: int, high: int) -> float:
    """The weighted interval score of a middle and one range that misses a tenth on each side, in days."""
    outside = max(0, low - truth) + max(0, truth - high)
    return (abs(truth - middle) / 2 + MISSED * (high - low) + outside) / 1.5


def score(cases: Iterable[Case]) -> Score:
    """The score of forecasts with a range, as far as the truth is known."""
    inside = below = above = passed = 0
    wis = bare = 0.0
    for case in cases:
        if case.low is None or case.middle is None or case.high is None:
            continue
        if case.took is None:
            passed += case.waited > case.high
            continue
        below += case.took < case.low
        above += case.took > case.high
        inside += case.low <= case.took <= case.high
        wis += interval_score(case.took, case.low, case.middle, case.high)
        bare += abs(case.took - ceil(case.predicted))
    return Score(inside, below, above + passed, passed, wis, bare)


def report(cases: Sequence[Case], week: int) -> dict[str, Any]:
    """All figures of a campaign: overall, after eight weeks, and by band of progress."""
    ranged = [case for case in cases if case.low is not None]
    every = score(cases)
    bands = [*BANDS, 1.0]
    return {
        "forecasts": len(cases),
        "not_calibrated": sum(not_calibrated(case) for case in cases),
        "not_reachable": sum(case.list_must_be_checked for case in cases),
        "not_reachable_but_reached": sum(case.list_must_be_checked and case.took is not None for case in cases),
        "open": len(ranged) - every.scored,
        "all": every.as_json(),
        "after_eight_weeks": score(case for case in cases if case.made >= LATE_WEEKS * week).as_json(),
        "bands": [
            {
                "progress_from": bands[number],
                "progress_to": bands[number + 1],
                "forecasts": sum(case.band == number for case in cases),
                "not_calibrated": sum(case.band == number and not_calibrated(case) for case in cases),
                **score(case for case in cases if case.band == number).as_json(),
            }
            for number in range(len(BANDS))
        ],
    }
