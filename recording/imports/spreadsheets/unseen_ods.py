"""Formulas without a result, hidden rows and columns, and merged cells of ODS. Errors are text already."""

import zipfile
from typing import IO
from xml.parsers.expat import ParserCreate

from recording.imports.spreadsheets.cells import NO_RESULT, Unseen
from recording.imports.spreadsheets.ooxml import unpacked

TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
VALUES = [f"{OFFICE}{name}" for name in ("value", "date-value", "time-value", "boolean-value", "string-value")]
PARAGRAPH = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 p"
MAX_ROWS = 1_048_576


def read(content: IO[bytes], parts: dict[str, zipfile.ZipInfo], sheets: dict[str, Unseen]) -> None:
    """Add what every sheet holds."""
    if "content.xml" not in parts:
        return
    walk = _Walk(sheets)
    parser = ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = walk.start, walk.end
    for block in unpacked(content, parts["content.xml"]):
        parser.Parse(block)
    parser.Parse(b"", True)


class _Walk:
    """Where in the sheets the parser is: numbers of the row and the column, both from 0."""

    def __init__(self, sheets: dict[str, Unseen]) -> None:
        self._sheets, self._unseen, self._depth = sheets, Unseen(), 0
        self._row = self._column = self._rows = 0
        self._alone: int | None = None  # the column of a formula that has shown no result so far
        self._columns = 1

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == f"{TABLE}table":
            self._depth += 1
            if self._depth == 1:
                self._unseen = self._sheets[attributes.get(f"{TABLE}name", "")]
                self._row = self._column = self._rows = 0
        elif self._depth != 1:
            return
        elif tag == f"{TABLE}table-column":
            columns = _repeated(attributes, "number-columns-repeated")
            if _is_hidden(attributes):
                self._unseen.hidden_columns.append((self._column, self._column + columns - 1))
            self._column += columns
        elif tag == f"{TABLE}table-row":
            self._row, self._column = self._row + self._rows, 0
            self._rows = _repeated(attributes, "number-rows-repeated")
            if _is_hidden(attributes):
                self._unseen.hide_row(self._row + 1, min(self._row + self._rows, MAX_ROWS))
        elif tag in (f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
            self._cell(attributes)
        elif tag == PARAGRAPH:
            self._alone = None

    def end(self, tag: str) -> None:
        if tag == f"{TABLE}table":
            self._depth -= 1
        elif self._depth == 1 and tag in (f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
            if self._alone is not None:
                for row in range(self._row, min(self._row + self._rows, self._row + 1_000)):
                    self._unseen.errors[row + 1].append((self._alone, NO_RESULT))
            self._alone = None
            self._column += self._columns

    def _cell(self, attributes: dict[str, str]) -> None:
        self._columns = _repeated(attributes, "number-columns-repeated")
        has_result = any(name in attributes for name in VALUES)
        is_text = attributes.get(f"{OFFICE}value-type") == "string"  # ="" is a result
        if f"{TABLE}formula" in attributes and not has_result and not is_text:
            self._alone = self._column
        down, right = (_repeated(attributes, f"number-{side}-spanned") for side in ("rows", "columns"))
        if down > 1 or right > 1:
            self._unseen.merged.append((self._row, self._column, self._row + down - 1, self._column + right - 1))


def _repeated(attributes: dict[str, str], name: str) -> int:
    return max(1, int(attributes.get(f"{TABLE}{name}", "1")))


def _is_hidden(attributes: dict[str, str]) -> bool:
    return attributes.get(f"{TABLE}visibility") in ("collapse", "filter")
