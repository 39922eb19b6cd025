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


def test_one_day_over_both_documents_is_a_title(tmp_path: Path) -> None:
    file = xlsx(tmp_path / "Rekap.xlsx", {"Data": over(["1 November 2021"], ["KTP", "KIA"])})
    assert imported(file, now=NOW, accept=True, answers={"running": "daily"}).saved
    assert stored() == of(NOVEMBER[0])


def test_one_month_over_both_documents_is_a_title(tmp_path: Path) -> None:
    file = xlsx(tmp_path / "Rekap.xlsx", {"Data": over(["NOVEMBER 2021"], ["KTP", "KIA"])})
    assert set(imported(file, now=NOW, dry_run=True).preview.findings.questions) == {"day", "running"}


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
