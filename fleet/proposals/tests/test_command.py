"""`plan_vans`: the same proposal by a command, in its own process, with what it proves."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from fleet.models import Proposal
from fleet.proposals.tests.world import OWN_WORLDS, by
from fleet.tests.stops import van
from recording.regions.services import RegionRow, load_regions
from recording.tests.world import BARAT

pytestmark = pytest.mark.usefixtures("city")
__all__ = ["OWN_WORLDS"]


def planned(*options: str) -> None:
    call_command("plan_vans", "--from", "2021-11-29", *options)


def test_it_prints_the_summary_of_the_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "plan.json"
    planned("--days", "12", "--city", BARAT, "--write", str(file), "--json")
    told = json.loads(capsys.readouterr().out)
    proposal = Proposal.objects.get()
    assert (told["proposal"], told["region"], told["stops"], told["places"]) == (proposal.pk, BARAT, 6, 3)
    assert 0 <= told["gap"] == told["bound"] - told["value"]
    assert (proposal.status, proposal.door, proposal.by, file.read_text()) == ("ready", "command", None, proposal.plan)
    call_command("check_plan", str(file))


def test_without_a_city_all_are_planned(capsys: pytest.CaptureFixture[str]) -> None:
    planned("--alpha", "1", "--saturdays")
    assert "region: 31\n" in capsys.readouterr().out
    assert Proposal.objects.get().options["saturdays"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--city", "31.99"], "satu kota atau untuk seluruh provinsi"),
        (["--city", "31.71"], "Tidak ada mobil yang siap"),
        (["--days", "0"], "antara 1 dan 42"),
        (["--city", BARAT, "--write", "/nowhere/at/all"], "tidak dapat ditulis"),
    ],
)
def test_what_cannot_be_is_a_sentence(options: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        planned(*options)


def test_one_of_several_provinces_is_named() -> None:
    load_regions(act=by(), rows=[RegionRow("32", "Jawa Barat")])
    van("D 1 PKD", "32")
    with pytest.raises(CommandError, match="2 provinsi"):
        planned()


def test_the_general_form_needs_the_solver(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "instance.json"
    instance: dict[str, Any] = {"vans": ["a"], "places": ["p"], "value": [[1]], "duration_days": [[1]], "days_available": [1]}
    file.write_text(json.dumps(instance))
    monkeypatch.setitem(sys.modules, "highspy", None)
    for module in ("fleet.planning.solver", "fleet.planning.model", "fleet.planning.assignment"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    with pytest.raises(CommandError, match="highspy"):
        call_command("plan_vans", "--instance", str(file))
