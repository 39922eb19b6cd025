"""Reading files: every kind gives the same cells, and what is not safe is refused with a sentence."""

import csv
import os
import signal
import zipfile
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dukcapil.errors import Refused
from recording.imports.spreadsheets import Cell, guard, outline, read_rows, workbook
from recording.imports.tests.workbooks import ods, with_part, xls, xlsx

pytestmark = pytest.mark.once

MORE_THAN_A_PIPE_HOLDS = 8_000  # rows: the child still writes them when the first is read
NIK, NIP = "3173010101010001", "NIP. 197003121995031002"
TABLE: list[list[Any]] = [["KODE", "JUMLAH\nDOSIS 1", ""], ["31.73", 12, 1.234], ["3171011001", 31000, "NIHIL"]]


def cells(file: Path, sheet: str = "") -> list[list[Cell]]:
    return [row for _, row in read_rows(file, name=file.name, sheet=sheet)]


def refused(file: Path) -> str:
    with pytest.raises(Refused) as problem:
        cells(file, outline(file, name=file.name)[0].name)
    assert NIK not in str(problem.value)
    return str(problem.value)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return xlsx(tmp_path / "buku.xlsx", {"Data ": TABLE, "Lain": [["x"]]}, hidden=["Lain"])


def test_every_kind_of_workbook_gives_the_same_cells(book: Path, tmp_path: Path) -> None:
    kinds = [cells(book, "Data "), cells(xls(tmp_path / "a.xls", TABLE), "Data"), cells(ods(tmp_path / "a.ods", TABLE), "Data")]
    for rows in kinds:
        assert [row[:2] for row in rows] == [["KODE", "JUMLAH\nDOSIS 1"], ["31.73", 12], ["3171011001", 31000]]
        assert [type(cell) for cell in rows[1]] == [str, int, float]
        assert (rows[1][2], rows[2][2]) == (1.234, "NIHIL")


def test_an_outline_names_sheets_and_first_rows(book: Path) -> None:
    first, second = outline(book, name="buku.xlsx")
    assert (first.name, first.hidden, first.height, second.name, second.hidden) == ("Data ", False, 3, "Lain", True)
    assert first.rows[0] == (1, ["KODE", "JUMLAH\nDOSIS 1", ""])


def test_empty_rows_do_not_shift_row_numbers(tmp_path: Path) -> None:
    file = xlsx(tmp_path / "a.xlsx", {"S": [[], [], ["judul"], [date(2021, 11, 30), True]]})
    assert [pair for pair in read_rows(file, name="a", sheet="S") if any(pair[1])] == [
        (3, ["judul", ""]),
        (4, ["2021-11-30", "TRUE"]),
    ]


def test_merged_cells_are_told(tmp_path: Path) -> None:
    file = xlsx(tmp_path / "a.xlsx", {"S": [["KTP", "", "x"], ["a", "b", "c"]]}, merged=["A1:B1"])
    assert outline(file, name="a")[0].merged == ((0, 0, 0, 1),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_csv_in_every_usual_form_is_read(tmp_path: Path, encoding: str, delimiter: str, end: str) -> None:
    rows = [["Laporan café"], ["kode", "nama, lengkap", "jumlah"], ["31.73", 'Kali "Deres"', "1.234"], ["31.75", "a\nb", ""]]
    text = StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(rows)
    file = tmp_path / "a.csv"
    file.write_bytes(text.getvalue().encode(encoding))
    assert cells(file) == rows


def test_a_line_naming_the_delimiter_is_obeyed(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("sep=;\nkode;jumlah\n31,73;5\n", encoding="utf-8")
    assert list(read_rows(file, name="a")) == [(2, ["kode", "jumlah"]), (3, ["31,73", "5"])]


SWALLOWING = 'kode;jumlah;ket\n31.71;1;"baik\n31.72;2;\n31.73;3;"\n31.74;4;\n'


def test_a_quote_left_open_swallows_no_rows(tmp_path: Path) -> None:
    (file := tmp_path / "a.csv").write_text(SWALLOWING)
    with pytest.raises(Refused, match="petik di baris 2 membuat baris itu sampai baris 4"):
        cells(file)


@pytest.mark.parametrize("cell", ["hujan\nbanjir", "hujan;\nbanjir", "a\nb\nc;d", "a;\nb", "hujan\n", "\n\n"])
def test_a_text_of_several_lines_stays_a_cell(tmp_path: Path, cell: str) -> None:
    (file := tmp_path / "a.csv").write_text(f'kode;jumlah;ket\n31.71;1;"{cell}"\n31.72;2;\n')
    assert [row[2:] for row in cells(file)] == [["ket"], [cell], [""]]


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r", exclude_categories=["Cs", "Nd"]), max_size=12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(WORDS, min_size=3, max_size=3), min_size=2, max_size=8), delimiter=st.sampled_from(",;\t"))
def test_written_csv_is_read_back_unchanged(tmp_path: Path, rows: list[list[str]], delimiter: str) -> None:
    """But for lines in a cell that look like rows: a quote that was never closed makes such a cell."""
    rows = [[cell.replace(delimiter, " ") if cell.splitlines() != [cell] else cell for cell in row] for row in rows]
    file = tmp_path / "a.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([["kode", "nama", "jumlah"], *rows])
    assert cells(file) == [["kode", "nama", "jumlah"], *rows]


def bomb(tmp_path: Path) -> Path:
    file = xlsx(tmp_path / "b.xlsx", {"S": TABLE})
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("xl/media/x.bin", bytes(40_000_000))
    return file


def far_cell(tmp_path: Path) -> Path:
    """A file of a few kilobytes that says it has a cell in the last row and column."""
    file = xlsx(tmp_path / "c.xlsx", {"S": TABLE})
    with zipfile.ZipFile(file) as zipped:
        parts = {name: zipped.read(name) for name in zipped.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b'r="A3"', b'r="XFD1048576"')
    with zipfile.ZipFile(file, "w") as zipped:
        for name, content in (parts | {"xl/worksheets/sheet1.xml": sheet}).items():
            zipped.writestr(name, content)
    return file


def encrypted_zip(tmp_path: Path) -> Path:
    file = xlsx(tmp_path / "d.xlsx", {"S": TABLE})
    content = bytearray(file.read_bytes())
    for place in range(len(content) - 4):  # the flag of every member of the directory and of the members themselves
        if bytes(content[place : place + 4]) in (b"PK\x01\x02", b"PK\x03\x04"):
            content[place + (8 if content[place + 2] == 1 else 6)] |= 1
    file.write_bytes(content)
    return file


def raw(content: bytes, name: str = "a.xlsx"):  # type: ignore[no-untyped-def]
    def make(tmp_path: Path) -> Path:
        (tmp_path / name).write_bytes(content)
        return tmp_path / name

    return make


def sheet_with(name: str, content: bytes):  # type: ignore[no-untyped-def]
    return lambda tmp_path: with_part(xlsx(tmp_path / "e.xlsx", {"S": TABLE}), name, content)


UNSAFE = [
    ("empty", raw(b""), "kosong"),
    ("picture", raw(b"\x89PNG\r\n\x1a\n"), "bukan lembar kerja"),
    ("pdf", raw(b"%PDF-1.7"), "bukan lembar kerja"),
    ("html named xls", raw(b"<html><table>", "a.xls"), "Simpan ulang"),
    ("broken zip", raw(b"PK\x03\x04" + bytes(300)), "rusak"),
    ("broken ole", raw(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.xls"), "rusak"),
    ("other zip", lambda tmp: with_part(tmp / "z.xlsx", "word/document.xml", b"<a/>"), "bukan lembar kerja"),
    ("half a workbook", lambda tmp: raw(xlsx(tmp / "f.xlsx", {"S": TABLE}).read_bytes()[:900])(tmp), "rusak"),
    ("macros", sheet_with("xl/vbaProject.bin", b"x"), "makro"),
    ("macros in ods", lambda tmp: ods(tmp / "a.ods", TABLE, Basic__m="x"), "makro"),
    ("links", sheet_with("xl/externalLinks/externalLink1.xml", b"<a/>"), "menautkan"),
    ("doctype", sheet_with("xl/extra.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "tidak aman"),
    ("entity on an edge", sheet_with("xl/extra.xml", b" " * ((1 << 18) - 4) + b"<!DOCTYPE a>"), "tidak aman"),
    ("utf-16 xml", sheet_with("xl/extra.xml", "<!DOCTYPE a>".encode("utf-16")), "tidak aman"),
    ("binary workbook", sheet_with("xl/workbook.bin", b"x"), "Simpan ulang"),
    ("password", encrypted_zip, "kata sandi"),
    ("bomb", bomb, "mengembang"),
    ("a cell in the last corner", far_cell, "terlalu"),
    ("binary csv", raw(b"kode,jumlah\n31,\x00\n", "a.csv"), "tidak dapat dibaca"),
    ("endless cell", raw(b"kode,jumlah\n31," + b"1" * 200_000, "a.csv"), "tidak dapat dibaca"),
    ("nik in a number", lambda tmp: xlsx(tmp / "n.xlsx", {"S": [*TABLE, [int(NIK)]]}), "Sel S!A4 memuat angka 16 digit"),
    (
        "nik hidden",
        lambda tmp: xlsx(tmp / "n.xlsx", {"S": TABLE, "H": [[f"NIK {NIK}"]]}, hidden=["H"]),
        "Sel H!A1 memuat angka 16 digit",
    ),
    ("nik in a comment", lambda tmp: xlsx(tmp / "n.xlsx", {"S": TABLE}, comment=f"tanya {NIK}"), "16 digit"),
    ("nik in a sheet's name", lambda tmp: xlsx(tmp / "n.xlsx", {NIK: TABLE}), "16 digit"),
    ("nik written apart", lambda tmp: xlsx(tmp / "n.xlsx", {"S": [["x", "317301  010190 – 0001"]]}), "Sel S!B1 memuat"),
    ("nik in xls", lambda tmp: xls(tmp / "n.xls", [*TABLE, [NIK]]), "16 digit"),
    ("nik in csv", raw(f"kode,jumlah,x\n31.73,5,\n31.73,6,{NIK}\n".encode(), "a.csv"), "Sel C3 memuat angka 16 digit"),
]


@pytest.mark.parametrize(("make", "words"), [case[1:] for case in UNSAFE], ids=[case[0] for case in UNSAFE])
def test_an_unsafe_file_is_refused_in_words(tmp_path: Path, make, words: str) -> None:  # type: ignore[no-untyped-def]
    assert words in refused(make(tmp_path))


@pytest.mark.parametrize(
    "cell", ["31.73.01.1001, 31.73.01.1004", "25-11-2021 0800-1200", 0.1234567890123456, 123456789012345, NIP]
)
def test_what_only_looks_long_is_no_nik(tmp_path: Path, cell: object) -> None:
    file = xlsx(tmp_path / "a.xlsx", {"S": [["kode", "x"], ["31", cell]]})
    assert len(cells(file, "S")) == 2


@pytest.mark.parametrize(("limit", "kind"), [("MAX_FILE_BYTES", "a.csv"), ("MAX_WORKBOOK_BYTES", "a.xlsx")])
def test_a_file_above_its_limit_is_never_opened(tmp_path: Path, limit: str, kind: str) -> None:
    file = tmp_path / kind
    with file.open("wb") as out:
        out.write(b"kode,jumlah\n" if kind == "a.csv" else b"PK\x03\x04")
        out.truncate(getattr(guard, limit) + 1)  # a file with a hole: as large as it says, and quick to make
    assert "MB" in refused(file)


def children() -> list[str]:
    found = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    return [pid for pid in found if "spreadsheets.child" in Path(f"/proc/{pid}/cmdline").read_text()]


@pytest.mark.usefixtures("started_readers")
def test_stopping_early_leaves_no_process(book: Path) -> None:
    rows = read_rows(book, name="b", sheet="Data ")
    next(rows)
    assert len(children()) == 1
    rows.close()
    assert children() == []


@pytest.mark.usefixtures("started_readers")
def test_a_dying_child_process_is_told_in_words(tmp_path: Path) -> None:
    file = xlsx(tmp_path / "a.xlsx", {"S": [["kode", "jumlah"], *[["31", n] for n in range(MORE_THAN_A_PIPE_HOLDS)]]})
    sheets = workbook.sheets(file, "a.xlsx", ["S"])
    _, rows = next(sheets)
    next(rows)
    os.kill(int(children()[0]), signal.SIGKILL)
    with pytest.raises(Refused, match="rumit"):
        list(rows)
