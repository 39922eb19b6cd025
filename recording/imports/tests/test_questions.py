"""Questions of a preview: asked once, answered by one value everywhere, and never twice in other words."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dukcapil.errors import Refused
from dukcapil.tests.test_nik import gaps, niks
from recording.imports.choices import Choices
from recording.imports.findings import Findings
from recording.imports.questions import Answer, question_as_json
from recording.tests.commands import csv_file, run
from recording.tests.world import KAPUK, value

ASKED = Refused("Dokumen apa ini?")
TWO = [Answer("KTP", "Perekaman"), Answer("KIA", "Kartu anak")]


@pytest.mark.parametrize(
    ("given_answer", "proposed", "reading", "is_open", "blocks"),
    [
        ("", None, "KTP", True, False),
        ("", "", "", True, True),
        ("KIA", None, "KIA", False, False),
        ("KIA", "", "KIA", False, False),
        ("SIM", None, "KTP", True, False),
    ],
)
def test_the_given_answer_goes_before_the_proposal(
    given_answer: str, proposed: str | None, reading: str, is_open: bool, blocks: bool
) -> None:
    findings = Findings({"document": given_answer})
    assert findings.ask("document", ASKED, TWO, proposed=proposed) == reading
    asked = question_as_json(findings.questions["document"])
    assert (asked["answer"], asked["open"], asked["blocks"]) == (reading, is_open, blocks)
    assert [each["option"] for each in asked["answers"]] == ["--answer document=KTP", "--answer document=KIA"]


def test_an_answer_that_stops_keeps_the_file_out() -> None:
    findings = Findings({"total": "no"})
    findings.ask("total", ASKED)
    assert findings.open_question(lambda _kind: True) is findings.questions["total"]


@given(niks, gaps, st.sampled_from(["answers", "spellings", "columns", "sheet", "period", "decree"]))
def test_no_choice_holds_a_nik(nik: str, gap: str, field: str) -> None:
    text = gap.join([nik[:6], nik[6:12], nik[12:]])
    bodies: list[dict[str, Any]] = [{field: text}]
    if field in ("answers", "spellings", "columns"):
        bodies = [{field: {text: {} if field == "columns" else "x"}}, {field: {"x": text}}]
    for body in bodies:
        with pytest.raises(Refused) as problem:
            Choices.read(body)
        assert problem.value.field == field


@pytest.mark.parametrize("kind", ["day", "day:Jakarta Barat"])
def test_a_day_is_refused_before_the_file(kind: str) -> None:
    assert Choices.read({"answers": {kind: "2021-11-20"}}).answers == {kind: "2021-11-20"}
    with pytest.raises(Refused, match="kemarin") as problem:
        Choices.read({"answers": {kind: "kemarin"}})
    assert problem.value.field == "answers"


@pytest.mark.usefixtures("small_world", "at_noon")
def test_an_open_question_ends_with_code_1(tmp_path: Path) -> None:
    file = csv_file(tmp_path, f"kode,Perekaman KTP\n{KAPUK},8\n", "rekap 25 November 2021.csv")
    open_one = run("import_counts", file, "--json", "--dry-run")
    (asked,) = open_one.json["questions"]
    assert (open_one.code, asked["code"], asked["open"], value()) == (1, "running", True, None)
    option = next(each["option"] for each in asked["answers"] if each["value"] == "daily")
    done = run("import_counts", file, "--json", *option.split())
    assert (done.code, done.json["questions"][0]["open"], value()) == (0, False, 8)


@pytest.mark.usefixtures("small_world", "at_noon")
def test_a_day_outside_every_period_is_said_once(tmp_path: Path) -> None:
    file = csv_file(tmp_path, f"kode,Perekaman KTP\n{KAPUK},8\n31.73.01,9\n", "rekap 25 November 2011.csv")
    answer = run("import_counts", file, "--json", "--accept").json
    said = [each["reason"] for each in answer["problems"] if "mendahului periode pertama" in each["reason"]]
    assert (len(said), answer["rows"]["rejected"], value()) == (1, 0, None)
