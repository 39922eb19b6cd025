"""One row for each region and category: what counts is asked, what is left is never stored, and nothing in silence."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from recording.imports.layouts.categories import CATEGORY_WORDS, Category, category_of, word_of
from recording.imports.tests.imports import imported, reasons
from recording.imports.tests.workbooks import Rows, xlsx
from recording.models import DailyCount, ImportKind, Target
from recording.tests.commands import csv_file
from recording.tests.world import KAPUK

pytestmark = pytest.mark.usefixtures("small_world")
GROGOL = "31.73.02.1001"
NAME = "rekap KTP 25 November 2021.xlsx"
STATUS: Rows = [
    ["KELURAHAN", "STATUS", "JUMLAH"],
    ["Kapuk", "BELUM", 70],
    ["Kapuk", "SUDAH", 5],
    ["Grogol", "BELUM", 80],
    ["Grogol", "SUDAH", 6],
]


def stored() -> dict[tuple[str, str], int]:
    rows = DailyCount.objects.filter(people__isnull=False).values_list("region", "document", "people")
    return {(code, document): people or 0 for code, document, people in rows}


def with_cells(*columns: Sequence[Any], head: Sequence[str] = ("KELURAHAN", "STATUS", "JUMLAH")) -> Rows:
    return [list(head), *map(list, columns)]


@pytest.mark.parametrize(("word", "category"), [(w, c) for c, words in CATEGORY_WORDS.items() for w in words.split("|")])
def test_each_category_word_is_read_as_shown(word: str, category: Category) -> None:
    assert category_of(word_of(word)) == category


@pytest.mark.parametrize(
    ("word", "category"),
    [
        ("Blm. rekam", Category.LEFT),
        ("sdh rekam", Category.DONE),
        ("SUDAH TIDAK BERLAKU", Category.LEFT),
        ("SUDAH KTP L", Category.DONE),
        ("KTP P", Category.DOCUMENT),
        ("PRR", Category.UNKNOWN),
        ("YA", Category.UNKNOWN),
        ("", Category.UNKNOWN),
    ],
)
def test_words_beside_each_other_keep_their_meaning(word: str, category: Category) -> None:
    assert category_of(word_of(word)) == category


@pytest.mark.parametrize(
    "order", [STATUS, [STATUS[0], *STATUS[:0:-1]], [STATUS[0], STATUS[1], STATUS[3], STATUS[2], STATUS[4]]]
)
def test_the_recorded_count_and_the_rest_is_told(tmp_path: Path, order: Rows) -> None:
    done = imported(xlsx(tmp_path / NAME, {"Data": order}), accept=True)
    asked = done.preview.findings.questions["category"]
    assert [each.value for each in asked.answers if each.value not in ("SUDAH", "no")] == []
    assert stored() == {(KAPUK, "KTP"): 5, (GROGOL, "KTP"): 6}
    assert "Kategori ini tidak dihitung; barisnya dilewati." in reasons(done)
    assert done.preview.rows() == {"new": 2, "changed": 0, "unchanged": 0, "rejected": 0, "unmapped": 0}


def test_nothing_comes_in_before_the_answer(tmp_path: Path) -> None:
    done = imported(xlsx(tmp_path / NAME, {"Data": STATUS}), good_rows=True, answers={"running": "daily"})
    assert (done.saved, stored()) == (False, {})
    assert "Kategori mana yang dihitung?" in str(done.refused)


@pytest.mark.parametrize(
    "words", [("SELESAI", "PROSES"), ("YA", "TIDAK ADA KETERANGAN"), ("SUDAH REKAM", "SUDAH CETAK"), ("A", "")]
)
def test_no_unknown_category_is_proposed(tmp_path: Path, words: tuple[str, str]) -> None:
    rows = with_cells(("Kapuk", words[0], 5), ("Kapuk", words[1], 70))
    file = xlsx(tmp_path / NAME, {"Data": rows})
    assert (imported(file, accept=True, good_rows=True).saved, stored()) == (False, {})
    done = imported(file, accept=True, answers={"category": words[0]})
    assert (done.refused, stored()) == (None, {(KAPUK, "KTP"): 5})


@pytest.mark.parametrize("head", ["STATUS", "KETERANGAN", "JENIS", "STATUS PEREKAMAN KTP", "SUDAH/BELUM", "Uraian", "KATEGORI"])
def test_categories_stand_under_any_label(tmp_path: Path, head: str) -> None:
    rows: Rows = [["KELURAHAN", head, "JUMLAH"], *STATUS[1:]]
    imported(xlsx(tmp_path / NAME, {"Data": rows}), accept=True)
    assert stored() == {(KAPUK, "KTP"): 5, (GROGOL, "KTP"): 6}


def test_rows_of_what_is_left_alone_are_refused(tmp_path: Path) -> None:
    done = imported(xlsx(tmp_path / NAME, {"Data": with_cells(("Kapuk", "BELUM", 70), ("Grogol", "BLM", 80))}), accept=True)
    assert (done.saved, stored()) == (False, {})
    assert "hanya memuat kategori yang tidak dihitung" in str(done.refused)


@pytest.mark.parametrize("whole", [True, False])
def test_men_and_women_are_added_up(tmp_path: Path, whole: bool) -> None:
    rows = [("Kapuk", "L", 5), ("Kapuk", "P", 6), *([("Kapuk", "JUMLAH", 11)] if whole else [])]
    rows += [("Grogol", "Perempuan", 7), ("Grogol", "Laki-laki", 0)]
    done = imported(xlsx(tmp_path / NAME, {"Data": with_cells(*rows)}), accept=True)
    assert done.preview.findings.questions["category"].answers[0].label == "“L” + “P” dijumlahkan"
    assert stored() == {(KAPUK, "KTP"): 11, (GROGOL, "KTP"): 7}


@pytest.mark.parametrize("other", ["Grogol", "Kapukk"])
def test_half_of_a_sum_is_asked_about(tmp_path: Path, other: str) -> None:
    """The other half is missing, or misspelt."""
    rows = with_cells(("Kapuk", "L", 5), (other, "P", 6))
    done = imported(xlsx(tmp_path / NAME, {"Data": rows}), accept=True, good_rows=True)
    assert (done.saved, stored()) == (False, {})
    assert "hanya sebagian kategori" in str(done.refused)


@pytest.mark.parametrize("code", [KAPUK, KAPUK.replace(".", ""), int(KAPUK.replace(".", ""))])
def test_a_code_in_every_form_is_one_region(tmp_path: Path, code: str | int) -> None:
    rows = with_cells((KAPUK, "L", 5), (code, "P", 6), head=("KODE", "JK", "JUMLAH"))
    imported(xlsx(tmp_path / NAME, {"Data": rows}), accept=True)
    assert stored() == {(KAPUK, "KTP"): 11}


def test_sums_beside_their_parts_are_not_added(tmp_path: Path) -> None:
    rows = with_cells(("Kapuk", "SUDAH L", 5), ("Kapuk", "SUDAH P", 6), ("Kapuk", "SUDAH", 11))
    done = imported(xlsx(tmp_path / NAME, {"Data": rows}), accept=True)
    assert (done.saved, stored()) == (False, {})
    assert {each.value for each in done.preview.findings.questions["category"].answers} == {"SUDAH L+P", "SUDAH", "no"}


def test_documents_as_categories_are_documents(tmp_path: Path) -> None:
    rows = with_cells(
        ("Kapuk", "KTP-el", 5), ("Kapuk", "KIA", 6), ("Grogol", "KTP-el", 7), head=("KELURAHAN", "JENIS", "JUMLAH")
    )
    done = imported(xlsx(tmp_path / "rekap 25 November 2021.xlsx", {"Data": rows}), accept=True)
    assert stored() == {(KAPUK, "KTP"): 5, (KAPUK, "KIA"): 6, (GROGOL, "KTP"): 7}
    assert "category" not in done.preview.findings.questions


def test_documents_that_are_not_kept_are_left_out(tmp_path: Path) -> None:
    rows = with_cells(["Kapuk", "KTP", 5], ["Kapuk", "KIA", 6], ["Kapuk", "AKTA LAHIR", 70])
    done = imported(xlsx(tmp_path / NAME, {"Data": rows}), accept=True)
    assert (stored(), set(done.preview.findings.questions)) == (
        {(KAPUK, "KTP"): 5, (KAPUK, "KIA"): 6},
        {"category:KTP", "category:KIA", "running"},
    )


def test_a_unit_in_every_row_is_no_category(tmp_path: Path) -> None:
    rows = with_cells(["Kapuk", "ORANG", 5], ["Grogol", "Orang", 6], head=("KELURAHAN", "SATUAN", "JUMLAH"))
    done = imported(xlsx(tmp_path / NAME, {"Data": rows}), accept=True)
    assert (sum(stored().values()), set(done.preview.findings.questions)) == (11, {"running"})


def test_each_document_has_its_own_question(tmp_path: Path) -> None:
    words = {"SUDAH REKAM KTP": 5, "BELUM REKAM KTP": 70, "TERBIT KIA": 6, "BELUM KIA": 80}
    rows = with_cells(*(("Kapuk", word, people) for word, people in words.items()))
    done = imported(xlsx(tmp_path / "rekap 25 November 2021.xlsx", {"Data": rows}), accept=True)
    assert stored() == {(KAPUK, "KTP"): 5, (KAPUK, "KIA"): 6}
    assert {"category:KTP", "category:KIA"} < set(done.preview.findings.questions)


def test_two_columns_of_categories_are_one(tmp_path: Path) -> None:
    rows: Rows = [
        ["KELURAHAN", "STATUS", "JK", "JUMLAH"],
        ["Kapuk", "SUDAH", "L", 5],
        ["Kapuk", "SUDAH", "P", 6],
        ["Kapuk", "BELUM", "L", 70],
        ["Kapuk", "BELUM", "P", 80],
    ]
    imported(xlsx(tmp_path / NAME, {"Data": rows}), accept=True)
    assert stored() == {(KAPUK, "KTP"): 11}


def test_men_and_women_of_days_are_asked_once(tmp_path: Path) -> None:
    rows: Rows = [["KELURAHAN", "JENIS KELAMIN", "2021-11-22", "2021-11-23"], ["Kapuk", "L", 1, 2], ["Kapuk", "P", 70, 71]]
    done = imported(xlsx(tmp_path / "KTP.xlsx", {"Data": rows}), dry_run=True)
    assert {each.value for each in done.preview.findings.questions["parts"].answers} == {"+", "L", "P"}


def test_days_beside_categories_count_the_recorded_alone(tmp_path: Path) -> None:
    days = ["2021-11-22", "2021-11-23", "2021-11-24"]
    rows: Rows = [["KELURAHAN", "STATUS", *days], ["Kapuk", "SUDAH", 1, 2, 3], ["Kapuk", "BELUM", 70, 71, 72]]
    imported(xlsx(tmp_path / "rekap KTP.xlsx", {"Data": rows}), accept=True, answers={"running": "daily"})
    assert sorted(DailyCount.objects.values_list("region", "people")) == [(KAPUK, 1), (KAPUK, 2), (KAPUK, 3)]


def test_a_category_twice_is_rejected_and_asked_about(tmp_path: Path) -> None:
    file, rest = xlsx(tmp_path / NAME, {"Data": [*STATUS, ["Kapuk", "SDH", 9]]}), tmp_path / "sisa.csv"
    unsure = imported(file, accept=True, good_rows=True)
    assert (unsure.saved, "ada dua kali: 5, lalu 9." in str(unsure.refused)) == (False, True)
    done = imported(file, accept=True, good_rows=True, rejected_rows=rest, answers={"twice": "yes"})
    assert done.preview.rows()["rejected"] == 1
    assert stored() == {(KAPUK, "KTP"): 5, (GROGOL, "KTP"): 6}
    assert "Kapuk;;9;6;" in rest.read_text(encoding="utf-8-sig")


def test_categories_beyond_the_first_rows_are_seen(tmp_path: Path) -> None:
    """The first thirty rows show one category of each region, of which nobody knows what it means."""
    lines = [
        f"2021-10-{day:02},{KAPUK},{word},{people}" for word, people in (("SELESAI", 5), ("PROSES", 70)) for day in range(1, 32)
    ]
    done = imported(
        csv_file(tmp_path, "\n".join(["tanggal,kode,hasil,jumlah", *lines, ""]), "KTP.csv"), accept=True, good_rows=True
    )
    assert (done.saved, stored(), set(done.preview.findings.questions)) == (False, {}, {"category"})


def test_totals_of_categories_are_compared(tmp_path: Path) -> None:
    done = imported(xlsx(tmp_path / NAME, {"Data": [*STATUS, ["JUMLAH", "SUDAH", 11], ["JUMLAH", "BELUM", 150]]}), accept=True)
    assert [(total.file, total.agrees) for total in done.preview.reading.totals.totals] == [(11, True)]
    assert stored() == {(KAPUK, "KTP"): 5, (GROGOL, "KTP"): 6}


def test_targets_are_never_what_was_done(tmp_path: Path) -> None:
    rows = with_cells(("Kapuk", "TARGET", 100), ("Kapuk", "REALISASI", 5), ("Kapuk", "SISA", 95))
    file = xlsx(tmp_path / NAME, {"Data": rows})
    assert imported(file, ImportKind.TARGETS, accept=True, decree="SK 1", period="2021").saved
    assert list(Target.objects.values_list("region", "people")) == [(KAPUK, 100)]
    assert imported(file, accept=True, answers={"running": "daily"}).saved
    assert stored() == {(KAPUK, "KTP"): 5}


def test_many_different_texts_are_no_categories(tmp_path: Path) -> None:
    rows = with_cells(*(("Kapuk", f"petugas {chr(65 + n // 26)}{chr(65 + n % 26)}", n) for n in range(50)))
    done = imported(xlsx(tmp_path / NAME, {"Data": rows}), accept=True, good_rows=True)
    assert (done.saved, stored()) == (False, {})
    assert "terlalu banyak isi" in str(done.refused)


def test_one_region_written_differently_is_one(tmp_path: Path) -> None:
    table: Rows = [
        ["KOTA", "KECAMATAN", "KELURAHAN", "STATUS", "JUMLAH"],
        ["Kota Administrasi Jakarta Barat", "Kec. Cengkareng", "Kapuk", "PROSES", 70],
        ["JAKBAR", "cengkareng", "KEL. KAPUK", "SELESAI", 5],
    ]
    done = imported(xlsx(tmp_path / NAME, {"Data": table}), accept=True, good_rows=True)
    assert (stored(), done.preview.findings.rejected) == ({}, 0)
    assert "category" in done.preview.findings.questions
