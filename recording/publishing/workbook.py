"""Writing an XLSX file that a spreadsheet program opens without doing anything by itself."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from recording.parsing.numbers import MAX_PEOPLE
from recording.publishing.table import MAX_SHEET_ROWS, Column, Table, Value, too_long

# XML cannot hold these, so that no program could open the workbook.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# Rows are passed on as they come and never piled up. Nothing that is text becomes a formula or a link.
_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
# Formats of cells that every program has built in: thousands in the reader's own way, and text.
_GROUPED, _TEXT, _PERCENT = 3, 49, 10
LINE_HEIGHT, NOTES_WIDTH = 15, 100  # of a row in points, of a column in letters
_INK, _HEADER, _ENTRY = "#1F2937", "#DCE6F1", "#FFF8DC"


def workbook(table: Table, now: datetime) -> bytes:
    """An XLSX file. Refused when the table is longer than a sheet that can be imported again."""
    content = BytesIO()
    with Workbook(content, _OPTIONS) as book:
        book.set_properties({"title": table.title or table.sheet, "created": now.astimezone(UTC)})
        _write_table(book, book.add_worksheet(table.sheet), table)
        if table.notes:
            _write_notes(book, book.add_worksheet(table.notes_name), table)
    return content.getvalue()


def _write_table(book: Workbook, sheet: Worksheet, table: Table) -> None:
    header = len(table.lines) + (1 if table.title else 0)
    if table.title:
        sheet.write_string(0, 0, table.title, book.add_format({"bold": True, "font_size": 13}))
    for number, line in enumerate(table.lines, 1):
        sheet.write_string(number, 0, line)
    head = book.add_format(
        {"bold": True, "bg_color": _HEADER, "font_color": _INK, "border": 1, "text_wrap": True, "valign": "vcenter"}
    )
    formats = [_format(book, column) for column in table.columns]
    sheet.set_row(header, LINE_HEIGHT * max((_lines(column.label, column.width) for column in table.columns), default=1))
    for index, column in enumerate(table.columns):
        sheet.set_column(index, index, column.width)
        sheet.write_string(header, index, column.label, head)
    number = header
    for number, row in enumerate(table.rows, header + 1):
        if number >= MAX_SHEET_ROWS:
            raise too_long()
        for index, cell in enumerate(row):
            _write_cell(sheet, number, index, cell, formats[index])
    _set_layout(sheet, table, header, number)
    for index, column in enumerate(table.columns):
        if column.people and column.entry and number > header:
            _accept_people_only(sheet, header + 1, number, index)


def _set_layout(sheet: Worksheet, table: Table, header: int, last: int) -> None:
    """The header stays in sight and on every printed page; on paper the sheet is one page wide."""
    sheet.freeze_panes(header + 1, 0)
    # A code is text even where it looks like a number.
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{last + 1}"})
    sheet.repeat_rows(header)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, last, len(table.columns) - 1)
    if table.footer:
        sheet.set_footer(f"&L{table.footer.replace('&', '&&')}&R&P / &N")


def _format(book: Workbook, column: Column) -> Format:
    shown: dict[str, object] = {"num_format": _GROUPED if column.people else _PERCENT if column.percent else _TEXT}
    if column.entry:
        shown |= {"bg_color": _ENTRY, "border": 1, "border_color": "#BFBFBF"}
    return book.add_format(shown)


def _write_cell(sheet: Worksheet, row: int, column: int, cell: Value, shown: Format) -> None:
    if cell is None:
        sheet.write_blank(row, column, None, shown)
    elif isinstance(cell, Decimal):
        sheet.write_number(row, column, float(cell / 100), shown)  # a cell of per cent holds hundredths
    elif isinstance(cell, int):
        sheet.write_number(row, column, cell, shown)
    else:
        sheet.write_string(row, column, _CONTROL.sub(" ", cell), shown)


def _accept_people_only(sheet: Worksheet, first: int, last: int, column: int) -> None:
    """Whole numbers from 0, or the word NIHIL; a NIK that is typed by mistake is too large."""
    cell = xl_rowcol_to_cell(first, column)
    rule = f'=IF(ISNUMBER({cell}),AND({cell}>=0,{cell}<={MAX_PEOPLE},{cell}=INT({cell})),{cell}="NIHIL")'
    sheet.data_validation(
        first,
        column,
        last,
        column,
        {
            "validate": "custom",
            "value": rule,
            "ignore_blank": True,
            "error_title": "Bukan jumlah orang",
            "error_message": "Tulis bilangan bulat mulai 0, atau NIHIL. Biarkan kosong bila belum ada datanya.",
        },
    )


def _write_notes(book: Workbook, sheet: Worksheet, table: Table) -> None:
    """One text in each row, in one column: nothing that could be taken for a table."""
    sheet.set_column(0, 0, NOTES_WIDTH)
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.write_string(0, 0, table.notes_name, book.add_format({"bold": True, "font_size": 13}))
    for number, note in enumerate(table.notes, 1):
        sheet.set_row(number, LINE_HEIGHT * _lines(note, NOTES_WIDTH))
        sheet.write_string(number, 0, note, wrapped)


def _lines(text: str, width: int) -> int:
    """How many lines a cell needs, word by word: programs do not make rows higher by themselves when they print, and bold
    letters are a little wider than those that a width counts."""
    lines, used = 1, 0.0
    for word in text.split():
        length = len(word) * 1.1
        lines += used > 0 and used + length > width
        used = length + 1 if used + length > width else used + length + 1
    return lines
