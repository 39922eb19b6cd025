"""Proofs in cases: they bound every plan, close what prices alone leave open, and none that is falsified is accepted."""

from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

import pytest

from dukcapil.errors import Refused
from fleet.planning.cases import leaves, prices_of_plan, tidy_case
from fleet.planning.cut import parts
from fleet.planning.plan_file import check_plan
from fleet.planning.planner import propose
from fleet.planning.problem import RECORDING, Case, City, Problem, sealed
from fleet.planning.proof import bound_of
from fleet.planning.reasons import van_day_worth
from fleet.planning.solver import Highs
from fleet.planning.tests.test_planner import best_by_trying
from fleet.planning.tests.worlds import HALVED, crossed, tiny


def drawn_case(problem: Problem, draw: Random, depth: int) -> Case:
    """Cases by any stops, at any prices."""
    stops = [(p, d) for p, place in enumerate(problem["places"]) for d, bonus in enumerate(place["bonus"]) if bonus is not None]
    if depth and stops:
        place, day = draw.choice(stops)
        without = deepcopy(problem)
        without["places"][place]["bonus"][day] = None
        return [place, day, drawn_case(without, draw, depth - 1), drawn_case(problem, draw, depth - 1)]
    vans = [[draw.randint(-10, 9_000_000) for _day in problem["days"]] for _city in problem["cities"]]
    return [vans, [draw.randint(0, 9_000_000) for _need in problem["needs"]]]


@pytest.mark.parametrize("seed", range(40))
def test_any_cases_bound_every_plan(seed: int) -> None:
    problem = tiny(seed)
    case, before = drawn_case(problem, Random(seed), seed % 4), deepcopy(problem)
    best = best_by_trying(problem)
    assert best is None or bound_of(problem, *case) >= best
    assert problem == before
    assert tidy_case(problem, case) is not None


@pytest.mark.parametrize("world", HALVED)
def test_cases_close_what_prices_leave_open(world: tuple[int, int, int]) -> None:
    problem = crossed(*world)
    plan, simple = propose(problem, Highs()), Highs().solve(problem)
    assert leaves(plan["multipliers"]) > 1
    assert plan["bound"] - plan["value"] <= RECORDING // 100
    assert bound_of(problem, *simple.prices) - plan["value"] > RECORDING // 100
    assert set(van_day_worth(plan)) == {"A"}
    assert len(prices_of_plan(plan).vans) == 1


def test_the_cases_of_parts_are_told_apart() -> None:
    one, other = crossed(*HALVED[0]), crossed(*HALVED[0])
    for place in other["places"]:
        place["code"], place["city"] = f"b{place['code']}", 1
    cities: list[City] = [*one["cities"], {"code": "B", "pool": 0, "vans": one["cities"][0]["vans"]}]
    both: Problem = {**one, "cities": cities, "places": [*one["places"], *other["places"]]}
    plan, single = propose(both, Highs()), propose(one, Highs())
    assert len(list(parts(both))) == 2
    assert leaves(plan["multipliers"]) == leaves(single["multipliers"]) ** 2
    assert (plan["value"], plan["bound"]) == (2 * single["value"], 2 * single["bound"])


PLAN: Any = propose(crossed(*HALVED[1]), Highs())


def swap_the_cases(case: Any, draw: Random) -> Case:
    return [case[0], case[1], case[3], case[2]]


def one_case_only(case: Any, draw: Random) -> Case:
    return case[draw.choice([2, 3])]


def another_stop(case: Any, draw: Random) -> Case:
    return [(case[0] + draw.randint(1, 9)) % 10, case[1], case[2], case[3]]


def a_price_in_a_case(case: Any, draw: Random) -> Case:
    row = draw.choice([case[2][0][0], case[3][0][0]])
    dear = [day for day, price in enumerate(row) if price > RECORDING]
    row[draw.choice(dear)] //= draw.randint(3, 9)
    return case


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("falsify", [swap_the_cases, one_case_only, another_stop, a_price_in_a_case])
def test_falsified_cases_are_refused_though_sealed(falsify: Callable[[Any, Random], Case], seed: int) -> None:
    plan = deepcopy(PLAN)
    plan["multipliers"] = falsify(plan["multipliers"], Random(seed))
    with pytest.raises(Refused):
        check_plan(sealed(plan))


LEAF: Case = [[[0] * 9], []]
BAD: list[Any] = [
    [],
    [1],
    "case",
    7,
    [0, 0, LEAF, None],
    [-1, 0, LEAF, LEAF],
    [0, -1, LEAF, LEAF],
    [10**9, 0, LEAF, LEAF],
    [0.0, 0, LEAF, LEAF],
    [0, 0, LEAF],
]


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_case_is_refused(case: Any) -> None:
    with pytest.raises((ValueError, TypeError, LookupError)):
        tidy_case(crossed(*HALVED[0]), case)
