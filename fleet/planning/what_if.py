"""What another question would bring: a van lent or out, a Saturday more. Told by solving again, and at once by the
multipliers of the plan, which no answer exceeds."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from fleet.planning.building import problem_of
from fleet.planning.cases import prices_of_plan
from fleet.planning.changes import Change
from fleet.planning.engine import Engine
from fleet.planning.planner import propose
from fleet.planning.prices import usable
from fleet.planning.problem import RECORDING, Plan, Prices, Problem
from fleet.planning.proof import bound_of
from fleet.planning.request import PlanRequest


@dataclass(frozen=True)
class WhatIf:
    """`recordings`: how many more are expected than of the plan, fewer below 0; `weighed`: the same as the plan weighs it."""

    recordings: Decimal
    weighed: float
    plan: Plan


def expected_recordings(request: PlanRequest, stops: Iterable[Iterable[str]]) -> Decimal:
    """What the stops of a plan are expected to record, unweighed."""
    visits = Counter(code for code, _day in stops)
    return sum((sum(place.yields[: visits[place.code]], Decimal(0)) for place in request.places), Decimal(0))


def what_if(request: PlanRequest, plan: Plan, change: Change, engine: Engine | None) -> WhatIf:
    """The best plan of the request when it is changed, beside the plan that it has; Refused when the change cannot be."""
    changed = change(request)
    other = propose(problem_of(changed), engine)
    recordings = expected_recordings(changed, other["stops"]) - expected_recordings(request, plan["stops"])
    return WhatIf(recordings, (other["value"] - plan["value"]) / RECORDING, other)


def estimate(request: PlanRequest, plan: Plan, change: Change) -> float:
    """What the change can bring at most beyond the bound of the plan, in weighed recordings, at once: by the multipliers."""
    changed = problem_of(change(request))
    return (bound_of(changed, *carried(plan, changed)) - plan["bound"]) / RECORDING


def carried(plan: Plan, changed: Problem) -> Prices:
    """The multipliers of the plan for a changed problem; a new day costs what van-days of its city cost on average."""
    old, (vans, needs) = plan["problem"], prices_of_plan(plan)
    rows = dict(zip((city["code"] for city in old["cities"]), vans, strict=True))
    prices = []
    for city in changed["cities"]:
        by_day = dict(zip(old["days"], rows.get(city["code"], [0] * len(old["days"])), strict=True))
        mean = sum(by_day.values()) // len(by_day)
        prices.append([by_day.get(day, mean) for day in changed["days"]])
    known = dict(zip(named_needs(old), needs, strict=True))
    return usable(changed, Prices(prices, [known.get(need, 0) for need in named_needs(changed)]))


def named_needs(problem: Problem) -> list[tuple]:
    """The needs by names, which stay when positions do not."""
    return [
        (*(problem["places"][p]["code"] for p in need["places"]), *(problem["days"][d] for d in need["days"]), need["at_least"])
        for need in problem["needs"]
    ]
