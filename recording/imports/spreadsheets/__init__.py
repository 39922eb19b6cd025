"""Files of other offices as rows of cells: XLSX, XLS, ODS and CSV, refused with a sentence when they are not safe.

A cell is text, a whole number, or a float where a numeric cell holds a fraction. Days are ISO text; an empty cell is
"". A workbook is looked at from outside first (`guard`) and then read in a child process with limits (`child`).
"""

from collections.abc import Generator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path

from recording.imports.spreadsheets import guard, text_rows, workbook
from recording.imports.spreadsheets.cells import ERRORS, NO_RESULT, Cell, SheetHead, SheetRows
from recording.imports.spreadsheets.child import HEAD_ROWS
from recording.imports.spreadsheets.guard import MAX_FILE_BYTES

__all__ = ["ERRORS", "MAX_FILE_BYTES", "NO_RESULT", "Cell", "SheetHead", "outline", "read_rows", "read_sheets"]


def outline(file: Path, *, name: str) -> list[SheetHead]:
    """Every sheet with its first rows; a CSV file is one sheet named "". Refused when the file cannot be used.

    Also refused, before a row is given out: any cell of any sheet that holds a NIK. Of a CSV file only the first rows
    are looked at here; `read_rows` looks at all of them.
    """
    kind = guard.inspect(file, name)
    if kind == "csv":
        with closing(text_rows.rows(file, name)) as rows:
            return [SheetHead("", False, (), list(islice(rows, HEAD_ROWS)), None)]
    return workbook.outline(file, name)


def read_sheets(file: Path, *, name: str, sheets: Sequence[str] = ("",)) -> Generator[SheetRows, None, None]:
    """(sheet, its rows) in the order of the workbook, streaming: a row is (its number from 1, as the office program shows
    it, its cells). Each sheet is to be read before the next one is asked for.

    Without `sheets` it is the first one of a workbook. Refused as `outline` refuses, and when there is no such sheet;
    a CSV file also in the middle, at a row that holds a NIK.
    """
    if guard.inspect(file, name) != "csv":
        yield from workbook.sheets(file, name, sheets)
        return
    with closing(text_rows.rows(file, name)) as rows:
        yield "", rows


def read_rows(file: Path, *, name: str, sheet: str = "") -> Generator[tuple[int, list[Cell]], None, None]:
    """The rows of one sheet, as `read_sheets` reads it."""
    with closing(read_sheets(file, name=name, sheets=[sheet])) as sheets:
        for _, rows in sheets:
            yield from rows
