"""Cells that show an error, such as #REF!, or hold a formula whose result was never stored: the library reads them as
empty, and an empty cell means "not reported".

So they are looked up in the file itself: {sheet: {row from 1: [(column from 0, text)]}}.
"""

import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from posixpath import join, normpath
from typing import IO
from xml.etree import ElementTree

import olefile

from dukcapil.errors import Refused
from recording.imports.spreadsheets.cells import NO_RESULT
from recording.imports.spreadsheets.ooxml import first_bytes, plain_name, unpacked
from recording.imports.spreadsheets.refusals import BROKEN
from recording.imports.spreadsheets.xls import BOUNDSHEET, records, stream_of

Errors = dict[str, dict[int, list[tuple[int, str]]]]

CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*\bt=[\"']e[\"'][^>]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v[^>]*>([^<]*)<", re.DOTALL)
# A formula with an empty result is computed when its type is text: ="" is what many offices write for "nothing".
FORMULA_ALONE = re.compile(
    rb"<(?:\w+:)?c\s((?![^>]*\bt=[\"']str)[^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)"
    rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
PLACE = re.compile(rb"\br=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
MAX_SHEET_LIST_BYTES = 20_000_000
MAX_CELL_BYTES = 100_000  # a formula has 8,192 letters
BOOLERR, FORMULA = 0x0205, 0x0006
CODES = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


def error_cells(file: Path, name: str) -> Errors:
    """Of a file that `guard` found safe. In ODS they are text already."""
    try:
        return _in_records(file) if olefile.isOleFile(file) else _in_zip(file)
    except (zipfile.BadZipFile, zlib.error, ElementTree.ParseError, OSError, ValueError, IndexError) as problem:
        raise Refused(BROKEN, "file", file=name) from problem


def _in_zip(file: Path) -> Errors:
    errors: Errors = defaultdict(lambda: defaultdict(list))
    with zipfile.ZipFile(file) as book, file.open("rb") as content:
        parts = {plain_name(part.filename): part for part in book.infolist()}
        for sheet, part in _sheets(content, parts):
            for row, column, text in _in_sheet(unpacked(content, part)):
                errors[sheet][row].append((column, text))
    return errors


def _sheets(content: IO[bytes], parts: dict[str, zipfile.ZipInfo]) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    """(name, part) of every sheet."""
    relations = parts.get("xl/_rels/workbook.xml.rels")
    if relations is None:
        return
    targets = {
        relation.get("Id"): plain_name(normpath(join("/xl", relation.get("Target", ""))))
        for relation in ElementTree.fromstring(first_bytes(content, relations, MAX_SHEET_LIST_BYTES))
    }
    tree = ElementTree.fromstring(first_bytes(content, parts["xl/workbook.xml"], MAX_SHEET_LIST_BYTES))
    for sheet in tree.iter():
        if sheet.tag.endswith("}sheet"):
            number = next((value for key, value in sheet.items() if key.endswith("}id")), None)
            if part := parts.get(targets.get(number, "")):
                yield sheet.get("name", ""), part


def _in_sheet(blocks: Iterator[bytes]) -> Iterator[tuple[int, int, str]]:
    """(row, column, text): a block at a time, cut where a cell ends."""
    rest = b""
    for block in blocks:
        text = rest + block
        cut = text.rfind(b"c>") + 2
        if cut < 2:  # no cells here
            rest = text[-MAX_CELL_BYTES:]
            continue
        yield from _in_text(text[:cut])
        rest = text[cut:]


def _in_text(text: bytes) -> Iterator[tuple[int, int, str]]:
    found = [*CELL.findall(text), *((cell, NO_RESULT.encode()) for cell in FORMULA_ALONE.findall(text))]
    for cell, error in found:
        place = PLACE.search(cell)
        if place:
            column = 0
            for letter in place[1]:
                column = column * 26 + letter - 64
            yield int(place[2]), column - 1, error.decode("ascii", "replace")


def _in_records(file: Path) -> Errors:
    errors: Errors = defaultdict(lambda: defaultdict(list))
    begins: dict[int, str] = {}
    sheet = ""
    with olefile.OleFileIO(file) as book:
        stream = stream_of(book)
    for place, kind, body in records(stream):
        sheet = begins.get(place, sheet)
        if kind == BOUNDSHEET:
            begins[int.from_bytes(body[:4], "little")] = _sheet_name(body)
        code = _error_code(kind, body)
        if code is not None:
            row, column = int.from_bytes(body[:2], "little"), int.from_bytes(body[2:4], "little")
            errors[sheet][row + 1].append((column, CODES.get(code, "#N/A")))
    return errors


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
