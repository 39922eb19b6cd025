"""Proposals in the API: asking, waiting, reading, and the file that anybody can check."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from accounts.tests import cast
from fleet.models import Proposal
from fleet.proposals.tests.world import MONDAY, OWN_WORLDS, asked, question, ready, worked
from fleet.tests.api import ROOT, pages, row, rows, staff
from fleet.tests.plans import GROGOL, PALMERIAM
from recording.tests.api import bearer
from recording.tests.world import BARAT, DKI, KAPUK

pytestmark = pytest.mark.usefixtures("city", "nobody_asked_before")
__all__ = ["OWN_WORLDS"]
BODY: dict[str, Any] = {"region": BARAT, "first_day": MONDAY.isoformat(), "days": 12}


def posted(body: Any, *, key: str = "", **more: Any) -> Any:
    headers = bearer(more.pop("who", None) or cast.head_barat(), "read", more.pop("scope", "proposals:write"))
    if key:
        headers |= {"Idempotency-Key": key}
    return Client().post(f"{ROOT}proposals/", json.dumps(body), content_type="application/json", headers=headers)


def test_asking_queues_and_answers_at_once() -> None:
    answer = posted(BODY, key="one")
    proposal = Proposal.objects.get()
    assert (answer.status_code, answer.json()) == (202, {"number": proposal.pk, "status": "queued"})
    assert (proposal.door, proposal.by, proposal.days) == ("api", cast.head_barat(), 12)
    again = posted(BODY, key="one")
    assert (again.status_code, again.json(), again["Idempotent-Replayed"]) == (202, answer.json(), "true")
    assert posted(BODY | {"days": 3}, key="one").status_code == 422
    worked(proposal)
    assert posted(BODY).json() == {"number": proposal.pk, "status": "ready"}


def test_options_pins_and_bans_are_asked() -> None:
    more = {"alpha": "1", "saturdays": True, "floor": 2, "worst_city_first": True, "lend_own": True}
    fixed = {"pins": [{"village": KAPUK, "day": "2021-12-02"}], "bans": [{"village": GROGOL}]}
    assert posted(BODY | more | fixed).status_code == 202
    proposal = Proposal.objects.get()
    assert proposal.options == {**more, "agency": False}
    assert (proposal.pins, proposal.bans) == ([[KAPUK, "2021-12-02", 0]], [[GROGOL, ""]])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "region"),
        ({**BODY, "region": "31.7"}, "region"),
        ({**BODY, "days": "12"}, "days"),
        ({**BODY, "days": 99}, "days"),
        ({**BODY, "first_day": "2021-11-24"}, "first_day"),
        ({**BODY, "first_day": "besok"}, "first_day"),
        ({**BODY, "alpha": "2"}, "alpha"),
        ({**BODY, "saturdays": 1}, "saturdays"),
        ({**BODY, "pins": {"village": KAPUK}}, "pins"),
        ({**BODY, "pins": [{"village": KAPUK}]}, "pins"),
        ({**BODY, "pins": [{"village": PALMERIAM, "day": "2021-12-02"}]}, "village"),
        ({**BODY, "vans": 9}, "vans"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(body: dict[str, Any], field: str) -> None:
    answer = posted(body, who=cast.admin())
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    ("who", "scope", "region", "status"),
    [
        (cast.head_timur, "proposals:write", BARAT, 403),
        (cast.head_barat, "counts:write", BARAT, 403),
        (cast.head_barat, "proposals:write", DKI, 403),
        (cast.staff, "proposals:write", DKI, 202),
    ],
)
def test_a_key_asks_where_its_owner_plans(who: Any, scope: str, region: str, status: int) -> None:
    assert posted(BODY | {"region": region}, who=who(), scope=scope).status_code == status


def test_a_list_is_no_question() -> None:
    assert posted([BODY]).status_code == 400


def test_a_proposal_with_its_reasons() -> None:
    proposal = ready()
    found = row(f"proposals/{proposal.pk}/")
    assert (found["status"], found["progress"], found["failure"], found["replaces"]) == ("ready", 100, "", None)
    (stop,) = [stop for stop in found["stops"] if (stop["village"], stop["day"]) == (KAPUK, MONDAY.isoformat())]
    assert (stop["ordinal"], stop["last"]) == (2, 58)
    assert stop["low"] <= stop["expected"] <= stop["high"]
    assert found["moves"] == []
    assert "stops" not in row(f"proposals/{proposal.pk}/?fields=number,status")


def test_the_list_and_its_filters() -> None:
    first, second = asked(), asked(question(region=DKI))
    assert [each["number"] for each in rows("proposals/")] == [first.pk, second.pk]
    assert [each["number"] for each in rows("proposals/?region=31")] == [second.pk]
    assert rows("proposals/?status=failed") == []
    assert len(pages("proposals/?limit=1", staff())) == 2


def test_the_plan_file_passes_the_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    proposal = ready()
    answer = staff().get(f"{ROOT}proposals/{proposal.pk}/plan/")
    assert (answer.content.decode(), answer["Content-Type"]) == (proposal.plan, "application/json")
    file = tmp_path / "plan.json"
    file.write_bytes(answer.content)
    call_command("check_plan", str(file), "--json")
    assert json.loads(capsys.readouterr().out)["proved"]
    file.write_bytes(answer.content.replace(KAPUK.encode(), b"31.73.01.1009", 1))
    with pytest.raises(CommandError, match="ditolak"):
        call_command("check_plan", str(file))
    waiting = asked(question(days=3))
    assert staff().get(f"{ROOT}proposals/{waiting.pk}/plan/").status_code == 404
