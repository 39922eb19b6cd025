"""Requests of the size of DKI and of the nation, drawn from a seed: no two alike in what is free, closed, wished or weighed."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from fleet.planning.request import CityVans, PlaceYields, PlanRequest

DKI = {"31.01": 6, "31.71": 44, "31.72": 31, "31.73": 56, "31.74": 65, "31.75": 65}  # kelurahan by city
FIRST = date(2022, 1, 3)
CAPACITY = Decimal(60)
PROVINCES, CITIES, LEAST, MOST = 38, 514, 81, 245  # of the nation, and of the kelurahan of one of its cities


def dki(seed: int, number_of_days: int) -> PlanRequest:
    """20 vans, three of each city and two to be lent, some of them away; 267 places, some closed for days; wishes."""
    draw, horizon = Random(seed), days(number_of_days)
    away, closed = draw.choice([0, 0.05, 0.1]), draw.choice([0, 0, 0.1, 0.3])
    cities = tuple(
        CityVans(
            code, tuple(sum(draw.random() >= away for _van in range(3)) for _day in horizon), "31", draw.choice([0, 0, 0, 2])
        )
        for code in DKI
    )
    places = tuple(
        place(draw, f"{code}.{number // 8 + 1:02}.{1001 + number % 8}", code, horizon, closed)
        for code, count in DKI.items()
        for number in range(count)
    )
    return with_wishes(draw, PlanRequest(horizon, cities, places, {"31": (2,) * number_of_days}))


def with_wishes(draw: Random, request: PlanRequest) -> PlanRequest:
    """Some ask for another weight of fairness, for vans of Sudin to be lent, for pins, bans and granted requests."""
    places, horizon = request.places, request.days
    choices: dict[str, object] = {"alpha": draw.choice([Decimal(0), Decimal("0.5"), Decimal("0.5"), Decimal(1)])}
    choices["lend_own"], choices["worst_city_first"] = draw.random() < 0.2, draw.random() < 0.2
    if draw.random() < 0.4:
        pins = {(each.code, day) for each in draw.sample(places, 4) if (day := draw.choice(horizon)) not in each.closed}
        free = {each.code for each in draw.sample(places, 5)} - {code for code, _day in pins}
        choices |= {"pins": frozenset(pins), "bans": frozenset((code, "") for code in free)}
    elif draw.random() < 0.6:
        choices["granted"] = tuple((each.code, horizon[:5]) for each in draw.sample(places, 3) if not each.closed)
    return replace(request, **choices)  # type: ignore[arg-type]


def nation(seed: int, number_of_days: int) -> PlanRequest:
    """514 cities of one to three vans a day, to whom their provinces lend up to four."""
    draw, horizon = Random(seed), days(number_of_days)
    provinces = [f"{11 + number * PROVINCES // CITIES}" for number in range(CITIES)]
    names = [(province, f"{province}.{number:03}") for number, province in enumerate(provinces)]
    cities = tuple(CityVans(code, tuple(draw.randint(1, 3) for _day in horizon), province) for province, code in names)
    places = tuple(
        place(draw, f"{code}.{number // 8 + 1:02}.{1001 + number % 8}", code, (), 0)
        for _province, code in names
        for number in range(draw.randint(LEAST, MOST))
    )
    pools = {province: tuple(draw.randint(0, 4) for _day in horizon) for province in provinces}
    return PlanRequest(horizon, cities, places, pools)


def days(number: int) -> tuple[str, ...]:
    """Working days, from a Monday on."""
    return tuple((FIRST + timedelta(days=week * 7 + day)).isoformat() for week in range(number) for day in range(5))[:number]


def place(draw: Random, code: str, city: str, horizon: Iterable[str], closed: float) -> PlaceYields:
    """A place of whose missing people some cannot be reached, and of whose others each visit takes a share."""
    target = draw.randint(50, 2500)
    recorded = int(target * draw.random())
    reachable = recorded + int((target - recorded) * draw.choice([1, 0.7, 0.5, 0.3]))
    left, take_up, yields = Decimal(reachable - recorded), Decimal(draw.randint(2, 35)) / 100, list[Decimal]()
    for _visit in range(3):
        yields.append(round(min(CAPACITY, take_up * left), 4))
        left -= yields[-1]
    shut = frozenset(day for day in horizon if draw.random() < closed)
    return PlaceYields(code, city, recorded, reachable, tuple(yields), shut)
