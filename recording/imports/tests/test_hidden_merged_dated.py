"""Hidden rows and columns, merged cells, and days as columns: read as people see them, or asked about."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from dukcapil.clock import JAKARTA
from recording.imports.job import Imported
from recording.imports.layouts.day_labels import day_labels, day_of, is_month
from recording.imports.layouts.hidden import IN, OUT
from recording.imports.layouts.table_rows import carried_down, without_rows
from recording.imports.spreadsheets.cells import Cell
from recording.imports.tests.imports import imported, tally
from recording.imports.tests.test_unseen import hidden_ods, hidden_xls, hidden_xlsx
from recording.imports.tests.workbooks import Rows, xlsx
from recording.models import DailyCount
from recording.tests.world import KAPUK, value

pytestmark = pytest.mark.usefixtures("small_world")
GROGOL, GAMBIR, CIDENG = "31.73.02.1001", "31.71.01.1001", "31.71.01.1002"
NOW = datetime(2021, 12, 2, 9, tzinfo=JAKARTA)


def asked(done: Imported) -> set[str]:
    return set(done.preview.findings.questions)


def stored() -> dict[str, int | None]:
    return dict(DailyCount.objects.filter(people__isnull=False).values_list("region", "people"))


def with_hidden(path: Path, rows: Rows, hidden_rows: list[int], hidden_columns: list[int]) -> Path:
    """A workbook whose rows and columns of these numbers, from 0, are hidden."""
    with xlsxwriter.Workbook(str(path), {"in_memory": True}) as book:
        sheet = book.add_worksheet("Data")
        for number, cells in enumerate(rows):
            sheet.write_row(number, 0, cells)
        for number in hidden_rows:
            sheet.set_row(number, None, None, {"hidden": True})
        for number in hidden_columns:
            sheet.set_column(number, number, None, None, {"hidden": True})
    return path


LIST: Rows = [["KODE", "TANGGAL", "KTP SUDAH REKAM"], [KAPUK, "2021-11-20", 5], [GROGOL, "2021-11-20", 6]]


@pytest.mark.parametrize(
    ("answers", "people"), [({}, {}), ({"hidden-rows": OUT}, {KAPUK: 5}), ({"hidden-rows": IN}, {KAPUK: 5, GROGOL: 6})]
)
def test_a_hidden_row_counts_only_when_confirmed(tmp_path: Path, answers: dict[str, str], people: dict[str, int]) -> None:
    file = with_hidden(tmp_path / "a.xlsx", LIST, [2], [])
    assert imported(file, answers=answers, dry_run=True).preview.findings.questions["hidden-rows"].is_open == (not answers)
    done = imported(file, answers=answers, accept=True)
    assert (stored(), asked(done)) == (people, {"hidden-rows"})
    assert "baris 3." in done.preview.findings.questions["hidden-rows"].sentence


@pytest.mark.parametrize(
    ("label", "answers", "people", "questions"),
    [
        ("KTP SUDAH REKAM", {}, 5, {"hidden-columns"}),
        ("KTP SUDAH REKAM L", {}, 5, {"hidden-columns"}),
        ("JUMLAH", {}, 5, {"hidden-columns"}),
        ("LAMA", {}, 5, {"hidden-columns"}),
        ("KETERANGAN", {}, 5, set()),
        ("KTP SUDAH REKAM", {"hidden-columns": IN, "parts:KTP": "KTP SUDAH REKAM"}, 99, {"hidden-columns", "parts:KTP"}),
    ],
)
def test_a_hidden_column_is_never_silently_a_candidate(
    tmp_path: Path, label: str, answers: dict[str, str], people: int, questions: set[str]
) -> None:
    rows: Rows = [["KODE", "TANGGAL", label, "KTP SUDAH REKAM"], [KAPUK, "2021-11-20", 99, 5]]
    done = imported(with_hidden(tmp_path / "a.xlsx", rows, [], [2]), answers=answers, accept=True)
    assert (stored(), asked(done)) == ({KAPUK: people}, questions)


def test_a_hidden_place_is_read_without_another(tmp_path: Path) -> None:
    done = imported(with_hidden(tmp_path / "a.xlsx", LIST, [], [0]), accept=True)
    assert (stored(), asked(done)) == ({KAPUK: 5, GROGOL: 6}, {"hidden-columns"})


@pytest.mark.parametrize("make", [hidden_xlsx, hidden_xls, hidden_ods])
def test_every_kind_asks_about_hidden_cells(tmp_path: Path, make: Any) -> None:
    done = imported(make(tmp_path / "20 November 2021"), dry_run=True)
    assert {"hidden-columns", "hidden-rows"} <= asked(done)


MERGED: Rows = [
    ["KECAMATAN", "KELURAHAN", "TANGGAL", "DOKUMEN", "JUMLAH"],
    ["Cengkareng", "Kapuk", "2021-11-20", "KTP", 5],
    ["Gambir", "Gambir", "", "", 6],
    ["", "Cideng", "2021-11-21", "KIA", 7],
]


def test_merged_labels_are_carried_down(tmp_path: Path) -> None:
    file = xlsx(tmp_path / "a.xlsx", {"S": MERGED}, merged=["A3:A4", "C2:C3", "D2:D3"])
    done = imported(file)
    assert (tally(done), asked(done)) == ((3, 0, 0, 0), set())
    rows = DailyCount.objects.values_list("region", "day", "document", "people")
    assert set(rows) == {
        (KAPUK, date(2021, 11, 20), "KTP", 5),
        (GAMBIR, date(2021, 11, 20), "KTP", 6),
        (CIDENG, date(2021, 11, 21), "KIA", 7),
    }


def test_a_merged_number_of_two_regions_is_asked(tmp_path: Path) -> None:
    rows: Rows = [*MERGED[:2], ["Cengkareng", "Cengkareng Barat", "2021-11-20", "KTP", ""]]
    file = xlsx(tmp_path / "a.xlsx", {"S": rows}, merged=["E2:E3"])
    done = imported(file, accept=True)
    assert (done.saved, asked(done), stored()) == (False, {"merged"}, {})
    assert imported(file, answers={"merged": "first"}, accept=True).saved
    assert stored() == {KAPUK: 5}


def test_rows_without_merged_or_hidden_cells_stay_unchanged() -> None:
    rows: list[tuple[int, list[Cell]]] = [(1, ["a"]), (2, [""])]
    assert carried_down(without_rows(rows, []), [(0, 0, 0, 3)], [0]) is rows
    assert list(without_rows([(number, []) for number in range(1, 9)], [(2, 3), (6, 6), (8, 9)])) == [
        (1, []),
        (4, []),
        (5, []),
        (7, []),
    ]


def days_table(*, group: str, total: bool, people: int = 3) -> list[list[Any]]:
    labels = [*range(1, 31), *(["JUMLAH"] if total else [])]
    row = [KAPUK, people, *[1] * 29, *([29 + people] if total else [])]
    if group:
        return [["KODE", group, *[""] * 29, *labels[30:]], ["", *labels[:30]], row]
    return [["KODE", *labels], row]


@pytest.mark.parametrize("group", ["TANGGAL", "", "Hasil perekaman"])
@pytest.mark.parametrize("total", [True, False])
@pytest.mark.parametrize("where", ["title", "sheet", "file"])
def test_a_cell_below_a_day_is_its_count(tmp_path: Path, group: str, total: bool, where: str) -> None:
    month = "KTP November 2021"
    table = [[month if where == "title" else "Rekap KTP"], *days_table(group=group, total=total)]
    name = f"{month}.xlsx" if where == "file" else "a.xlsx"
    file = xlsx(tmp_path / name, {month if where == "sheet" else "S": table})
    done = imported(file, accept=True, now=NOW)
    assert (asked(done), tally(done)) == (set() if total else {"running"}, (30, 0, 0, 0))
    assert (value(KAPUK, day=date(2021, 11, 1)), value(KAPUK, day=date(2021, 11, 30))) == (3, 1)


def test_days_not_adding_up_are_asked_about(tmp_path: Path) -> None:
    table = days_table(group="TANGGAL", total=True)
    table[-1][-1] = 99
    file = xlsx(tmp_path / "KTP November 2021.xlsx", {"S": table})
    done = imported(file, dry_run=True, now=NOW)
    assert asked(done) == {"row-sum", "running"}
    assert "menyebut 99, hari-harinya berjumlah 32" in done.preview.findings.questions["row-sum"].sentence


def test_days_without_a_month_wait_for_it(tmp_path: Path) -> None:
    file = xlsx(tmp_path / "KTP.xlsx", {"S": days_table(group="TANGGAL", total=True)})
    done = imported(file, accept=True, now=NOW)
    assert (done.saved, asked(done)) == (False, {"day"})
    assert imported(file, answers={"day": "2021-11-15"}, accept=True, now=NOW).saved
    assert value(KAPUK, day=date(2021, 11, 1)) == 3


def test_few_bare_numbers_are_asked_about(tmp_path: Path) -> None:
    rows: Rows = [["KODE", 1, 2, 3, "JUMLAH"], [KAPUK, 5, 6, 7, 18]]
    done = imported(xlsx(tmp_path / "KTP per RW November 2021.xlsx", {"S": rows}), dry_run=True, now=NOW)
    assert asked(done) == {"days"}


def test_months_as_columns_count_on_their_last_day(tmp_path: Path) -> None:
    rows: Rows = [["KODE", "SEPT 2021", "OKTOBER 2021", "JUMLAH"], [KAPUK, 5, 6, 11]]
    imported(xlsx(tmp_path / "KTP.xlsx", {"S": rows}), accept=True, now=NOW)
    assert (value(KAPUK, day=date(2021, 9, 30)), value(KAPUK, day=date(2021, 10, 31))) == (5, 6)


@pytest.mark.parametrize(("future", "rejected"), [(0, 0), (None, 0), ("-", 0), (4, 1)])
def test_days_to_come_may_be_empty(tmp_path: Path, future: Any, rejected: int) -> None:
    rows: Rows = [["KODE", "2021-11-30", "2021-12-01", "2021-12-02", "2021-12-03"], [KAPUK, 5, 6, 7, future]]
    file = xlsx(tmp_path / "KTP.xlsx", {"S": rows})
    done = imported(file, accept=True, good_rows=True, now=NOW, answers={"running": "daily"})
    assert tally(done) == ((0, 0, 0, 1) if rejected else (3, 0, 0, 0))
    told = [(problem.column, problem.tier) for problem in done.preview.findings.problems if "belum tiba; sel" in problem.reason]
    assert told == [("2021-12-03", "note")]


def test_people_of_no_day_are_asked_about(tmp_path: Path) -> None:
    rows: Rows = [["KODE", *range(1, 32)], [KAPUK, *[1] * 30, 7]]
    file = xlsx(tmp_path / "KTP November 2021.xlsx", {"S": rows})
    done = imported(file, accept=True, now=NOW)
    assert (asked(done), done.saved) == ({"no-day", "running"}, False)
    rows = [rows[0], [KAPUK, *[1] * 30, ""]]
    assert asked(imported(xlsx(tmp_path / "KTP November 2021.xlsx", {"S": rows}), dry_run=True, now=NOW)) == {"running"}


def test_the_days_and_their_sum_are_never_added(tmp_path: Path) -> None:
    file = xlsx(tmp_path / "KTP November 2021.xlsx", {"S": days_table(group="TANGGAL", total=True)})
    columns = {"TANGGAL 1": {"document": "KTP"}, "JUMLAH": {"document": "KTP"}}
    assert "kolom tanggalnya saja" in str(imported(file, columns=columns, accept=True, now=NOW).refused)


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (["KODE", 1, 2, 3], {1, 2, 3}),
        (["KODE", "01", "02", "05", "TOTAL"], {1, 2, 3}),
        (["KODE", 1, 2, 3, 1, 2, 3], {1, 2, 3, 4, 5, 6}),
        (["KODE", "2021-11-01", "2021-11-02", "2021-11-03"], {1, 2, 3}),
        (["KODE", 1, 2], set()),
        (["KODE", 1, 2, 32], set()),
        (["KODE", 3, 2, 1], set()),
        (["KODE", 10, 20, 30, 40], set()),
        (["KODE", 1, "", 2, ""], {1, 3}),
        (["KODE", 1, "", 2, "JUMLAH"], set()),
        (["KODE", 1, "", "", "", ""], set()),
        (["KODE", 44501, 44502, 44503], {1, 2, 3}),
        (["KODE", *[44501, 44502, 44503] * 2], {1, 2, 3, 4, 5, 6}),
        (["KODE", 44501, 44503, 44504], set()),
        (["KODE", 501, 502, 503], set()),
        (["KODE", "KTP"], set()),
        (["KODE", "1 November 2021", "2 Nov 2021"], {1, 2}),
        (["KODE", "Data 1 November 2021", "Data 2 November 2021"], set()),
        (["KODE", "1-15 November 2021", "16-30 November 2021"], set()),
    ],
)
def test_a_row_of_days_labels_columns(cells: list[Cell], days: set[int]) -> None:
    assert day_labels(cells) == days


@pytest.mark.parametrize(
    ("when", "day"),
    [
        ("1", date(2021, 11, 1)),
        ("31", None),
        ("2021-10-05", date(2021, 10, 5)),
        ("5/10/21", date(2021, 10, 5)),
        ("44501", date(2021, 11, 1)),
        ("Feb", date(2021, 2, 28)),
        ("Februari 2020", date(2020, 2, 29)),
    ],
)
def test_a_label_says_its_day_within_the_month(when: str, day: date | None) -> None:
    assert day_of(when, date(2021, 11, 1)) == day


@pytest.mark.parametrize(
    ("label", "month"), [("Januari", True), ("JAN.", True), ("Nov 2021", True), ("1 Nov 2021", False), ("KTP", False)]
)
def test_a_label_is_a_month_only_alone(label: str, month: bool) -> None:
    assert is_month(label) == month


# Groups of columns, each over three days; the answer; the counts of those days.
GROUPS = [
    (["SUDAH REKAM", "BELUM REKAM"], "", [10, 20, 30]),
    (["TARGET", "SUDAH REKAM", "% CAPAIAN"], "", [11, 21, 31]),
    (["L", "P"], "+", [21, 41, 61]),
    (["L", "P", "JUMLAH"], "JUMLAH", [12, 22, 32]),
    (["L", "P", "JUMLAH"], "+", [21, 41, 61]),
    (["", ""], "1 #2", [11, 21, 31]),
]


@pytest.mark.parametrize(("names", "answer", "people"), GROUPS)
def test_no_day_is_counted_twice(tmp_path: Path, names: list[str], answer: str, people: list[int]) -> None:
    head = [cell for name in names for cell in (name, "", "")]
    numbers = [10 * day + place for place in range(len(names)) for day in (1, 2, 3)]
    days = ["1", "2", "3"] * len(names)
    rows: Rows = [["KODE", *head], ["", *days], [KAPUK, *numbers]] if any(names) else [["KODE", *days], [KAPUK, *numbers]]
    file = xlsx(tmp_path / "rekap KTP November 2021.xlsx", {"Data": rows})
    seen = imported(file, now=NOW, dry_run=True)
    assert asked(seen) == {"days", "running"} | ({"parts"} if answer else set())
    answers = {"days": "yes", "running": "daily"}
    assert imported(file, now=NOW, answers=answers).saved == (not answer)
    assert imported(file, now=NOW, answers=answers | {"parts": answer}).saved
    assert list(DailyCount.objects.order_by("day").values_list("people", flat=True)) == people


def test_two_dates_label_two_days(tmp_path: Path) -> None:
    table: Rows = [["KELURAHAN", "24/11/2021", "25/11/2021", "TOTAL"], ["Kapuk", 10, 3, 13], ["Grogol", 10, 4, 14]]
    done = imported(xlsx(tmp_path / "rekam KTP.xlsx", {"Data": table}), accept=True)
    assert (done.saved, sorted(DailyCount.objects.values_list("day__day", "people"))) == (
        True,
        [(24, 10), (24, 10), (25, 3), (25, 4)],
    )
