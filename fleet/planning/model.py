"""A problem as rows and columns, and the solver HiGHS run on them: one thread, both gaps 0, no clock."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import highspy
import numpy as np

from fleet.planning.problem import RECORDING, Place, Problem, Stop

NOTHING: Mapping[int, int] = {}


@dataclass
class Rows:
    """A model: columns with worth, upper limit and kind, and rows with limits."""

    worth: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    factors: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def column(self, worth: float, upper: int) -> int:
        self.worth.append(worth)
        self.upper.append(upper)
        return len(self.worth) - 1

    def row(self, low: float, terms: Sequence[tuple[int, float]], high: float) -> int:
        self.starts.append(len(self.columns))
        self.columns.extend(column for column, _factor in terms)
        self.factors.extend(factor for _column, factor in terms)
        self.low.append(low)
        self.high.append(high)
        return len(self.low) - 1


@dataclass
class Model:
    """The rows, and where in them the stops, the van-days and the needs stand. `sure`: what nothing else is worth."""

    rows: Rows
    stops: dict[Stop, int]
    vans: list[list[int]]
    needs: list[int]
    sure: float


def model_of(problem: Problem) -> Model:
    """y[place, day] for each stop, s[place, k] for each k-th visit, e[city, day] for each van lent, and for each need how much
    of it is not met, at a price that nothing is worth."""
    rows, stops, days = Rows(), {}, range(len(problem["days"]))
    by_city_day: list[list[list[tuple[int, int]]]] = [[[] for _ in days] for _ in problem["cities"]]
    for p, place in enumerate(problem["places"]):
        for day, bonus in enumerate(place["bonus"]):
            if bonus is not None and place["visits"]:
                stops[p, day] = rows.column(bonus / RECORDING, 1)
                by_city_day[place["city"]][day].append((stops[p, day], 1))
        add_visits(rows, problem, place, {day: stops[p, day] for day in days if (p, day) in stops})
    lent: dict[tuple[int, int], list[tuple[int, int]]] = {}
    vans = []
    for city, by_day in zip(problem["cities"], by_city_day, strict=True):
        own = []
        for day, terms in enumerate(by_day):
            limit = problem["pools"][city["pool"]][day]
            if limit and terms:
                column = rows.column(0, limit)
                lent.setdefault((city["pool"], day), []).append((column, 1))
                terms = [*terms, (column, -1)]
            own.append(rows.row(-highspy.kHighsInf, terms, city["vans"][day]))
        vans.append(own)
    for (pool, day), terms in lent.items():
        rows.row(-highspy.kHighsInf, terms, problem["pools"][pool][day])
    sure, needs = 10 * (1 + max(map(abs, rows.worth), default=0)), []
    for need in problem["needs"]:
        named = [(stops[p, day], 1) for p in need["places"] for day in need["days"] if (p, day) in stops]
        named.append((rows.column(-sure, need["at_least"]), 1))
        needs.append(rows.row(need["at_least"], named, highspy.kHighsInf))
    return Model(rows, stops, vans, needs, sure)


def add_visits(rows: Rows, problem: Problem, place: Place, columns: dict[int, int]) -> None:
    """The visits of one place: as many as stops, and at most one in any window of the revisit gap."""
    if not columns:
        return
    visits = [(rows.column(worth / RECORDING, 1), -1) for worth in place["visits"]]
    rows.row(0, [*((column, 1) for column in columns.values()), *visits], 0)
    for window in windows(problem["workdays"], problem["revisit_gap"], list(columns)):
        rows.row(-highspy.kHighsInf, [(columns[day], 1) for day in window], 1)


def windows(workdays: list[int], gap: int, days: list[int]) -> Iterator[list[int]]:
    """The largest sets of these days of which no two lie a whole gap apart."""
    last: list[int] = []
    for position, first in enumerate(days):
        window = [day for day in days[position:] if workdays[day] - workdays[first] < gap]
        if len(window) > 1 and not set(window) <= set(last):
            last = window
            yield window


class QuietHighs(highspy.Highs):
    """HiGHS without the banner that it writes to the standard output when its callbacks are made."""

    def __init__(self) -> None:
        super(highspy.Highs, self).__init__()
        self.setOptionValue("output_flag", False)


def solved(rows: Rows, whole: bool, limits: Mapping[str, int | float], fixed: Mapping[int, int] = NOTHING) -> highspy.Highs:
    """A solver that has run: one thread, no gap allowed. `fixed`: the columns whose values are known."""
    highs, lp = QuietHighs(), highspy.HighsLp()
    options = {"threads": 1, "random_seed": 0, "mip_rel_gap": 0.0, "mip_abs_gap": 0.0}
    for name, value in {**options, **limits}.items():
        highs.setOptionValue(name, value)
    lp.num_col_, lp.num_row_ = len(rows.worth), len(rows.low)
    lp.col_cost_ = -np.array(rows.worth)
    lower, upper = np.zeros(lp.num_col_), np.array(rows.upper, dtype=np.float64)
    known = list(fixed)
    lower[known] = upper[known] = list(fixed.values())
    lp.col_lower_, lp.col_upper_ = lower, upper
    lp.row_lower_, lp.row_upper_ = np.array(rows.low), np.array(rows.high)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.array([*rows.starts, len(rows.columns)], dtype=np.int32)
    lp.a_matrix_.index_ = np.array(rows.columns, dtype=np.int32)
    lp.a_matrix_.value_ = np.array(rows.factors, dtype=np.float64)
    if whole:
        lp.integrality_ = [highspy.HighsVarType.kInteger] * lp.num_col_
    highs.passModel(lp)
    highs.run()
    return highs
