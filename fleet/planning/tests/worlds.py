"""Requests of the size that a test needs, made from a seed."""

from decimal import Decimal
from random import Random

from fleet.planning.problem import Problem
from fleet.planning.request import CityVans, PlaceYields, PlanRequest


def days(number: int) -> tuple[str, ...]:
    return tuple(f"2022-{1 + day // 28:02}-{1 + day % 28:02}" for day in range(number))


def request(seed: int, number_of_days: int = 10, places: tuple[int, ...] = (12, 9, 3), **choices: object) -> PlanRequest:
    """Cities with so many places, up to three vans each, and two vans that the agency lends."""
    draw, horizon, cities, yields = Random(seed), days(number_of_days), [], []
    for number, count in enumerate(places):
        code = f"31.7{number + 1}"
        cities.append(CityVans(code, tuple(draw.randint(1, 3) for _day in horizon), "31"))
        for place in range(count):
            reachable = draw.randint(0, 900)
            recorded = draw.randint(0, reachable)
            left, share = Decimal(reachable - recorded), Decimal(draw.randint(2, 30)) / 100
            next_visits = []
            for _visit in range(3):
                next_visits.append(min(Decimal(60), share * left))
                left -= next_visits[-1]
            name = f"{code}.{place // 8 + 1:02}.{1001 + place % 8}"
            yields.append(PlaceYields(name, code, recorded, reachable, tuple(next_visits)))
    pools = {"31": tuple(2 if day % 2 else 0 for day in range(number_of_days))}
    return PlanRequest(horizon, tuple(cities), tuple(yields), pools, **choices)  # type: ignore[arg-type]


def tiny(seed: int) -> Problem:
    """A problem small enough to try every plan: two cities, four days, four places, one van to be lent."""
    draw = Random(seed)
    return {
        "days": list(days(4)),
        "workdays": [0, 1, 2, 3] if seed % 2 else [0, 1, 1, 2],
        "revisit_gap": 2,
        "pools": [[draw.randint(0, 1) for _day in range(4)]],
        "cities": [{"code": code, "pool": 0, "vans": [draw.randint(0, 1) for _day in range(4)]} for code in ("A", "B")],
        "places": [
            {
                "code": f"p{place}",
                "city": place % 2,
                "visits": sorted((draw.randint(0, 9_000_000) for _visit in range(draw.randint(1, 2))), reverse=True),
                "bonus": [None if draw.random() < 0.2 else draw.randint(0, 200_000) for _day in range(4)],
            }
            for place in range(4)
        ],
        "needs": [{"places": [0, 2], "days": [0, 1, 2, 3], "at_least": 1}] if seed % 3 == 0 else [],
    }


def crossed(seed: int, days: int, places: int) -> Problem:
    """One van, places that are closed every other day, and visits worth the same: the relaxation may halve stops."""
    draw = Random(seed)
    bonus = [[None if draw.random() < 0.5 else draw.randint(0, 100_000) for _day in range(days)] for _place in range(places)]
    return {
        "days": [f"d{day}" for day in range(days)],
        "workdays": list(range(days)),
        "revisit_gap": 3,
        "pools": [[0] * days],
        "cities": [{"code": "A", "pool": 0, "vans": [1] * days}],
        "places": [
            {"code": f"p{place}", "city": 0, "visits": [5_000_000] * 3, "bonus": list(row)} for place, row in enumerate(bonus)
        ],
        "needs": [],
    }


HALVED = [(283, 9, 6), (76, 14, 10), (125, 14, 10)]  # of `crossed`: those where it does
