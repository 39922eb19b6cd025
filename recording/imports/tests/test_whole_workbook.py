"""Several sheets of a workbook in one go: one preview, one batch, one undo, and every finding names its sheet."""

import csv
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from dukcapil.clock import JAKARTA
from recording.imports.questions import TOGETHER
from recording.imports.summary import summary_of
from recording.imports.tests.imports import imported, tally
from recording.imports.tests.workbooks import Rows, xlsx
from recording.models import DailyCount, ImportBatch, ImportKind, ImportMapping, Posting, Target
from recording.tests.commands import run
from recording.tests.world import KAPUK, count, target, value, write

pytestmark = pytest.mark.usefixtures("small_world")
GROGOL, GAMBIR, CIDENG, PALMERIAM = "31.73.02.1001", "31.71.01.1001", "31.71.01.1002", "31.75.01.1004"
NOW = datetime(2021, 12, 2, 9, tzinfo=JAKARTA)
HEAD = ["KECAMATAN", "KELURAHAN", "REKAM KTP"]
NAME = "rekap 20 November 2021.xlsx"
CITIES: dict[str, Rows] = {
    "Jakarta Barat": [HEAD, ["Cengkareng", "Kapuk", 5], ["Grogol Petamburan", "Grogol", 6], ["", "JUMLAH", 11]],
    "Jakarta Pusat": [HEAD, ["Gambir", "Gambir", 7], ["Gambir", "Cideng", 8], ["", "JUMLAH", 15]],
}


def stored() -> set[tuple[Any, ...]]:
    return set(DailyCount.objects.filter(people__isnull=False).values_list("region", "document", "day", "people"))


def on(day: int, month: int = 11) -> date:
    return date(2021, month, day)


def test_sheets_of_cities_are_one_import(tmp_path: Path) -> None:
    file = xlsx(tmp_path / NAME, CITIES)
    done = imported(file, accept=True, now=NOW)
    questions, totals = done.preview.findings.questions, done.preview.reading.totals
    assert (tally(done), Posting.objects.count(), set(questions)) == ((4, 0, 0, 0), 1, {"sheets", "running"})
    assert stored() == {(code, "KTP", on(20), n) for code, n in zip((KAPUK, GROGOL, GAMBIR, CIDENG), (5, 6, 7, 8), strict=True)}
    assert totals.per_city == {"31.71": {"KTP": 15}, "31.73": {"KTP": 11}}
    assert totals.file_total == {"KTP": 26}
    assert [(total.label, total.agrees) for total in totals.totals] == [
        ("Jakarta Barat · JUMLAH", True),
        ("Jakarta Pusat · JUMLAH", True),
    ]
    assert tally(imported(file, accept=True, now=NOW)) == (0, 0, 4, 0)
    column = summary_of(done.preview)["columns"][2]
    assert (column["label"], column["sum"], column["total"]) == ("REKAM KTP", 26, 26)


@pytest.mark.parametrize("choice", [{"answers": {"sheets": "Jakarta Pusat"}}, {"sheet": "Jakarta Pusat"}])
def test_one_sheet_may_be_chosen(tmp_path: Path, choice: dict[str, Any]) -> None:
    done = imported(xlsx(tmp_path / NAME, CITIES), accept=True, now=NOW, **choice)
    assert stored() == {(GAMBIR, "KTP", on(20), 7), (CIDENG, "KTP", on(20), 8)}
    assert "Lembar “Jakarta Barat” tidak dibaca." in [problem.reason for problem in done.preview.all_problems()]


SOME = ["Jakarta Timur", "Jakarta Barat"]
OF_TIMUR: Rows = [HEAD, ["Matraman", "Palmeriam", 9]]


@pytest.mark.parametrize("choice", [{"answers": {"sheets": TOGETHER.join(SOME)}}, {"sheets": SOME}])
def test_some_of_several_sheets_may_be_chosen(tmp_path: Path, choice: dict[str, Any]) -> None:
    file = xlsx(tmp_path / NAME, {**CITIES, "Jakarta Timur": OF_TIMUR})
    done = imported(file, accept=True, now=NOW, **choice)
    assert stored() == {(KAPUK, "KTP", on(20), 5), (GROGOL, "KTP", on(20), 6), (PALMERIAM, "KTP", on(20), 9)}
    assert [part.sheet for part in done.preview.plan.parts] == SOME[::-1]
    assert "Lembar “Jakarta Pusat” tidak dibaca." in [problem.reason for problem in done.preview.all_problems()]
    assert ImportMapping.objects.count() == Posting.objects.count() == 1


def test_a_sheet_names_its_own_document(tmp_path: Path) -> None:
    head = ["KODE", "JUMLAH"]
    sheets: dict[str, Rows] = {"KTP": [head, [KAPUK, 5]], "KIA": [head, [KAPUK, 3]]}
    imported(xlsx(tmp_path / "Rekap KTP 20 November 2021.xlsx", sheets), accept=True, now=NOW)
    assert stored() == {(KAPUK, "KTP", on(20), 5), (KAPUK, "KIA", on(20), 3)}


def test_a_sheet_without_rows_stops_no_other(tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {**CITIES, "Jakarta Timur": [HEAD, ["Matraman", "Palmeriam", ""]]}
    done = imported(xlsx(tmp_path / NAME, sheets), accept=True, now=NOW)
    assert (done.saved, done.preview.findings.blocked, len(stored())) == (True, "", 4)


def test_a_sheet_without_a_table_is_told(tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {"Data": CITIES["Jakarta Barat"], "Lain": [["Kapuk", 5], ["Grogol", 6]], "Kosong": [["", ""]]}
    done = imported(xlsx(tmp_path / NAME, sheets), dry_run=True, now=NOW)
    told = [(problem.sheet, problem.reason) for problem in done.preview.all_problems() if problem.tier == "note"]
    assert [sheet for sheet, _ in told] == ["Lain"]
    assert told[0][1].startswith("Lembar “Lain” tidak dibaca: Tidak ada judul kolom")


@pytest.mark.usefixtures("at_noon")
def test_a_command_takes_some_sheets(tmp_path: Path) -> None:
    file = xlsx(tmp_path / NAME, {**CITIES, "Jakarta Timur": OF_TIMUR})
    once = [part for name in SOME for part in ("--answer", f"sheets={name}")]
    asked = {each["code"]: each for each in run("import_counts", file, "--dry-run", "--json", *once).json["questions"]}
    assert (asked["sheets"]["answer"], asked["sheets"]["takes_several"]) == (TOGETHER.join(SOME), True)
    done = run("import_counts", file, "--json", "--daily", *(part for name in SOME for part in ("--sheet", name)))
    assert (done.code, done.json["per_city"]) == (0, {"31.73": {"KTP": 11}, "31.75": {"KTP": 9}})
    assert ImportBatch.objects.get().choices["sheets"] == SOME


@pytest.mark.parametrize("choice", [{"answers": {"sheets": "Jakarta Barat\\Lain"}}, {"sheets": ["Jakarta Barat", "Lain"]}])
def test_a_sheet_that_is_missing_is_no_choice(tmp_path: Path, choice: dict[str, Any]) -> None:
    done = imported(xlsx(tmp_path / NAME, CITIES), accept="answers" not in choice, now=NOW, **choice)
    assert (done.saved, stored()) == (False, set())
    asked = done.preview.findings.questions.get("sheets")
    assert asked.is_open if asked else "“Lain” tidak ada" in done.preview.findings.blocked


@pytest.mark.parametrize(("second", "remembered"), [("KTP", 1), ("KIA", 0)])
def test_sheets_of_two_documents_share_no_memory(tmp_path: Path, second: str, remembered: int) -> None:
    sheets: dict[str, Rows] = {"KTP": [["KODE", "SUDAH"], [KAPUK, 5]], f"{second} b": [["KODE", "SUDAH"], [GAMBIR, 6]]}
    assert imported(xlsx(tmp_path / NAME, sheets), accept=True, now=NOW, answers={"sheets": "*"}).saved
    assert ImportMapping.objects.count() == remembered


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("evidence", [True, False], ids=["told", "by the numbers"])
def test_a_sheet_that_is_daily_stays_so(tmp_path: Path, order: int, evidence: bool) -> None:
    """Its days add up to what its rows say; of the other sheet only a person knows."""
    write(*(count(n, code, day=on(18)) for code, n in ((KAPUK, 3), (GAMBIR, 3))))
    target(50, GAMBIR)
    daily: Rows = [["KODE", "2021-11-19", "2021-11-20", "2021-11-21", "JUMLAH KTP"], [KAPUK, 5, 6, 1, 12]]
    other: Rows = [["Keadaan" if evidence else "Rekap"], ["KODE", "REKAM KTP"], [GAMBIR, 70]]
    file = xlsx(tmp_path / NAME, dict(list({"Harian KTP": daily, "Total": other}.items())[::order]))
    seen = imported(file, now=NOW, answers={"sheets": "*"}, dry_run=True)
    assert seen.preview.findings.questions["running"].answer == "running"
    done = imported(file, now=NOW, answers={"sheets": "*"}, accept=True)
    assert done.saved, done.refused
    assert {row for row in stored() if row[2] > on(18)} == {
        (KAPUK, "KTP", on(19), 5),
        (KAPUK, "KTP", on(20), 6),
        (KAPUK, "KTP", on(21), 1),
        (GAMBIR, "KTP", on(20), 67),
    }
    modes = {use["running"] for mapping in ImportMapping.objects.all() for use in mapping.columns.values()}
    assert modes == {True, False}


def test_each_sheet_keeps_its_own_memory(tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {
        "Barat": [["KODE", "KTP L", "KTP P"], [KAPUK, 5, 6]],
        "Pusat": [["KODE", "TEREKAM"], [GAMBIR, 7]],
    }
    chosen = {"sheets": "*", "parts:KTP": "+", "document": "KTP", "running": "daily"}
    assert imported(xlsx(tmp_path / NAME, sheets), now=NOW, answers=chosen).saved
    later = xlsx(tmp_path / "rekap 21 November 2021.xlsx", {"Pusat": sheets["Pusat"]})
    assert imported(later, now=NOW).saved  # nothing is asked of it again
    assert value(GAMBIR, day=on(21)) == 7


def test_a_sheets_name_is_its_rows_city(tmp_path: Path) -> None:
    short: dict[str, Rows] = {
        name: [["KELURAHAN", "REKAM KTP"], *(row[1:] for row in rows[1:])] for name, rows in CITIES.items()
    }
    short["Jakarta Pusat"] = [*short["Jakarta Pusat"][:2], ["Grogol", 9]]
    done = imported(xlsx(tmp_path / NAME, short), accept=True, good_rows=True, now=NOW, rejected_rows=tmp_path / "sisa.csv")
    assert stored() == {(KAPUK, "KTP", on(20), 5), (GROGOL, "KTP", on(20), 6), (GAMBIR, "KTP", on(20), 7)}
    (problem,) = [problem for problem in done.preview.all_problems() if problem.tier == "error"]
    assert (problem.sheet, problem.row) == ("Jakarta Pusat", 3)
    with (tmp_path / "sisa.csv").open(encoding="utf-8-sig", newline="") as lines:
        head, row = csv.reader(lines, delimiter=";")
    assert head == ["KELURAHAN", "REKAM KTP", "Lembar", "Tanggal", "Dokumen", "Baris", "Alasan"]
    assert row[:6] == ["Grogol", "9", "Jakarta Pusat", "2021-11-20", "", "3"]


def test_each_month_has_its_own_day(tmp_path: Path) -> None:
    months: dict[str, Rows] = {
        name: [["KODE", "REKAM KTP"], [KAPUK, people]] for name, people in [("Sept 2021", 5), ("Okt 2021", 6)]
    }
    done = imported(xlsx(tmp_path / "rekap.xlsx", months), accept=True, now=NOW)
    assert stored() == {(KAPUK, "KTP", on(30, 9), 5), (KAPUK, "KTP", on(31, 10), 6)}
    assert {"day:Sept 2021", "day:Okt 2021"} < set(done.preview.findings.questions)
    assert summary_of(done.preview)["day"] is None


@pytest.mark.parametrize(
    ("names", "title", "days"),
    [(("JAN", "Nop"), "TAHUN 2021", {on(31, 1), on(30)}), (("22", "Tgl. 23"), "KEADAAN NOVEMBER 2021", {on(22), on(23)})],
)
def test_a_sheets_short_name_says_its_day(tmp_path: Path, names: tuple[str, str], title: str, days: set[date]) -> None:
    file = xlsx(tmp_path / "KTP.xlsx", {name: [[title], ["KODE", "JUMLAH"], [KAPUK, 5]] for name in names})
    imported(file, accept=True, now=NOW, answers={"running": "daily"})
    assert stored() == {(KAPUK, "KTP", day, 5) for day in days}


@pytest.mark.parametrize("names", [("22", "Data"), ("31", "32"), ("22",)])
def test_other_short_names_say_no_day(tmp_path: Path, names: tuple[str, ...]) -> None:
    file = xlsx(tmp_path / "KTP November 2021.xlsx", {name: [["KODE", "JUMLAH"], [KAPUK, 5]] for name in names})
    done = imported(file, dry_run=True, now=NOW)
    assert any(kind.startswith("day") for kind in done.preview.findings.questions)
    assert on(22) not in {part.day for part in done.preview.plan.parts or [done.preview.plan]}


def test_each_document_has_its_own_sheet(tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {"KTP": [["KODE", "SUDAH REKAM"], [KAPUK, 5]], "KIA": [["KODE", "TERBIT"], [KAPUK, 6]]}
    imported(xlsx(tmp_path / NAME, sheets), accept=True, now=NOW, answers={"sheets": "*"})
    assert stored() == {(KAPUK, "KTP", on(20), 5), (KAPUK, "KIA", on(20), 6)}


def test_a_region_in_two_sheets_is_never_added(tmp_path: Path) -> None:
    twice: dict[str, Rows] = {"Data": [["KODE", "REKAM KTP"], [KAPUK, 5]], "Data lama": [["KODE", "REKAM KTP"], [KAPUK, 4]]}
    done = imported(xlsx(tmp_path / NAME, twice), accept=True, now=NOW)
    assert (done.saved, tally(done), stored()) == (False, (1, 0, 0, 1), set())
    (problem,) = [problem for problem in done.preview.all_problems() if problem.tier == "error"]
    assert problem.sheet == "Data lama"


def test_sheets_of_codes_may_be_as_deep(tmp_path: Path) -> None:
    """Only the codes in its rows say how deep a table goes that has no names."""
    file = xlsx(tmp_path / NAME, {"Data": CITIES["Jakarta Barat"], "Lain": [["KODE", "REKAM KTP"], [GAMBIR, 7]]})
    assert "sheets" in imported(file, dry_run=True, now=NOW).preview.findings.questions
    imported(file, accept=True, now=NOW, answers={"sheets": "*"})
    assert stored() == {(KAPUK, "KTP", on(20), 5), (GROGOL, "KTP", on(20), 6), (GAMBIR, "KTP", on(20), 7)}


@pytest.mark.parametrize("other", ["another depth", "hidden", "other columns"])
def test_unlike_sheets_are_not_taken_together(tmp_path: Path, other: str) -> None:
    tables: dict[str, Rows] = {
        "another depth": [["KECAMATAN", "REKAM KTP"], ["Cengkareng", 5]],
        "hidden": [HEAD, ["Gambir", "Gambir", 7]],
        "other columns": [["KELURAHAN", "KTP CETAK", "SUDAH REKAM"], ["Gambir", 7, 8]],
    }
    file = xlsx(
        tmp_path / NAME, {"Data": CITIES["Jakarta Barat"], "Lain": tables[other]}, hidden=["Lain"] if other == "hidden" else []
    )
    done = imported(file, accept=True, now=NOW)
    assert stored() == {(KAPUK, "KTP", on(20), 5), (GROGOL, "KTP", on(20), 6)}
    assert ("sheets" in done.preview.findings.questions) == (other == "other columns")


def test_subtotals_of_one_sheet_leave_the_others_alone(tmp_path: Path) -> None:
    head = ["KODE", "REKAM KTP"]
    sheets: dict[str, Rows] = {"A": [head, ["31.73.01", 5], [KAPUK, 5]], "B": [head, [GROGOL, 6], [GAMBIR, 7]]}
    done = imported(xlsx(tmp_path / NAME, sheets), accept=True, now=NOW)
    assert done.saved, done.refused
    assert stored() == {(KAPUK, "KTP", on(20), 5), (GROGOL, "KTP", on(20), 6), (GAMBIR, "KTP", on(20), 7)}


def test_wholes_beside_sheets_of_parts_are_asked_about(tmp_path: Path) -> None:
    head = ["KODE", "NAMA", "REKAM KTP"]
    sheets: dict[str, Rows] = {"Rekap": [head, ["31.73.01", "Cengkareng", 5]], "Rinci": [head, [KAPUK, "Kapuk", 5]]}
    file = xlsx(tmp_path / NAME, sheets)
    done = imported(file, accept=True, now=NOW)
    assert (done.saved, stored()) == (False, set())
    assert done.preview.findings.questions["levels_within"].sentence.startswith("Cengkareng: berkas menyebut 5 orang, dan 5")
    assert imported(file, accept=True, now=NOW, answers={"sheets": "Rinci"}).saved
    assert stored() == {(KAPUK, "KTP", on(20), 5)}


def test_all_sheets_are_of_the_shown_source(tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {
        "Barat": [["KODE", "NAMA", "REKAM KTP"], [KAPUK, "Kapuk", 5]],
        "Pusat": [["KODE", "REKAM KTP"], [GAMBIR, 7]],
    }
    former = xlsx(tmp_path / "rekap 19 November 2021.xlsx", {"Pusat": sheets["Pusat"]})
    assert imported(former, accept=True, now=NOW, source="posyandu").saved
    done = imported(xlsx(tmp_path / NAME, sheets), accept=True, now=NOW, answers={"sheets": "*"})
    assert done.preview.plan.source == "loket"
    assert set(DailyCount.objects.filter(day=on(20)).values_list("region", "source")) == {(KAPUK, "loket"), (GAMBIR, "loket")}


def test_each_sheet_asks_about_its_own_columns(tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {
        "Barat": [["KODE", "KTP L", "KTP P"], [KAPUK, 5, 6]],
        "Pusat": [["KODE", "REKAM KTP", "KTP TERCATAT"], [GAMBIR, 7, 7]],
        "Utara": [["KODE", "KTP P", "KTP L"], [CIDENG, 1, 2]],
    }
    file, answers = xlsx(tmp_path / NAME, sheets), {"sheets": "*", "parts:KTP": "+", "running": "daily"}
    done = imported(file, now=NOW, answers=answers)
    assert (done.saved, done.preview.findings.questions["parts:KTP:Pusat"].is_open) == (False, True)
    assert imported(file, now=NOW, answers=answers | {"parts:KTP:Pusat": "REKAM KTP"}).saved
    assert stored() == {(KAPUK, "KTP", on(20), 11), (GAMBIR, "KTP", on(20), 7), (CIDENG, "KTP", on(20), 3)}


def test_a_fall_names_its_sheet(tmp_path: Path) -> None:
    file = xlsx(tmp_path / NAME, CITIES)
    answers = {"running": "running"}
    assert imported(file, accept=True, now=NOW, answers=answers).saved
    fallen: dict[str, Rows] = {**CITIES, "Jakarta Pusat": [HEAD, ["Gambir", "Gambir", 4], ["Gambir", "Cideng", 8]]}
    later = xlsx(tmp_path / "rekap 21 November 2021.xlsx", fallen)
    done = imported(later, accept=True, now=NOW, answers=answers, reason="koreksi")
    warnings = [problem for problem in done.preview.findings.problems if problem.tier == "warning"]
    assert [(problem.sheet, problem.row) for problem in warnings] == [("Jakarta Pusat", 2)]
    assert value(GAMBIR, day=on(20)) == 4


def test_targets_of_several_sheets_come_in_together(tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {
        name: [["KECAMATAN", "KELURAHAN", "TARGET KTP"], *(row[:3] for row in rows[1:3])] for name, rows in CITIES.items()
    }
    done = imported(
        xlsx(tmp_path / "target.xlsx", sheets), ImportKind.TARGETS, accept=True, decree="SK 1/2021", period="2021", now=NOW
    )
    assert done.saved, done.refused
    assert set(Target.objects.values_list("region", "people")) >= {(KAPUK, 5), (GROGOL, 6), (GAMBIR, 7), (CIDENG, 8)}
