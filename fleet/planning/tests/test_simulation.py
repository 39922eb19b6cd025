"""Made-up campaigns: the same people for every policy, only what an office can see, and figures that are those of the code."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from fleet.planning.request import REVISIT_GAP
from fleet.planning.simulation import table
from fleet.planning.simulation.policies import POLICIES, learnt
from fleet.planning.simulation.run import Campaign, Turnout
from fleet.planning.simulation.table import BARS, MEASURES, VERSION, Bar, figure, ratios, simulate, told
from fleet.planning.simulation.worlds import CAPACITY, WORLDS, Place, world_of

pytestmark = pytest.mark.once

SMALL = {"31.71": (5, 10), "31.72": (4, 10), "31.01": (1, 1)}
PEOPLE = 2_000
BASE = Path(__file__).resolve().parents[3]
FIGURES = Path(table.__file__).with_name("figures.json")
PLACE = Place("p", 0, 10, ((0.5, 1.5, 1.6, 9.0),), (0.5, 1.5, 1.7, 7, 8, 9), (1.0,) * 9, 0.5)


def small(name: str, seed: int = 1) -> Campaign:
    return Campaign(world_of(name, seed, SMALL, PEOPLE), foretold=False)


def test_a_third_cannot_be_reached() -> None:
    worlds = [world_of("gone", seed) for seed in range(1, 4)]
    share = sum(world.reachable for world in worlds) / sum(place.gap for world in worlds for place in world.places)
    assert 0.6 < share < 0.73
    assert {len(world.places) for world in worlds} == {267}
    assert world_of("everyone", 1, SMALL, PEOPLE).reachable == sum(p.gap for p in small("gone").world.places)


def test_worlds_of_a_seed_share_gaps_and_people() -> None:
    gone, scarce, again = (small(name).world for name in ("gone", "scarce", "gone"))
    assert gone.places == scarce.places == again.places
    assert gone.places != small("gone", 2).world.places
    assert [place.gap for place in small("groups").world.places] == [place.gap for place in gone.places]


def test_only_two_cities_lag() -> None:
    lag, gone = small("lag").world, small("gone").world
    parts = {a.code[:5]: a.gap / max(1, b.gap) for a, b in zip(lag.places, gone.places, strict=True)}
    assert parts["31.71"] == 1
    assert parts["31.72"] < 0.1


def test_those_come_whose_effort_is_reached() -> None:
    turnout = Turnout(PLACE)
    for day in (0, 7):
        turnout.visit(day)
    assert [(visit.recorded, visit.not_found, visit.full) for visit in turnout.visits] == [(1, 1, False), (2, 2, False)]
    assert (turnout.recorded, turnout.left, turnout.last_day) == (3, 4, 7)
    assert turnout.true_yields(2) == (0.5, 0.25)


def test_a_van_records_no_more_than_it_can() -> None:
    crowd = replace(PLACE, gap=100, groups=((0.1,) * 100,), gone=())
    turnout = Turnout(crowd)
    turnout.visit(0)
    turnout.visit(7)
    assert [(visit.recorded, visit.full) for visit in turnout.visits] == [(CAPACITY, True), (100 - CAPACITY, False)]


def test_stops_serve_one_group_after_another() -> None:
    turnout = Turnout(replace(PLACE, groups=((0.5,), (0.5, 0.6)), gone=()))
    for day in range(3):
        turnout.visit(day)
    assert [visit.recorded for visit in turnout.visits] == [1, 2, 0]


@pytest.mark.parametrize("policy", sorted(set(POLICIES) - {"periodic_0.15", "periodic_0.3", "periodic_0.5"}))
def test_every_policy_keeps_the_rules(policy: str) -> None:
    campaign, held = small("gone"), list[int]()
    stops = POLICIES[policy](campaign).stops

    def checked(day: int) -> list[int]:
        row = stops(day)
        assert len(row) == len(set(row))
        assert all(day - campaign.turnouts[position].last_day >= REVISIT_GAP for position in row)
        held.extend(row)
        return row

    course = campaign.run(checked, 10)
    assert len(held) == sum(len(turnout.visits) for turnout in campaign.turnouts)
    assert course[-1] == campaign.recorded > 0


def test_a_stop_without_a_van_is_refused() -> None:
    with pytest.raises(IndexError):
        small("scarce").run(lambda day: [0], 1)


def test_a_rota_skips_what_is_finished() -> None:
    campaign = small("everyone")
    campaign.turnouts[0].place = replace(campaign.turnouts[0].place, gap=0)
    assert 0 not in POLICIES["skipping_rota"](campaign).stops(0)
    assert 0 in POLICIES["periodic_1.0"](campaign).stops(0) + POLICIES["periodic_1.0"](campaign).stops(1)


def test_the_planner_sees_reports_alone() -> None:
    known, other = (Turnout(replace(PLACE, groups=groups)) for groups in (((0.5, 9.0),), ((0.5, 1.5, 1.6, 1.7),)))
    for turnout in (known, other):
        turnout.visit(0)
    assert learnt([known]) == learnt([other])


def test_foretold_stops_are_not_planned() -> None:
    campaign = Campaign(world_of("called_off", 1, SMALL, PEOPLE), foretold=True)
    vans = [van for day in range(20) for row in campaign.ready(day) for van in row if campaign.world.called_off(day, van)]
    assert vans == []
    assert sum(len(row) for day in range(20) for row in campaign.ready(day)) < 20 * 8


@pytest.mark.parametrize(
    ("sooner", "values", "others", "found"),
    [
        (True, [50, 100], [100, 100], [2.0, 1.0]),
        (False, [50, 100], [100, 100], [0.5, 1.0]),
        (True, [None, 50], [100, None], [None, None]),
        (False, [5, None], [0, 5], [None, None]),
    ],
)
def test_sooner_and_more_are_ratios(sooner: bool, values: list, others: list, found: list) -> None:
    assert ratios(sooner, values, others) == found


@pytest.mark.parametrize(
    ("planner", "bar", "holds"),
    [
        ([80] * 8, Bar("gone", "skipping_rota", 1.25, 1.0), True),
        ([81] * 8, Bar("gone", "skipping_rota", 1.25, 1.0), False),
        ([80] * 7 + [101], Bar("gone", "skipping_rota", 1.25, 1.0), False),
        ([80] * 7 + [None], Bar("gone", "skipping_rota", 1.25, 0.0), True),
        ([80] * 7 + [101], Bar("gone", "skipping_rota", 1.25, 1.0, 0.2), True),
    ],
)
def test_a_bar_asks_for_median_and_least(planner: list[int | None], bar: Bar, holds: bool) -> None:
    row = {"share": 0.8, "days": 300, "policies": {"planner": {"values": planner}, "skipping_rota": {"values": [100] * 8}}}
    assert told(bar, {"gone": row})["holds"] is holds


def test_every_process_finds_the_same() -> None:
    code = (
        "import json; from fleet.planning.simulation.table import simulate; "
        f"print(json.dumps(simulate(('called_off',), 1, 10, {SMALL}, {PEOPLE})))"
    )
    text = subprocess.check_output([sys.executable, "-c", code], cwd=BASE, text=True, env={"PYTHONHASHSEED": "1"})
    assert json.loads(text) == simulate(("called_off",), 1, 10, SMALL, PEOPLE)


def test_the_stored_figures_are_of_this_version() -> None:
    stored = json.loads(FIGURES.read_text(encoding="utf-8"))
    assert stored["version"] == VERSION
    assert stored["seeds"] >= 8
    assert tuple(stored["worlds"]) == WORLDS
    assert [(bar["world"], bar["other"], bar["holds"]) for bar in stored["bars"]] == [(b.world, b.other, True) for b in BARS]
    for name in ("gone", "scarce"):
        values = stored["worlds"][name]["policies"]["largest_gap"]["values"]
        assert figure(world_of(name, 2), MEASURES[name], "largest_gap") == values[1]
