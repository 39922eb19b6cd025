"""Which places can matter: the others are left out before an engine works, without changing what the best plan is worth."""

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from fleet.planning.problem import Place, Problem


def places_that_matter(problem: Problem) -> list[int]:
    """Positions of the places that some best plan, or its proof, may need.

    A city with n van-days visits at most n places. A place is left out when more than n others of its city, open on every
    day, are worth more on their worst day than this one on its best: one of them is always still unvisited and can take its
    stop. At the prices of a best plan that one gains by no stop, so this one does not either, and the bound holds with it.
    Places that a need names one by one are kept.
    """
    members: list[list[int]] = [[] for _ in problem["cities"]]
    for position, place in enumerate(problem["places"]):
        members[place["city"]].append(position)
    kept = {p for need in problem["needs"] for p in need["places"] if not covers_its_cities(need["places"], problem, members)}
    for city, own in zip(problem["cities"], members, strict=True):
        most = sum(vans + lent for vans, lent in zip(city["vans"], problem["pools"][city["pool"]], strict=True))
        kept.update(best_of([(p, problem["places"][p]) for p in own], most))
    return sorted(kept)


def covers_its_cities(places: list[int], problem: Problem, members: list[list[int]]) -> bool:
    """Whether these are all places of some cities: then one place may stand in for another of its city."""
    return set(places) == {p for city in {problem["places"][p]["city"] for p in places} for p in members[city]}


def best_of(own: list[tuple[int, Place]], most: int) -> list[int]:
    """Of the places of a city with `most` van-days those that can matter."""
    days = range(len(own[0][1]["bonus"])) if own else range(0)
    open_days = [day for day in days if any(place["bonus"][day] is not None for _p, place in own)]
    floors, tops = {}, {}
    for position, place in own:
        bonuses = [bonus for bonus in place["bonus"] if bonus is not None]
        if bonuses and place["visits"]:
            tops[position] = place["visits"][0] + max(bonuses)
            if len(bonuses) == len(open_days):
                floors[position] = place["visits"][0] + min(bonuses)
    rising = sorted(floors.values())
    return [p for p, top in tops.items() if top > 0 and len(rising) - bisect_right(rising, top) <= most]


class Part(NamedTuple):
    """A part of a problem that can be solved alone, and where its places, cities and needs stand in the whole."""

    problem: Problem
    places: list[int]
    cities: list[int]
    needs: list[int]


def parts(problem: Problem) -> Iterator[Part]:
    """The cities that share vans to be lent, or a need, together; every other city alone; only places that can matter."""
    groups = joined(problem)
    places: dict[int, list[int]] = {}
    for p in places_that_matter(problem):
        places.setdefault(groups[problem["places"][p]["city"]], []).append(p)
    for group in sorted(set(groups)):
        cities = [city for city, own in enumerate(groups) if own == group]
        needs = [
            number
            for number, need in enumerate(problem["needs"])
            if any(groups[problem["places"][p]["city"]] == group for p in need["places"])
        ]
        yield part_of(problem, places.get(group, []), cities, needs)


def joined(problem: Problem) -> list[int]:
    """For each city the smallest of those that it must be planned with."""
    groups = list(range(len(problem["cities"])))
    lending = {number for number, pool in enumerate(problem["pools"]) if any(pool)}
    links = [[c for c, city in enumerate(problem["cities"]) if city["pool"] == number] for number in sorted(lending)]
    links += [sorted({problem["places"][p]["city"] for p in need["places"]}) for need in problem["needs"]]
    for link in links:
        together = {groups[city] for city in link}
        if len(together) > 1:
            groups = [min(together) if group in together else group for group in groups]
    return groups


def part_of(problem: Problem, places: list[int], cities: list[int], needs: list[int]) -> Part:
    place_at = {old: new for new, old in enumerate(places)}
    city_at = {old: new for new, old in enumerate(cities)}
    inside: Problem = {
        **problem,
        "cities": [problem["cities"][city] for city in cities],
        "places": [{**problem["places"][p], "city": city_at[problem["places"][p]["city"]]} for p in places],
        "needs": [
            {**problem["needs"][n], "places": [place_at[p] for p in problem["needs"][n]["places"] if p in place_at]}
            for n in needs
        ],
    }
    return Part(inside, places, cities, needs)
