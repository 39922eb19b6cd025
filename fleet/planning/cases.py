"""Cases of a proof: made usable when an engine gave them, those of parts joined into those of the whole, and read."""

from collections.abc import Sequence
from typing import Any

from fleet.planning.cut import Part
from fleet.planning.prices import usable
from fleet.planning.problem import Case, Plan, Prices, Problem


def tidy_case(problem: Problem, case: Any) -> Case:
    """The case with usable prices; ValueError or TypeError when it is none of this problem."""
    if len(case) == 2:
        return [*usable(problem, Prices(*case))]
    place, day, without, with_it = case
    if type(place) is not int or type(day) is not int or min(place, day) < 0 or problem["places"][place]["bonus"][day] is None:
        raise ValueError("a case of a stop that is none")
    return [place, day, tidy_case(problem, without), tidy_case(problem, with_it)]


def leaves(case: Case) -> int:
    return 1 if len(case) == 2 else leaves(case[2]) + leaves(case[3])


def joined(whole: Case, part: Part, case: Case) -> Case:
    """The cases of the whole in each of which those of a part are told apart."""
    if len(whole) == 4:
        place, day, *cases = whole
        return [place, day, *(joined(each, part, case) for each in cases)]
    if len(case) == 4:
        place, day, *cases = case
        return [part.places[place], day, *(joined(whole, part, each) for each in cases)]
    return [replaced(whole[0], part.cities, case[0]), replaced(whole[1], part.needs, case[1])]


def replaced(values: Sequence[Any], positions: Sequence[int], by: Sequence[Any]) -> list[Any]:
    changed = list(values)
    for position, value in zip(positions, by, strict=True):
        changed[position] = value
    return changed


def prices_of_plan(plan: Plan) -> Prices:
    """The multipliers of the case in which the plan itself lies."""
    places, case = {place["code"]: place for place in plan["problem"]["places"]}, plan["multipliers"]
    codes, stops = list(places), {(code, day) for code, day in plan["stops"]}
    while len(case) == 4:
        place, day, without, with_it = case
        case = with_it if (codes[place], plan["problem"]["days"][day]) in stops else without
    return Prices(*case)
