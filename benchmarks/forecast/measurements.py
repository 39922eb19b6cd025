"""Forecasts of made-up campaigns, and of real ones where they lie beside the checkout, scored with their known truth."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.forecast.families import FAMILIES, Counts, campaign
from benchmarks.lines import Measured
from recording.coverage.forecast.calibration import Case
from recording.coverage.forecast.course import courses, usual_days
from recording.coverage.forecast.files import own_targets, read_campaign
from recording.coverage.forecast.score import LATE_WEEKS, score
from recording.coverage.forecast.walk import Walk

# No number of the method was chosen on these.
SEEDS = range(100, 103)
REAL = Path(__file__).resolve().parents[3] / "shared/data/campaigns"


def measure() -> Iterator[Measured]:
    """Three lines of each family, over its campaigns together."""
    for family in FAMILIES:
        cases: list[Case] = []
        for seed in SEEDS:
            made_up = campaign(family, seed)
            cases += late_cases(made_up.counts, made_up.targets or own_targets(Path(family), made_up.counts))
        yield from _lines(family, cases)
    yield from _real()


def late_cases(counts: Counts, targets: Mapping[str, Sequence[int]]) -> list[Case]:
    """The forecasts that were made after eight weeks."""
    days = usual_days(counts)
    axis, of_areas = courses(counts, days, by_area=True)
    return [case for case in Walk(of_areas, targets, days.week).run(len(axis)) if case.made >= LATE_WEEKS * days.week]


def _real() -> Iterator[Measured]:
    file, adults = REAL / "malaysia_adult_first_doses.csv", REAL / "malaysia_adults.csv"
    if file.exists():
        counts = read_campaign(file)
        yield from _lines("Malaysia, own totals", late_cases(counts, own_targets(file, counts)))
        yield from _lines("Malaysia, all adults", late_cases(counts, _adults(adults)))


def _adults(file: Path) -> dict[str, list[int]]:
    """The adult population of each area, as its targets."""
    with file.open(encoding="utf-8", newline="") as lines:
        return {row["area"]: [int(row["adults"])] for row in csv.DictReader(lines)}


def _lines(name: str, cases: Sequence[Case]) -> Iterator[Measured]:
    found = score(cases)
    ranged = sum(case.low is not None for case in cases)
    coverage = 100 * found.inside / max(1, found.scored)
    yield Measured(f"{name}: off 80%", f"{coverage:.1f}%", "80%", abs(coverage - 80))
    score_ratio = found.interval_score / found.bare_pace_score if found.bare_pace_score else 0.0
    yield Measured(f"{name}: score", f"{found.interval_score:,.0f} d", f"{found.bare_pace_score:,.0f} d", score_ratio)
    yield Measured(f"{name}: with a range", f"{ranged:,}", f"{len(cases):,}", ranged / max(1, len(cases)))
