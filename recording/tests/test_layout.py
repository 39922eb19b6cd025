"""Finding headers and what columns are, by their labels alone."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dukcapil.errors import Refused
from recording.layout import Cell, Layout, Merged, Role, find_layout, normalise_label


def layout(*rows: list[Cell], merged: Merged = ()) -> Layout:
    return find_layout(list(enumerate(rows, 1)), merged)


def roles(found: Layout) -> list[str]:
    return [column.role.value for column in found.columns]


DATA: list[Cell] = ["31.73.01.1001", "Cengkareng Barat", 5, 4, 1]


def test_a_report_with_titles_above_and_newlines_in_its_labels_is_found() -> None:
    found = layout(
        ["LAPORAN PEREKAMAN", "", "", "", ""], ["Keadaan 30 November 2021", "", "", "", ""], ["", "", "", "", ""],
        ["KODE\nKELURAHAN", " Kelurahan ", "SASARAN", "SUDAH \n REKAM", "BELUM REKAM"], DATA,
    )  # fmt: skip
    assert roles(found) == ["code", "village", "target", "recorded", "remaining"]
    assert (found.header_row, found.first_data_row) == (4, 5)
    assert found.titles == ((1, "LAPORAN PEREKAMAN"), (2, "Keadaan 30 November 2021"))
    assert [column.label for column in found.columns][3] == "SUDAH REKAM"


def test_a_row_of_totals_under_a_merged_header_is_data() -> None:
    found = layout(
        ["KODE", "KELURAHAN", "SASARAN", "SUDAH", "BELUM"], ["", "TOTAL", 50, 40, 10], DATA,
        merged=[(0, 0, 1, 0), (0, 1, 1, 1)],
    )  # fmt: skip
    assert (found.header_row, found.first_data_row) == (1, 2)


def test_two_header_rows_are_joined_under_their_groups() -> None:
    for merged in ([(0, 1, 0, 2), (0, 3, 0, 4), (0, 0, 1, 0)], []):
        found = layout(
            ["Kode", "KTP-el", "", "KIA", ""], ["", "Sasaran", "Sudah rekam", "Sasaran", "Terbit"],
            ["31.73", 5, 4, 3, 2], merged=merged,
        )  # fmt: skip
        assert [(column.label, column.role.value, column.document) for column in found.columns] == [
            ("Kode", "code", ""), ("KTP-el · Sasaran", "target", "KTP"), ("KTP-el · Sudah rekam", "recorded", "KTP"),
            ("KIA · Sasaran", "target", "KIA"), ("KIA · Terbit", "recorded", "KIA"),
        ]  # fmt: skip
        assert found.first_data_row == 3


def test_a_row_that_numbers_the_columns_is_skipped() -> None:
    found = layout(["Kode", "Nama", "Jumlah"], ["(1)", "(2)", "(3)"], ["31.73", "Barat", "5"])
    assert found.first_data_row == 3


def test_duplicate_labels_get_numbers_and_a_second_code_is_left_alone() -> None:
    found = layout(["ID_KEL", "ID_KEL", "Dirawat", "Dirawat"], ["31.73", "31.73", 1, 2])
    assert [(column.key, column.role.value) for column in found.columns] == [
        ("ID KEL", "code"), ("ID KEL #2", "ignored"), ("DIRAWAT", "other"), ("DIRAWAT #2", "other"),
    ]  # fmt: skip


def test_a_column_without_a_label_is_named_by_its_letter_when_it_holds_something() -> None:
    found = layout(["Kode", "", "Jumlah", ""], ["31.73", "x", 5, ""])
    assert [column.label for column in found.columns] == ["Kode", "Kolom B", "Jumlah"]


@pytest.mark.parametrize(
    ("label", "role", "document"),
    [
        ("kode", Role.CODE, ""), ("code", Role.CODE, ""), ("wilayah", Role.REGION, ""), ("region", Role.REGION, ""),
        ("nama", Role.NAME, ""), ("name", Role.NAME, ""), ("kota", Role.CITY, ""), ("city", Role.CITY, ""),
        ("Nama_kecamatan", Role.DISTRICT, ""), ("WILAYAH KOTA", Role.CITY, ""), ("Kota/Kabupaten", Role.CITY, ""),
        ("dokumen", Role.DOCUMENT, ""), ("sumber", Role.SOURCE, ""), ("tanggal", Role.DAY, ""), ("date", Role.DAY, ""),
        ("jumlah", Role.PEOPLE, ""), ("people", Role.PEOPLE, ""), ("target", Role.TARGET, ""),
        ("periode", Role.PERIOD, ""), ("berlaku", Role.EFFECTIVE_FROM, ""), ("effective_from", Role.EFFECTIVE_FROM, ""),
        ("jenis", Role.KIND, ""), ("kind", Role.KIND, ""), ("awal", Role.OPENING, ""), ("opening", Role.OPENING, ""),
        ("Wajib KTP", Role.TARGET, "KTP"), ("Perekaman KTP-el", Role.RECORDED, "KTP"),
        ("KIA terbit", Role.RECORDED, "KIA"),
        ("Belum rekam e-KTP", Role.REMAINING, "KTP"), ("% KIA", Role.IGNORED, "KIA"), ("Kode BPS", Role.IGNORED, ""),
        ("JUMLAH\nDOSIS 1", Role.OTHER, ""), ("No.", Role.IGNORED, ""),
    ],
)  # fmt: skip
def test_every_usual_label_is_known(label: str, role: Role, document: str) -> None:
    other = "kelurahan" if role == Role.CODE else "kode"
    found = layout([label, other], ["x", "y"])
    assert (found.columns[0].role, found.columns[0].document) == (role, document)


@pytest.mark.parametrize(
    "rows", [[], [["", ""]], [["Jumlah", "Sisa"], [5, 6]], [["31.73", "KTP", "5"]], [["KODE", 5]]]
)
def test_without_a_header_the_file_is_refused(rows: list[list[Cell]]) -> None:
    with pytest.raises(Refused, match="judul kolom"):
        layout(*rows)


def test_a_header_below_the_fifteenth_row_is_not_looked_for() -> None:
    assert layout(*[["x"]] * 14, ["Kode", "Jumlah"]).header_row == 15
    with pytest.raises(Refused):
        layout(*[["x"]] * 15, ["Kode", "Jumlah"])


LABELS = ["KODE", "KOTA", "KECAMATAN", "KELURAHAN", "SASARAN", "SUDAH REKAM", "BELUM REKAM", "KETERANGAN"]


@given(st.randoms(use_true_random=False))
def test_columns_in_any_order_mean_the_same(shuffle: random.Random) -> None:
    labels = list(LABELS)
    shuffle.shuffle(labels)
    found = layout(list(labels), ["x"] * 8)
    meant = {column.label: column.role for column in found.columns}
    assert meant == {column.label: column.role for column in layout(list(LABELS), ["x"] * 8).columns}


@given(st.text(max_size=30))
def test_a_normalised_label_stays_as_it_is(text: str) -> None:
    assert normalise_label(normalise_label(text)) == normalise_label(text)
