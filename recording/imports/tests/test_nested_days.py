"""Days and months over columns of documents, and below them: each cell is the count of its day and document."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from dukcapil.clock import JAKARTA
from recording.imports.tests.imports import imported
from recording.imports.tests.workbooks import Rows, xlsx
from recording.models import DailyCount
from recording.tests.world import KAPUK

pytestmark = pytest.mark.usefixtures("small_world")
NOW = datetime(2021, 12, 2, 9, tzinfo=JAKARTA)
DAILY = {"running": "daily", "days": "yes"}
Stored = list[tuple[Any, ...]]


def stored() -> Stored:
    return list(DailyCount.objects.order_by("document", "day").values_list("document", "day", "people"))


def over(days: list[Any], labels: list[str], first: str = "KODE") -> Rows:
    """The header of days over the same labels, and a row that counts from 1."""
    blank = [""] * (len(labels) - 1)
    top = [cell for day in days for cell in (day, *blank)]
    return [[first, *top], ["" if first else "KODE", *labels * len(days)], [KAPUK, *range(1, len(top) + 1)]]


def of(*days: date) -> Stored:
    """What `over` says of KTP and KIA."""
    return [("KIA", day, 2 * n + 2) for n, day in enumerate(days)] + [("KTP", day, 2 * n + 1) for n, day in enumerate(days)]


NOVEMBER = [date(2021, 11, day) for day in (1, 2, 3)]
OVER = [
    (["1 November 2021", "2 November 2021"], NOVEMBER[:2]),
    (["1 Nov 2021", "2 Nov 2021"], NOVEMBER[:2]),
    (["2021-11-01", "2021-11-02"], NOVEMBER[:2]),
    (["1/11/2021", "2/11/2021", "3/11/2021"], NOVEMBER),
    ([1, 2, 3], NOVEMBER),
    ([1, 2], NOVEMBER[:2]),
    ([44501, 44502, 44503], NOVEMBER),
    (["1", "2", "3"], NOVEMBER),
    (["OKTOBER", "NOVEMBER"], [date(2021, 10, 31), date(2021, 11, 30)]),
    (["Okt 2021", "Nov 2021"], [date(2021, 10, 31), date(2021, 11, 30)]),
]


@pytest.mark.parametrize("first", ["KODE", ""])
@pytest.mark.parametrize(("labels", "days"), OVER)
def test_days_may_stand_over_documents(tmp_path: Path, labels: list[Any], days: list[date], first: str) -> None:
    file = xlsx(tmp_path / "Rekap November 2021.xlsx", {"Data": over(labels, ["KTP", "KIA"], first)})
    done = imported(file, now=NOW, accept=True, answers=DAILY)
    assert (done.saved, stored()) == (True, of(*days))


@pytest.mark.parametrize(("labels", "days"), OVER[:3])
def test_documents_may_stand_over_dates(tmp_path: Path, labels: list[Any], days: list[date]) -> None:
    rows: Rows = [["KODE", "REKAM KTP", "", "TERBIT KIA", ""], ["", *labels, *labels], [KAPUK, 1, 3, 2, 4]]
    done = imported(xlsx(tmp_path / "Rekap.xlsx", {"Data": rows}), now=NOW, accept=True, answers=DAILY)
    assert (done.saved, stored()) == (True, of(*days))


@pytest.mark.parametrize(("labels", "answer", "people"), [(["L", "P"], "+", [3, 7]), (["L", "P", "JML"], "JML", [3, 6])])
def test_men_and_women_of_each_day_are_asked(tmp_path: Path, labels: list[str], answer: str, people: list[int]) -> None:
    file = xlsx(tmp_path / "KTP.xlsx", {"Data": over(["1 November 2021", "2 November 2021"], labels)})
    assert not imported(file, now=NOW, answers=DAILY).saved
    assert imported(file, now=NOW, answers=DAILY | {"parts": answer}).saved
    assert [each for _, _, each in stored()] == people


def test_what_remains_of_a_day_is_no_count(tmp_path: Path) -> None:
    file = xlsx(tmp_path / "KTP.xlsx", {"Data": over(["1 November 2021", "2 November 2021"], ["SUDAH", "BELUM"])})
    assert imported(file, now=NOW, accept=True, answers=DAILY).saved
    assert stored() == [("KTP", NOVEMBER[0], 1), ("KTP", NOVEMBER[1], 3)]


@pytest.mark.parametrize("title", ["1 November 2021", "NOVEMBER 2021"])
def test_one_day_over_both_documents_is_a_title(tmp_path: Path, title: str) -> None:
    file = xlsx(tmp_path / "Rekap 1 November 2021.xlsx", {"Data": over([title], ["KTP", "KIA"])})
    assert "column" in imported(file, now=NOW, dry_run=True).preview.findings.questions


# Dates over groups that do not repeat the same labels are the title of a period.
TITLES: list[Rows] = [
    [["", "1 November 2021", "", "30 November 2021"], ["KODE", "KTP", "KIA", "KETERANGAN"], [KAPUK, 5, 6, "ok"]],
    [["", "1 November 2021", "", "7 November 2021", ""], ["KODE", "KTP L", "KTP P", "KIA L", "KIA P"], [KAPUK, 1, 2, 3, 4]],
    [["KODE", "2 November 2021", "", "S/D 2 November 2021", ""], ["", "KTP", "KIA", "KTP", "KIA"], [KAPUK, 5, 6, 15, 16]],
]


@pytest.mark.parametrize("rows", TITLES)
def test_a_stretch_over_labels_is_no_day(tmp_path: Path, rows: Rows) -> None:
    file = xlsx(tmp_path / "Rekap November 2021.xlsx", {"Data": rows})
    assert not imported(file, now=NOW, accept=True, answers=DAILY).saved


D1, D2 = "1 November 2021", "2 November 2021"
# What stands beside the days, and what is stored of KTP then; None where a person is asked first.
BESIDE: list[tuple[str, Rows, Any]] = [
    ("KTP", over([D1, D2], ["KTP", "GAGAL"]), [1, 3]),
    ("KTP", over([D1, D2], ["KTP", "AKTA"]), [1, 3]),
    ("KTP", over([D1, D2], ["KTP", "KIA", "JUMLAH"]), [1, 4]),
    ("Rekap", over([D1, D2], ["KTP", "KIA", "JUMLAH"]), [1, 4]),
    ("KTP", over([D1, D2], ["KTP", "SUDAH"]), None),
    ("KTP", over([D1, D2], ["GAGAL", "HILANG"]), None),
    ("KTP", [["KODE", "KTP", "", "GAGAL", ""], ["", *["2021-11-01", "2021-11-02"] * 2], [KAPUK, 1, 3, 5, 6]], [1, 3]),
    ("Rekap", [["KODE", "REKAM KTP", "", ""], ["", D1, D2, "TOTAL"], [KAPUK, 1, 3, 4]], [1, 3]),
    ("Rekap", [["KODE", "REKAM KTP", "", "", ""], ["", 1, 2, 3, "JML"], [KAPUK, 1, 3, 5, 9]], [1, 3, 5]),
    ("Rekap", [["KODE", "REKAM KTP", "", ""], ["", D1, D2, "KET"], [KAPUK, 1, 3, "ok"]], [1, 3]),
    ("Rekap", [["KODE", "KTP", "", "KIA", ""], ["", D1, D2, D2, "3 November 2021"], [KAPUK, 1, 3, 5, 6]], [1, 3]),
    ("Rekap", [["KODE", "KTP", "", "", "KIA", "", ""], ["", *[D1, D2, "JUMLAH"] * 2], [KAPUK, 1, 3, 4, 5, 6, 11]], [1, 3]),
]


@pytest.mark.parametrize(("name", "rows", "people"), BESIDE)
def test_only_what_is_recorded_of_a_day_counts(tmp_path: Path, name: str, rows: Rows, people: list[int] | None) -> None:
    file = xlsx(tmp_path / f"{name}.xlsx", {"Data": rows})
    done = imported(file, now=NOW, accept=True, answers=DAILY | {"day": "2021-11-01"})
    assert done.saved == (people is not None), done.refused
    assert [each for document, _, each in stored() if document == "KTP"] == (people or [])


def test_a_person_may_say_a_series_document(tmp_path: Path) -> None:
    file = xlsx(tmp_path / "Rekap.xlsx", {"Data": over([D1, D2], ["KTP", "SUDAH"])})
    assert imported(file, now=NOW, answers=DAILY | {"document:SUDAH": "KIA"}).saved
    assert stored() == of(*NOVEMBER[:2])


# Groups of months or years over days, and the days that they make of KTP.
UPPER: list[tuple[list[str], list[Any], list[date]]] = [
    (["BULAN OKTOBER", "BULAN NOVEMBER"], [28, 29], [date(2021, month, day) for month in (10, 11) for day in (28, 29)]),
    (["OKTOBER 2021", "NOVEMBER 2021"], [28, 29], [date(2021, month, day) for month in (10, 11) for day in (28, 29)]),
    (["2020", "TAHUN 2021"], ["OKT", "NOV"], [date(y, m, 31 if m == 10 else 30) for y in (2020, 2021) for m in (10, 11)]),
    (["2020", "2021"], ["28 Okt", "29 Okt"], [date(y, 10, day) for y in (2020, 2021) for day in (28, 29)]),
]


@pytest.mark.parametrize(("upper", "lower", "days"), UPPER)
def test_a_month_or_year_over_days_is_theirs(tmp_path: Path, upper: list[str], lower: list[Any], days: list[date]) -> None:
    top = [cell for text in upper for cell in (text, *[""] * (2 * len(lower) - 1))]
    middle = [cell for text in lower * 2 for cell in (text, "")]
    rows: Rows = [["KODE", *top], ["", *middle], ["", *["KTP", "KIA"] * 4], [KAPUK, *range(1, 9)]]
    file = xlsx(tmp_path / "Rekap Tahun 2021.xlsx", {"Data": rows})
    assert imported(file, now=NOW, accept=True, answers=DAILY).saved
    assert [(day, people) for document, day, people in stored() if document == "KTP"] == list(
        zip(days, (1, 3, 5, 7), strict=True)
    )


@pytest.mark.parametrize("labels", [["11/1/2021", "11/2/2021"], ["1/10/2021", "2/10/2021"]])
@pytest.mark.parametrize("documents", [["KTP", "KIA"], []])
def test_days_of_another_month_are_asked_about(tmp_path: Path, labels: list[str], documents: list[str]) -> None:
    rows: Rows = over(labels, documents) if documents else [["KODE", *labels], [KAPUK, 5, 6]]
    file = xlsx(tmp_path / "Rekap KTP November 2021.xlsx", {"Data": rows})
    assert imported(file, now=NOW, dry_run=True).preview.findings.questions["days"].answer == ""


def test_one_day_written_twice_is_refused(tmp_path: Path) -> None:
    rows: Rows = [["KODE", "2021-11-01", "1/11/2021"], [KAPUK, 5, 6]]
    done = imported(xlsx(tmp_path / "KTP.xlsx", {"Data": rows}), now=NOW, accept=True, answers=DAILY)
    assert "menyebut hari yang sama" in done.preview.findings.blocked or "menyebut hari yang sama" in str(done.refused)


@pytest.mark.parametrize("labels", [["1 Nov", "2 Nov"], ["Tgl 1", "Tgl 2", "Tgl 3"], ["1-Nov-2021", "2-Nov-2021"]])
def test_days_may_leave_their_year_or_month_open(tmp_path: Path, labels: list[str]) -> None:
    rows: Rows = [["KODE", *labels], [KAPUK, *range(1, len(labels) + 1)]]
    assert imported(xlsx(tmp_path / "KTP November 2021.xlsx", {"Data": rows}), now=NOW, accept=True, answers=DAILY).saved
    assert stored() == [("KTP", day, people) for people, day in enumerate(NOVEMBER[: len(labels)], 1)]


def test_a_single_month_is_no_day(tmp_path: Path) -> None:
    rows: Rows = [["KODE", "REKAM KTP", "Oktober 2021"], [KAPUK, 5, 7]]
    imported(xlsx(tmp_path / "KTP 1 November 2021.xlsx", {"Data": rows}), now=NOW, accept=True, answers=DAILY)
    assert stored() == [("KTP", NOVEMBER[0], 5)]


def test_days_stored_as_numbers_are_asked_about(tmp_path: Path) -> None:
    rows: Rows = [["KODE", 44501, 44502, 44503], [KAPUK, 5, 6, 7]]
    file = xlsx(tmp_path / "KTP.xlsx", {"Data": rows})
    asked = imported(file, now=NOW, dry_run=True).preview.findings.questions["days"]
    assert "1 November 2021" in asked.sentence
    assert imported(file, now=NOW, answers=DAILY).saved
    assert stored() == [("KTP", day, people) for day, people in zip(NOVEMBER, (5, 6, 7), strict=True)]


def test_thirty_days_of_two_months_are_asked_about(tmp_path: Path) -> None:
    rows: Rows = [["KODE", *range(44515, 44545)], [KAPUK, *range(30)]]
    file = xlsx(tmp_path / "KTP.xlsx", {"Data": rows})
    assert "days" in imported(file, now=NOW, dry_run=True).preview.findings.questions
