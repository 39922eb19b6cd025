"""The proof: whatever is changed in a plan or in its proof, it is refused."""

import json
import subprocess
import sys
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

import pytest

from dukcapil.errors import Refused
from fleet.planning.building import problem_of
from fleet.planning.plan_file import check_file, check_plan, written
from fleet.planning.planner import propose
from fleet.planning.problem import sealed
from fleet.planning.solver import Highs
from fleet.planning.tests.falsifying import SUBSTANCE
from fleet.planning.tests.worlds import request

pytestmark = pytest.mark.once

PLAN: Any = propose(problem_of(request(6, 10)), Highs())
SEEDS = range(20)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("falsify", SUBSTANCE)
def test_a_falsified_plan_is_refused_though_sealed(falsify: Callable[[Any, Random], None], seed: int) -> None:
    plan = deepcopy(PLAN)
    falsify(plan, Random(seed))
    with pytest.raises(Refused):
        check_plan(sealed(plan))


@pytest.mark.parametrize("seed", range(40))
def test_one_changed_multiplier_is_refused(seed: int) -> None:
    plan, draw = deepcopy(PLAN), Random(seed)
    row = draw.choice(plan["multipliers"][0])
    row[draw.randrange(len(row))] += 1
    with pytest.raises(Refused):
        check_plan(plan)


MALFORMED: list[Callable[[Any], object]] = [
    lambda plan: plan.pop("seal"),
    lambda plan: plan.update(extra=1),
    lambda plan: plan.update(form="lain"),
    lambda plan: plan.update(stops=None),
    lambda plan: plan.update(value=1.0 + plan["value"]),
    lambda plan: plan.update(value=True),
    lambda plan: plan.update(engine="lain"),
    lambda plan: plan.update(digest="0" * 64),
    lambda plan: plan["multipliers"].pop(),
    lambda plan: plan["multipliers"][0].pop(),
    lambda plan: plan["multipliers"][0][0].pop(),
    lambda plan: plan["problem"].pop("needs"),
    lambda plan: plan["problem"].update(revisit_gap=0),
    lambda plan: plan["problem"]["places"][0].update(city=-1),
    lambda plan: plan["problem"]["cities"][0].update(pool=-1),
    lambda plan: plan["problem"]["days"].pop(),
    lambda plan: plan["problem"]["workdays"].reverse(),
    lambda plan: plan["stops"].append(["31.71.01.1001"]),
    lambda plan: plan["stops"].append(7),
]


@pytest.mark.parametrize("spoil", MALFORMED)
def test_a_malformed_plan_is_a_sentence(spoil: Callable[[Any], object]) -> None:
    plan = deepcopy(PLAN)
    spoil(plan)
    with pytest.raises(Refused) as refused:
        check_file(json.dumps(plan).encode())
    assert str(refused.value).endswith((".", ")."))


def test_an_honest_plan_is_accepted() -> None:
    assert check_file(written(PLAN)) == PLAN


@pytest.mark.parametrize(("change", "code"), [(0, 0), (1, 1)])
def test_a_stranger_needs_only_the_proof(change: int, code: int) -> None:
    program = Path(__file__).resolve().parents[1] / "proof.py"
    plan: Any = {**PLAN, "value": PLAN["value"] + change}
    done = subprocess.run([sys.executable, "-I", program], input=written(plan), capture_output=True, check=False)
    assert done.returncode == code


def test_the_proof_is_one_page() -> None:
    text = (Path(__file__).resolve().parents[1] / "proof.py").read_text()
    assert text.count("\n") <= 60
    assert "highspy" not in text
    assert "numpy" not in text
