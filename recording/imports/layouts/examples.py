"""Rows of the file beside the questions about them."""

from collections.abc import Sequence

from recording.imports.layouts.cleaning import text_of
from recording.imports.layouts.layout import Column, Layout
from recording.imports.layouts.roles import PLACE_ROLES
from recording.imports.questions import Example
from recording.imports.spreadsheets import Cell, SheetHead

MAX_EXAMPLE_CELLS, MAX_EXAMPLE_TEXT = 8, 60


def example_row(layout: Layout, number: int, row: Sequence[Cell], columns: Sequence[Column] = (), sheet: str = "") -> Example:
    """This row: what says where, and these columns (all that may hold numbers, when none are given)."""
    wanted = {column.index for column in columns or layout.values}
    wanted |= {column.index for column in layout.columns if column.role in PLACE_ROLES}
    cells = [
        (column.label[:MAX_EXAMPLE_TEXT], text[:MAX_EXAMPLE_TEXT])
        for column in layout.columns
        if column.index in wanted and column.index < len(row) and (text := text_of(row[column.index]))
    ]
    return Example(number, cells[:MAX_EXAMPLE_CELLS], sheet)


def first_example(layout: Layout, head: SheetHead, columns: Sequence[Column] = ()) -> Example | None:
    """The first row of a sheet that has a place and a number in one of these columns; None without one."""
    indices = [column.index for column in columns or layout.values]
    places = [column.index for column in layout.columns if column.role in PLACE_ROLES]
    for number, row in head.rows:
        if number >= layout.first_data_row and _has_number(row, indices) and any(_text(row, index) for index in places[:1]):
            return example_row(layout, number, row, columns, head.name)
    return None


def _has_number(row: Sequence[Cell], indices: Sequence[int]) -> bool:
    return any(any(sign.isdigit() for sign in _text(row, index)) for index in indices)


def _text(row: Sequence[Cell], index: int) -> str:
    return text_of(row[index]) if index < len(row) else ""
