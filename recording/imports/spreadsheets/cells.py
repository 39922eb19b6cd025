"""What a spreadsheet is made of, once it is read."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

Cell = str | int | float
NO_RESULT = "#RUMUS!"  # stands in a cell whose formula was never computed
# What office programs show in place of a result.
ERRORS = frozenset(f"{NO_RESULT} #NULL! #DIV/0! #VALUE! #REF! #NAME? #NUM! #N/A #SPILL! #CALC! #GETTING_DATA".split())
SheetRows = tuple[str, Iterator[tuple[int, list["Cell"]]]]  # the name of a sheet, and (number, cells) of its rows
Merged = Sequence[tuple[int, int, int, int]]  # first row, first column, last row, last column of cells, from 0


@dataclass
class Unseen:
    """What the library does not tell of a sheet. `errors`: (column from 0, text) by the number of the row;
    `hidden_rows`: first and last number of rows that are hidden, from 1; `hidden_columns` from 0."""

    errors: dict[int, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    hidden_rows: list[tuple[int, int]] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)

    def hide_row(self, first: int, last: int) -> None:
        """Rows that follow each other are one range: a filter hides thousands of them."""
        if self.hidden_rows and self.hidden_rows[-1][1] == first - 1:
            first = self.hidden_rows.pop()[0]
        self.hidden_rows.append((first, last))


@dataclass(frozen=True)
class SheetHead:
    """The beginning of a sheet. `height` is the number of its rows; None for a file that is only streamed.

    `hidden`: the sheet itself. `hidden_rows`: first and last number of rows, from 1; `hidden_columns` count from 0.
    """

    name: str
    hidden: bool
    merged: Merged
    rows: list[tuple[int, list[Cell]]]
    height: int | None
    hidden_rows: Sequence[tuple[int, int]] = ()
    hidden_columns: frozenset[int] = frozenset()


def text_of(cell: Cell) -> str:
    """The text of a cell on one line."""
    return " ".join(str(cell).split())


def column_letters(index: int) -> str:
    """The letters of a column in a spreadsheet program: A, B … Z, AA."""
    before, last = divmod(index, 26)
    return (column_letters(before - 1) if before else "") + chr(65 + last)
