"""Names of vans: pinned first, then the nearest of yesterday, no van twice on a day."""

from collections import Counter

from fleet.planning.building import problem_of
from fleet.planning.naming import NamedVan, name_vans
from fleet.planning.planner import propose
from fleet.planning.solver import Highs
from fleet.planning.tests.worlds import request

CITY_OF = {"31.71.01.1001": "31.71", "31.71.01.1002": "31.71", "31.71.02.1001": "31.71"}
VANS = [NamedVan("A", "31.71"), NamedVan("B", "31.71"), NamedVan("Z", "")]


def test_a_van_stays_in_its_kecamatan() -> None:
    stops = [["31.71.01.1001", "d1"], ["31.71.02.1001", "d1"], ["31.71.01.1002", "d2"]]
    named = name_vans(stops, CITY_OF, VANS, {("31.71.01.1001", "d1"): "B"})
    assert named == {("31.71.01.1001", "d1"): "B", ("31.71.02.1001", "d1"): "A", ("31.71.01.1002", "d2"): "B"}


def test_a_van_goes_on_where_it_stopped_last() -> None:
    stops = [["31.71.01.1001", "d1"], ["31.71.02.1001", "d1"]]
    named = name_vans(stops, CITY_OF, VANS, {}, last_places={"A": "31.71.02.1001", "B": "31.71.01.1002"})
    assert named == {("31.71.01.1001", "d1"): "B", ("31.71.02.1001", "d1"): "A"}


def test_an_absent_van_is_not_named() -> None:
    stops = [["31.71.01.1001", "d1"], ["31.71.02.1001", "d1"], ["31.71.01.1002", "d1"]]
    named = name_vans(stops, CITY_OF, [NamedVan("A", "31.71", frozenset({"d1"})), *VANS[1:]], {})
    assert Counter(named.values()) == {"B": 1, "Z": 1}


def test_every_stop_of_a_plan_gets_a_van() -> None:
    problem = problem_of(request(8))
    stops = propose(problem, Highs())["stops"]
    vans = [NamedVan(f"{city['code']}-{n}", city["code"]) for city in problem["cities"] for n in range(3)]
    city_of = {place["code"]: problem["cities"][place["city"]]["code"] for place in problem["places"]}
    named = name_vans(stops, city_of, [*vans, NamedVan("Z1", ""), NamedVan("Z2", "")], {})
    assert len(named) == len(stops)
    assert max(Counter((van, day) for (_place, day), van in named.items()).values()) == 1
