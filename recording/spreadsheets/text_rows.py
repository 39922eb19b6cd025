"""CSV as offices write it: any usual delimiter, encoding and line end, read as a stream by the standard library."""

import csv
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO

from dukcapil.errors import N_, Refused
from recording.numbers import contains_nik
from recording.spreadsheets.cells import Cell

DELIMITERS = ",;\t|"
FIRST_LINES = 40
MOST_COLUMNS = 1_000
BLOCK = 1 << 20
NIK = N_("Berkas memuat angka 16 digit: portal tidak menerima NIK. Tidak ada yang disimpan.")
SHORTEST_NIK = 16


def rows(file: Path, name: str) -> Iterator[tuple[int, list[Cell]]]:
    """(record number from 1, cells as typed). Refused when a cell holds a NIK, or the file is no text."""
    try:
        with file.open(encoding=_encoding(file), newline="") as lines:
            delimiter, skipped = _delimiter(lines)
            reader = csv.reader(lines, delimiter=delimiter)
            # A NIK takes sixteen characters: short cells, which are nearly all, are not looked at any closer.
            for number, row in enumerate(islice(reader, skipped, None), 1 + skipped):
                if row and max(map(len, row)) >= SHORTEST_NIK:
                    _refuse_nik(row)
                if len(row) > MOST_COLUMNS:
                    raise Refused(N_("Berkas %(file)s terlalu lebar."), "file", file=name)
                yield number, row  # type: ignore[misc]
    except (OSError, UnicodeError, csv.Error) as problem:
        raise Refused(N_("Berkas %(file)s tidak dapat dibaca sebagai CSV."), "file", file=name) from problem


def _refuse_nik(row: list[str]) -> None:
    if any(len(cell) >= SHORTEST_NIK and contains_nik(cell) for cell in row):
        raise Refused(NIK, "file")


def _encoding(file: Path) -> str:
    """UTF-8 (with or without a byte-order mark) if all of the file is, UTF-16 by its mark, else Windows-1252."""
    with file.open("rb") as content:
        mark = content.read(2)
    if mark in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            while text.read(BLOCK):
                pass
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _delimiter(lines: IO[str]) -> tuple[str, int]:
    """The delimiter that divides most of the first lines alike, and how many records to skip (a line "sep=;")."""
    first = list(islice(lines, FIRST_LINES))
    lines.seek(0)
    if first and first[0].lower().startswith("sep=") and len(first[0].strip()) == 5:
        return first[0].strip()[4], 1
    return max(DELIMITERS, key=lambda delimiter: _agreement(first, delimiter)), 0


def _agreement(lines: list[str], delimiter: str) -> tuple[int, int]:
    """How many lines have the same number of cells, more than one; and how many cells. Title lines have one."""
    widths = Counter(len(row) for row in _parsed(lines, delimiter) if len(row) > 1)
    width, count = max(widths.items(), key=lambda pair: (pair[1], pair[0]), default=(0, 0))
    return count, width


def _parsed(lines: list[str], delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return []
