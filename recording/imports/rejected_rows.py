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
    """Written while a file is read; made with the first rejected row. Without a `path` nothing is written."""

    def __init__(self, path: Path | None, layout: Layout) -> None:
        self._path, self._layout = path, layout
        self._file: IO[str] | None = None
        if path:
            path.unlink(missing_ok=True)

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
            labels = [column.label for column in self._layout.columns]
            self._writer.writerow([*(safe_cell(label) for label in labels), ROW, REASON])
        cells = [row[column.index] if column.index < len(row) else "" for column in self._layout.columns]
        self._writer.writerow([*(safe_cell(_text(cell)) for cell in cells), number, safe_cell(reason)])

    def close(self) -> None:
        """Finish the file."""
        if self._file:
            self._file.close()


def _text(cell: Cell) -> str:
    """As the office program here shows it: a fraction with a comma."""
    return str(cell).replace(".", ",") if isinstance(cell, float) else str(cell)
