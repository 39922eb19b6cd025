"""A table sent as a file to save: XLSX at once, CSV in pieces."""

import csv
import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from io import StringIO
from itertools import chain

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from dukcapil.cells import safe_cell
from recording.publishing.table import Table, Value
from recording.publishing.workbook import workbook

XLSX, CSV = "xlsx", "csv"
CONTENT_TYPES = {XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", CSV: "text/csv; charset=utf-8"}
LINES_PER_PIECE = 500  # of a CSV file, sent together


def download(table: Table, suffix: str, now: datetime) -> HttpResponseBase:
    """The table as a file to save: XLSX, or CSV in pieces."""
    response: HttpResponseBase
    if suffix == CSV:
        response = StreamingHttpResponse(_started(csv_lines(table)), content_type=CONTENT_TYPES[CSV])
    else:
        response = HttpResponse(workbook(table, now), content_type=CONTENT_TYPES[XLSX])
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
    lines = StringIO(newline="")
    writer = csv.writer(lines, delimiter=";", lineterminator="\r\n")
    lines.write("\ufeff")
    writer.writerow([safe_cell(column.label) for column in table.columns])
    for number, row in enumerate(table.rows, 1):
        writer.writerow([_cell(cell) for cell in row])
        if not number % LINES_PER_PIECE:
            yield lines.getvalue().encode()
            lines.seek(0)
            lines.truncate()
    yield lines.getvalue().encode()


def _cell(cell: Value) -> str | int | None:
    if isinstance(cell, Decimal):
        return str(cell).replace(".", ",")
    return safe_cell(cell) if isinstance(cell, str) else cell
