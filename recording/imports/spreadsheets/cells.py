"""What a spreadsheet is made of, once it is read."""

from collections.abc import Sequence
from dataclasses import dataclass

Cell = str | int | float
NO_RESULT = "#RUMUS!"  # stands in a cell whose formula was never computed
Merged = Sequence[tuple[int, int, int, int]]  # first row, first column, last row, last column of cells, from 0


@dataclass(frozen=True)
class SheetHead:
    """The beginning of a sheet. `height` is the number of its rows; None for a file that is only streamed."""

    name: str
    hidden: bool
    merged: Merged
    rows: list[tuple[int, list[Cell]]]
    height: int | None


def column_letters(index: int) -> str:
    """The letters of a column in a spreadsheet program: A, B … Z, AA."""
    before, last = divmod(index, 26)
    return (column_letters(before - 1) if before else "") + chr(65 + last)
