"""Targets beside counts in one file: one preview, one import, one undo; never without being asked."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from accounts.tests import cast
from recording.imports.layouts.cleaning import APOSTROPHE
from recording.imports.tests.imports import imported, reasons
from recording.imports.tests.workbooks import Rows, xlsx
from recording.models import DailyCount, ImportBatch, Target
from recording.tests.commands import csv_file, run
from recording.tests.pages import logged_in, words
from recording.tests.world import KAPUK, target

pytestmark = pytest.mark.usefixtures("small_world", "at_noon")
GROGOL, GAMBIR = "31.73.02.1001", "31.71.01.1001"
NAME = "KTP 25 November 2021.csv"
TABLE = f"kode,target,sudah rekam\n{KAPUK},100,8\n{GROGOL},200,9\nTOTAL,300,17\n"
ANSWERED: dict[str, Any] = {"answers": {"targets": "yes", "running": "daily"}, "decree": "SK 7/2021"}


def counts() -> dict[str, int | None]:
    return dict(DailyCount.objects.filter(people__isnull=False).values_list("region", "people"))


def targets() -> list[tuple[Any, ...]]:
    newest = Target.objects.order_by("region", "document", "version")
    return [tuple(row) for row in newest.values_list("region", "document", "kind", "people", "source")]


def test_targets_are_offered_and_never_taken_unasked(tmp_path: Path) -> None:
    done = imported(csv_file(tmp_path, TABLE, NAME), accept=True)
    asked = done.preview.findings.questions["targets"]
    assert (asked.sentence, asked.answer, asked.needed) == ("Kolom “target” memuat target. Impor juga targetnya?", "no", False)
    assert (counts(), targets(), done.written) == ({KAPUK: 8, GROGOL: 9}, [], [])
    assert "Target tidak ikut diimpor." in reasons(done)


def test_both_come_in_together(tmp_path: Path) -> None:
    done = imported(csv_file(tmp_path, TABLE, NAME), **ANSWERED)
    assert (done.saved, counts()) == (True, {KAPUK: 8, GROGOL: 9})
    assert targets() == [(KAPUK, "KTP", "task", 100, "SK 7/2021"), (GROGOL, "KTP", "task", 200, "SK 7/2021")]
    assert done.preview.targets
    assert (done.preview.targets.rows()["new"], done.preview.reading.totals.per_city) == (2, {"31.73": {"KTP": 17}})
    assert "Target tidak ikut diimpor." not in reasons(done)
    again = imported(csv_file(tmp_path, TABLE, NAME), **ANSWERED)
    assert (again.saved, again.written, len(targets())) == (True, [], 2)


@pytest.mark.parametrize(("people", "asked"), [(8, False), (801, True)])
def test_counts_are_held_against_the_coming_targets(tmp_path: Path, people: int, asked: bool) -> None:
    target(5, KAPUK)
    file = csv_file(tmp_path, f"kode,target,sudah rekam\n{KAPUK},100,{people}\n", NAME)
    without = imported(file, dry_run=True, answers={"running": "daily"}).preview.findings.questions
    questions = imported(file, dry_run=True, **ANSWERED).preview.findings.questions
    assert ("beyond_target" in without, "beyond_target" in questions) == (True, asked)
    assert not asked or "801% dari target" in questions["beyond_target"].sentence


@pytest.mark.parametrize(
    ("table", "choices", "sentence"),
    [
        (TABLE, {"decree": ""}, "Tulis sumber target"),
        (TABLE, {"period": "2019"}, "Periode 2019 belum ditetapkan"),
        (TABLE.replace("200,9", "dua,9").replace("300", "100"), {}, "Target di baris 3: "),
        (TABLE.replace("200,9", "-4,9").replace("300", "96"), {}, "Target di baris 3: "),
    ],
)
def test_a_wrong_target_stops_the_file(tmp_path: Path, table: str, choices: dict[str, Any], sentence: str) -> None:
    file = csv_file(tmp_path, table, NAME)
    done = imported(file, good_rows=True, **ANSWERED | choices)
    assert done.preview.findings.blocked.startswith(sentence)
    assert (done.saved, counts(), targets()) == (False, {}, [])
    alone = imported(file, good_rows=True, answers={"running": "daily"})
    assert (alone.saved, counts(), targets()) == (True, {KAPUK: 8, GROGOL: 9}, [])


def test_the_day_of_effect_may_be_chosen(tmp_path: Path) -> None:
    imported(csv_file(tmp_path, TABLE, NAME), effective_from="2021-03-01", **ANSWERED)
    assert set(Target.objects.values_list("effective_from", flat=True)) == {date(2021, 3, 1)}


def test_more_targets_than_fit_stop_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recording.imports.job.MAX_ROWS_IN_MEMORY", 1)
    done = imported(csv_file(tmp_path, TABLE, NAME), **ANSWERED)
    assert "bagi berkasnya" in done.preview.findings.blocked
    assert (done.saved, counts(), targets()) == (False, {}, [])


def test_what_both_have_is_told_once(tmp_path: Path) -> None:
    table = "kelurahan,target,sudah rekam\nKapuk,100,'8\nKapux,200,9\n"
    done = imported(csv_file(tmp_path, table, NAME), dry_run=True, **ANSWERED)
    asked = [kind for kind in done.preview.findings.questions if "spelling:" in kind]
    assert (len(asked), asked[0].partition(":")[0], reasons(done).count(APOSTROPHE)) == (1, "spelling", 1)
    chosen = ANSWERED | {"answers": ANSWERED["answers"] | {asked[0]: GROGOL}}
    assert imported(csv_file(tmp_path, table, NAME), accept=True, **chosen).saved
    assert (counts(), [row[3] for row in targets()]) == ({KAPUK: 8, GROGOL: 9}, [100, 200])


def test_a_stock_is_no_target_to_exceed(tmp_path: Path) -> None:
    file = csv_file(tmp_path, f"kode,wktp,sudah rekam ktp\n{KAPUK},100,801\n", "Rekap 25 November 2021.csv")
    asked = imported(file, dry_run=True, **ANSWERED).preview.findings.questions
    assert ("targets" in asked, "beyond_target" in asked) == (True, False)


def test_a_rejected_row_brings_no_target(tmp_path: Path) -> None:
    table = f"kode,target,sudah rekam\n{KAPUK},100,8\n{GROGOL},200,sembilan\n31.99.01.1001,50,3\n"
    done = imported(csv_file(tmp_path, table, NAME), good_rows=True, **ANSWERED)
    assert (done.saved, done.preview.findings.rejected, counts()) == (True, 2, {KAPUK: 8})
    assert [row[0] for row in targets()] == [KAPUK]


def test_a_wrong_total_of_targets_is_asked_about(tmp_path: Path) -> None:
    file = csv_file(tmp_path, TABLE.replace("300", "301"), NAME)
    stopped = imported(file, **ANSWERED)
    (kind,) = {kind for kind in stopped.preview.findings.questions if kind.startswith("target-")}
    assert (stopped.saved, stopped.preview.findings.questions[kind].answer) == (False, "yes")
    answered = ANSWERED | {"answers": ANSWERED["answers"] | {kind: "yes"}}
    assert imported(file, **answered).saved
    assert len(targets()) == 2


def test_a_later_decree_is_told(tmp_path: Path) -> None:
    target(90, KAPUK, since=date(2021, 6, 1))
    done = imported(csv_file(tmp_path, TABLE, NAME), dry_run=True, **ANSWERED)
    assert "target-superseded" in done.preview.findings.questions


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("kode,target ktp,rekam ktp,target kia,kia terbit\n{0},100,8,50,4\n", [("KIA", "task", 50), ("KTP", "task", 100)]),
        ("kode,wktp,sudah rekam ktp\n{0},100,8\n", [("KTP", "stock", 100)]),
        ("kode,dokumen,target,jumlah\n{0},KIA,50,4\n{0},KTP,100,8\n", [("KIA", "task", 50), ("KTP", "task", 100)]),
        ("kode,target,rekam ktp,kia terbit\n{0},100,8,4\n", []),
        ("kode,target ktp,target ktp,rekam ktp\n{0},100,100,8\n", []),
        ("kode,jumlah,rekam ktp\n{0},100,8\n", []),
    ],
)
def test_whose_target_it_is_must_be_clear(tmp_path: Path, table: str, expected: list[tuple[str, str, int]]) -> None:
    file = csv_file(tmp_path, table.format(KAPUK), "Rekap 25 November 2021.csv")
    done = imported(file, accept=True, **ANSWERED)
    assert (done.saved, [row[1:4] for row in targets()]) == (True, expected)
    assert ("targets" in done.preview.findings.questions) == bool(expected)


def test_a_target_that_is_counted_is_not_offered(tmp_path: Path) -> None:
    columns = {"TARGET": {"document": "KTP", "running": False}}
    done = imported(csv_file(tmp_path, TABLE, NAME), dry_run=True, columns=columns)
    assert "targets" not in done.preview.findings.questions


def test_targets_of_several_sheets(tmp_path: Path) -> None:
    head = ["KODE", "TARGET", "SUDAH REKAM"]
    file = xlsx(tmp_path / "KTP 25 November 2021.xlsx", {"BARAT": [head, [KAPUK, 100, 8]], "PUSAT": [head, [GAMBIR, 60, 5]]})
    done = imported(file, accept=True, **ANSWERED)
    assert (done.saved, counts()) == (True, {KAPUK: 8, GAMBIR: 5})
    assert [row[3] for row in targets()] == [60, 100]


def test_a_sheet_without_targets_brings_its_counts(tmp_path: Path) -> None:
    head = ["KODE", "TARGET", "SUDAH REKAM"]
    sheets: dict[str, Rows] = {"BARAT": [head, [KAPUK, 100, 8]], "PUSAT": [["KODE", "SUDAH REKAM"], [GAMBIR, 5]]}
    done = imported(xlsx(tmp_path / "KTP 25 November 2021.xlsx", sheets), accept=True, sheets=list(sheets), **ANSWERED)
    assert (done.saved, counts(), [row[3] for row in targets()]) == (True, {KAPUK: 8, GAMBIR: 5}, [100])


def test_who_may_write_no_targets_is_not_asked(tmp_path: Path) -> None:
    done = imported(csv_file(tmp_path, TABLE, NAME), by=cast.head_barat(), accept=True, **ANSWERED)
    assert (done.saved, counts(), targets()) == (True, {KAPUK: 8, GROGOL: 9}, [])
    assert "targets" not in done.preview.findings.questions


def test_the_command_brings_both(tmp_path: Path) -> None:
    file = csv_file(tmp_path, TABLE, NAME)
    options = ("--answer", "targets=yes", "--answer", "running=daily")
    assert run("import_counts", file, *options, "--json").code == 1
    done = run("import_counts", file, *options, "--decree", "SK 7/2021", "--json")
    assert (done.code, done.json["rows"]["new"], done.json["targets"]["new"]) == (0, 2, 2)


def test_targets_alone_may_be_new(tmp_path: Path) -> None:
    imported(csv_file(tmp_path, TABLE, NAME), answers={"running": "daily"})
    browser = logged_in(cast.staff())
    with (tmp_path / NAME).open("rb") as file:
        browser.post(reverse("imports"), {"file": file, "kind": "counts", "key": "a"})
    choose = reverse("import_choose", args=[ImportBatch.objects.get().pk])
    page = browser.post(choose, {"jawab-targets": "yes", "jawab-running": "daily"}, follow=True)
    page = browser.post(choose, {"decree": "SK 7/2021"}, follow=True)
    assert "Impor 2 angka" in words(page)


def test_a_clerk_brings_both_and_takes_both_back(tmp_path: Path) -> None:
    target(90, KAPUK)
    browser = logged_in(cast.staff())
    content = csv_file(tmp_path, TABLE, NAME)
    with content.open("rb") as file:
        page = browser.post(reverse("imports"), {"file": file, "kind": "counts", "key": "a"}, follow=True)
    batch = ImportBatch.objects.get()
    assert 'name="decree"' not in page.content.decode()
    assert words(page).index("hitungan satu hari, atau total") < words(page).index("memuat target"), (
        "what must be answered first"
    )
    choose = reverse("import_choose", args=[batch.pk])
    asked = browser.post(choose, {"jawab-targets": "yes", "jawab-running": "daily"}, follow=True)
    assert "Tulis sumber target" in words(asked)
    assert 'name="decree"' in asked.content.decode()
    page = browser.post(choose, {"decree": "SK 7/2021"}, follow=True)
    assert "Target 2021 dalam berkas yang sama: Perekaman KTP-el 300 orang; 1 baru, 1 berubah, 0 sudah sama." in words(page)
    assert "1 target berubah" in words(page)
    assert (counts(), len(targets())) == ({}, 1)
    batch.refresh_from_db()
    sent = {"seen": batch.summary["seen"], "jawab-targets": "yes", "jawab-running": "daily"}
    done = browser.post(reverse("import_confirm", args=[batch.pk]), sent, follow=True)
    assert "Target: 1 baru, 1 berubah." in words(done)
    assert (counts(), len(targets())) == ({KAPUK: 8, GROGOL: 9}, 3)
    browser.post(reverse("import_undo", args=[batch.pk]), {"reason": "salah"}, follow=True)
    batch.refresh_from_db()
    assert batch.decision["kept"] == 0
    newest = {row[0]: row[3] for row in targets()}
    assert (counts(), newest) == ({}, {KAPUK: 90, GROGOL: None})
