"""The engine HiGHS. The linear relaxation is nearly always whole. Where it halves stops, cases are made: a stop is there or is
not. Each case has prices of its own, and the highest of their bounds is that of the whole; a few cases nearly always
suffice. What comes out is only a proposal: fleet/planning/planner.py believes none of it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import NamedTuple

import numpy as np

from fleet.planning.engine import Proposal
from fleet.planning.model import Model, model_of, solved
from fleet.planning.problem import RECORDING, Case, Prices, Problem, Stop, most_cases
from fleet.planning.proof import value_of

MAX_NODES = 2_000  # a number of steps, not of seconds: the same plan on every machine
MOST_TRIED, LEAST_TRIED = 64, 12  # stops that are tried before one of them makes the first two cases; the last two
NEAR, FAR = 0.01, 0.05  # recordings from the bound: near enough; so far that the whole model is tried for a better plan
WHOLE = 1e-6
Choices = tuple[tuple[Stop, bool], ...]  # the stops that are there, or are not, in a case


class Highs:
    """The solver in use."""

    name = f"highspy {version('highspy')}"

    def solve(self, problem: Problem) -> Proposal:
        search = Search(problem)
        search.run()
        return Proposal(search.stops, search.prices(search.root.solution), search.case(search.root))


class Solution(NamedTuple):
    """Of the relaxation: what no plan exceeds, the columns, and the multipliers of the rows."""

    bound: float
    values: np.ndarray
    duals: np.ndarray


@dataclass
class Node:
    """A case with its solution; once it is split, the stop and the cases without it and with it."""

    choices: Choices
    solution: Solution
    stop: Stop | None = None
    without: "Node | None" = None
    with_it: "Node | None" = None


class Relaxation:
    """The linear relaxation, solved for one case after the other, each from where the last one ended."""

    def __init__(self, model: Model) -> None:
        self.model, self.choices = model, Choices()
        self.highs = solved(model.rows, False, {})

    def of(self, choices: Choices) -> Solution:
        """In a case. A stop that is there is worth so much more that it is taken, and this is subtracted again."""
        for stop, _there in sorted(set(self.choices) - set(choices)):
            self.set(stop, 1, 0)
        for stop, there in choices:
            self.set(stop, int(there), self.model.sure * there)
        self.choices = choices
        self.highs.run()
        answer, sure = self.highs.getSolution(), self.model.sure * sum(there for _stop, there in choices)
        bound = -self.highs.getInfo().objective_function_value - sure
        return Solution(bound, np.array(answer.col_value), np.array(answer.row_dual))

    def set(self, stop: Stop, upper: int, more: float) -> None:
        column = self.model.stops[stop]
        self.highs.changeColBounds(column, 0, upper)
        self.highs.changeColCost(column, -self.model.rows.worth[column] - more)


class Search:
    """The best stops found so far, and the cases that prove how good they are."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.model = problem, model_of(problem)
        self.relaxation = Relaxation(self.model)
        self.root = Node((), self.relaxation.of(()))
        self.stops: list[Stop] = []
        self.value = float("-inf")

    def run(self) -> None:
        self.consider(self.root.solution.values)
        for better in (self.near_the_bound, self.anywhere):
            if self.bound() > self.value + (NEAR if better == self.near_the_bound else FAR):
                better()
                self.split_while_it_helps()

    def split_while_it_helps(self) -> None:
        leaves = list(self.leaves(self.root))
        while len(leaves) < most_cases(self.problem):
            leaf = max(leaves, key=lambda node: node.solution.bound)
            tried = max(LEAST_TRIED, MOST_TRIED // len(leaves))
            if leaf.solution.bound <= self.value + NEAR or not self.split(leaf, tried):
                break
            leaves = list(self.leaves(self.root))

    def bound(self) -> float:
        return max(leaf.solution.bound for leaf in self.leaves(self.root))

    def leaves(self, node: Node) -> Iterator[Node]:
        for part in (node.without, node.with_it):
            if part is not None:
                yield from self.leaves(part)
        if node.stop is None:
            yield node

    def halved(self, values: np.ndarray) -> list[Stop]:
        """The stops that are neither there nor not: the most doubtful of each place first, then the second of each, …"""
        doubts = sorted((abs(values[column] - 0.5), stop) for stop, column in self.model.stops.items())
        turns: Counter[int] = Counter()
        ordered = []
        for doubt, stop in doubts:
            if doubt < 0.5 - WHOLE:
                ordered.append((turns[stop[0]], doubt, stop))
                turns[stop[0]] += 1
        return [stop for _turn, _doubt, stop in sorted(ordered)]

    def split(self, leaf: Node, tried: int) -> bool:
        """Make two cases of one, by the stop after which the higher of their bounds is lowest. False when nothing is halved."""
        best: tuple[tuple[float, float], Stop, list[Node]] | None = None
        for stop in self.halved(leaf.solution.values)[:tried]:
            made = [(*leaf.choices, (stop, there)) for there in (False, True)]
            parts = [Node(choices, self.relaxation.of(choices)) for choices in made]
            bounds = sorted((part.solution.bound for part in parts), reverse=True)
            if best is None or tuple(bounds) < best[0]:
                best = (bounds[0], bounds[1]), stop, parts
        if best is None:
            return False
        _bounds, leaf.stop, (leaf.without, leaf.with_it) = best
        for part in best[2]:
            self.consider(part.solution.values)
        return True

    def consider(self, values: np.ndarray) -> None:
        """Keep the stops of a solution when they are the best plan so far."""
        stops = [stop for stop, column in self.model.stops.items() if values[column] > 0.5]
        try:
            value = value_of(self.problem, set(stops)) / RECORDING
        except AssertionError:
            return
        if value > self.value:
            self.stops, self.value = stops, value

    def near_the_bound(self) -> None:
        """The best plan that differs from the relaxation only at places where that halves a stop."""
        values = max(self.leaves(self.root), key=lambda node: node.solution.bound).solution.values
        open_places = {place for place, _day in self.halved(values)}
        columns = self.model.stops.items()
        self.whole({column: round(values[column]) for (place, _day), column in columns if place not in open_places})

    def anywhere(self) -> None:
        self.whole({})

    def whole(self, fixed: dict[int, int]) -> None:
        highs = solved(self.model.rows, True, {"mip_max_nodes": MAX_NODES}, fixed)
        self.consider(np.array(highs.getSolution().col_value))

    def prices(self, solution: Solution) -> Prices:
        whole, model = np.rint(-solution.duals * RECORDING).astype(np.int64), self.model
        return Prices([[int(whole[row]) for row in rows] for rows in model.vans], [-int(whole[row]) for row in model.needs])

    def case(self, node: Node) -> Case:
        """The cases as the proof reads them."""
        if node.stop is None or node.without is None or node.with_it is None:
            return [*self.prices(node.solution)]
        return [*node.stop, self.case(node.without), self.case(node.with_it)]
