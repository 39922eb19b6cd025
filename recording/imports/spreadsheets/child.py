"""`python child.py outline|rows FILE [SHEET …]`: reads a workbook where it can do no harm.

A process of its own with limits of memory and time, because a small file may claim to be a huge one: the library lays
out every cell between the first and the last. Prints JSON lines: {"suspicious": {text: [sheet, row, column]}} with all
cells and names that may hold a NIK, which the parent decides; then for each sheet {"sheet": …}, its rows as
[number, cells], and at last {"end": true}. Or {"refused": reason}. Run as a file, not as a module: its package needs
Django, and this knows nothing but the standard library and python-calamine.
"""

import json
import re
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from math import isfinite
from typing import Any
from unicodedata import category

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

OUTLINE, ROWS = "outline", "rows"
HEAD_ROWS = 30  # enough to find a sheet's header and guess its columns
MAX_MEMORY_BYTES, MAX_CPU_SECONDS = 1_500_000_000, 60
WHOLE_WITHIN = 1e-6
MAX_ROWS, MAX_COLUMNS = 200_000, 500
# Whatever holds a NIK looks like this, and little else.
NIK_LENGTH, MAYBE_NIK = 16, re.compile(r"(?:\d\D{0,3}){16}")
MACROS = (SheetTypeEnum.MacroSheet, SheetTypeEnum.Vba)


class Unfit(Exception):
    """Why a workbook is not read, in a word that the parent knows."""


def main(mode: str, file: str, wanted: list[str]) -> None:
    """Print the head of every sheet, or all rows of those that are wanted; "" is the first."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))
    try:
        for line in _lines(mode, file, wanted):
            sys.stdout.write(json.dumps(line) + "\n")
    except PasswordError:
        reason = "password"
    except Unfit as problem:
        reason = str(problem)
    except MemoryError:
        reason = "large"
    except (CalamineError, ValueError, OSError, OverflowError):
        reason = "broken"
    else:
        return
    sys.stdout.write(json.dumps({"refused": reason}) + "\n")


def _lines(mode: str, file: str, wanted: list[str]) -> Iterator[Any]:
    with open(file, "rb") as content:  # not by its path: the library would believe the suffix
        book = CalamineWorkbook.from_filelike(content)
    metas = book.sheets_metadata
    if any(meta.typ in MACROS for meta in metas):
        raise Unfit("macros")
    metas = [meta for meta in metas if meta.typ == SheetTypeEnum.WorkSheet]
    if not metas:
        raise Unfit("no sheets")
    if mode == ROWS and not any(wanted):
        wanted = [metas[0].name]
    suspicious: dict[str, tuple[str, int, int]] = {name: ("", 0, 0) for name in book.sheet_names if MAYBE_NIK.search(name)}
    answers = []
    for meta in metas:
        sheet = book.get_sheet_by_name(meta.name)
        rows = _filled(sheet)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if text := _suspicious(cell):
                    suspicious.setdefault(text, (meta.name, number, column))
        if mode == OUTLINE or meta.name in wanted:
            hidden = meta.visible != SheetVisibleEnum.Visible
            merged = sorted([*first, *last] for first, last in sheet.merged_cell_ranges or [])
            head = {"sheet": meta.name, "hidden": hidden, "merged": merged, "height": len(rows)}
            answers.append((head, rows[:HEAD_ROWS] if mode == OUTLINE else rows))
    if not answers or (mode == ROWS and len(answers) < len(wanted)):
        raise Unfit("no such sheet")
    yield {"suspicious": suspicious}
    for head, rows in answers:
        yield head
        for number, row in enumerate(rows, 1):
            yield [number, [_plain(cell) for cell in row]]
    yield {"end": True}


def _filled(sheet: Any) -> list[list[Any]]:
    """The rows down to the last one that shows anything, equally wide: some programs keep a blank in the last row of all."""
    rows: list[list[Any]] = []
    blank_rows = width = 0
    before = [""] * (sheet.start[1] if sheet.start else 0)  # the library leaves out empty columns, not empty rows
    for row in sheet.iter_rows():
        length = len(row)
        if row.count("") == length:  # a sheet may end with a million of these
            blank_rows += 1
            continue
        while length and _is_blank(row[length - 1]):
            length -= 1
        if not length:
            blank_rows += 1
            continue
        rows.extend([[] for _ in range(blank_rows)])
        rows.append(before + row[:length])
        blank_rows, width = 0, max(width, len(before) + length)
        if len(rows) > MAX_ROWS or width > MAX_COLUMNS:
            raise Unfit("large")
    for row in rows:
        row.extend([""] * (width - len(row)))
    return rows


def _is_blank(cell: Any) -> bool:
    """Whether nothing of a cell can be seen: spaces of any kind, and signs without a width."""
    if not isinstance(cell, str):
        return False
    return not cell.strip() or all(letter.isspace() or category(letter) == "Cf" for letter in cell)


def _plain(cell: Any) -> str | int | float:
    """Whole numbers whole, days as ISO text, everything else as text."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        if not isfinite(cell):
            return str(cell)
        whole = round(cell)  # 434.99999999999994 is what a sum leaves of 435, and what the program shows as 435
        return whole if abs(cell - whole) < WHOLE_WITHIN else cell
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(" ", "minutes")
    if isinstance(cell, date | time | timedelta):
        return str(cell)
    return cell if isinstance(cell, str | int) else str(cell)


def _suspicious(cell: Any) -> str:
    """The text of a cell that may hold a NIK; "" for all others. A fraction holds none, however many digits it has."""
    if isinstance(cell, str):
        return cell if len(cell) >= NIK_LENGTH and MAYBE_NIK.search(cell) else ""
    if isinstance(cell, int | float) and abs(cell) >= 10 ** (NIK_LENGTH - 1):
        return f"{cell:.0f}"
    return ""


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
