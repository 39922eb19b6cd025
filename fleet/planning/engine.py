"""What an engine is to the planner. The solver itself (fleet/planning/solver.py) is loaded only by who makes a plan: where it
is not installed, everything else still works, and the greedy plan stands."""

from copy import deepcopy
from importlib import import_module
from queue import Empty, Queue
from threading import Thread
from typing import NamedTuple, Protocol

from fleet.planning.problem import Case, Prices, Problem, Stop


class Proposal(NamedTuple):
    """What an engine answers, unchecked. `case`: cases that prove more than the prices alone."""

    stops: list[Stop]
    prices: Prices
    case: Case | None = None


SECONDS = 300.0  # for one part of a plan; an engine that takes longer has failed


class Engine(Protocol):
    """Proposes stops and prices for a problem; may fail in any way."""

    name: str

    def solve(self, problem: Problem) -> Proposal: ...


def answer_of(engine: Engine, problem: Problem) -> Proposal:
    """What the engine answers, given a copy of the problem that it may spoil. TimeoutError when it does not answer,
    RuntimeError when it breaks off."""
    answers: Queue[Proposal | BaseException] = Queue()

    def ask() -> None:
        try:
            answers.put(engine.solve(deepcopy(problem)))
        except BaseException as error:
            answers.put(error)

    Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=SECONDS)
    except Empty:
        raise TimeoutError from None
    if isinstance(answer, BaseException):
        raise RuntimeError from answer
    return answer


def installed_engine() -> Engine | None:
    """The solver, or None where it is not installed or cannot be loaded."""
    try:
        engine: Engine = import_module("fleet.planning.solver").Highs()
    except ImportError:
        return None
    return engine
