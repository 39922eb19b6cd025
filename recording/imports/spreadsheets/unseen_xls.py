"""Errors and hidden rows and columns of XLS: found in its records."""

from pathlib import Path

import olefile

from recording.imports.spreadsheets.cells import Unseen
from recording.imports.spreadsheets.xls import BOUNDSHEET, records, stream_of

BOOLERR, FORMULA, ROW, COLINFO = 0x0205, 0x0006, 0x0208, 0x007D
CODES = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
HIDDEN_ROW, HIDDEN_COLUMN = 0x20, 0x01


def read(file: Path, sheets: dict[str, Unseen]) -> None:
    """Add what every sheet holds."""
    begins: dict[int, str] = {}
    sheet = ""
    with olefile.OleFileIO(file) as book:
        stream = stream_of(book)
    for place, kind, body in records(stream):
        sheet = begins.get(place, sheet)
        if kind == BOUNDSHEET:
            begins[int.from_bytes(body[:4], "little")] = _sheet_name(body)
        elif kind == ROW and body[12:13] and body[12] & HIDDEN_ROW:
            sheets[sheet].hide_row(_number(body, 0) + 1, _number(body, 0) + 1)
        elif kind == COLINFO and body[8:9] and body[8] & HIDDEN_COLUMN:
            sheets[sheet].hidden_columns.append((_number(body, 0), _number(body, 2)))
        elif (code := _error_code(kind, body)) is not None:
            sheets[sheet].errors[_number(body, 0) + 1].append((_number(body, 2), CODES.get(code, "#N/A")))


def _number(body: bytes, start: int) -> int:
    return int.from_bytes(body[start : start + 2], "little")


def _sheet_name(body: bytes) -> str:
    wide = body[7] & 1
    letters = body[8 : 8 + body[6] * (1 + wide)]
    return letters.decode("utf-16-le" if wide else "latin-1")


def _error_code(kind: int, body: bytes) -> int | None:
    """The error that a cell's record holds, typed or as the result of its formula."""
    if kind == BOOLERR and body[7] == 1:
        return body[6]
    is_error = kind == FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2
    return body[8] if is_error else None
