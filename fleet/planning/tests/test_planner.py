"""The plan: the best of all, the same everywhere, and never what an engine merely says."""

import hashlib
import json
import subprocess
import sys
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from threading import Event

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dukcapil.errors import Refused
from fleet.planning.building import problem_of
from fleet.planning.cut import places_that_matter
from fleet.planning.engine import Engine, Proposal
from fleet.planning.plan_file import check_plan, written
from fleet.planning.planner import GREEDY, propose
from fleet.planning.prices import usable
from fleet.planning.problem import RECORDING, Prices, Problem, Stop, digest
from fleet.planning.proof import bound_of, value_of
from fleet.planning.reasons import stop_reasons, van_day_worth
from fleet.planning.solver import Highs
from fleet.planning.tests.worlds import request, tiny

pytestmark = pytest.mark.once

BASE = Path(__file__).resolve().parents[3]


def best_by_trying(problem: Problem) -> int | None:
    """The value of the best of all plans; None when none keeps every rule."""
    stops = [(p, d) for p, place in enumerate(problem["places"]) for d, bonus in enumerate(place["bonus"]) if bonus is not None]
    most = min(len(stops), sum(sum(row) for row in [*problem["pools"], *(city["vans"] for city in problem["cities"])]))
    values = []
    for number in range(most + 1):
        for chosen in combinations(stops, number):
            try:
                values.append(value_of(problem, set(chosen)))
            except AssertionError:
                continue
    return max(values, default=None)


@pytest.mark.parametrize("seed", range(30))
def test_the_plan_is_the_best_of_all(seed: int) -> None:
    problem = tiny(seed)
    best = best_by_trying(problem)
    if best is None:
        with pytest.raises(Refused):
            propose(problem, Highs())
        return
    plan = propose(problem, Highs())
    assert plan["value"] == best <= plan["bound"]
    check_plan(plan)


@given(st.integers(0, 10**6), st.sampled_from([None, Highs()]))
@settings(max_examples=25, deadline=None)
def test_every_plan_is_proved(seed: int, engine: Engine | None) -> None:
    plan = propose(problem_of(request(seed, 7)), engine)
    check_plan(plan)
    assert plan["bound"] >= plan["value"]


@pytest.mark.parametrize("seed", range(5))
def test_the_greedy_plan_is_nearly_as_good(seed: int) -> None:
    problem = problem_of(request(seed, 14, (40, 30)))
    best, simple = propose(problem, Highs()), propose(problem, None)
    assert best["value"] * 0.98 <= simple["value"] <= best["value"] <= simple["bound"] <= best["value"] * 1.06


@pytest.mark.parametrize("seed", range(5))
def test_places_are_cut_without_loss(seed: int) -> None:
    problem = problem_of(request(seed, 3, (60, 40)))
    kept = places_that_matter(problem)
    whole = Highs().solve(problem)
    assert len(kept) < len(problem["places"])
    plan = propose(problem, Highs())
    assert plan["value"] == value_of(problem, set(whole.stops))
    assert plan["bound"] <= bound_of(problem, *usable(problem, whole.prices)) + RECORDING // 100


class Liar:
    """An engine that answers whatever it is told to."""

    name = "liar"

    def __init__(self, *answer: object) -> None:
        self.answer = answer

    def solve(self, problem: Problem) -> Proposal:
        problem["places"][0]["visits"][0] = 10**12
        problem["cities"].clear()
        if isinstance(self.answer[0], BaseException):
            raise self.answer[0]
        return Proposal(*self.answer)  # type: ignore[arg-type]


EVERYWHERE: list[Stop] = [(place, day) for place in range(9) for day in range(7)]
LIES: list[tuple[object, ...]] = [
    (EVERYWHERE, None),
    ([(0, 0), (0, 0)], Prices([[0] * 7] * 3, [])),
    ([(0, 0.5)], Prices([[10**30] * 7] * 3, [])),
    ("stops", Prices([[0] * 99] * 99, [0] * 99)),
    (EVERYWHERE, Prices([], [])),
    ([], Prices([[0] * 7] * 3, [])),
    ([], Prices([[-5 * RECORDING] * 7] * 3, [])),
    ([(-1, 0)], Prices([[float("nan")] * 7] * 3, [])),  # type: ignore[list-item]
    ([(10**9, 0)], Prices([["x"]], ["y"])),  # type: ignore[list-item]
    ([("a", "b")], None),
    (None, None),
    (RuntimeError("killed"), None),
    (SystemExit(), None),
    (MemoryError(), None),
]


def deep_case() -> list:
    case: list = [[[0] * 7], []]
    for _level in range(5_000):
        case = [0, 0, case, case]
    return case


@pytest.mark.parametrize("lie", [*LIES, *((*LIES[2], case) for case in (7, [0, 0, [], []], deep_case()))])
def test_an_engine_that_lies_is_never_believed(lie: tuple[object, ...]) -> None:
    problem = problem_of(request(4, 7, (9,)))
    honest = propose(problem, None)
    plan = propose(problem, Liar(*lie))
    assert (plan["engine"], plan["value"]) == (GREEDY, honest["value"])
    check_plan(plan)


class Sleeper:
    """An engine that never answers."""

    name = "sleeper"

    def solve(self, problem: Problem) -> Proposal:
        Event().wait()
        raise AssertionError


def test_an_engine_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fleet.planning.engine.SECONDS", 0.05)
    plan = propose(problem_of(request(4, 7, (9,))), Sleeper())
    assert plan["engine"] == GREEDY


def test_the_same_bytes_under_every_hash_seed() -> None:
    program = (
        "import sys; from fleet.planning.tests.worlds import request; from fleet.planning.building import problem_of; "
        "from fleet.planning.planner import propose; from fleet.planning.solver import Highs; "
        "from fleet.planning.plan_file import written; "
        "sys.stdout.buffer.write(written(propose(problem_of(request(7)), Highs())))"
    )
    written_by = [
        subprocess.run([sys.executable, "-c", program], cwd=BASE, env={"PYTHONHASHSEED": seed}, capture_output=True, check=True)
        for seed in ("0", "1", "4711")
    ]
    assert {done.stdout for done in written_by} == {written(propose(problem_of(request(7)), Highs()))}


def test_pins_bans_and_grants_are_kept() -> None:
    asked = request(3)
    pinned, banned, granted = asked.places[2].code, asked.places[3].code, asked.places[4].code
    day = asked.days[4]
    plan = propose(
        problem_of(
            request(
                3,
                pins=frozenset({(pinned, day)}),
                bans=frozenset({(banned, "")}),
                granted=((granted, asked.days[:2]),),
                published=frozenset({(pinned, day)}),
            )
        ),
        Highs(),
    )
    assert [pinned, day] in plan["stops"]
    assert banned not in {code for code, _day in plan["stops"]}
    assert any([granted, on] in plan["stops"] for on in asked.days[:2])


def test_each_stop_and_city_has_its_reason() -> None:
    plan = propose(problem_of(request(5)), Highs())
    reasons = stop_reasons(plan)
    assert len(reasons) == len(plan["stops"])
    assert {reason.ordinal for reason in reasons} <= {1, 2, 3}
    assert all(value >= 0 for value in van_day_worth(plan).values())
    assert set(van_day_worth(plan)) == {"31.71", "31.72", "31.73"}


def test_fairness_prefers_the_lower_coverage() -> None:
    worth = {
        alpha: [place["visits"][0] for place in problem_of(request(2, alpha=Decimal(alpha)))["places"]]
        for alpha in ("0", "0.5", "1")
    }
    expected = [int(min(Decimal(10**9), place.yields[0]) * RECORDING) for place in request(2).places if place.yields[0] > 0]
    assert [value for value in worth["0"] if value] == pytest.approx(expected, abs=1)
    assert all(a <= b <= c for a, b, c in zip(worth["0"], worth["0.5"], worth["1"], strict=True))


@given(st.recursive(st.none() | st.integers() | st.text(), lambda v: st.lists(v) | st.dictionaries(st.text(), v)))
@settings(max_examples=60, deadline=None)
def test_the_digest_is_of_the_written_form(value: object) -> None:
    form = json.dumps(value, sort_keys=True, separators=(",", ":"))
    assert digest(value) == hashlib.sha256(form.encode()).hexdigest()


def test_a_plan_is_json_of_whole_numbers() -> None:
    plan = propose(problem_of(request(1)), Highs())
    assert json.loads(written(plan), parse_float=lambda text: pytest.fail(text)) == plan
