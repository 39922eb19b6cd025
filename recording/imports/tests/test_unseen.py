"""What a sheet holds and its reader does not see: hidden rows and columns, merged cells, formulas without a result."""

import zipfile
from pathlib import Path

import pytest
import xlsxwriter
import xlwt

from recording.imports.layouts.cleaning import AS_TEXT, EMPTY_FRACTION, NO_WIDTH, cleaned
from recording.imports.spreadsheets import NO_RESULT, Cell, SheetHead, outline, read_rows
from recording.imports.tests.workbooks import Rows, ods

pytestmark = pytest.mark.once
ROWS: Rows = [["KODE", "JUMLAH", "LAMA"], ["31.73", 1, 9], ["31.74", 2, 9], ["31.75", 3, 9]]


def hidden_xlsx(path: Path) -> Path:
    with xlsxwriter.Workbook(str(path), {"in_memory": True}) as book:
        sheet = book.add_worksheet("Data")
        for row, cells in enumerate(ROWS):
            sheet.write_row(row, 0, cells)
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_row(3, 0)
        sheet.set_column("C:D", None, None, {"hidden": True})
    return path


def hidden_xls(path: Path) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Data")
    for row, cells in enumerate(ROWS):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    sheet.row(2).hidden = sheet.row(3).hidden = True
    sheet.col(2).hidden = True
    book.save(str(path))
    return path


def hidden_ods(path: Path) -> Path:
    plain = ods(path.with_name("plain.ods"), ROWS)
    xml = zipfile.ZipFile(plain).read("content.xml").decode()
    head, *rows = xml.split("<table:table-row>")
    collapsed = '<table:table-row table:visibility="filter">'
    columns = '<table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>'
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("META-INF/manifest.xml", "<manifest/>")
        shown, hidden = "<table:table-row>".join(["", *rows[:2]]), collapsed.join(["", *rows[2:]])
        book.writestr("content.xml", head + columns + shown + hidden)
    return path


def head_of(file: Path) -> SheetHead:
    return outline(file, name=file.name)[0]


@pytest.mark.parametrize("make", [hidden_xlsx, hidden_xls, hidden_ods])
def test_every_kind_tells_hidden_rows_and_columns(tmp_path: Path, make) -> None:  # type: ignore[no-untyped-def]
    head = head_of(make(tmp_path / "a"))
    assert list(head.hidden_rows) == [(3, 4)]
    assert 2 in head.hidden_columns
    assert not {0, 1} & head.hidden_columns
    assert [cells[0] for _, cells in head.rows] == ["KODE", "31.73", "31.74", "31.75"]


def test_an_ods_formula_without_result_is_told(tmp_path: Path) -> None:
    plain = ods(tmp_path / "plain.ods", [["KODE", "JUMLAH"], ["31.73", 5], ["31.74", 6]])
    xml = zipfile.ZipFile(plain).read("content.xml").decode()
    six = '<table:table-cell office:value-type="float" office:value="6"><text:p>6</text:p></table:table-cell>'
    five = six.replace("6", "5")
    assert six in xml
    xml = xml.replace(six, '<table:table-cell table:formula="of:=[.B2]+1"/>')
    xml = xml.replace(five, five.replace("table-cell ", 'table-cell table:formula="of:=2+3" ', 1))
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("META-INF/manifest.xml", "<manifest/>")
        book.writestr("content.xml", xml)
    rows = [cells for _, cells in read_rows(tmp_path / "a.ods", name="a.ods")]
    assert rows == [["KODE", "JUMLAH"], ["31.73", 5], ["31.74", NO_RESULT]]


def test_merged_cells_of_ods_are_told(tmp_path: Path) -> None:
    plain = ods(tmp_path / "plain.ods", [["KODE", "JUMLAH"], ["31.73", 5], ["", 6]])
    xml = zipfile.ZipFile(plain).read("content.xml").decode()
    text = '<table:table-cell office:value-type="string"><text:p>31.73'
    xml = xml.replace(text, text.replace("table-cell ", 'table-cell table:number-rows-spanned="2" '))
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("META-INF/manifest.xml", "<manifest/>")
        book.writestr("content.xml", xml)
    assert list(head_of(tmp_path / "a.ods").merged) == [(1, 0, 2, 0)]


@pytest.mark.parametrize("blank", [" ", "\u00a0", "\u200b", "\ufeff \t"])
def test_a_blank_last_row_lengthens_no_sheet(tmp_path: Path, blank: str) -> None:
    file = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet("Data")
        for row, cells in enumerate(ROWS):
            sheet.write_row(row, 0, cells)
        sheet.write_string(1_048_575, 0, blank)
        sheet.write_string(5, 8, blank)
    assert [cells for _, cells in read_rows(file, name="a.xlsx")] == list(ROWS)
    assert head_of(file).height == len(ROWS)


@pytest.mark.parametrize(
    ("cell", "read", "note"),
    [
        ("31.73.01.1004\u200b", "31.73.01.1004", NO_WIDTH),
        ("\ufeffKAPUK", "KAPUK", NO_WIDTH),
        ("1\u200e2", "12", NO_WIDTH),
        ('="31.73.01.1004"', "31.73.01.1004", AS_TEXT),
        ('="0012"', "0012", AS_TEXT),
        ('="5.0"', "5", AS_TEXT),
        ("12.0", "12", EMPTY_FRACTION),
        (" 12,00 ", "12", EMPTY_FRACTION),
        ("1.234,00", "1.234", EMPTY_FRACTION),
        ("1,234.0", "1,234", EMPTY_FRACTION),
        ("3173011004.0", "3173011004", EMPTY_FRACTION),
        ("12.000", "12.000", None),
        ("1.234", "1.234", None),
        ("12.5", "12.5", None),
        ("1.234.00", "1.234.00", None),
        ("Kelurahan Ancol é", "Kelurahan Ancol é", None),
        ("=1+1", "=1+1", None),
        (12.5, 12.5, None),
        ("", "", None),
    ],
)
def test_meaningless_signs_are_removed_and_told(cell: Cell, read: Cell, note: str | None) -> None:
    cells, notes = cleaned(["x", cell])
    assert (cells, note in notes if note else notes == []) == (["x", read], True)
