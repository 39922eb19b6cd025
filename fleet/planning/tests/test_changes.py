"""After something has happened: what stands is kept, each move has its reason, and other questions are answered."""

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest

from dukcapil.errors import Refused
from fleet.planning.building import problem_of
from fleet.planning.changes import called_off, day_added, reported, vans_changed
from fleet.planning.engine import Engine
from fleet.planning.planner import propose
from fleet.planning.problem import RECORDING, Plan
from fleet.planning.reasons import moves, stop_reasons
from fleet.planning.refusals import granted, refusal
from fleet.planning.repair import repair
from fleet.planning.request import CityVans, PlaceYields, PlanRequest
from fleet.planning.solver import Highs
from fleet.planning.tests.worlds import days, request
from fleet.planning.what_if import estimate, expected_recordings, what_if

SIZES = (30, 24, 10)


def published(asked: PlanRequest, plan: Plan) -> PlanRequest:
    return replace(asked, published=frozenset((code, day) for code, day in plan["stops"]))


def something_happens(asked: PlanRequest, draw: Random) -> tuple[PlanRequest, set[tuple[str, str]]]:
    """A van out for some days, a stop called off, or a report after which much is expected otherwise; and what it touches."""
    kind, stops = draw.choice(["out", "off", "report"]), sorted(asked.published)
    if kind == "out":
        city, gone = draw.choice(asked.cities).code, asked.days[: draw.randint(1, 5)]
        return vans_changed(asked, city, gone, -1), set()
    if kind == "off":
        off = set(draw.sample(stops, min(2, len(stops))))
        return called_off(asked, off), off
    other = {
        place.code: replace(place, yields=tuple(n * Decimal(draw.randint(0, 25)) / 10 for n in place.yields))
        for place in asked.places
    }
    return reported(asked, other.values()), set()


@pytest.mark.parametrize("engine", [Highs(), None])
@pytest.mark.parametrize("seed", range(12))
def test_at_most_five_percent_of_the_others_move(seed: int, engine: Engine | None) -> None:
    asked = request(seed, 10, SIZES)
    standing = published(asked, propose(problem_of(asked), engine))
    now, gone = something_happens(standing, Random(seed))
    result = repair(now, engine)
    left = standing.published - gone - {(code, day) for code, day in result.plan["stops"]}
    vans = zip(standing.cities, now.cities, strict=True)
    must = sum(sum(old.vans) - sum(new.vans) for old, new in vans) + sum(code in empty_places(now) for code, _day in left)
    assert len(left) - must <= 0.05 * len(standing.published)
    assert {(move.place, move.day) for move in result.moves} == left
    assert result.moved_others <= 0.05 * result.others


def empty_places(asked: PlanRequest) -> set[str]:
    return {place.code for place in asked.places if place.yields[0] == 0}


@pytest.mark.parametrize("seed", range(4))
def test_what_a_van_served_moves_first(seed: int) -> None:
    asked = request(seed, 10, SIZES)
    standing = published(asked, propose(problem_of(asked), Highs()))
    own = {day: stop for stop in sorted(standing.published) if stop[0].startswith("31.71") for day in [stop[1]]}
    result = repair(vans_changed(standing, "31.71", own, -1), Highs(), touched=set(own.values()))
    others = [move for move in result.moves if (move.place, move.day) not in own.values()]
    assert len(others) <= 0.05 * len(standing.published)


PLACE = PlaceYields("31.71.01.1001", "31.71", 0, 0, (Decimal(40), Decimal(30)))
OTHER = replace(PLACE, code="31.71.01.1002", yields=(Decimal(50), Decimal(20)))
DAYS = days(4)
SMALL = PlanRequest(DAYS, (CityVans("31.71", (1,) * 4),), (PLACE, OTHER), published=frozenset({(PLACE.code, DAYS[0])}))
STOP = next(iter(SMALL.published))
WHY = [
    (replace(SMALL, bans=SMALL.published), "closed"),
    (replace(SMALL, places=(replace(PLACE, closed=frozenset(DAYS)), OTHER)), "closed"),
    (replace(SMALL, places=(replace(PLACE, yields=(Decimal(0),)), OTHER), keep=0), "nothing_left"),
    (replace(SMALL, pins=frozenset({(PLACE.code, DAYS[2])})), "too_often"),
    (vans_changed(SMALL, "31.71", DAYS[:1], -1), "no_van"),
    (replace(SMALL, pins=frozenset({(OTHER.code, DAYS[0])})), "better"),
]


@pytest.mark.parametrize(("asked", "why"), WHY)
def test_each_move_says_why(asked: PlanRequest, why: str) -> None:
    plan = propose(problem_of(asked), Highs())
    assert [(move.place, move.day, move.why) for move in moves(SMALL.published, plan)] == [(*STOP, why)]


def test_what_lies_outside_is_no_move() -> None:
    plan = propose(problem_of(SMALL), Highs())
    assert moves({("31.71.01.9999", DAYS[0]), (PLACE.code, "2030-01-01")}, plan) == []


def test_much_gained_moves_a_stop() -> None:
    other = replace(OTHER, yields=(Decimal(60),), closed=frozenset(DAYS[1:]))
    here = replace(PLACE, closed=frozenset(DAYS[1:]))
    asked = replace(SMALL, places=(here, other))
    assert propose(problem_of(asked), Highs())["stops"] == [[other.code, DAYS[0]]]
    assert propose(problem_of(replace(asked, keep=25)), Highs())["stops"] == [[here.code, DAYS[0]]]
    assert repair(asked, Highs()).plan["stops"] == [[here.code, DAYS[0]]]


@pytest.mark.parametrize("seed", range(6))
def test_no_change_brings_more_than_estimated(seed: int) -> None:
    asked = request(seed, 10, (12, 9, 3), alpha=Decimal(0))
    plan = propose(problem_of(asked), Highs())
    gap = (plan["bound"] - plan["value"]) / RECORDING
    changes = [
        lambda r: vans_changed(r, "31.71", asked.days, 1),
        lambda r: vans_changed(r, "31.71", asked.days[3:4], 1),
        lambda r: vans_changed(r, "31.71", asked.days[:1], -1),
        lambda r: day_added(r, "2022-01-03a", {"31.71": 2}),
    ]
    for change in changes:
        bring = what_if(asked, plan, change, Highs())
        assert bring.weighed <= estimate(asked, plan, change) + gap
        assert abs(float(bring.recordings) - bring.weighed) < 25  # early days and ties alone tell them apart
    assert what_if(asked, plan, changes[0], Highs()).weighed >= 0 >= what_if(asked, plan, changes[2], Highs()).weighed


def test_a_saturday_counts_with_the_day_before_it() -> None:
    asked = replace(SMALL, places=(PLACE,), published=frozenset())
    wider = day_added(asked, "2022-01-02a", {"31.71": 1})
    assert (wider.days[2], wider.workdays) == ("2022-01-02a", (0, 1, 1, 2, 3))
    shut = day_added(asked, "2022-01-02a", {"31.71": 1}, lambda code: False)
    assert shut.places[0].closed == {"2022-01-02a"}
    with pytest.raises(Refused):
        day_added(asked, DAYS[1], {})


@pytest.mark.parametrize(("city", "day"), [("31.99", DAYS[0]), ("31.71", "2030-01-01")])
def test_vans_of_nowhere_are_refused(city: str, day: str) -> None:
    with pytest.raises(Refused):
        vans_changed(SMALL, city, [day], 1)


def test_a_request_not_planned_says_its_cost() -> None:
    asked = replace(SMALL, published=frozenset(), days=DAYS[:1], cities=(CityVans("31.71", (1,)),))
    plan = propose(problem_of(asked), Highs())
    said = refusal(asked, plan, PLACE.code, DAYS[:1])
    assert said is not None
    assert (said.why, said.expected) == ("dearer", Decimal(40))
    assert 0 <= (said.cost_at_least or 0) <= 10.01
    answer = granted(asked, plan, PLACE.code, DAYS[:1], Highs())
    assert (answer.day, answer.displaced, answer.cost) == (DAYS[0], [(OTHER.code, DAYS[0])], Decimal(10))
    assert refusal(asked, plan, OTHER.code, DAYS[:1]) is None


@pytest.mark.parametrize(
    ("place", "why"),
    [(replace(PLACE, closed=frozenset(DAYS[:1])), "closed"), (replace(PLACE, yields=(Decimal(0),)), "nothing_left")],
)
def test_a_request_that_cannot_be_says_why(place: PlaceYields, why: str) -> None:
    asked = replace(SMALL, places=(place, OTHER), published=frozenset())
    said = refusal(asked, propose(problem_of(asked), Highs()), place.code, DAYS[:1])
    assert said is not None
    assert (said.why, said.cost_at_least) == (why, None)
    with pytest.raises(Refused):
        refusal(asked, propose(problem_of(asked), Highs()), "31.71.01.9999", DAYS[:1])


@pytest.mark.parametrize("seed", range(8))
def test_multipliers_never_overstate_a_cost(seed: int) -> None:
    asked = request(seed, 10, (12, 9, 3))
    plan = propose(problem_of(asked), Highs())
    places = {code for code, _day in plan["stops"]}
    for place in [each.code for each in asked.places if each.code not in places][:2]:
        said = refusal(asked, plan, place, asked.days[:3])
        if said is None or said.cost_at_least is None:
            continue
        try:
            answer = granted(asked, plan, place, asked.days[:3], Highs())
        except Refused:
            continue  # no van goes there on these days
        assert plan["bound"] - answer.plan["value"] >= round(said.cost_at_least * RECORDING)


def test_a_stop_says_what_is_expected() -> None:
    facts = replace(PLACE, reachable=0, ranges=((25, 58), (20, 40)), visited=1, last=58)
    asked = replace(SMALL, places=(facts,), days=DAYS[:1], cities=(CityVans("31.71", (1,)),))
    plan = propose(problem_of(asked), Highs())
    (reason,) = stop_reasons(plan, asked.places)
    assert (reason.expected, reason.low, reason.high, reason.ordinal, reason.last) == (40, 25, 58, 2, 58)
    assert reason.limit_people == pytest.approx(reason.limit * 40 / reason.worth)
    (bare,) = stop_reasons(plan)
    assert (bare.ordinal, bare.expected, bare.last) == (1, None, None)


def test_expected_recordings_count_each_visit_once() -> None:
    assert expected_recordings(SMALL, [[PLACE.code, DAYS[0]], [PLACE.code, DAYS[3]], [OTHER.code, DAYS[1]]]) == 120
