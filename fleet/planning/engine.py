"""What an engine is to the planner. The solver itself (fleet/planning/solver.py) is loaded only by who makes a plan: where it
is not installed, everything else still works, and the greedy plan stands."""

from importlib import import_module
from typing import NamedTuple, Protocol

from fleet.planning.problem import Prices, Problem, Stop


class Proposal(NamedTuple):
    """What an engine answers, unchecked."""

    stops: list[Stop]
    prices: Prices


class Engine(Protocol):
    """Proposes stops and prices for a problem; may fail in any way."""

    name: str

    def solve(self, problem: Problem) -> Proposal: ...


def installed_engine() -> Engine | None:
    """The solver, or None where it is not installed or cannot be loaded."""
    try:
        engine: Engine = import_module("fleet.planning.solver").Highs()
    except ImportError:
        return None
    return engine
