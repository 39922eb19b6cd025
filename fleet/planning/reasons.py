"""Why a plan is as it is: for each stop, for a van-day more in each city, for each published stop that moves."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from fleet.planning.cases import prices_of_plan
from fleet.planning.problem import RECORDING, Plan, Problem
from fleet.planning.request import PlaceYields

# nothing_left: nobody is expected there any more. too_often: stops of the same place that stay are too near, or as many as a
# place may have. no_van: fewer vans go that day than stops were published. better: another plan is worth more.
Why = Literal["closed", "nothing_left", "too_often", "no_van", "better"]
Named = tuple[str, str]  # a stop by the code of its place and its day


@dataclass(frozen=True)
class StopReason:
    """`ordinal`: which visit of the place it is, those before the plan included; `last`: what the last of those recorded.
    `worth` of it and `limit` of its city that day (what one more van would bring), both in weighed recordings; `expected`
    with its range and `limit_people`, both in people: below that, a van is worth more elsewhere."""

    place: str
    day: str
    ordinal: int
    worth: float
    limit: float
    expected: float | None = None
    low: int | None = None
    high: int | None = None
    last: int | None = None
    limit_people: float | None = None


@dataclass(frozen=True)
class Move:
    """A published stop that is not in the new plan, the nearest new day of its place, and why."""

    place: str
    day: str
    new_day: str | None
    why: Why


def stop_reasons(plan: Plan, facts: Iterable[PlaceYields] = ()) -> list[StopReason]:
    """Each stop of the plan, day by day; without the facts of its place only what the plan itself knows."""
    problem, prices = plan["problem"], prices_of_plan(plan).vans
    places, known = {place["code"]: place for place in problem["places"]}, {place.code: place for place in facts}
    in_plan: Counter[str] = Counter()
    reasons = []
    for code, day in sorted(plan["stops"], key=lambda stop: (problem["days"].index(stop[1]), stop[0])):
        worth = places[code]["visits"][in_plan[code]] / RECORDING
        limit = max(0, prices[places[code]["city"]][problem["days"].index(day)]) / RECORDING
        reasons.append(reason_of(code, day, in_plan[code], worth, limit, known.get(code)))
        in_plan[code] += 1
    return reasons


def reason_of(code: str, day: str, before: int, worth: float, limit: float, known: PlaceYields | None) -> StopReason:
    """The reason of the stop that has so many others of its place before it in the plan."""
    if known is None:
        return StopReason(code, day, before + 1, worth, limit)
    expected = float(known.yields[before]) if before < len(known.yields) else 0.0
    low, high = known.ranges[before] if before < len(known.ranges) else (None, None)
    people = limit * expected / worth if worth > 0 else None
    return StopReason(code, day, known.visited + before + 1, worth, limit, expected, low, high, known.last, people)


def van_day_worth(plan: Plan) -> dict[str, float]:
    """What one more van-day would bring to each city at most, on its best day, in weighed recordings."""
    problem, prices = plan["problem"], prices_of_plan(plan).vans
    return {city["code"]: max(row, default=0) / RECORDING for city, row in zip(problem["cities"], prices, strict=True)}


def moves(published: Collection[Named], plan: Plan) -> list[Move]:
    """The published stops of the plan's days that it does not keep, and why."""
    problem, stops = plan["problem"], {(code, day) for code, day in plan["stops"]}
    position = {day: number for number, day in enumerate(problem["days"])}
    city_of = {place["code"]: place["city"] for place in problem["places"]}
    standing = {(code, day) for code, day in published if day in position and code in city_of}
    ruled_out = {(code, day): why_not(problem, standing & stops, code, day) for code, day in standing - stops}
    wanted = Counter((city_of[code], position[day]) for code, day in standing if not ruled_out.get((code, day)))
    too_many, short = vans_short(problem, wanted)
    found = []
    for code, day in sorted(standing - stops):
        city, number, why = city_of[code], position[day], ruled_out[code, day]
        pool = problem["cities"][city]["pool"]
        if why is None and too_many[city, number] > 0 and short[pool, number] > 0:
            why = "no_van"
            too_many[city, number] -= 1
            short[pool, number] -= 1
        days = [on for at, on in stops if at == code and (code, on) not in published]
        new = min(days, key=lambda on: (abs(position[on] - number), on), default=None)
        found.append(Move(code, day, new, why or "better"))
    return found


def vans_short(problem: Problem, wanted: Counter[tuple[int, int]]) -> tuple[Counter[tuple[int, int]], Counter[tuple[int, int]]]:
    """How many of the stops wanted a city has beyond its own vans, by city and day, and how many of those its pool has beyond
    the vans that it lends, by pool and day."""
    too_many, short = Counter[tuple[int, int]](), Counter[tuple[int, int]]()
    for (city, day), stops in wanted.items():
        too_many[city, day] = max(0, stops - problem["cities"][city]["vans"][day])
        short[problem["cities"][city]["pool"], day] += too_many[city, day]
    for pool, day in short:
        short[pool, day] -= problem["pools"][pool][day]
    return too_many, short


def why_not(problem: Problem, kept: Collection[Named], code: str, day: str) -> Why | None:
    """Why the stop cannot be kept at all, if so."""
    place = next(place for place in problem["places"] if place["code"] == code)
    number = dict(zip(problem["days"], problem["workdays"], strict=True))
    if not any(place["visits"]):
        return "nothing_left"
    if place["bonus"][problem["days"].index(day)] is None:
        return "closed"
    fixed = {
        problem["days"][need["days"][0]]
        for need in problem["needs"]
        if len(need["days"]) == 1 and [problem["places"][p]["code"] for p in need["places"]] == [code]
    }
    fixed |= {on for at, on in kept if at == code}
    near = any(abs(number[on] - number[day]) < problem["revisit_gap"] for on in fixed)
    return "too_often" if near or len(fixed) >= len(place["visits"]) else None
