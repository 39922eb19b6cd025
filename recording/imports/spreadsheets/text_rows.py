"""CSV as offices write it: any usual delimiter, encoding and line end, read as a stream by the standard library."""

import csv
import re
from collections import Counter
from collections.abc import Generator, Iterator
from itertools import chain, groupby, islice
from pathlib import Path
from typing import IO, Any

from dukcapil.errors import Refused
from recording.imports.spreadsheets.cells import Cell, column_letters
from recording.imports.spreadsheets.child import MAYBE_NIK, NIK_LENGTH
from recording.imports.spreadsheets.refusals import NO_TEXT, SWALLOWED, TOO_WIDE, UNCLOSED, refuse, refuse_nik_in

DELIMITERS = ",;\t|"
FIRST_LINES = 40
MAX_COLUMNS = 1_000
MAX_LINE_LETTERS = 1 << 20
BLOCK_LETTERS, MAX_RECORD_BLOCKS = 1 << 16, 32  # lines are read by the block; no record may take more of them
SEPARATOR = re.compile(r'"?sep=(.)"?[\r\n]*', re.IGNORECASE)


def rows(file: Path, name: str) -> Generator[tuple[int, list[Cell]], None, None]:
    """(record number from 1, cells as typed). Refused when a cell holds a NIK, or the file is no text.

    A first line "sep=;" is an order to the office program: it is counted, but not given out.
    """
    try:
        with file.open(encoding=_encoding(file, name), newline="") as lines:
            delimiter, skipped = _delimiter(lines)
            blocks_left = MAX_RECORD_BLOCKS

            def blocks() -> Iterator[list[str]]:
                """Lines, as long as the reader makes records of them: a quote never closed would pile up the file."""
                nonlocal blocks_left
                while block := lines.readlines(BLOCK_LETTERS):
                    blocks_left -= 1
                    if blocks_left < 0:
                        raise csv.Error("a record without end")
                    yield block

            # Typed so that a row of texts is given out as a row of cells.
            reader = csv.reader(chain.from_iterable(blocks()), delimiter=delimiter)
            records: Iterator[list[Any]] = reader
            lines_before = width = 0
            for number, row in enumerate(records, 1 + skipped):
                blocks_left = MAX_RECORD_BLOCKS
                if reader.line_num > lines_before + 1 and _is_several_rows(row, delimiter, width):
                    first, last = skipped + lines_before + 1, skipped + reader.line_num
                    raise Refused(SWALLOWED, "file", file=name, first=first, last=last)
                lines_before, width = reader.line_num, len(row)
                # Short cells, which are nearly all, are not looked at any closer.
                if row and max(map(len, row)) >= NIK_LENGTH:
                    for column, cell in enumerate(row):
                        if MAYBE_NIK.search(cell):
                            refuse_nik_in(cell, f"{column_letters(column)}{number}")
                if len(row) > MAX_COLUMNS:
                    refuse(TOO_WIDE, name)
                yield number, row
    except csv.Error as problem:  # also a cell longer than the library takes
        raise Refused(UNCLOSED, "file", file=name) from problem
    except (OSError, UnicodeError) as problem:
        raise Refused(NO_TEXT, "file", file=name) from problem


def _is_several_rows(row: list[str], delimiter: str, width: int) -> bool:
    """Whether each line of a record is as wide as the row before: rows that a quote left open made one. A text of several
    lines within a cell divides its row elsewhere, or not at all where nothing follows its last line."""
    lines = delimiter.join(row).rstrip("\r\n").splitlines()
    return width > 1 and len(lines) > 1 and {line.count(delimiter) for line in lines} == {width - 1}


def _encoding(file: Path, name: str) -> str:
    """UTF-8 (with or without a byte-order mark) if all of the file is, UTF-16 by its mark, else Windows-1252."""
    with file.open("rb") as content:
        mark = content.read(2)
    if mark in (b"\xff\xfe", b"\xfe\xff"):
        _refuse_unusual(file, "utf-16", name)
        return "utf-16"
    try:
        _refuse_unusual(file, "utf-8-sig", name)
    except UnicodeDecodeError:
        _refuse_unusual(file, "cp1252", name)
        return "cp1252"
    return "utf-8-sig"


def _refuse_unusual(file: Path, encoding: str, name: str) -> None:
    """Read all of it in this encoding: neither a zero byte, which no text has, nor a line that no memory holds."""
    with file.open(encoding=encoding, newline="") as text:
        while block := text.read(MAX_LINE_LETTERS):
            if "\0" in block:
                refuse(NO_TEXT, name)
            if len(block) == MAX_LINE_LETTERS and "\n" not in block and "\r" not in block:
                refuse(UNCLOSED, name)


def _delimiter(lines: IO[str]) -> tuple[str, int]:
    """The delimiter that divides most of the first lines alike, and how many lines name it (these are read away)."""
    first = list(islice(lines, FIRST_LINES))
    lines.seek(0)
    separator = SEPARATOR.fullmatch(first[0]) if first else None
    if separator:
        lines.readline()
        return separator[1], 1
    return max(DELIMITERS, key=lambda delimiter: _agreement(first, delimiter)), 0


def _agreement(lines: list[str], delimiter: str) -> tuple[float, int, int]:
    """The share of rows that have the same number of cells, more than one; how many of them follow each other; and
    that number. Title lines have one cell, or fewer rows alike."""
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return 0, 0, 0
    several = Counter(width for width in widths if width > 1)
    width, count = max(several.items(), key=lambda pair: (pair[1], pair[0]), default=(0, 0))
    together = max((len(list(run)) for run_width, run in groupby(widths) if run_width == width), default=0)
    return count / max(len(widths), 1), together, width
