"""The rejected rows as a file that can be mended and sent again: as they came, with row number and reason."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from dukcapil.cells import safe_cell
from recording.imports.layout import Layout
from recording.imports.spreadsheets import Cell

ROW, REASON = "Baris", "Alasan"  # the importer leaves columns of these names out


class RejectedRows:
    """A context manager, to be written to while a file is read. The file is made with the first rejected row, and an
    earlier one at its place removed; without a `path` nothing is written."""

    def __init__(self, path: Path | None, layout: Layout) -> None:
        self._path, self._columns = path, layout.columns
        self._file: IO[str] | None = None

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

    def write(self, number: int, row: Sequence[Cell], reason: str) -> None:
        """One rejected row. Semicolons and a byte-order mark: what a spreadsheet program here opens by itself."""
        if self._path is None:
            return
        if self._file is None:
            self._file = self._path.open("w", encoding="utf-8-sig", newline="")
            self._writer = csv.writer(self._file, delimiter=";")
            self._writer.writerow([*(safe_cell(column.label) for column in self._columns), ROW, REASON])
        cells = [row[column.index] if column.index < len(row) else "" for column in self._columns]
        self._writer.writerow([*(safe_cell(_text(cell)) for cell in cells), number, safe_cell(reason)])


def _text(cell: Cell) -> str:
    """As the office program here shows it: a fraction with a comma."""
    return str(cell).replace(".", ",") if isinstance(cell, float) else str(cell)
