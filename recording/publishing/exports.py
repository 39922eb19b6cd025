"""Writing tables that a spreadsheet program opens without doing anything by itself."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from itertools import chain

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from dukcapil.cells import safe_cell
from dukcapil.errors import N_, Refused
from recording.parsing.numbers import MAX_PEOPLE

XLSX, CSV = "xlsx", "csv"
TYPES = {XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", CSV: "text/csv; charset=utf-8"}
MOST_ROWS = 200_000  # of a sheet, title and header included: the importer reads no longer one
LINES = 500  # of a CSV file that are sent together
# XML cannot hold these, so that no program could open the workbook.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# Rows are passed on as they come and never piled up. Nothing that is text becomes a formula or a link.
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
# Formats of cells that every program has built in: thousands in the reader's own way, and text.
_GROUPED, _TEXT, _PERCENT = 3, 49, 10
_INK, _HEADER, _ENTRY = "#1F2937", "#DCE6F1", "#FFF8DC"
_TOO_LONG = N_(
    "Tabel ini lebih dari %(most)s baris, terlalu panjang untuk XLSX. Ambil CSV, atau persempit tanggal dan wilayahnya."
)
Value = str | int | Decimal | None


@dataclass(frozen=True)
class Column:
    """`people`: holds numbers of people. `percent`: holds percentages, as Decimals such as 51.67. `entry`: to be filled
    in, and therefore shown as such."""

    label: str
    width: int
    people: bool = False
    entry: bool = False
    percent: bool = False


@dataclass(frozen=True)
class Table:
    """One sheet or CSV file. `file_name` is without suffix; `lines` stand under the title; `notes` are the lines of a
    second sheet, named `notes_name`; `footer` is printed at the foot of every page."""

    file_name: str
    sheet: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]
    title: str = ""
    notes: Sequence[str] = ()
    lines: Sequence[str] = ()
    notes_name: str = "Petunjuk"
    footer: str = ""


def too_long() -> Refused:
    """The refusal of a table that no sheet holds."""
    return Refused(_TOO_LONG, "rows", most=f"{MOST_ROWS:,}".replace(",", "."))


def csv_lines(table: Table) -> Iterator[bytes]:
    """A CSV file in pieces, in memory that does not grow: byte-order mark, semicolons and CRLF, so that the spreadsheet
    programs of offices here open it by themselves."""
    lines = StringIO(newline="")
    writer = csv.writer(lines, delimiter=";", lineterminator="\r\n")
    lines.write("\ufeff")
    writer.writerow([safe_cell(column.label) for column in table.columns])
    for number, row in enumerate(table.rows, 1):
        writer.writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in row])
        if not number % LINES:
            yield lines.getvalue().encode()
            lines.seek(0)
            lines.truncate()
    yield lines.getvalue().encode()


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
    for index, column in enumerate(table.columns):
        sheet.set_column(index, index, column.width)
        sheet.write_string(header, index, column.label, head)
    number = header
    for number, row in enumerate(table.rows, header + 1):
        if number >= MOST_ROWS:
            raise too_long()
        for index, cell in enumerate(row):
            _write_cell(sheet, number, index, cell, formats[index])
    last = len(table.columns) - 1
    sheet.freeze_panes(header + 1, 0)
    # A code is text even where it looks like a number.
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{number + 1}"})
    sheet.repeat_rows(header)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, number, last)
    if table.footer:
        sheet.set_footer(f"&L{table.footer.replace('&', '&&')}&R&P / &N")
    for index, column in enumerate(table.columns):
        if column.people and column.entry and number > header:
            _accept_people_only(sheet, header + 1, number, index)


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
    sheet.set_column(0, 0, 100)
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.write_string(0, 0, table.notes_name, book.add_format({"bold": True, "font_size": 13}))
    for number, note in enumerate(table.notes, 1):
        sheet.write_string(number, 0, note, wrapped)


def download(table: Table, suffix: str, now: datetime) -> HttpResponseBase:
    """The table as a file to save: XLSX, or CSV in pieces."""
    response: HttpResponseBase
    if suffix == CSV:
        response = StreamingHttpResponse(_begun(csv_lines(table)), content_type=TYPES[CSV])
    else:
        response = HttpResponse(workbook(table, now), content_type=TYPES[XLSX])
    # A period's name may be anything, and stands in the name of its template.
    name = re.sub(r"[^\w.\-]+", "-", table.file_name)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{suffix}") or ""
    return response


def _begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same pieces, the first of them read now: a database that is away then answers as such, not as half a file."""
    return chain([next(pieces)], pieces)
