"""Cells of tables that a spreadsheet program may open: none may become a formula."""

import csv
import json
import re
from collections.abc import Iterable
from io import StringIO
from typing import Any

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
_PLAIN_NEGATIVE = re.compile(r"-\d+(?:[.,]\d+)?")


def safe_cell(text: str) -> str:
    """The text with an apostrophe in front where a program would take it for a formula.

    A plain negative number and a lone dash, the sign of a missing value, stay as they are.
    """
    if text[:1] in FORMULA_SIGNS and text != "-" and not _PLAIN_NEGATIVE.fullmatch(text):
        return f"'{text}"
    return text


def csv_of(columns: list[str], rows: Iterable[Iterable[Any]]) -> bytes:
    """CSV in UTF-8 with a header line."""
    return csv_lines([columns]) + csv_lines(rows)


def csv_lines(rows: Iterable[Iterable[Any]]) -> bytes:
    """Lines of a CSV in UTF-8, for programs: commas, and decimals with a dot."""
    text = StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return safe_cell(value) if isinstance(value, str) else value
