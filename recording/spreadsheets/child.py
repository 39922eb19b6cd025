"""`python -m recording.spreadsheets.child FILE HEAD [SHEET]`: reads a workbook where it can do no harm.

A process of its own with limits of memory and time, because a small file may claim to be a huge one. Prints JSON
lines: {"sheet": …} before the rows of each sheet, [number, cells] for each row, and {"end": true}. First of all comes
{"suspicious": [texts]}: cells that may hold a NIK, which the parent decides. Knows nothing but the standard library
and python-calamine.
"""

import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

MEMORY, SECONDS = 1_500_000_000, 60
MOST_ROWS, MOST_COLUMNS = 200_000, 500
NIK_DIGITS = 16


def main(file: str, head: int, wanted: str | None) -> None:
    """Print the sheets; all of each, or its first `head` rows when that is not 0."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        book = CalamineWorkbook.from_path(file)
        sheets = [meta for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
        tables = {}
        suspicious: list[str] = []
        for meta in sheets:
            sheet = book.get_sheet_by_name(meta.name)
            if sheet.height > MOST_ROWS or sheet.width > MOST_COLUMNS or _far(sheet.end):
                _say({"refused": "large"})
                return
            rows = sheet.to_python(skip_empty_area=False)
            suspicious += [text for row in rows for cell in row if (text := _suspicious(cell))]
            if wanted is None or meta.name == wanted:
                tables[meta.name] = (
                    meta.visible != SheetVisibleEnum.Visible,
                    sheet.merged_cell_ranges or [],
                    rows,
                )
    except PasswordError:
        _say({"refused": "password"})
        return
    except (CalamineError, ValueError, OSError, OverflowError, MemoryError):
        _say({"refused": "broken"})
        return
    _say({"suspicious": sorted(set(suspicious))})
    for name, (hidden, merged, rows) in tables.items():
        merges = [[*first, *last] for first, last in merged][:2000]
        _say({"sheet": name, "hidden": hidden, "merged": merges, "height": len(rows)})
        for number, row in enumerate(rows[:head] if head else rows, 1):
            _say([number, [_plain(cell) for cell in row]])
    _say({"end": True})


def _far(end: tuple[int, int] | None) -> bool:
    return end is not None and (end[0] >= MOST_ROWS or end[1] >= MOST_COLUMNS)


def _say(value: Any) -> None:
    sys.stdout.write(json.dumps(value) + "\n")


def _plain(cell: Any) -> str | int | float:
    """Whole numbers whole, days as ISO text, everything else as text."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else cell
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d" if cell.time() == time(0) else "%Y-%m-%d %H:%M")
    if isinstance(cell, date | time | timedelta):
        return str(cell)
    return cell if isinstance(cell, str | int) else str(cell)


def _suspicious(cell: Any) -> str:
    """The text of a cell that has as many digits as a NIK; "" for all others."""
    if isinstance(cell, str):
        return cell if sum(map(str.isdigit, cell)) >= NIK_DIGITS else ""
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= 10 ** (NIK_DIGITS - 1):
        return f"{cell:.0f}"
    return ""


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else None)
