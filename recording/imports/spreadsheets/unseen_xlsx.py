"""Errors, formulas without a result, and hidden rows and columns of XLSX: found in the text of its sheets."""

import re
import zipfile
from collections.abc import Iterator
from posixpath import join, normpath
from typing import IO
from xml.etree import ElementTree

from recording.imports.spreadsheets.cells import NO_RESULT, Unseen
from recording.imports.spreadsheets.ooxml import first_bytes, plain_name, unpacked

CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*\bt=[\"']e[\"'][^>]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v[^>]*>([^<]*)<", re.DOTALL)
# A formula with an empty result is computed when its type is text: ="" is what many offices write for "nothing".
FORMULA_ALONE = re.compile(
    rb"<(?:\w+:)?c\s((?![^>]*\bt=[\"']str)[^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)"
    rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
PLACE = re.compile(rb"\br=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
# Nobody sees a row without height, nor a column without width.
HIDDEN = rb"(?:\bhidden=[\"'](?:1|true)[\"']|\b(?:ht|width)=[\"']0(?:\.0*)?[\"'])"
ROW = re.compile(rb"<(?:\w+:)?row\s(?=[^>]*" + HIDDEN + rb")[^>]*\br=[\"'](\d{1,7})[\"']")
COLUMN = re.compile(rb"<(?:\w+:)?col\s(?=[^>]*" + HIDDEN + rb")([^>]*)>")
SIDES = {side: re.compile(rb"\b" + side + rb"=[\"'](\d{1,5})[\"']") for side in (b"min", b"max")}
MAX_SHEET_LIST_BYTES = 20_000_000
MAX_CELL_BYTES = 100_000  # a formula has 8,192 letters


def read(content: IO[bytes], parts: dict[str, zipfile.ZipInfo], sheets: dict[str, Unseen]) -> None:
    """Add what every sheet holds."""
    for sheet, part in _sheets(content, parts):
        for text in _texts(unpacked(content, part)):
            _read_text(text, sheets[sheet])


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


def _texts(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The text a block at a time, cut where a cell ends."""
    rest = b""
    for block in blocks:
        text = rest + block
        cut = text.rfind(b"c>") + 2
        if cut < 2:  # no cells here
            rest = text[-MAX_CELL_BYTES:]
            continue
        yield text[:cut]
        rest = text[cut:]


def _read_text(text: bytes, unseen: Unseen) -> None:
    found = [*CELL.findall(text), *((cell, NO_RESULT.encode()) for cell in FORMULA_ALONE.findall(text))]
    for cell, error in found:
        place = PLACE.search(cell)
        if place:
            column = 0
            for letter in place[1]:
                column = column * 26 + letter - 64
            unseen.errors[int(place[2])].append((column - 1, error.decode("ascii", "replace")))
    for row in ROW.findall(text):
        unseen.hide_row(int(row), int(row))
    for column_tag in COLUMN.findall(text):
        first, last = (match and int(match[1]) for match in (side.search(column_tag) for side in SIDES.values()))
        if first and last:
            unseen.hidden_columns.append((first - 1, last - 1))
