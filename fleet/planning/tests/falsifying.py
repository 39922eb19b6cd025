"""Ten ways to falsify a plan or its proof, each by a draw."""

from random import Random
from typing import Any


def add_a_stop(plan: Any, draw: Random) -> None:
    free = [
        [place["code"], day]
        for place in plan["problem"]["places"]
        for day in plan["problem"]["days"]
        if [place["code"], day] not in plan["stops"]
    ]
    plan["stops"].append(draw.choice(free))


def drop_a_stop(plan: Any, draw: Random) -> None:
    plan["stops"].remove(draw.choice(plan["stops"]))


def repeat_a_stop(plan: Any, draw: Random) -> None:
    plan["stops"].append(draw.choice(plan["stops"]))


def stop_on_an_absence(plan: Any, draw: Random) -> None:
    code, day = draw.choice(plan["stops"])
    place = next(place for place in plan["problem"]["places"] if place["code"] == code)
    number = plan["problem"]["days"].index(day)
    plan["value"] -= place["bonus"][number]
    place["bonus"][number] = None


def fewer_vans(plan: Any, draw: Random) -> None:
    _code, day = draw.choice(plan["stops"])
    number = plan["problem"]["days"].index(day)
    plan["problem"]["pools"][0][number] = 0
    for city in plan["problem"]["cities"]:
        city["vans"][number] = 0


def value_too_high(plan: Any, draw: Random) -> None:
    plan["value"] += draw.choice([1, 7, 10**6])


def bound_too_low(plan: Any, draw: Random) -> None:
    plan["bound"] -= draw.choice([1, 7, 10**6])


def all_prices_lower(plan: Any, draw: Random) -> None:
    part = draw.randint(2, 9)
    plan["multipliers"][0] = [[price // part for price in row] for row in plan["multipliers"][0]]


def a_visit_worth_more(plan: Any, draw: Random) -> None:
    codes = {code for code, _day in plan["stops"]}
    place = draw.choice([place for place in plan["problem"]["places"] if place["code"] in codes])
    place["visits"][0] += 1


def an_unknown_place(plan: Any, draw: Random) -> None:
    draw.choice(plan["stops"])[0] = f"99.{draw.randint(10, 99)}"


SUBSTANCE = [
    add_a_stop,
    drop_a_stop,
    repeat_a_stop,
    stop_on_an_absence,
    fewer_vans,
    value_too_high,
    bound_too_low,
    all_prices_lower,
    a_visit_worth_more,
    an_unknown_place,
]
