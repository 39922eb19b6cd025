"""Why a plan is as it is: for each stop, for a van-day more in each city, for each published stop that moves."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from fleet.planning.problem import RECORDING, Plan

Why = Literal["closed", "no_van", "better"]


@dataclass(frozen=True)
class StopReason:
    """`ordinal`: which visit of the place it is within the plan; `worth` of it and `limit` of its city that day (what one
    more van would bring), both in weighed recordings."""

    place: str
    day: str
    ordinal: int
    worth: float
    limit: float


@dataclass(frozen=True)
class Move:
    """A published stop that is not in the new plan, the nearest new day of its place, and why."""

    place: str
    day: str
    new_day: str | None
    why: Why


def stop_reasons(plan: Plan) -> list[StopReason]:
    problem, (prices, _needs) = plan["problem"], plan["multipliers"]
    places = {place["code"]: place for place in problem["places"]}
    ordinals: Counter[str] = Counter()
    reasons = []
    for code, day in sorted(plan["stops"], key=lambda stop: (problem["days"].index(stop[1]), stop[0])):
        place = places[code]
        worth = place["visits"][ordinals[code]]
        ordinals[code] += 1
        limit = prices[place["city"]][problem["days"].index(day)]
        reasons.append(StopReason(code, day, ordinals[code], worth / RECORDING, limit / RECORDING))
    return reasons


def van_day_worth(plan: Plan) -> dict[str, float]:
    """What one more van-day would bring to each city at most, on its best day, in weighed recordings."""
    problem, (prices, _needs) = plan["problem"], plan["multipliers"]
    return {city["code"]: max(row, default=0) / RECORDING for city, row in zip(problem["cities"], prices, strict=True)}


def moves(published: Collection[tuple[str, str]], plan: Plan) -> list[Move]:
    """The published stops that the plan does not keep: the place is closed, no van is left, or another plan is better."""
    problem = plan["problem"]
    places = {place["code"]: place for place in problem["places"]}
    position = {day: number for number, day in enumerate(problem["days"])}
    stops = {(code, day) for code, day in plan["stops"]}
    used = Counter((places[code]["city"], day) for code, day in stops)
    found = []
    for code, day in sorted(set(published) - stops):
        if day not in position or code not in places:
            continue
        place, number = places[code], position[day]
        own = problem["cities"][place["city"]]["vans"][number]
        why: Why = "closed" if place["bonus"][number] is None else "no_van" if used[place["city"], day] >= own else "better"
        days = [on for at, on in stops if at == code and (code, on) not in published]
        new = min(days, key=lambda on: (abs(position[on] - number), on), default=None)
        found.append(Move(code, day, new, why))
    return found
