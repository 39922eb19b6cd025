"""What is unlikely of counts is asked about: daily or total, beyond a target, far above a usual day. With its evidence."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dukcapil.errors import Refused
from dukcapil.unusual import is_unusual
from recording.imports.findings import WARNING, Findings
from recording.imports.job import Imported
from recording.imports.questions import Question
from recording.imports.tests.imports import imported
from recording.imports.tests.workbooks import Rows, xlsx
from recording.ledger.stage import Stage
from recording.ledger.stage_checks import later_sums
from recording.models import DailyCount
from recording.tests.commands import csv_file
from recording.tests.world import BARAT, DKI, KAPUK, count, target, value, write

GROGOL = "31.73.02.1001"
DAY = date(2021, 11, 20)


def sent(folder: Path, *rows: str, head: str = "rekam ktp", day: int = 20, **more: Any) -> Imported:
    lines = "\n".join([f"kode,{head}", *rows, ""])
    return imported(csv_file(folder, lines, f"rekap {day} November 2021.csv"), accept=True, **more)


def before(*people: int, code: str = KAPUK, source: str = "loket", document: str = "KTP") -> None:
    """One count on each of the days before the file's."""
    days = [DAY - timedelta(days=number + 1) for number in range(len(people))]
    write(*(count(each, code, day=day, source=source, document=document) for each, day in zip(people, days, strict=True)))


def asked(done: Imported, kind: str) -> Question:
    return done.preview.findings.questions[kind]


# Best former day, number of former days, people of the day: unusual or not.
@pytest.mark.parametrize(
    ("best", "days", "people", "unusual"),
    [(20, 3, 41, True), (20, 3, 40, False), (20, 2, 400, False), (5, 3, 30, False), (5, 3, 31, True), (0, 3, 31, True)],
)
def test_a_day_is_unusual_far_above_the_best(best: int, days: int, people: int, unusual: bool) -> None:
    assert is_unusual(people, best=best, former_days=days) is unusual


# What is stored before, the file's people, and whether they are asked about.
PEAKS = [
    ("far above the stored days", {}, [20, 25, 30], 70, True),
    ("not above twice the best", {}, [20, 25, 30], 60, False),
    ("too few days to tell", {}, [20, 30], 300, False),
    ("another source", {"source": "mobil"}, [20, 25, 30], 70, False),
    ("another document", {"document": "KIA"}, [20, 25, 30], 70, False),
    ("another region", {"code": GROGOL}, [20, 25, 30], 70, False),
]


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize(
    ("where", "stored", "people", "unusual"), [case[1:] for case in PEAKS], ids=[case[0] for case in PEAKS]
)
def test_an_outlier_of_a_day_is_asked_about(
    tmp_path: Path, where: dict[str, str], stored: list[int], people: int, unusual: bool
) -> None:
    before(*stored, **where)
    done = sent(tmp_path, f"{KAPUK},{people}", running=False, dry_run=True)
    assert set(done.preview.findings.questions) == ({"unusual"} if unusual else set())
    if unusual:
        assert "Kapuk, Sabtu, 20 November 2021: 70 orang" in asked(done, "unusual").sentence
        assert "terbaik di sana dari sumber ini, 30" in asked(done, "unusual").sentence
        assert not sent(tmp_path, f"{KAPUK},{people}", running=False, answers={"unusual": "no"}).saved


@pytest.mark.usefixtures("small_world")
def test_reports_of_vans_are_former_days(tmp_path: Path) -> None:
    """Two reports of one day are one day of the vans."""

    def said() -> tuple[bool, Sequence[str]]:
        day = sent(tmp_path, f"{KAPUK},500", source="mobil", running=False, dry_run=True)
        either = sent(tmp_path, f"{KAPUK},500", head="jumlah ktp", source="mobil", dry_run=True)
        return "unusual" in day.preview.findings.questions, asked(either, "running").evidence

    for number, days_before in enumerate((1, 2, 2)):
        write(count(20, day=DAY - timedelta(days=days_before), source=f"trip-{number}"))
    assert said() == (False, []), "two days are too few"
    write(count(30, day=DAY - timedelta(days=3), source="trip-9"))
    assert said() == (True, ["KTP: 500 orang dalam berkas; hari biasa dari sumber ini 30."])


@pytest.mark.usefixtures("small_world")
def test_other_days_of_a_file_tell_too(tmp_path: Path) -> None:
    days = [(5, 41), (6, 44), (7, 438), (8, 40)]
    lines = [f"{KAPUK},KTP,2021-11-0{day},{people}" for day, people in days]
    lines += [f"{GROGOL},KTP,2021-11-0{day},{people}" for day, people in [(5, 40), (6, 90)]]
    file = csv_file(tmp_path, "\n".join(["kode,dokumen,tanggal,jumlah", *lines, ""]))
    question = asked(imported(file, dry_run=True), "unusual")
    assert (question.count, "7 November 2021: 438 orang" in question.sentence) == (1, True)
    before(20, 25, code=GROGOL)
    assert imported(file, accept=True).saved
    assert not imported(file, accept=True).preview.findings.questions, "the same file again changes nothing"


# The people of a region's days in one file, what is stored of it before, and the days that are asked about.
ALIKE = [
    ([40, 5_000, 42, 5_000, 44, 41], [], "8 November 2021: 5.000 orang, jauh di atas hari terbaik di sana dari sumber ini, 44"),
    ([5_000, 5_000], [40, 41, 42], "7 November 2021: 5.000 orang, jauh di atas hari terbaik di sana dari sumber ini, 42"),
    ([40, 100, 42, 100, 44, 41], [], ""),
    ([5_000, 5_000], [], ""),
    ([40, 5_000, 5_000, 5_000, 5_000], [], ""),  # the usual day, it seems
]


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize(("people", "stored", "sentence"), ALIKE)
def test_two_absurd_days_excuse_nothing(tmp_path: Path, people: list[int], stored: list[int], sentence: str) -> None:
    write(*(count(each, day=date(2021, 11, day)) for day, each in enumerate(stored, 1)))
    lines = [f"{KAPUK},KTP,2021-11-{day:02},{each}" for day, each in enumerate(people, 7)]
    file = csv_file(tmp_path, "\n".join(["kode,dokumen,tanggal,jumlah", *lines, ""]))
    questions = imported(file, dry_run=True).preview.findings.questions
    assert set(questions) == ({"unusual"} if sentence else set())
    assert sentence in "".join(question.sentence for question in questions.values())


@pytest.mark.usefixtures("small_world")
def test_a_total_in_the_file_is_no_later(tmp_path: Path) -> None:
    write(count(400, day=date(2021, 11, 25)))
    lines = [f"{KAPUK},KTP,2021-11-{day:02},{people}" for day, people in [*((day, 10) for day in range(1, 21)), (25, 400)]]
    for rows, is_asked in ((lines, False), (lines[:-1], True)):
        file = csv_file(tmp_path, "\n".join(["kode,dokumen,tanggal,jumlah", *rows, ""]))
        assert ("later_total" in imported(file, dry_run=True).preview.findings.questions) == is_asked


# The people stored on the 25th in two regions, whether the source sends totals, those of the 20th, and the answer.
BEFORE_TOTALS = [
    ((400, 500), False, (20, 30), True),
    ((400, 500), False, (50, 60), False),
    ((900, 0), False, (20, 30), True),
    ((20, 9), False, (1, 1), False),
    ((50, 60), True, (20, 30), True),
    ((50, 60), False, (20, 30), False),
]


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize(("stored", "of_totals", "people", "is_asked"), BEFORE_TOTALS)
def test_days_before_a_stored_total_are_asked_about(
    tmp_path: Path, stored: tuple[int, int], of_totals: bool, people: tuple[int, int], is_asked: bool
) -> None:
    rows = [f"{code},{number}" for code, number in zip((KAPUK, GROGOL), stored, strict=True)]
    assert sent(tmp_path, *rows, day=25, running=of_totals).saved
    rows = [f"{code},{number}" for code, number in zip((KAPUK, GROGOL), people, strict=True)]
    done = sent(tmp_path, *rows, running=False, dry_run=True)
    assert set(done.preview.findings.questions) == ({"later_total"} if is_asked else set())
    if is_asked:
        before_total = f"pada Kamis, 25 November 2021 sudah tersimpan {sum(stored)} orang"
        assert before_total in asked(done, "later_total").sentence
        assert not sent(tmp_path, *rows, running=False).saved  # what nobody proposed nobody accepts
    assert sent(tmp_path, *rows, running=False, answers={"later_total": "yes"}).saved
    both = sent(tmp_path, *rows, running=False, answers={"later_total": "yes"})
    assert not both.preview.findings.questions, "the same file again changes nothing"


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize(
    ("targets", "stored", "people", "words"),
    [
        ({KAPUK: 100}, 0, 101, "Kapuk, KTP: menjadi 101% dari target, 101 dari 100 orang"),
        ({KAPUK: 100}, 90, 11, "Kapuk, KTP: menjadi 101% dari target"),
        ({KAPUK: 100}, 90, 10, ""),
        ({DKI: 100}, 22, 300, "Daerah Khusus Ibukota Jakarta, KTP: menjadi 322% dari target, 322 dari 100 orang"),
        ({KAPUK: 60, GROGOL: 60}, 0, 100, "Kota Administrasi Jakarta Barat, KTP: menjadi 333%"),
        ({BARAT: 1_000, KAPUK: 60}, 0, 100, "Kapuk, KTP: menjadi 166%"),
        ({KAPUK: 100}, 100, 5, "Kapuk, KTP: menjadi 105%"),
        ({}, 0, 1_000, ""),
    ],
)
def test_more_than_remains_is_asked_about(
    tmp_path: Path, targets: dict[str, int], stored: int, people: int, words: str
) -> None:
    for code, number in targets.items():
        target(number, code)
    if stored:
        before(stored)
    rows = [f"{KAPUK},{people}"] + ([f"{GROGOL},300"] if GROGOL in targets else [])
    questions = sent(tmp_path, *rows, running=False, dry_run=True).preview.findings.questions
    assert set(questions) == ({"beyond_target"} if words else set())
    assert words in "".join([each for question in questions.values() for each in (question.sentence, *question.evidence)])


@pytest.mark.usefixtures("small_world")
def test_a_replaced_count_counts_once(tmp_path: Path) -> None:
    target(100, KAPUK)
    write(count(90, day=DAY))
    assert not sent(tmp_path, f"{KAPUK},100", running=False, reason="x").preview.findings.questions
    assert value(day=DAY) == 100


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize("mode", ["daily", "running"])
@pytest.mark.parametrize(
    ("stored", "goal", "evidence"),
    [
        ([], 500, "Daerah Khusus Ibukota Jakarta, KTP: 5.000 orang dalam berkas melebihi seluruh targetnya, 500."),
        ([40, 50, 60], 0, "KTP: 5.000 orang dalam berkas; hari biasa dari sumber ini 50."),
    ],
)
def test_impossible_days_are_proposed_as_totals(tmp_path: Path, mode: str, stored: list[int], goal: int, evidence: str) -> None:
    if goal:
        target(goal, DKI)
    before(*stored)
    seen = sent(tmp_path, f"{KAPUK},5000", head="jumlah ktp", dry_run=True)
    question = asked(seen, "running")
    assert (question.answer, question.evidence, question.is_open) == ("running", [evidence], True)
    assert [each.value for each in question.answers] == ["running", "daily"]
    assert all(each.running for each in seen.preview.plan.values)
    done = sent(tmp_path, f"{KAPUK},5000", head="jumlah ktp", answers={"running": mode})
    assert done.saved, done.refused
    assert value(day=DAY) == 5_000 - (sum(stored) if mode == "running" else 0)


# The stored people of two regions, those of the file, and whether the file is asked about.
REPLACED = [((600, 600), (20, 30), True), ((600, 600), (60, 60), False), ((20, 10), (1, 1), False), ((600, 0), (600, 5), False)]


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize(("stored", "people", "is_asked"), REPLACED)
def test_a_tenth_of_what_is_stored_asks(
    tmp_path: Path, stored: tuple[int, int], people: tuple[int, int], is_asked: bool
) -> None:
    write(*(count(number, code, day=DAY) for number, code in zip(stored, (KAPUK, GROGOL), strict=True)))
    rows = [f"{code},{number}" for code, number in zip((KAPUK, GROGOL), people, strict=True)]
    questions = sent(tmp_path, *rows, running=False, dry_run=True).preview.findings.questions
    assert set(questions) == ({"replaced"} if is_asked else set())
    if is_asked:
        assert "KTP dari sumber loket: 2 angka yang sudah tersimpan, bersama 1.200 orang, menjadi 50." in str(questions)
        assert not sent(tmp_path, *rows, running=False, answers={"replaced": "no"}).saved


@pytest.mark.usefixtures("small_world")
def test_usual_numbers_are_proposed_as_counts(tmp_path: Path) -> None:
    before(40, 50, 60)
    target(10_000, KAPUK)
    question = asked(sent(tmp_path, f"{KAPUK},500", head="jumlah ktp", dry_run=True), "running")
    assert (question.answer, question.evidence) == ("daily", [])
    assert [each.value for each in question.answers] == ["daily", "running"]


@pytest.mark.usefixtures("small_world")
def test_a_list_that_speaks_of_totals_asks(tmp_path: Path) -> None:
    lines = f"kode,tanggal,rekam ktp\n{KAPUK},2021-11-19,50\n{KAPUK},2021-11-20,60\n"
    done = imported(csv_file(tmp_path, lines, "rekap kumulatif.csv"), accept=True)
    assert asked(done, "running").evidence == ["Berkas menyebut “kumulatif”."]
    assert list(DailyCount.objects.order_by("day").values_list("people", flat=True)) == [50, 10]
    assert not imported(csv_file(tmp_path, lines, "rekap.csv"), dry_run=True).preview.findings.questions


def test_warnings_about_regions_are_told_together() -> None:
    findings = Findings()
    for row, name in enumerate(("Kapuk", "Grogol")):
        findings.add(row, name, Refused("Total turun menjadi %(total)s.", total=row), WARNING)
    (group,) = findings.groups.values()
    assert (group.count, group.columns, len(group.sentences)) == (2, ["Kapuk", "Grogol"], 2)


# People of four days in four regions, and whether they look like totals.
SERIES = [
    ([100, 110, 125, 131], True),
    ([100, 110, 125, 124], False),
    ([100, 100, 100, 100], False),
    ([100, 110, 125], False),  # eight rises: too few to tell
]


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize("wide", [False, True], ids=["a list", "days as columns"])
@pytest.mark.parametrize(("people", "are_totals"), SERIES)
def test_numbers_that_never_fall_are_proposed_as_totals(
    tmp_path: Path, people: list[int], are_totals: bool, wide: bool
) -> None:
    codes = [KAPUK, GROGOL, "31.71.01.1001", "31.71.01.1002"]
    days = [f"2021-11-{day:02}" for day in range(5, 5 + len(people))]
    if wide:
        lines = [f"kode,{','.join(days)}", *(f"{code},{','.join(map(str, people))}" for code in codes)]
    else:
        lines = ["kode,tanggal,jumlah", *(f"{code},{day},{n}" for code in codes for day, n in zip(days, people, strict=True))]
    file = csv_file(tmp_path, "\n".join([*lines, ""]), "rekap.csv")
    seen = imported(file, document="KTP", dry_run=True)
    assert ("running" in seen.preview.findings.questions) == (are_totals or wide)
    assert [value.running for value in seen.preview.plan.values][:1] == [are_totals]
    if are_totals:
        assert asked(seen, "running").evidence == ["KTP: dari hari ke hari tidak ada angka yang turun."]
        assert not imported(file, document="KTP").saved
        for mode, last in (("running", 6), ("daily", 131)):
            assert imported(file, document="KTP", answers={"running": mode}).saved
            assert value(day=date(2021, 11, 8)) == last


@pytest.mark.usefixtures("small_world")
def test_a_title_of_daily_counts_is_weighed(tmp_path: Path) -> None:
    titles = ["HITUNGAN HARIAN s.d. 20 November 2021", "HITUNGAN HARIAN 20 November 2021"]
    for title, columns, numbers in ((titles[0], "rekam ktp", "90"), (titles[1], "target ktp,rekam ktp,sisa ktp", "100,90,10")):
        file = csv_file(tmp_path, f"{title}\nkode,{columns}\n{KAPUK},{numbers}\n", "a.csv")
        assert len(asked(imported(file, dry_run=True), "running").evidence) == 1
    plain = csv_file(tmp_path, f"{titles[1]}\nkode,rekam ktp\n{KAPUK},90\n", "b.csv")
    assert not imported(plain, dry_run=True).preview.findings.questions


def test_a_question_may_stand_for_many() -> None:
    findings = Findings()
    findings.ask("unusual", Refused("?"), count=3)
    findings.ask("unusual", Refused("?"), count=2)
    assert findings.questions["unusual"].count == 5


@pytest.mark.usefixtures("small_world")
def test_days_beside_totals_are_asked_about(tmp_path: Path) -> None:
    """One file of totals of KTP, and of counts of a day of KIA."""
    before(20, 30, 20, document="KIA")
    before(20, 30, 20)
    write(count(900, GROGOL, day=DAY, document="KIA"), count(900, GROGOL, day=DAY))
    write(count(2_000, GROGOL, day=DAY + timedelta(days=2), document="KIA"))
    write(*(count(people, day=DAY + timedelta(days=days)) for days, people in ((2, 5), (3, 90_000))))
    columns = {"TOTAL KTP": {"document": "KTP", "running": True}, "KIA": {"document": "KIA", "running": False}}
    done = sent(tmp_path, f"{KAPUK},3000,70", f"{GROGOL},50,5", head="total ktp,kia", columns=columns, dry_run=True)
    days = {kind: asked(done, kind) for kind in ("unusual", "replaced", "later_total")}
    assert {kind: ("KTP" in question.sentence, question.count) for kind, question in days.items()} == {
        "unusual": (False, 1),
        "replaced": (False, 1),
        "later_total": (False, 1),
    }


@pytest.mark.usefixtures("small_world")
def test_totals_are_asked_about_as_totals(tmp_path: Path) -> None:
    """What a falling total replaces, and what stands after it, is told by the questions about totals."""
    write(*(count(people, GROGOL, day=DAY + timedelta(days=days)) for days, people in ((0, 900), (2, 100), (3, 90_000))))
    columns = {"TOTAL KTP": {"document": "KTP", "running": True}, "KIA": {"document": "KIA", "running": False}}
    done = sent(tmp_path, f"{GROGOL},50,5", head="total ktp,kia", columns=columns, dry_run=True)
    assert not {"replaced", "later_total"} & set(done.preview.findings.questions)


@pytest.mark.usefixtures("small_world")
def test_days_and_totals_of_one_series_are_totals(tmp_path: Path) -> None:
    write(count(900, GROGOL, day=DAY))
    sheets: dict[str, Rows] = {
        "HARIAN": [["HITUNGAN HARIAN KTP 19 November 2021"], ["KODE", "REKAM KTP"], [KAPUK, 5]],
        "TOTAL": [["KTP SAMPAI DENGAN 20 November 2021"], ["KODE", "REKAM KTP"], [GROGOL, 50]],
    }
    done = imported(xlsx(tmp_path / "KTP.xlsx", sheets), accept=True, dry_run=True, answers={"sheets": "*"})
    assert [[value.running for value in part.values] for part in done.preview.plan.parts] == [[False], [True]]
    assert "replaced" not in done.preview.findings.questions


@pytest.mark.once
@pytest.mark.django_db
def test_stored_days_are_not_looked_up_singly() -> None:
    """Without an index on the stage SQLite would read all of it once for each stored day: hours for a file of old days."""
    with Stage() as stage, CaptureQueriesContext(connection) as queries, connection.cursor() as cursor:
        stage.load([(1, KAPUK, "KTP", "2021-11-20", "loket", 5)])
        later_sums()
        cursor.execute(f"EXPLAIN QUERY PLAN {queries[-1]['sql']}")
        plan = [str(step[-1]) for step in cursor.fetchall()]
    assert not [step for step in plan if re.match(r"SCAN s\b", step)], plan


@pytest.mark.usefixtures("small_world")
def test_many_stored_days_take_no_more_queries(tmp_path: Path) -> None:
    taken = []
    for stored in (range(1, 2), range(2, 6)):
        write(*(count(5, day=DAY + timedelta(days=days)) for days in stored))
        with CaptureQueriesContext(connection) as queries:
            sent(tmp_path, f"{KAPUK},50", dry_run=True, day=10)
        taken.append(len(queries))
    assert taken[0] == taken[1]
