"""A request that contradicts itself is a sentence that says where; an empty one is an empty plan."""

from dataclasses import replace
from decimal import Decimal

import pytest

from dukcapil.errors import Refused
from fleet.planning.building import problem_of
from fleet.planning.planner import propose
from fleet.planning.request import CityVans, PlaceYields, PlanRequest
from fleet.planning.solver import Highs
from fleet.planning.tests.worlds import days

pytestmark = pytest.mark.once

DAYS = days(6)
PLACE = PlaceYields("31.71.01.1001", "31.71", 100, 400, (Decimal(40), Decimal(30), Decimal(20)))
OTHER = replace(PLACE, code="31.71.01.1002")
CITY = CityVans("31.71", (1,) * 6)
ASKED = PlanRequest(DAYS, (CITY,), (PLACE, OTHER))
PIN = (PLACE.code, DAYS[0])
BAD = [
    (replace(ASKED, days=()), "hari libur"),
    (replace(ASKED, cities=(replace(CITY, vans=(1,)),)), "setiap hari"),
    (replace(ASKED, cities=(replace(CITY, vans=(-1,) * 6),)), "negatif"),
    (replace(ASKED, places=(replace(PLACE, recorded=-1),)), "negatif"),
    (replace(ASKED, places=(replace(PLACE, yields=(Decimal("NaN"),)),)), "negatif"),
    (replace(ASKED, alpha=Decimal(3)), "0, 0,5 atau 1"),
    (replace(ASKED, places=(PLACE, PLACE)), "dua kali"),
    (replace(ASKED, days=(DAYS[0],) * 6), "dua kali"),
    (replace(ASKED, places=(replace(PLACE, city="31.99"),)), "tidak dikenal"),
    (replace(ASKED, pins=frozenset({("31.71.01.9999", DAYS[0])})), "31.71.01.9999 tidak dikenal"),
    (replace(ASKED, bans=frozenset({("31.71.01.9999", "")})), "tidak dikenal"),
    (replace(ASKED, published=frozenset({("31.71.01.9999", DAYS[0])})), "tidak dikenal"),
    (replace(ASKED, pins=frozenset({(PLACE.code, "2030-01-01")})), "bukan hari pelayanan"),
    (replace(ASKED, pins=frozenset({PIN}), bans=frozenset({PIN})), "tertutup baginya"),
    (replace(ASKED, pins=frozenset({PIN}), bans=frozenset({(PLACE.code, "")})), "tertutup baginya"),
    (replace(ASKED, pins=frozenset({PIN, (PLACE.code, DAYS[4])})), "dua kali dalam 5 hari kerja"),
    (replace(ASKED, pins=frozenset({PIN, (OTHER.code, DAYS[0])})), "2 titik yang dikunci"),
    (replace(ASKED, granted=((PLACE.code, DAYS),) * 4), "paling banyak dikunjungi 3 kali"),
    (replace(ASKED, cities=(replace(CITY, floor=7),)), "titik layanan wajib"),
]


@pytest.mark.parametrize(("asked", "sentence"), BAD)
@pytest.mark.parametrize("engine", [None, Highs()])
def test_a_contradiction_is_a_sentence(asked: PlanRequest, sentence: str, engine: Highs | None) -> None:
    with pytest.raises(Refused, match=sentence):
        propose(problem_of(asked), engine)


EMPTY = [
    (replace(ASKED, places=()), 0),
    (replace(ASKED, cities=(), places=()), 0),
    (replace(ASKED, cities=(replace(CITY, vans=(0,) * 6),)), 0),
    (replace(ASKED, places=(replace(PLACE, yields=(Decimal(0),) * 3),)), 0),
    (replace(ASKED, places=(replace(PLACE, yields=(Decimal(0),)),), pins=frozenset({PIN})), 1),
    (replace(ASKED, bans=frozenset({(PLACE.code, ""), (OTHER.code, "")})), 0),
    (replace(ASKED, places=(PLACE,), pins=frozenset({PIN, (PLACE.code, DAYS[5])})), 2),
]


@pytest.mark.parametrize(("asked", "stops"), EMPTY)
@pytest.mark.parametrize("engine", [None, Highs()])
def test_little_to_plan_is_a_small_plan(asked: PlanRequest, stops: int, engine: Highs | None) -> None:
    assert len(propose(problem_of(asked), engine)["stops"]) == stops


def test_a_saturday_is_no_working_day_more() -> None:
    asked = replace(ASKED, places=(PLACE,), workdays=(0, 1, 2, 3, 4, 4))
    assert len(propose(problem_of(asked), Highs())["stops"]) == 1


def test_own_vans_are_lent_only_when_allowed() -> None:
    far = replace(OTHER, code="31.72.01.1001", city="31.72")
    cities = (replace(CITY, pool="31"), CityVans("31.72", (0,) * 6, "31"))
    asked = replace(ASKED, cities=cities, places=(PLACE, far))
    for allowed, served in ((False, {PLACE.code}), (True, {PLACE.code, far.code})):
        plan = propose(problem_of(replace(asked, lend_own=allowed)), Highs())
        assert {code for code, _day in plan["stops"]} == served


def test_the_worst_city_comes_first_when_asked() -> None:
    behind = PlaceYields("31.72.01.1001", "31.72", 50, 400, (Decimal(10),))
    cities = (CityVans("31.71", (0,) * 6, "31"), CityVans("31.72", (0,) * 6, "31"))
    asked = replace(
        ASKED, cities=cities, places=(replace(PLACE, yields=(Decimal(40),)), behind), pools={"31": (1, 0, 0, 0, 0, 0)}
    )
    for worst, served in ((False, PLACE.code), (True, behind.code)):
        plan = propose(problem_of(replace(asked, worst_city_first=worst)), Highs())
        assert [code for code, _day in plan["stops"]] == [served]
