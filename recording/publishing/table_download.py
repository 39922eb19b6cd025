"""A table sent as a file to save: XLSX at once, CSV in pieces."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from io import StringIO
from itertools import chain, islice

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from dukcapil.cells import safe_cell
from dukcapil.requests import PortalRequest
from recording.publishing.table import Table, Value, marked_as_example
from recording.publishing.workbook import workbook

XLSX, CSV = "xlsx", "csv"
CONTENT_TYPES = {XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", CSV: "text/csv; charset=utf-8"}
LINES_PER_PIECE = 500  # of a CSV file, sent together
MAX_KEPT_CELLS = 50_000


def download(request: PortalRequest, table: Table, suffix: str) -> HttpResponseBase:
    """The table as a file to save: XLSX, or CSV in pieces. One of example data says so."""
    table = marked_as_example(table) if request.demo else table
    response: HttpResponseBase
    if suffix == CSV:
        response = StreamingHttpResponse(_started(csv_lines(table)), content_type=CONTENT_TYPES[CSV])
    else:
        response = HttpResponse(workbook(table, request.now), content_type=CONTENT_TYPES[XLSX])
    # A period's name may be anything, and stands in the name of its template.
    name = re.sub(r"[^\w.\-]+", "-", table.file_name)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{suffix}") or ""
    return response


def _started(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same pieces, the first of them read now: a database that is away then answers as such, not as half a file."""
    return chain([next(pieces)], pieces)


def csv_lines(table: Table) -> Iterator[bytes]:
    """A CSV file in pieces, in memory that does not grow: byte-order mark, semicolons, decimal commas and CRLF, so that
    the spreadsheet programs of offices here open it by themselves; they would take 72.50 for text or for a date."""
    cells = _Cells()
    begin = "\ufeff" + _lines(cells, [[column.label for column in table.columns]])
    rows = iter(table.rows)
    while piece := list(islice(rows, LINES_PER_PIECE)):
        yield (begin + _lines(cells, piece)).encode()
        begin = ""
    yield begin.encode()


class _Cells(dict[Value, str]):
    """Cells as they stand in the file. A long table says the same names, days and numbers again and again."""

    def __missing__(self, cell: Value) -> str:
        if len(self) == MAX_KEPT_CELLS:
            self.clear()
        text = self[cell] = _quoted(safe_cell(cell) if isinstance(cell, str) else cell)
        return text


def _lines(cells: _Cells, rows: Iterable[Sequence[Value]]) -> str:
    """Decimals are written each by itself: to a dictionary 5.00 and 5 are one."""
    known = cells.__getitem__
    lines = [";".join([_decimal(cell) if type(cell) is Decimal else known(cell) for cell in row]) for row in rows]
    return "\r\n".join([*lines, ""])


def _decimal(number: Decimal) -> str:
    return str(number).replace(".", ",")


def _quoted(cell: Value) -> str:
    if cell is None or cell == "":
        return ""  # alone in its line it would be quoted
    line = StringIO(newline="")
    csv.writer(line, delimiter=";", lineterminator="\r\n").writerow([cell])
    return line.getvalue().removesuffix("\r\n")
