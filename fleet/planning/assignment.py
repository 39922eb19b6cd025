"""The general form solved and proved: the solver proposes an assignment; what it is worth and what none can exceed are
counted here, in whole numbers."""

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from fleet.planning.instance import Instance
from fleet.planning.knapsack import filling
from fleet.planning.solver import Rows, solved

SECONDS = 40.0  # for the solver; what it has found by then is proved as far as it goes
FINENESS = 1_000  # prices of places are counted in thousandths of a value
ROUNDS, PATIENCE = 400, 10
Assignment = list[int | None]  # by place: its van


@dataclass(frozen=True)
class Answer:
    """`bound`: what no assignment exceeds, proved by `prices` of the places. `exact`: the objective reaches it."""

    assignment: Assignment
    objective: int
    bound: int
    prices: list[int]
    solver_status: str

    @property
    def exact(self) -> bool:
        return self.objective == self.bound


def solve(instance: Instance) -> Answer:
    """The best assignment that was found, and the lowest bound that was proved."""
    proposed, prices, status = propose(instance)
    assignment = max(greedy(instance), kept(instance, proposed), key=lambda choice: worth_of(instance, choice))
    objective = worth_of(instance, assignment)
    bound, prices = lowest_bound(instance, objective, prices)
    return Answer(assignment, objective, bound, prices, status)


def worth_of(instance: Instance, assignment: Assignment) -> int:
    return sum(instance.value[van][place] for place, van in enumerate(assignment) if van is not None)


def kept(instance: Instance, assignment: Assignment) -> Assignment:
    """The assignment without what does not fit into the days of its van, whoever proposed it."""
    left, fitting = list(instance.available), list(assignment)
    for place, van in enumerate(assignment):
        if van is not None and instance.duration[van][place] > left[van]:
            fitting[place] = None
        elif van is not None:
            left[van] -= instance.duration[van][place]
    return fitting


def greedy(instance: Instance) -> Assignment:
    """The most valuable pair that still fits, again and again."""
    pairs = ((-value, v, p) for v, row in enumerate(instance.value) for p, value in enumerate(row) if value > 0)
    assignment: Assignment = [None] * len(instance.places)
    left = list(instance.available)
    for _value, van, place in sorted(pairs):
        if assignment[place] is None and instance.duration[van][place] <= left[van]:
            assignment[place] = van
            left[van] -= instance.duration[van][place]
    return assignment


def propose(instance: Instance) -> tuple[Assignment, list[int], str]:
    """What the solver answers, unchecked: an assignment, prices of the places, and what it says of them."""
    nothing: Assignment = [None] * len(instance.places)
    try:
        rows, pairs = model_of(instance)
        relaxed = solved(rows, False, {"time_limit": SECONDS}).getSolution()
        duals = np.rint(-np.asarray(relaxed.row_dual[: len(instance.places)]) * FINENESS * scale_of(instance))
        prices = [max(0, int(dual)) for dual in duals]
        highs = solved(rows, True, {"time_limit": SECONDS})
        values, status = highs.getSolution().col_value, highs.modelStatusToString(highs.getModelStatus())
        for (van, place), value in zip(pairs, values, strict=True):
            if value > 0.5:
                nothing[place] = van
        return nothing, prices, status
    except Exception:  # the solver may fail in any way: the greedy assignment stands then
        return [None] * len(instance.places), [0] * len(instance.places), "failed"


def scale_of(instance: Instance) -> int:
    """By what values are divided for the solver, whose tolerances are made for numbers of usual size."""
    return max(1, max((value for row in instance.value for value in row), default=1) // 10_000)


def model_of(instance: Instance) -> tuple[Rows, list[tuple[int, int]]]:
    """One column for each pair that may be; rows for places first, then for vans."""
    rows, scale = Rows(), scale_of(instance)
    pairs = [
        (van, place)
        for van, row in enumerate(instance.value)
        for place, value in enumerate(row)
        if value > 0 and instance.duration[van][place] <= instance.available[van]
    ]
    by_place: list[list[tuple[int, float]]] = [[] for _ in instance.places]
    by_van: list[list[tuple[int, float]]] = [[] for _ in instance.vans]
    for van, place in pairs:
        column = rows.column(instance.value[van][place] / scale, 1)
        by_place[place].append((column, 1))
        by_van[van].append((column, instance.duration[van][place]))
    for terms in by_place:
        rows.row(-highspy.kHighsInf, terms, 1)
    for van, terms in enumerate(by_van):
        rows.row(-highspy.kHighsInf, terms, instance.available[van])
    return rows, pairs


def bound_at(instance: Instance, prices: list[int]) -> tuple[int, list[int]]:
    """What no assignment exceeds when each place is sold at its price: in thousandths, and how many vans want each place."""
    total, wanted = sum(prices), [0] * len(prices)
    for value, duration, available in zip(instance.value, instance.duration, instance.available, strict=True):
        worth, chosen = filling([FINENESS * v - u for v, u in zip(value, prices, strict=True)], duration, available)
        total += worth
        for place in chosen:
            wanted[place] += 1
    return total, wanted


def lowest_bound(instance: Instance, objective: int, prices: list[int]) -> tuple[int, list[int]]:
    """The lowest bound found by raising the prices of places that are wanted twice and lowering those that nobody wants."""
    best, lowest, step, vain = prices, bound_at(instance, prices)[0], FINENESS, 0
    for _round in range(ROUNDS):
        total, wanted = bound_at(instance, prices)
        if total < lowest:
            best, lowest, vain = prices, total, 0
        else:
            vain += 1
        slack = [1 - count if count != 1 and (count or price) else 0 for count, price in zip(wanted, prices, strict=True)]
        norm = sum(n * n for n in slack)
        if lowest // FINENESS <= objective or not norm or not step:
            break
        if vain >= PATIENCE:
            prices, step, vain = best, step // 2, 0
            continue
        move = max(1, (total - FINENESS * objective) * step // (FINENESS * norm))
        prices = [max(0, price - move * n) for price, n in zip(prices, slack, strict=True)]
    return lowest // FINENESS, best


def described(instance: Instance, answer: Answer) -> dict[str, Any]:
    """The answer in the words and units of the file."""
    pairs = [(place, van) for place, van in zip(instance.places, answer.assignment, strict=True) if van is not None]
    return {
        "objective": in_units(answer.objective, instance.value_unit),
        "bound": in_units(answer.bound, instance.value_unit),
        "exact": answer.exact,
        "assignment": [{"place": place, "van": instance.vans[van]} for place, van in pairs],
        "solver": answer.solver_status,
    }


def in_units(amount: int, unit: int) -> int | float:
    return amount // unit if amount % unit == 0 else amount / unit
