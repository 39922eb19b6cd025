"""Several sheets of a workbook as one file: one plan, one reading, one batch. Pure but for the names of regions."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import chain
from typing import Any, TypeVar

from dukcapil.errors import N_, Refused
from recording.imports.job import LINES_OF_A_SHEET, Table
from recording.imports.layouts.columns import Value
from recording.imports.layouts.layout import Column
from recording.imports.plan import Plan
from recording.imports.preview import Reading
from recording.imports.reading.rows import TableReader
from recording.imports.reading.totals import ColumnSum, TableTotals
from recording.imports.spreadsheets import read_sheets

Item = TypeVar("Item")
NOTHING = N_(
    "Di bawah judul kolom tidak ada satu baris pun dengan wilayah dan angka. Periksa lembar dan kolom yang dibaca, lalu kirim "
    "lagi."
)


def as_one(parts: Sequence[Plan]) -> Plan:
    """The plan that the page shows of several sheets: what they have in common, and each of their columns once. One file
    is of one source, also where the columns of another sheet are remembered of another."""
    if len(parts) == 1 or any(part.refusal for part in parts):
        return next((part for part in parts if part.refusal), parts[0])
    parts = [replace(part, source=parts[0].source) for part in _of_one_mode(parts)]
    columns = _columns(parts)
    values: dict[str, Value] = {}
    for value in chain.from_iterable(part.values for part in parts):
        values.setdefault(value.column.key, replace(value, column=columns[value.column.key]))
    layout = replace(
        parts[0].layout,
        columns=tuple(columns.values()),
        titles=tuple(dict.fromkeys(title for part in parts for title in part.layout.titles)),
    )
    return replace(
        parts[0],
        parts=tuple(parts),
        sheet="",
        layout=layout,
        values=list(values.values()),
        mentions=list(dict.fromkeys(mention for part in parts for mention in part.mentions)),
        mode=next((part.mode for part in parts if part.mode), None),
        document=_common([part.document for part in parts]) or "",
        day=_common([part.day for part in parts]),
    )


def _of_one_mode(parts: Sequence[Plan]) -> list[Plan]:
    """The plans with one answer to whether the numbers are totals: what speaks for it in one sheet holds for all."""
    undecided = [part for part in parts if part.mode]
    open_parts = [part for part in undecided if part.mode and not part.mode.presumed_daily] or undecided
    running = any(value.running for part in open_parts for value in part.values)
    mode = next(
        (part.mode for part in open_parts if part.mode and part.mode.evidence), open_parts[0].mode if open_parts else None
    )
    return [
        replace(part, mode=mode, values=[replace(value, running=running) for value in part.values])
        if part in open_parts
        else replace(part, mode=None)
        for part in parts
    ]


def read_sheets_of(table: Table, readers: Sequence[TableReader[Any]], flush: Callable[[], None] = lambda: None) -> Reading:
    """Everything below the headers, each sheet by its reader."""
    job, readings = table.job, []
    with closing(read_sheets(job.file, name=job.name, sheets=[reader.plan.sheet for reader in readers])) as sheets:
        for reader, (_, rows) in zip(readers, sheets, strict=True):
            readings.append(reader.read(rows, flush))
    is_decided = table.findings.open_question(lambda _kind: True) is None
    if is_decided and not table.findings.rejected and not any(reading.spans for reading in readings):
        table.findings.stop(Refused(NOTHING))
    return readings_as_one(table.plan, readings)


def readings_as_one(plan: Plan, readings: Sequence[Reading]) -> Reading:
    """What was read of the sheets, with lines in place of the numbers of rows, and labels that name the sheet."""
    if not plan.parts:
        return readings[0]
    return Reading(
        sum(reading.last_row for reading in readings),
        sorted({span for reading in readings for span in reading.spans}),
        _totals(plan, [reading.totals for reading in readings]),
    )


def _columns(parts: Sequence[Plan]) -> dict[str, Column]:
    """Every column of the sheets by its key, numbered anew; of those of one key the first that is read, else the first."""
    columns: dict[str, Column] = {}
    for part in parts:
        read = {value.column.key for value in part.values}
        for column in part.layout.columns:
            if column.key not in columns or column.key in read:
                columns[column.key] = column
    return {key: replace(column, index=index) for index, (key, column) in enumerate(columns.items())}


def _totals(plan: Plan, totals: Sequence[TableTotals]) -> TableTotals:
    pairs = list(zip(plan.parts, totals, strict=True))
    index_of = {column.key: column.index for column in plan.layout.columns}
    sums: dict[int, list[ColumnSum]] = defaultdict(list)
    per_city: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for part, each in pairs:
        key_of = {column.index: column.key for column in part.layout.columns}
        for index, column_sum in each.columns.items():
            sums[index_of[key_of[index]]].append(column_sum)
        for city, people in each.per_city.items():
            for document, number in people.items():
                per_city[city][document] += number
    return TableTotals(
        [replace(total, label=f"{part.sheet} · {total.label}") for part, each in pairs for total in each.totals],
        [replace(row, label=f"{part.sheet} · {row.label}") for part, each in pairs for row in each.unmapped],
        {index: _sum_of_columns(column) for index, column in sums.items()},
        {city: dict(people) for city, people in sorted(per_city.items())},
        _file_totals([each.file_total for each in totals]),
        {place * LINES_OF_A_SHEET + row: code for place, each in enumerate(totals) for row, code in each.subtotals.items()},
    )


def _sum_of_columns(sums: Sequence[ColumnSum]) -> ColumnSum:
    return ColumnSum(sum(each.people for each in sums), _sum_of([each.total for each in sums]))


def _file_totals(totals: Sequence[Mapping[str, int | None]]) -> dict[str, int | None]:
    """By document what the sheets' own totals say together; None where one of them says nothing."""
    documents = dict.fromkeys(document for each in totals for document in each)
    return {document: _sum_of([each[document] for each in totals if document in each]) for document in documents}


def _sum_of(numbers: Sequence[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None


def _common(items: Sequence[Item]) -> Item | None:
    return items[0] if all(item == items[0] for item in items) else None
