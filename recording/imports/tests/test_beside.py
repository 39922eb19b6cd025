"""Counts beside those of regions above or below them are asked about, in the file or stored; never added in silence."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from recording.imports.job import Imported
from recording.imports.tests.imports import imported
from recording.models import DailyCount
from recording.tests.commands import csv_file
from recording.tests.world import KAPUK, count, value, write

pytestmark = pytest.mark.usefixtures("small_world")
CENGKARENG, GROGOL = "31.73.01", "31.73.02.1001"
DAY = date(2021, 11, 20)


def sent(folder: Path, *rows: str, day: int = 20, **more: Any) -> Imported:
    """A table of one day; what the portal proposes is accepted."""
    lines = "\n".join(["kode,rekam ktp", *rows, ""])
    return imported(csv_file(folder, lines, f"rekap KTP {day} November 2021.csv"), accept=True, **more)


# What is stored before, the code that the file names, running or daily, and the question that is asked.
CASES = [
    ("parts on the same day", count(5, KAPUK, day=DAY), CENGKARENG, False, {"levels_below"}),
    ("the whole on the same day", count(5, CENGKARENG, day=DAY), KAPUK, False, {"levels_above"}),
    ("parts two levels below", count(5, KAPUK, day=DAY), "31.73", False, {"levels_below"}),
    ("parts on another day", count(5, KAPUK, day=date(2021, 11, 19)), CENGKARENG, False, set()),
    ("parts on another day under a total", count(5, KAPUK, day=date(2021, 11, 19)), CENGKARENG, True, {"levels_below"}),
    ("the whole on a later day over a total", count(5, CENGKARENG, day=date(2021, 11, 21)), KAPUK, True, {"levels_above"}),
    ("parts of another source", count(5, KAPUK, day=DAY, source="mobil"), CENGKARENG, False, set()),
    ("parts of another document", count(5, KAPUK, day=DAY, document="KIA"), CENGKARENG, False, set()),
    ("parts of nobody", count(0, KAPUK, day=DAY), CENGKARENG, False, set()),
    ("parts elsewhere", count(5, GROGOL, day=DAY), CENGKARENG, False, set()),
    ("the same region", count(5, CENGKARENG, day=DAY), CENGKARENG, False, set()),
]


TRIP = "trip-7"
VANS = [
    ("a report on the same day", count(5, KAPUK, day=DAY, source=TRIP), KAPUK, "mobil", False, {"vans_reported"}),
    ("a report on another day", count(5, KAPUK, day=date(2021, 11, 19), source=TRIP), KAPUK, "mobil", False, set()),
    ("a report under a total", count(5, KAPUK, day=date(2021, 11, 19), source=TRIP), KAPUK, "mobil", True, {"vans_reported"}),
    ("a report below", count(5, KAPUK, day=DAY, source=TRIP), CENGKARENG, "mobil", False, {"levels_below"}),
    ("a report above", count(5, CENGKARENG, day=DAY, source=TRIP), KAPUK, "mobil", False, {"levels_above"}),
    ("a report of nobody", count(0, KAPUK, day=DAY, source=TRIP), KAPUK, "mobil", False, set()),
    ("another source", count(5, KAPUK, day=DAY, source=TRIP), KAPUK, "loket", False, set()),
]


@pytest.mark.parametrize(
    ("stored", "code", "source", "running", "asked"), [case[1:] for case in VANS], ids=[case[0] for case in VANS]
)
def test_the_vans_and_their_reports_are_one_source(
    tmp_path: Path, stored: Any, code: str, source: str, running: bool, asked: set[str]
) -> None:
    write(stored)
    done = sent(tmp_path, f"{code},7", running=running, source=source)
    assert set(done.preview.findings.questions) == asked
    assert done.saved == (not asked)


def test_a_column_of_sources_names_the_vans(tmp_path: Path) -> None:
    write(count(5, KAPUK, day=DAY, source=TRIP))
    file = csv_file(tmp_path, f"kode,sumber,rekam ktp\n{KAPUK},mobil,7\n", "rekap KTP 20 November 2021.csv")
    assert set(imported(file, accept=True, running=False).preview.findings.questions) == {"vans_reported"}


@pytest.mark.parametrize(("stored", "code", "running", "asked"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_another_level_of_the_source_is_asked_about(
    tmp_path: Path, stored: Any, code: str, running: bool, asked: set[str]
) -> None:
    write(stored)
    done = sent(tmp_path, f"{code},7", running=running)
    assert set(done.preview.findings.questions) == asked
    assert done.saved == (not asked)  # no answer is proposed, so there is none to accept
    if asked:
        assert value(code, day=DAY) is None
        assert not sent(tmp_path, f"{code},7", running=running, answers=dict.fromkeys(asked, "no")).saved
        assert sent(tmp_path, f"{code},7", running=running, answers=dict.fromkeys(asked, "yes")).saved
    assert value(code, day=DAY) == 7
    assert sent(tmp_path, f"{code},7", running=running).saved, "nothing is added by the same file again"


def test_the_question_names_both_numbers_and_how_many(tmp_path: Path) -> None:
    write(count(5, KAPUK, day=DAY), count(6, "31.73.01.1001", day=DAY), count(4, GROGOL, day=DAY))
    question = sent(tmp_path, f"{CENGKARENG},1100", "31.73.02,7", running=False).preview.findings.questions["levels_below"]
    assert "Cengkareng: berkas menyebut 1.100 orang, dan wilayah-wilayah di bawahnya sudah tercatat 11" in question.sentence
    assert (question.count, [each.partition(":")[0] for each in question.evidence]) == (2, ["Grogol Petamburan"])


def test_levels_within_a_list_are_asked_about(tmp_path: Path) -> None:
    lines = [f"{KAPUK},KTP,2021-11-20,5", f"{CENGKARENG},KTP,2021-11-20,5", f"{CENGKARENG},KTP,2021-11-19,5"]
    file = csv_file(tmp_path, "\n".join(["kode,dokumen,tanggal,jumlah", *lines, ""]))
    done = imported(file, accept=True)
    assert (done.saved, [question.count for question in done.preview.findings.questions.values()]) == (False, [1])
    assert imported(file, answers={"levels_within": "yes"}).saved
    assert DailyCount.objects.count() == 3


def test_a_changed_later_day_is_asked_about(tmp_path: Path) -> None:
    """In the order 20, 10, 15 November: the totals stay true, and every shift is told."""
    assert not sent(tmp_path, f"{KAPUK},100", running=True).preview.findings.questions
    sent(tmp_path, f"{KAPUK},40", day=10, running=True)
    third = sent(tmp_path, f"{KAPUK},70", day=15, running=True, dry_run=True).preview
    assert set(third.findings.questions) == {"later"}
    (problem,) = third.findings.problems
    assert "30 orang dipindahkan dari hitungan Sabtu, 20 November 2021, supaya total hari itu tetap" in problem.reason
    assert sent(tmp_path, f"{KAPUK},70", day=15, running=True).saved
    assert [value(day=date(2021, 11, day)) for day in (10, 15, 20)] == [40, 30, 30]


@pytest.mark.parametrize(
    ("people", "words", "counts"),
    [
        (10, "turun dari 40 menjadi 10: 30 orang dipindahkan ke hitungan Sabtu, 20 November 2021", [10, 90]),
        (130, "10 Nov", [130, 0]),
    ],
)
def test_a_corrected_total_says_what_moves(tmp_path: Path, people: int, words: str, counts: list[int]) -> None:
    sent(tmp_path, f"{KAPUK},40", day=10, running=True)
    sent(tmp_path, f"{KAPUK},100", running=True)
    done = sent(tmp_path, f"{KAPUK},{people}", day=10, running=True)
    assert set(done.preview.findings.questions) == {"later"}
    told = [problem.reason for problem in done.preview.findings.problems]
    assert words in told[0]
    assert ("total hari itu ikut naik 30 orang" in told[-1]) == (people == 130)
    assert [value(day=date(2021, 11, day)) for day in (10, 20)] == counts


def test_days_of_the_file_itself_ask_nothing(tmp_path: Path) -> None:
    head = "kode,tanggal,rekam ktp"
    for first in (40, 50):
        file = csv_file(tmp_path, f"{head}\n{KAPUK},2021-11-10,{first}\n{KAPUK},2021-11-20,100\n")
        done = imported(file, accept=True, running=True)
        assert (done.saved, set(done.preview.findings.questions)) == (True, set())
    assert [value(day=date(2021, 11, day)) for day in (10, 20)] == [50, 50]
