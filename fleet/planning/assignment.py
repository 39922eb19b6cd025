"""The general form solved and proved: the solver proposes an assignment; what it is worth and what none can exceed are
counted here, in whole numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from fleet.planning.assignment_bound import FINENESS, proved_bound
from fleet.planning.instance import Instance
from fleet.planning.model import Rows, solved

WHOLE = 1e-6
SECONDS = 25.0  # for the solver; what it has found by then is proved as far as it goes
MAX_WHOLE, LIKELY_VANS = 1_000, 5  # with more pairs than that, only so many vans of each place are tried
Assignment = list[int | None]  # by place: its van


@dataclass(frozen=True)
class Answer:
    """`bound`: what no assignment exceeds, proved. `exact`: the objective reaches it, whatever the solver said."""

    assignment: Assignment
    objective: int
    bound: int
    solver_status: str

    @property
    def exact(self) -> bool:
        return self.objective == self.bound


def solve(instance: Instance) -> Answer:
    """The best assignment that was found, and the lowest bound that was proved."""
    proposed, prices, status = propose(instance)
    assignment = max(greedy(instance), kept(instance, proposed), key=lambda choice: worth_of(instance, choice))
    objective = worth_of(instance, assignment)
    return Answer(assignment, objective, proved_bound(instance, objective, prices), status)


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
        pairs = possible(instance)
        relaxed = solved(model_of(instance, pairs), False, {"time_limit": SECONDS}).getSolution()
        duals = np.rint(-np.asarray(relaxed.row_dual[: len(instance.places)]) * FINENESS * scale_of(instance))
        prices = [max(0, int(dual)) for dual in duals]
        values, status = list(relaxed.col_value), "whole relaxation"
        if any(WHOLE < value < 1 - WHOLE for value in values):
            pairs = likely(pairs, values, relaxed.col_dual)
            highs = solved(model_of(instance, pairs), True, {"time_limit": SECONDS})
            values, status = list(highs.getSolution().col_value), highs.modelStatusToString(highs.getModelStatus())
        for (van, place), value in zip(pairs, values, strict=True):
            if value > 0.5:
                nothing[place] = van
        return nothing, prices, status
    except Exception:  # the solver may fail in any way: the greedy assignment stands then
        return [None] * len(instance.places), [0] * len(instance.places), "failed"


def scale_of(instance: Instance) -> int:
    """By what values are divided for the solver, whose tolerances are made for numbers of usual size."""
    return max(1, max((value for row in instance.value for value in row), default=1) // 10_000)


def possible(instance: Instance) -> list[tuple[int, int]]:
    """The pairs of van and place that may be and are worth something."""
    return [
        (van, place)
        for van, row in enumerate(instance.value)
        for place, value in enumerate(row)
        if value > 0 and instance.duration[van][place] <= instance.available[van]
    ]


def likely(pairs: list[tuple[int, int]], parts: Sequence[float], losses: Sequence[float]) -> list[tuple[int, int]]:
    """Of each place the vans that the relaxation takes or that lose least against it, nearly always those of the best.
    Whether it is the best, the bound tells, not this choice."""
    if len(pairs) <= MAX_WHOLE:
        return pairs
    by_place: dict[int, list[tuple[bool, float, int]]] = {}
    for (van, place), part, loss in zip(pairs, parts, losses, strict=True):
        by_place.setdefault(place, []).append((part < WHOLE, loss, van))
    return sorted((van, place) for place, vans in by_place.items() for _untaken, _loss, van in sorted(vans)[:LIKELY_VANS])


def model_of(instance: Instance, pairs: list[tuple[int, int]]) -> Rows:
    """One column for each pair; rows for places first, then for vans."""
    rows, scale = Rows(), scale_of(instance)
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
    return rows


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
