"""Where the header stands and what its columns mean, for every quirk of real files."""

import dataclasses
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from dukcapil.errors import Refused
from recording.imports.layouts.header import MAX_HEADER_ROW
from recording.imports.layouts.layout import Layout, find_layout
from recording.imports.layouts.roles import LABELS, RANK, REPEATABLE, ROLE_OF, Role, document_of, normalise_label, role_of
from recording.imports.spreadsheets.cells import Cell, Merged

pytestmark = pytest.mark.once

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
BOOKS = sorted(SHARED.glob("*/*.xlsx"))
needs_books = pytest.mark.skipif(not BOOKS, reason="the shared workbooks are not beside the project")
KAPUK: list[Cell] = ["31.73.01.1005", "Kapuk"]


def layout(*rows: Sequence[Cell], merged: Merged = ()) -> Layout:
    return find_layout(list(enumerate(rows, 1)), merged)


def roles(found: Layout) -> dict[str, str]:
    return {column.key: column.role.value for column in found.columns}


def place(found: Layout) -> tuple[int, int]:
    return found.header_row, found.first_data_row


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("Nama_kota", "NAMA KOTA"),
        (" SUDAH\nREKAM ", "SUDAH REKAM"),
        ("Kode\u00a0 Kelurahan", "KODE KELURAHAN"),
        ("Kécamatan", "KECAMATAN"),
        ("No.", "NO"),
        ("%  Capaian", "% CAPAIAN"),
        ("KTP-el (orang)", "KTP EL ORANG"),
        ("KABUPATEN/KOTA", "KABUPATEN KOTA"),
        ("Kelu\u00adra\u200bhan\ufeff", "KELURAHAN"),
        ("Dosis #2", "DOSIS #2"),
        ("…", ""),
        ("", ""),
    ],
)
def test_labels_are_compared_without_what_offices_write_differently(label: str, key: str) -> None:
    assert normalise_label(label) == key


@pytest.mark.parametrize(
    ("role", "labels"),
    [
        (
            Role.CODE,
            "Kode|code|Kode Wilayah|Kode Kelurahan|KODE KECAMATAN|Kode Kemendagri|ID_KEL|ID_KEC|Kode Desa|"
            "Kode Kelurahan/Desa|id_kecamatan",
        ),
        (
            Role.IGNORED,
            "Kode BPS|Kode Kecamatan (BPS)|No|No.|Nomor|No. Urut|Keterangan|Ket.|Baris|Alasan|%|Persen|"
            "Persentase|Prosentase KIA|% Capaian|Capaian (%)|persentase_sudah_rekam|Belum (%)",
        ),
        (Role.REGION, "Wilayah|region"),
        (Role.PROVINCE, "Provinsi|Nama_provinsi|province"),
        (Role.CITY, "Kota|NAMA KOTA|Wilayah Kota|Kabupaten/Kota|Kab/Kota|Kota Administrasi|city"),
        (Role.DISTRICT, "Kecamatan|Nama Kecamatan|district"),
        (Role.VILLAGE, "Kelurahan|Desa|NAMA_KELURAHAN|village"),
        (Role.NAME, "Nama|name|Nama Wilayah|Row Labels"),
        (Role.DOCUMENT, "Dokumen|document|Jenis Dokumen"),
        (Role.DAY, "Tanggal|Tgl|Tgl.|Tanggal Pelayanan|Hari|day|date|Tanggal Perekaman|tanggal_terbit_kia"),
        (Role.PERIOD, "Periode|period|Tahun"),
        (Role.SOURCE, "Sumber|source"),
        (Role.EFFECTIVE_FROM, "Berlaku|Berlaku sejak|effective_from|Tanggal Berlaku"),
        (Role.KIND, "Jenis|kind"),
        (Role.OPENING, "Awal|Angka awal|opening"),
        (Role.PEOPLE, "Jumlah|people|Jumlah orang|Jumlah KIA|Total e-KTP"),
        (Role.TARGET, "Target|SASARAN|Wajib KTP|Wajib KTP-el|Wajib e-KTP|jumlah_wajib_ktp|wajib_kia|Target 2021"),
        (Role.REMAINING, "Belum|Belum rekam|BELUM VAKSIN|Sisa|Sisa target|jumlah_belum_rekaman|Belum memiliki KIA"),
        (
            Role.RECORDED,
            "Sudah rekam|Realisasi|Terekam|Perekaman|Perekaman KTP-el|KIA terbit|Sudah KIA|Capaian|"
            "jumlah_sudah_rekaman|yang_memiliki_kia",
        ),
        (Role.OTHER, "Suspek|JUMLAH DOSIS 1|Penduduk|u0_4|belum_wajib_ktp|Terbitan|Kotak|Kodefikasi"),
    ],
)
def test_labels_stand_for_their_role(role: Role, labels: str) -> None:
    assert {label: role_of(normalise_label(label)) for label in labels.split("|")} == dict.fromkeys(labels.split("|"), role)


def test_labels_are_normalised_and_have_one_role() -> None:
    labels = [label for each in LABELS.values() for label in each.split("|")]
    assert len(labels) == len(set(labels)) == len(ROLE_OF)
    assert [normalise_label(label) for label in labels] == labels


@pytest.mark.parametrize(
    ("label", "document"),
    [
        ("Sudah KTP", "KTP"),
        ("Wajib KTP-el", "KTP"),
        ("KTPEL", "KTP"),
        ("eKTP", "KTP"),
        ("e-KTP terbit", "KTP"),
        ("KIA terbit", "KIA"),
        ("Kartu Identitas Anak", "KIA"),
        ("Jumlah", ""),
        ("Zakia", ""),
        ("KTPX", ""),
        ("KTP dan KIA", ""),
    ],
)
def test_a_label_naming_both_documents_has_none(label: str, document: str) -> None:
    assert document_of(normalise_label(label)) == document


def test_titles_are_returned_with_their_row() -> None:
    found = layout(
        ["REKAPITULASI PEREKAMAN KTP-EL", "", "", ""],
        ["Keadaan", "30 November 2021", "", ""],
        ["", "", "", ""],
        ["No", "Kecamatan", " Sudah\nrekam", "KET"],
        [1, "Cengkareng", 12, ""],
        merged=[(0, 0, 0, 3)],
    )
    assert place(found) == (4, 5)
    assert found.titles == ((1, "REKAPITULASI PEREKAMAN KTP-EL"), (2, "Keadaan"), (2, "30 November 2021"))
    assert [column.label for column in found.columns] == ["No", "Kecamatan", "Sudah rekam", "KET"]


def test_a_title_directly_above_is_no_group() -> None:
    header: list[Cell] = ["No", "Kecamatan", "Sasaran", "Sudah rekam", "Belum rekam"]
    for title in (
        ["DATA PEREKAMAN KTP-EL 30 NOVEMBER 2021", "", "", "", ""],
        ["", "", "DATA PEREKAMAN KTP-EL", "", ""],
        ["Keadaan", "30 November 2021", "", "", ""],
        ["", "", "", "Keadaan", "30 November 2021"],
        ["Data KTP", "", "", "30 November 2021", ""],
    ):
        found = layout(title, header, [1, "Cengkareng", 3, 2, 1])
        assert (place(found), [column.label for column in found.columns]) == ((2, 3), header)
        assert [text for _, text in found.titles] == [text for text in title if text]


@pytest.mark.parametrize("merged", [(), [(0, 2, 0, 4), (0, 5, 0, 6), (0, 0, 1, 0), (0, 1, 1, 1)]])
def test_two_header_rows_are_joined_under_their_groups(merged: Merged) -> None:
    found = layout(
        ["No", "Kecamatan", "KTP-el", "", "", "KIA", "", "Keterangan"],
        ["", "", "Sasaran", "Sudah rekam", "Belum rekam", "Sasaran", "Terbit", ""],
        [1, "Cengkareng", 10, 8, 2, 5, 4, ""],
        merged=merged,
    )
    assert place(found) == (1, 3)
    assert [(column.label, column.role, column.document) for column in found.columns] == [
        ("No", Role.IGNORED, ""),
        ("Kecamatan", Role.DISTRICT, ""),
        ("KTP-el · Sasaran", Role.TARGET, "KTP"),
        ("KTP-el · Sudah rekam", Role.RECORDED, "KTP"),
        ("KTP-el · Belum rekam", Role.REMAINING, "KTP"),
        ("KIA · Sasaran", Role.TARGET, "KIA"),
        ("KIA · Terbit", Role.RECORDED, "KIA"),
        ("Keterangan", Role.IGNORED, ""),
    ]


def test_groups_may_stand_above_the_place_labels() -> None:
    found = layout(
        ["PEREKAMAN", "", "", "", "", ""],
        ["Wilayah", "", "KTP", "", "KIA", ""],
        ["Kode", "Kelurahan", "Sasaran", "Sudah", "Sasaran", "Terbit"],
        [*KAPUK, 10, 8, 5, 4],
    )
    assert (place(found), found.titles) == ((2, 4), ((1, "PEREKAMAN"),))
    assert [(column.label, column.role.value, column.document) for column in found.columns] == [
        ("Wilayah · Kode", "code", ""),
        ("Wilayah · Kelurahan", "village", ""),
        ("KTP · Sasaran", "target", "KTP"),
        ("KTP · Sudah", "recorded", "KTP"),
        ("KIA · Sasaran", "target", "KIA"),
        ("KIA · Terbit", "recorded", "KIA"),
    ]


@pytest.mark.parametrize(
    ("group", "label", "role", "document"),
    [
        ("KTP", "Jumlah", Role.PEOPLE, "KTP"),
        ("Belum rekam", "Jumlah", Role.REMAINING, ""),
        ("Sudah rekam", "Jumlah", Role.RECORDED, ""),
        ("Perekaman", "KTP", Role.RECORDED, "KTP"),
        ("Persentase", "Sudah", Role.IGNORED, ""),
        ("Persentase perekaman", "Sudah", Role.IGNORED, ""),
        ("Jumlah dan persentase", "Jumlah", Role.PEOPLE, ""),
        ("Jumlah dan persentase", "%", Role.IGNORED, ""),
        ("Belum", "KIA", Role.REMAINING, "KIA"),
        ("Target dan realisasi KTP-el", "Realisasi", Role.RECORDED, "KTP"),
        ("Target dan realisasi", "Target", Role.TARGET, ""),
        ("Sudah/belum rekam", "Sudah", Role.RECORDED, ""),
        ("Sisa dan realisasi", "Realisasi", Role.RECORDED, ""),
        ("KTP dan KIA", "KIA", Role.OTHER, "KIA"),
        ("Wajib KTP", "Usia 17-20", Role.TARGET, "KTP"),
        ("KTP", "Persen", Role.IGNORED, "KTP"),
        ("Sasaran", "Sasaran", Role.TARGET, ""),
    ],
)
def test_a_group_and_its_label_are_understood_together(group: str, label: str, role: Role, document: str) -> None:
    found = layout(["Kecamatan", group, ""], ["", label, "Lain"], ["Cengkareng", 1, 2])
    column = found.columns[1]
    assert (place(found), column.role, column.document) == ((1, 3), role, document)


def test_a_group_naming_a_day_is_a_title() -> None:
    found = layout(
        ["Kecamatan", "Keadaan 30 November 2021", "", "Lainnya", ""],
        ["", "Sasaran", "Sudah", "a", "b"],
        ["Cengkareng", 1, 2, 3, 4],
    )
    assert (place(found), found.titles) == ((1, 3), ((1, "Keadaan 30 November 2021"),))


def test_a_group_reaches_only_over_columns_with_labels() -> None:
    found = layout(["Kecamatan", "KTP", "", "", ""], ["", "Sasaran", "Sudah", "", ""], ["Cengkareng", 1, 2, "x", ""])
    assert [column.label for column in found.columns] == ["Kecamatan", "KTP · Sasaran", "KTP · Sudah", "Kolom D"]


def test_merged_cells_keep_their_sheets_row_numbers() -> None:
    rows: list[tuple[int, list[Cell]]] = [
        (4, ["Kecamatan", "KTP", "", ""]),
        (5, ["", "Sasaran", "Sudah", "Lain"]),
        (6, ["Kapuk", 1, 2, 3]),
    ]
    found = find_layout(rows, [(3, 1, 3, 2), (0, 0, 0, 3)])
    assert [column.label for column in found.columns] == ["Kecamatan", "KTP · Sasaran", "KTP · Sudah", "Lain"]


@pytest.mark.parametrize("cells", [["", "TOTAL", 9, 8], ["", "TOTAL", "1.234", "NIHIL"], ["", "", 9, 8], ["", "", "-", "b"]])
def test_totals_under_merged_labels_are_data(cells: list[Cell]) -> None:
    """As in the vaccination workbooks: the labels of the places reach over it, and it stands above the data."""
    found = layout(["KODE", "KELURAHAN", "SASARAN", ""], cells, [*KAPUK, 9, 8], merged=[(0, 0, 1, 0), (0, 1, 1, 1)])
    assert place(found) == (1, 2)


@pytest.mark.parametrize(
    "cells",
    [
        ["(1)", "(2)", "(3)", "(4)"],
        [1, 2, 3, 4],
        ["1", "2", "3", "4"],
        ["(1)", "(2)", "(3)", "(4)=(3):(2)"],
        ["(1)", "(2)", "(3)", "(4=3/2)"],
        ["(1)", "(2)", "(3)", ""],
    ],
)
def test_a_row_numbering_the_columns_is_no_data(cells: list[Cell]) -> None:
    header: list[Cell] = ["Kode", "Kelurahan", "Sasaran", "Sudah rekam"]
    assert place(layout(header, cells, [*KAPUK, 3, 4])) == (1, 3)


def test_hidden_cells_number_no_columns() -> None:
    rows: list[tuple[int, Sequence[Cell]]] = [(1, ["LAMA", "KODE", "JUMLAH"]), (2, [99, "(1)", "(2)"]), (3, [99, *KAPUK])]
    assert [find_layout(rows, (), hidden).first_data_row for hidden in (frozenset([0]), frozenset())] == [3, 2]
    region: list[tuple[int, Sequence[Cell]]] = [(1, ["KODE", "NO", "KTP", "KIA"]), (2, ["31.73.01.1005", 1, 2, 3])]
    assert find_layout(region, (), frozenset([0])).first_data_row == 2


@pytest.mark.parametrize("cells", [[5, 6, 7, 8], [1, 2, 4, 5], ["", "", 1, 2], [1, 2, 3, 4.5], ["", "", "", ""]])
def test_other_rows_of_numbers_are_data(cells: list[Cell]) -> None:
    assert place(layout(["Kode", "Kelurahan", "Sasaran", "Sudah rekam"], cells, [*KAPUK, 3, 4])) == (1, 2)


def test_a_row_repeating_the_labels_is_no_data() -> None:
    assert place(layout(["Kelurahan", "", "Keterangan"], ["Kapuk", "x", "y"], ["Duri", "x", "y"])) == (1, 2)
    again = layout(["Kecamatan", "Sasaran", "", "Keterangan"], ["Kecamatan", "KTP", "KIA", ""], ["Kapuk", 1, 2, "x"])
    assert (place(again), [column.label for column in again.columns]) == (
        (1, 3),
        ["Kecamatan", "Sasaran · KTP", "Sasaran · KIA", "Keterangan"],
    )


def test_a_narrow_table_numbers_columns_only_in_brackets() -> None:
    assert place(layout(["Kota", "Jumlah"], ["(1)", "(2)"], ["Jakarta Barat", 2])) == (1, 3)
    assert place(layout(["Kode", "Jumlah"], [1, 2], [31, 2])) == (1, 2)


def test_repeated_labels_get_distinct_keys() -> None:
    found = layout(["Kode", "Dirawat", "DIRAWAT ", "Dirawat #2", "dirawat"], ["31", 1, 2, 3, 4])
    keys = [column.key for column in found.columns]
    assert keys == ["KODE", "DIRAWAT", "DIRAWAT #2", "DIRAWAT #2 #2", "DIRAWAT #3"]
    assert [column.label for column in found.columns][1:3] == ["Dirawat", "DIRAWAT"]


def test_an_unlabelled_filled_column_gets_its_letter() -> None:
    header: list[Cell] = ["Kode", "Jumlah", "", " \n", "***", *[""] * 22, ""]
    data: list[Cell] = ["31", 1, "", "catatan", 3, *[""] * 22, 0]
    assert [(column.index, column.label, column.key, column.role) for column in layout(header, data).columns[2:]] == [
        (3, "Kolom D", "KOLOM D", Role.OTHER),
        (4, "***", "KOLOM E", Role.OTHER),
        (27, "Kolom AB", "KOLOM AB", Role.OTHER),
    ]


@pytest.mark.parametrize(
    ("labels", "kept"),
    [
        (["ID_KEL", "ID_KEL", "Jumlah"], {0: "code"}),
        (["Kode Kota", "Kode Kecamatan", "Kode Kelurahan", "Jumlah"], {2: "code"}),
        (["Kode Kelurahan", "Kode Kemendagri", "Jumlah"], {1: "code"}),
        (["Kode Wilayah", "Kode Kecamatan", "ID", "Jumlah"], {0: "code"}),
        (["Kode", "Hari", "Tanggal", "Tanggal Perekaman", "Jumlah"], {0: "code", 2: "day"}),
        (["Kode", "Tahun", "Periode", "Jumlah"], {0: "code", 2: "period"}),
        (["Kota", "Nama Kota", "Jumlah"], {0: "city"}),
    ],
)
def test_only_one_column_keeps_a_role(labels: list[Cell], kept: dict[int, str]) -> None:
    found = layout(labels, ["1"] * len(labels))
    last = len(labels) - 1
    assert {column.index: column.role.value for column in found.columns if column.role != Role.IGNORED} == {
        **kept,
        last: "people",
    }
    assert [column.index for column in found.values] == [last]


def test_ids_that_count_on_may_be_codes() -> None:
    alone = layout(["ID", "Jumlah"], ["3171", "5"], ["3172", "6"])
    beside = layout(["ID", "Kelurahan", "Jumlah"], ["3171", "Kapuk", "5"], ["3172", "Grogol", "6"])
    assert (roles(alone)["ID"], roles(beside)["ID"]) == (Role.CODE, Role.IGNORED)


def test_columns_are_asked_for_by_role() -> None:
    found = layout(["Kode", "Sasaran KTP", "Sasaran KIA", "Belum", "Suspek", "Jumlah", "%", "Sudah"], ["31", *[1] * 7])
    assert [column.document for column in found.columns_of(Role.TARGET)] == ["KTP", "KIA"]
    code = found.column(Role.CODE)
    assert (code.index if code else None, found.column(Role.DAY), found.columns_of(Role.DAY)) == (0, None, [])
    assert [column.index for column in found.values] == [1, 2, 3, 4, 5, 7]


@pytest.mark.parametrize(
    "head",
    [
        "kode,dokumen,tanggal,jumlah,sumber",
        "code,document,date,people,source",
        "region,document,day,people,source",
        "wilayah,dokumen,tanggal,jumlah,sumber,nama,kota",
        "region,document,day,people,source,name,city",
        "kode,dokumen,periode,target,sumber,berlaku,jenis,awal",
        "code,document,period,people,source,effective_from,kind,opening",
    ],
)
def test_every_word_of_our_own_tables_is_understood(head: str) -> None:
    found = layout(head.split(","))
    assert {column.role for column in found.columns} & {Role.OTHER, Role.IGNORED} == set()
    assert place(found) == (1, 2)


def test_the_header_stands_in_row_fifteen_at_lowest() -> None:
    header: list[Cell] = ["Kode", "Jumlah"]
    data: list[Cell] = ["31", 5]
    blank: list[Cell] = ["", ""]
    assert place(layout(*[blank] * (MAX_HEADER_ROW - 1), header, data)) == (15, 16)
    with pytest.raises(Refused, match="15"):
        layout(*[blank] * MAX_HEADER_ROW, header, data)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [[]],
        [[""]],
        [["Rekap"]],
        [["Kelurahan"]],
        [["Kelurahan", ""], ["Kapuk", 3]],
        [["a", "b"], [1, 2]],
        [[31, "Kelurahan", "Jumlah"]],
        [["Kelurahan", "Kecamatan", "1.234"]],
        [["Kota", "99,01%", "Jumlah"]],
        [["Dokumen", "Tanggal", "Jumlah"], ["KTP", "2021-11-25", 3]],
    ],
)
def test_a_table_without_a_place_label_is_refused(rows: list[list[Cell]]) -> None:
    with pytest.raises(Refused) as problem:
        layout(*rows)
    assert "Tidak ada judul kolom" in str(problem.value)


def test_a_year_as_text_may_label_a_column() -> None:
    assert roles(layout(["Kecamatan", "2020", "2021"], ["Kapuk", 1, 2])) == {
        "KECAMATAN": "district",
        "2020": "other",
        "2021": "other",
    }


def test_the_first_row_with_most_labels_is_header() -> None:
    found = layout(["KECAMATAN", "CENGKARENG", ""], ["Kode", "Kelurahan", "Jumlah"], [*KAPUK, 3])
    assert (place(found), found.titles) == ((2, 3), ((1, "KECAMATAN"), (1, "CENGKARENG")))
    assert place(layout(["Kode", "Jumlah"], ["31", "3"], ["Kode", "Jumlah"])) == (1, 2)


WORDS = st.sampled_from([*ROLE_OF, "BELUM REKAM", "SUDAH KTP EL", "KIA TERBIT", "SUSPEK", "% KTP", "KODE BPS"])
NUMBERS = st.one_of(
    st.integers(0, 10**9),
    st.floats(0, 1e6),
    st.sampled_from(["1.234", "99,01%", " 5316", "31.73.01.1001", "2021-11-25", "(2)"]),
)


@settings(deadline=None)
@given(st.lists(WORDS, min_size=2, max_size=12, unique=True), st.randoms())
def test_columns_in_any_order_have_the_same_roles(labels: list[str], random: object) -> None:
    shuffled = list(labels)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assume(any(ROLE_OF.get(label) in (Role.CODE, Role.CITY, Role.VILLAGE, Role.NAME) for label in labels))
    one, other = (layout(each, ["x"] * len(each)) for each in (labels, shuffled))
    assert roles(one) == roles(other)
    strip = [{dataclasses.replace(column, index=0) for column in each.columns} for each in (one, other)]
    assert strip[0] == strip[1]
    kept = [column.role for column in one.columns if column.role not in REPEATABLE]
    assert len(kept) == len(set(kept))
    assert all(
        RANK[a.key] <= RANK[b]
        for a in one.columns
        if a.role in kept and a.key in RANK
        for b in labels
        if ROLE_OF.get(b) == a.role
    )


@given(st.lists(st.tuples(st.lists(st.one_of(WORDS, st.just("")), max_size=5), NUMBERS), max_size=MAX_HEADER_ROW))
def test_a_row_with_numbers_is_never_the_header(rows: list[tuple[list[str], Cell]]) -> None:
    table = [[*labels, number] for labels, number in rows]
    with pytest.raises(Refused):
        layout(*table)


@given(st.lists(st.lists(st.one_of(WORDS, NUMBERS, st.text(max_size=6)), max_size=6), max_size=20))
def test_any_accepted_tables_header_is_above_its_data(rows: list[list[Cell]]) -> None:
    try:
        found = layout(*rows)
    except Refused:
        return
    keys = [column.key for column in found.columns]
    assert len(keys) == len(set(keys))
    assert all(keys)
    assert 1 <= found.header_row < found.first_data_row <= len(rows) + 1
    assert not any(isinstance(cell, int | float) for cell in rows[found.header_row - 1])
    assert [column.index for column in found.columns] == sorted({column.index for column in found.columns})


def sheets(book: Path) -> dict[str, Layout]:
    """Every sheet of a workbook by its name, whole numbers whole."""
    found = {}
    workbook = CalamineWorkbook.from_path(str(book))
    for name in workbook.sheet_names:
        sheet = workbook.get_sheet_by_name(name)
        head = [
            [int(cell) if isinstance(cell, float) and cell.is_integer() else cell for cell in row]
            for row in sheet.to_python()[:30]
        ]
        merged = [(*first, *last) for first, last in sheet.merged_cell_ranges or []]
        found[name] = layout(*head, merged=merged)  # type: ignore[arg-type]
    return found


@needs_books
@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.stem[-32:])
def test_the_shared_workbooks_are_read_by_their_labels(book: Path) -> None:
    found = sheets(book)
    vaccination, later = "Vaksinasi" in book.name, re.search("April 2022|Mei 2022", book.name)
    village = found["Data Kelurahan" if vaccination else "data"]
    district = found["Data Kecamatan " if vaccination else "data_kecamatan"]
    for each in (village, district):
        assert (place(each), each.titles) == ((1, 2), ())
        assert each.columns[0].role == Role.CODE
        assert all("\n" not in column.label for column in each.columns)
    wanted = ["city", "district"] if vaccination else ["province", "city", "district"]
    places = {Role.PROVINCE, Role.CITY, Role.DISTRICT, Role.VILLAGE}
    assert [column.role for column in district.columns if column.role in places] == wanted
    assert [column.role for column in village.columns if column.role in places] == [*wanted, "village"]
    width = (34 if later else 27) if vaccination else (18 if "2020" in book.name else 33)
    assert len(village.columns) == width
    assert len(district.columns) == width - (1 if vaccination or "2021" in book.name else 3)
    numbers = {role.value for role in (column.role for column in village.values)}
    assert numbers == ({"target", "remaining", "other"} if vaccination else {"other"})


@needs_books
def test_the_oldest_workbooks_pivot_and_codes_are_read() -> None:
    found = sheets(next(book for book in BOOKS if "Maret 2020" in book.name))
    pivot = found["pivot kecamatan"]
    assert (place(pivot), pivot.titles) == ((3, 4), ((1, "ID_KEL"), (1, "(All)")))
    assert [column.role for column in pivot.columns] == [Role.NAME, *[Role.OTHER] * 11]
    assert [(column.key, column.role) for column in found["data"].columns[:2]] == [
        ("ID KEL", Role.CODE),
        ("ID KEL #2", Role.IGNORED),
    ]


GROUPS: list[list[Cell]] = [
    ["KODE", "KELURAHAN", "KTP-EL", "", "", "", "", "", "KIA", "", ""],
    ["", "", "SDH REKAM", "", "", "BLM REKAM", "", "", "TERBIT", "", ""],
]
PARTS: list[Cell] = ["", "", *["L", "P", "JML"] * 3]
MERGED: Merged = [(0, 2, 0, 7), (0, 8, 0, 10), (1, 2, 1, 4), (1, 5, 1, 7), (1, 8, 1, 10)]


@pytest.mark.parametrize("merged", [MERGED, []])
def test_three_header_rows_label_every_column(merged: Merged) -> None:
    found = layout(*GROUPS, PARTS, [*KAPUK, *range(1, 10)], merged=merged)
    recorded = [column.label for column in found.columns_of(Role.RECORDED)]
    assert recorded == [
        *(f"KTP-EL · SDH REKAM · {part}" for part in ("L", "P", "JML")),
        *(f"KIA · TERBIT · {part}" for part in ("L", "P", "JML")),
    ]
    assert [column.document for column in found.columns_of(Role.RECORDED)] == ["KTP"] * 3 + ["KIA"] * 3
    assert len(found.columns_of(Role.REMAINING)) == 3
    assert place(found) == (1, 4)


def test_groups_may_stand_two_rows_above() -> None:
    upper = [["", "", *cells[2:]] for cells in GROUPS]
    found = layout(["REKAP"], *upper, [*GROUPS[0][:2], *PARTS[2:]], [*KAPUK, *range(1, 10)])
    assert [column.label for column in found.columns][2:4] == ["KTP-EL · SDH REKAM · L", "KTP-EL · SDH REKAM · P"]
    assert place(found) == (2, 5)


def test_a_group_ends_where_the_one_above_does() -> None:
    rows: list[list[Cell]] = [["KELURAHAN", "KTP", "", "KIA", ""], ["", "BLM REKAM"], ["", "L", "P", "L", "P"]]
    found = layout(*rows, ["Kapuk", 1, 2, 3, 4])
    assert [column.label for column in found.columns][3:] == ["KIA · L", "KIA · P"]
