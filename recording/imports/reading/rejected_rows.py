"""The rejected rows as a file that can be mended and sent again: as they came, with row number and reason."""

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import IO

from dukcapil.cells import safe_cell
from recording.imports.layouts.layout import Column
from recording.imports.plan import Plan
from recording.imports.spreadsheets import Cell

SHEET = ("Lembar", "Tanggal", "Dokumen")
Key = tuple[str, date | None]  # of a column, and its day
ROW, REASON = "Baris", "Alasan"  # the importer leaves columns of these names out


class RejectedRows:
    """A context manager, to be written to while a file is read. The file is made with the first rejected row, and an
    earlier one at its place removed; without a `path` nothing is written."""

    def __init__(self, path: Path | None, plan: Plan) -> None:
        self._path, self._has_sheets = path, bool(plan.parts)
        self._file: IO[str] | None = None
        self._labels: dict[Key, str] = {}
        for part in plan.parts or [plan]:
            for key, column in _columns(part).items():
                self._labels.setdefault(key, key[1].isoformat() if key[1] else column.label)

    def __enter__(self) -> "RejectedRows":
        if self._path:
            self._path.unlink(missing_ok=True)
        return self

    def __exit__(self, *_error: object) -> None:
        if self._file:
            self._file.close()

    @property
    def written(self) -> bool:
        """Whether there is such a file."""
        return self._file is not None

    def write(self, number: int, row: Sequence[Cell], reason: str, plan: Plan) -> None:
        """One rejected row of a sheet. Where several are read it says what else its sheet said: its name, the day and the
        document. Semicolons and a byte-order mark: what a spreadsheet program here opens by itself."""
        if self._path is None:
            return
        if self._file is None:
            self._file = self._path.open("w", encoding="utf-8-sig", newline="")
            self._writer = csv.writer(self._file, delimiter=";")
            labels = [*self._labels.values(), *(SHEET if self._has_sheets else ()), ROW, REASON]
            self._writer.writerow(map(safe_cell, labels))
        columns = _columns(plan)
        indices = [columns[key].index if key in columns else len(row) for key in self._labels]
        cells: list[Cell] = [row[index] if index < len(row) else "" for index in indices]
        if self._has_sheets:
            cells += [plan.sheet, plan.day.isoformat() if plan.day else "", plan.document]
        self._writer.writerow([*(safe_cell(_text(cell)) for cell in cells), number, safe_cell(reason)])


def _columns(plan: Plan) -> dict[Key, Column]:
    """The columns of a sheet; those of a day are labelled by it, for a day of the month alone would say less."""
    days = {value.column.key: value.day for value in plan.values}
    return {(column.key, days.get(column.key)): column for column in plan.layout.columns}


def _text(cell: Cell) -> str:
    """As the office program here shows it: a fraction with a comma."""
    return str(cell).replace(".", ",") if isinstance(cell, float) else str(cell)
