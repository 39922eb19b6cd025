"""The rows of a table as people see them: without the hidden ones, and with merged cells carried down. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import dropwhile

from recording.imports.layouts.layout import Column, Layout
from recording.imports.spreadsheets.cells import Cell, Merged

NumberedRows = Iterable[tuple[int, list[Cell]]]


def rows_as_seen(
    rows: NumberedRows, layout: Layout, merged: Merged, left_out: Sequence[tuple[int, int]], texts: Collection[Column] = ()
) -> NumberedRows:
    """The rows below the header, without those that are left out; what says where, when and what is carried down in merged
    cells. `texts`: columns that hold no numbers, whatever their labels say."""
    below = dropwhile(lambda pair: pair[0] < layout.first_data_row, rows)
    says = [column.index for column in layout.columns if column not in layout.values or column in texts]
    return without_rows(carried_down(below, merged, says), left_out)


def without_rows(rows: NumberedRows, ranges: Sequence[tuple[int, int]]) -> NumberedRows:
    """The rows whose number lies in none of these ranges (first and last number, rising)."""
    if not ranges:
        return rows
    return _without_rows(rows, ranges)


def _without_rows(rows: NumberedRows, ranges: Sequence[tuple[int, int]]) -> Iterator[tuple[int, list[Cell]]]:
    waiting = iter(sorted(ranges))
    first, last = next(waiting)
    for number, row in rows:
        while last < number and (following := next(waiting, None)):
            first, last = following
        if not first <= number <= last:
            yield number, row


def carried_down(rows: NumberedRows, merged: Merged, columns: Collection[int]) -> NumberedRows:
    """The rows with what stands in a merged cell of one of these columns in every row that it covers."""
    spans = [(top, left, bottom) for top, left, bottom, _ in merged if bottom > top and left in columns]
    return _carried_down(rows, spans) if spans else rows


def _carried_down(rows: NumberedRows, spans: Sequence[tuple[int, int, int]]) -> Iterator[tuple[int, list[Cell]]]:
    begins: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for top, column, bottom in spans:
        begins[top + 1].append((column, bottom + 1))
    carried: dict[int, tuple[int, Cell]] = {}  # by column: the last row, and what stands in it
    for number, row in rows:
        for column, (last, cell) in carried.items():
            if number <= last and (column >= len(row) or row[column] == ""):
                row.extend([""] * (column + 1 - len(row)))
                row[column] = cell
        for column, last in begins.pop(number, ()):
            carried[column] = (last, row[column] if column < len(row) else "")
        yield number, row
