"""The general form: the optimum, a bound that holds, and sentences for files that are none."""

import json
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from dukcapil.errors import Refused
from fleet.planning.assignment import solve
from fleet.planning.assignment_bound import bound_at, proved_bound
from fleet.planning.building import problem_of
from fleet.planning.instance import Instance, read_instance
from fleet.planning.knapsack import broken_filling, filling
from fleet.planning.plan_file import written
from fleet.planning.planner import propose
from fleet.planning.solver import Highs
from fleet.planning.tests.worlds import request

pytestmark = pytest.mark.once

GOOD: dict[str, Any] = {
    "vans": ["M1", "M2"],
    "places": 3,
    "value": [[5, 4, 3], [4, 5, 1]],
    "duration_days": [[2, 1, 1], [1, 2, 1]],
    "days_available": [2, 2],
}


def drawn(seed: int, vans: int, places: int) -> Instance:
    draw = Random(seed)
    data = {
        "vans": vans,
        "places": places,
        "value": [[draw.randint(0, 50) for _p in range(places)] for _v in range(vans)],
        "duration_days": [[draw.randint(0, 6) for _p in range(places)] for _v in range(vans)],
        "days_available": [draw.randint(0, 10) for _v in range(vans)],
    }
    return read_instance(json.dumps(data).encode())


def best_by_trying(instance: Instance) -> int:
    best = 0
    for choice in product([None, *range(len(instance.vans))], repeat=len(instance.places)):
        used = [sum(instance.duration[v][p] for p, v in enumerate(choice) if v == van) for van in range(len(instance.vans))]
        if all(days <= most for days, most in zip(used, instance.available, strict=True)):
            best = max(best, sum(instance.value[v][p] for p, v in enumerate(choice) if v is not None))
    return best


@pytest.mark.parametrize("seed", range(25))
def test_the_assignment_is_the_best_of_all(seed: int) -> None:
    instance = drawn(seed, 3, 6)
    answer = solve(instance)
    assert answer.objective == best_by_trying(instance) <= answer.bound
    assert answer.exact


@pytest.mark.parametrize("seed", range(25))
def test_a_bound_never_falls_below_the_best(seed: int) -> None:
    instance = drawn(seed, 3, 6)
    assert proved_bound(instance, 0, [0] * 6) >= best_by_trying(instance)


def test_a_square_of_single_days_is_proved() -> None:
    draw = Random(5)
    value = [[draw.randint(1, 100) for _p in range(40)] for _v in range(40)]
    data = {"vans": 40, "places": 40, "value": value, "duration_days": [[1] * 40] * 40, "days_available": [1] * 40}
    answer = solve(read_instance(json.dumps(data).encode()))
    assert answer.exact
    assert len({van for van in answer.assignment if van is not None}) == 40


@pytest.mark.parametrize("seed", range(20))
def test_any_prices_bound_every_assignment(seed: int) -> None:
    instance, draw = drawn(seed, 2, 5), Random(seed)
    total, _wanted = bound_at(instance, [draw.randint(0, 60_000) for _place in instance.places])
    assert total >= 1_000 * best_by_trying(instance)


@pytest.mark.parametrize("seed", range(30))
def test_a_broken_filling_bounds_the_whole_one(seed: int) -> None:
    draw = Random(seed)
    worth, duration = [draw.randint(1, 90) for _p in range(9)], [draw.randint(0, 9) for _p in range(9)]
    fitting = [p for p in range(9) if duration[p] <= 12]
    best, chosen = filling(worth, duration, 12)
    assert sum(worth[p] for p in chosen) == best <= broken_filling(worth, duration, 12, fitting)[0]
    assert sum(duration[p] for p in chosen) <= 12


BAD: list[tuple[Any, str]] = [
    (b"", "bukan JSON"),
    (b"\xff\xfe", "bukan JSON"),
    (b"[" * 100_000, "bukan JSON"),
    (b'{"vans": 1, "vans": 2}', "bukan JSON"),
    ([], "satu objek JSON"),
    ({"vans": 1}, "places, value"),
    (GOOD | {"vans": -1}, "vans harus"),
    (GOOD | {"vans": ["a", "a"]}, "berlainan"),
    (GOOD | {"vans": 10**9}, "vans harus"),
    (GOOD | {"vans": 100_000, "places": 100_000}, "Terlalu besar"),
    (GOOD | {"value": [[1, 2, 3]]}, "2 baris"),
    (GOOD | {"value": [[1, 2], [1, 2, 3]]}, "3 angka"),
    (GOOD | {"value": [[1, 2, -3], [1, 2, 3]]}, "negatif"),
    (GOOD | {"value": [[1, 2, "3"], [1, 2, 3]]}, "bukan angka"),
    (GOOD | {"value": [[1, 2, True], [1, 2, 3]]}, "bukan angka"),
    (GOOD | {"value": [[1, 2, 1e99], [1, 2, 3]]}, "terlalu besar"),
    (GOOD | {"value": [[1, 2, float("nan")], [1, 2, 3]]}, "bukan angka"),
    (GOOD | {"value": [[1, 2, 1e-9], [1, 2, 3]]}, "desimal"),
    (GOOD | {"days_available": [1]}, "days_available"),
    (GOOD | {"days_available": None}, "days_available"),
]


@pytest.mark.parametrize(("data", "sentence"), BAD)
def test_a_bad_file_is_a_sentence(data: Any, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        read_instance(data if isinstance(data, bytes) else json.dumps(data).encode())


def test_decimals_are_kept_exactly() -> None:
    data = GOOD | {"value": [[0.1, 0.2, 0], [0, 0, 0.7]], "duration_days": [[0.5] * 3] * 2, "days_available": [1, 0.25]}
    instance = read_instance(json.dumps(data).encode())
    assert (instance.value_unit, instance.value[0][:2], instance.available) == (10, (1, 2), (100, 25))
    assert solve(instance).objective == 3


def test_the_commands_print_one_object(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    instance, plan = tmp_path / "instance.json", tmp_path / "plan.json"
    instance.write_text(json.dumps(GOOD))
    call_command("plan_vans", "--instance", str(instance), "--json")
    answer = json.loads(capfd.readouterr().out)
    assert (answer["objective"], answer["bound"], answer["exact"]) == (11, 11, True)
    assert {"place": 0, "van": "M2"} in answer["assignment"]
    plan.write_bytes(written(propose(problem_of(request(1)), Highs())))
    call_command("check_plan", str(plan), "--json")
    assert json.loads(capfd.readouterr().out)["proved"] is True


def test_the_commands_refuse_with_a_sentence(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    plan.write_bytes(written(propose(problem_of(request(1)), Highs())).replace(b'"value":', b'"value":1'))
    with pytest.raises(CommandError, match="Rencana ditolak"):
        call_command("check_plan", str(plan))
    with pytest.raises(CommandError, match="tidak dapat dibaca"):
        call_command("plan_vans", "--instance", str(tmp_path / "none.json"))
