"""Why a place that was asked for is not in a plan, what it would cost to grant it, and whose stop would go."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from dukcapil.errors import N_, Refused
from fleet.planning.building import problem_of
from fleet.planning.cases import prices_of_plan
from fleet.planning.engine import Engine
from fleet.planning.planner import propose
from fleet.planning.prices import wanted
from fleet.planning.problem import RECORDING, Place, Plan
from fleet.planning.reasons import Named
from fleet.planning.request import PlanRequest
from fleet.planning.what_if import expected_recordings


@dataclass(frozen=True)
class Refusal:
    """`expected`: recordings of one visit more. `cost_at_least`: what granting it costs by the multipliers of the plan, in
    weighed recordings; None where it cannot be visited."""

    place: str
    why: Literal["closed", "nothing_left", "dearer"]
    expected: Decimal
    cost_at_least: float | None


@dataclass(frozen=True)
class Granted:
    """What a plan with the request looks like: when the place is visited, the stops that go for it, and how many recordings
    fewer are expected in all."""

    day: str
    displaced: list[Named]
    cost: Decimal
    plan: Plan


def refusal(request: PlanRequest, plan: Plan, place: str, days: Collection[str]) -> Refusal | None:
    """Why the place is not visited on one of these days, at once; None when it is."""
    known = next((each for each in request.places if each.code == place), None)
    if known is None:
        raise Refused(N_("Kelurahan %(place)s tidak dikenal."), place=place)
    if any([place, day] in plan["stops"] for day in days):
        return None
    visits = sum(code == place for code, _day in plan["stops"])
    expected = known.yields[visits] if visits < len(known.yields) else Decimal(0)
    row = next(each for each in plan["problem"]["places"] if each["code"] == place)
    if not any(row["visits"]):
        return Refusal(place, "nothing_left", expected, None)
    costs = [cost for day in days if (cost := cost_on(plan, row, day)) is not None]
    return Refusal(place, "dearer" if costs else "closed", expected, max(0, min(costs)) / RECORDING if costs else None)


def cost_on(plan: Plan, place: Place, day: str) -> int | None:
    """What a visit on the day takes from the best choice of the place's days at the multipliers; None where it cannot be."""
    problem, prices = plan["problem"], prices_of_plan(plan).vans[place["city"]]
    number = problem["days"].index(day) if day in problem["days"] else None
    if number is None or place["bonus"][number] is None:
        return None
    gains = [None if bonus is None else bonus - max(0, price) for bonus, price in zip(place["bonus"], prices, strict=True)]
    beyond = sum(map(abs, place["visits"])) + sum(abs(gain) for gain in gains if gain is not None) + 1
    forced = [gain + beyond if gain is not None and at == number else gain for at, gain in enumerate(gains)]
    chosen = wanted(problem, place["visits"], gains), wanted(problem, place["visits"], forced)
    free, with_it = (sum(place["visits"][: len(on)]) + sum(gains[at] or 0 for at in on) for on in chosen)
    return free - with_it


def granted(request: PlanRequest, plan: Plan, place: str, days: tuple[str, ...], engine: Engine | None) -> Granted:
    """The best plan in which the place is visited on one of these days; Refused with a sentence where none can be."""
    asked = replace(request, granted=(*request.granted, (place, days)))
    other = propose(problem_of(asked), engine)
    day = next(on for code, on in other["stops"] if code == place and on in days)
    displaced = [(code, on) for code, on in plan["stops"] if [code, on] not in other["stops"]]
    cost = expected_recordings(request, plan["stops"]) - expected_recordings(request, other["stops"])
    return Granted(day, displaced, cost, other)
