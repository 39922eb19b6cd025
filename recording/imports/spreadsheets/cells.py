"""What a spreadsheet is made of, once it is read."""

from dataclasses import dataclass

Cell = str | int | float


@dataclass(frozen=True)
class SheetHead:
    """The beginning of a sheet. `merged`: (first row, first column, last row, last column), counted from 0.

    `height` is the number of its rows; None for a file that is only streamed.
    """

    name: str
    hidden: bool
    merged: tuple[tuple[int, int, int, int], ...]
    rows: list[tuple[int, list[Cell]]]
    height: int | None
