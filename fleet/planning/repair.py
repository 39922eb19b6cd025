"""A published plan after something has happened: what stands is kept, but for what must move and very few stops more."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace

from fleet.planning.building import problem_of
from fleet.planning.engine import Engine
from fleet.planning.planner import propose
from fleet.planning.problem import RECORDING, Plan
from fleet.planning.reasons import Move, Named, moves
from fleet.planning.request import PlanRequest

MOST_MOVED_PERCENT = 5  # of the published stops that what happened does not touch
BEYOND_ALL = 10  # times the worth of the best stop: what no other plan makes up for


@dataclass(frozen=True)
class Repair:
    """`moves`: every published stop that is not kept. `others`: how many published stops could have been kept; `moved_others`:
    how many of those move, for a better plan."""

    plan: Plan
    moves: list[Move]
    others: int
    moved_others: int


def repair(request: PlanRequest, engine: Engine | None, touched: Collection[Named] = ()) -> Repair:
    """The request as it is after what happened, its `published` stops kept. `touched`: the stops that it happened to, as
    those of a van that is out; they are planned anew. Of the others those move that cannot be kept, and at most 5% more."""
    others = request.published - set(touched)
    asked = replace(request, published=others)
    first = repaired(asked, request.published, engine)
    if first.moved_others * 100 <= first.others * MOST_MOVED_PERCENT:
        return first
    best_stop = max((place["visits"][0] for place in problem_of(asked)["places"] if place["visits"]), default=0)
    return repaired(replace(asked, keep=BEYOND_ALL * (best_stop // RECORDING + 1)), request.published, engine)


def repaired(asked: PlanRequest, published: Collection[Named], engine: Engine | None) -> Repair:
    plan = propose(problem_of(asked), engine)
    why = Counter(move.why for move in moves(asked.published, plan))
    inside = sum(day in asked.days for _code, day in asked.published)
    return Repair(plan, moves(published, plan), inside - why.total() + why["better"], why["better"])
