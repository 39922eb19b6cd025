"""Files of other offices as rows of cells: XLSX, XLS, ODS and CSV, refused with a sentence when they are not safe.

A cell is text, a whole number, or a float where a numeric cell holds a fraction. Days are ISO text; an empty cell is
"". A workbook is looked at from outside first (`guard`) and then read in a child process with limits (`child`).
"""

from collections.abc import Generator
from itertools import islice
from pathlib import Path

from dukcapil.errors import N_, Refused
from recording.spreadsheets import guard, text_rows, workbook
from recording.spreadsheets.cells import Cell, SheetHead
from recording.spreadsheets.guard import LARGEST

__all__ = ["LARGEST", "Cell", "SheetHead", "outline", "read_rows"]

HEAD = 30  # rows of a sheet that are enough to find its header and guess its columns


def outline(file: Path, *, name: str) -> list[SheetHead]:
    """Every sheet with its first rows; a CSV file is one sheet named "". Refused when the file cannot be used.

    Also refused, before a row is given out: any cell of any sheet that holds a NIK. Of a CSV file only the first rows
    are looked at here; `read_rows` looks at all of them.
    """
    if guard.inspect(file, name) == "csv":
        rows = list(islice(text_rows.rows(file, name), HEAD))
        return [SheetHead("", False, (), rows, None)]
    return workbook.outline(file, name, HEAD)


def read_rows(file: Path, *, name: str, sheet: str = "") -> Generator[tuple[int, list[Cell]], None, None]:
    """(row number, cells) of a sheet, streaming; numbers from 1, as the office program shows them."""
    if guard.inspect(file, name) == "csv":
        yield from text_rows.rows(file, name)
    else:
        yield from workbook.rows(file, name, sheet)


def unreadable(name: str) -> Refused:
    """The refusal of a file that is broken or no table at all."""
    return Refused(N_("Berkas %(file)s tidak dapat dibaca."), "file", file=name)
