"""Importing a table of targets: new versions where they differ from the newest."""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing, nullcontext
from typing import NamedTuple

from dukcapil.errors import Refused, RefusedRows
from dukcapil.locks import one_writer
from recording.imports.job import Imported, Table, append_bounded
from recording.imports.layouts.columns import Value
from recording.imports.preview import Change, Comparison, Reading, folded
from recording.imports.reading.places import label_of
from recording.imports.reading.tables import TargetReader, TargetSlot
from recording.imports.reading.whole_workbook import read_sheets_of
from recording.imports.saving import not_to_save, note_saved
from recording.imports.spreadsheets import read_sheets
from recording.ledger.stage import Tally
from recording.parsing.region_names import city_of
from recording.targets.services import SUPERSEDED, TargetInput, TargetOutcome, set_targets, superseded_params


class TargetRow(NamedTuple):
    """A target, and the number of its row in the file."""

    number: int
    target: TargetInput


def import_targets(table: Table) -> Imported:
    """Read the targets of a table, compare them, and save them when that was confirmed."""
    job = table.job
    reading, rows = read_targets(table)
    with one_writer() if job.decision else nullcontext():
        rows, comparison = compare_targets(table, rows)
        preview = table.preview(reading, comparison)
        if (answer := not_to_save(table, preview)) is not None:
            return answer
        return note_saved(table, Imported(preview, saved=True, written=write_targets(table, rows)))


def read_targets(table: Table) -> tuple[Reading, list[TargetRow]]:
    """Everything below the headers, and the targets in it."""
    rows: list[TargetRow] = []

    def take(number: int, code: str, slot: TargetSlot, _value: Value, people: int) -> None:
        target = TargetInput(
            code, slot.document, slot.period, people, slot.source, slot.effective_from, slot.kind, slot.opening
        )
        append_bounded(rows, TargetRow(number, target), table.findings)

    people_of: dict[tuple[str, str, str], array[int]] = {}
    reading = read_sheets_of(table, [TargetReader(part, take, people_of) for part in table.parts])
    return reading, [row for row in rows if row.number not in reading.totals.subtotals]


def compare_targets(table: Table, rows: list[TargetRow]) -> tuple[list[TargetRow], Comparison]:
    """Those of the targets that can be written, and what writing them would do; what is wrong or uncertain is told."""
    rows, outcomes = _try_targets(table, rows)
    _ask_about_superseded(table, outcomes)
    return rows, _comparison(rows, outcomes, table.places.names)


def _try_targets(table: Table, rows: list[TargetRow]) -> tuple[list[TargetRow], list[TargetOutcome]]:
    """The rows that can be written and what writing would do; the others are rejected by the service's own words."""
    if table.findings.blocked:
        return [], []
    try:
        return rows, _set_targets(table, rows, dry_run=True)
    except RefusedRows as problem:
        errors = dict(problem.errors)
    for index, reason in errors.items():
        column = table.plan.values[0].column.label if reason.field == "people" else label_of(table.plan.layout, reason.field)
        sheet, row = table.position(rows[index].number)
        table.findings.add(row, column, reason, sheet=sheet)
    _keep_rejected(table, {rows[index].number: str(reason) for index, reason in errors.items()})
    good = [row for index, row in enumerate(rows) if index not in errors]
    return good, _set_targets(table, good, dry_run=True)


def _keep_rejected(table: Table, reasons: Mapping[int, str]) -> None:
    """Put the rows that the service refused beside those that the reader rejected; they are read once more for it."""
    parts = table.parts
    wanted = [part.plan.sheet for part in parts]
    with closing(read_sheets(table.job.file, name=table.job.name, sheets=wanted)) as sheets:
        for part, (_, rows) in zip(parts, sheets, strict=True):
            for number, row in part.plan.seen(rows):
                if reason := reasons.get(part.lines_before + number):
                    table.rejected_rows.write(number, row, reason, part.plan)


def _set_targets(table: Table, rows: Sequence[TargetRow], *, dry_run: bool = False) -> list[TargetOutcome]:
    return set_targets(act=table.job.act, targets=[row.target for row in rows], dry_run=dry_run)


def _ask_about_superseded(table: Table, outcomes: Sequence[TargetOutcome]) -> None:
    """Ask about versions that a later decree, stored already, takes out of force again."""
    for outcome in outcomes:
        if outcome.superseded_from and outcome.status != "unchanged":
            table.findings.ask("superseded", Refused(SUPERSEDED, "", **superseded_params(outcome)))


def _comparison(rows: Sequence[TargetRow], outcomes: Sequence[TargetOutcome], names: dict[str, str]) -> Comparison:
    changes = [
        Change(
            outcome.region,
            names[outcome.region],
            outcome.document,
            row.target.effective_from.isoformat(),
            row.target.source,
            outcome.old,
            outcome.new,
        )
        for row, outcome in zip(rows, outcomes, strict=True)
        if outcome.status == "changed"
    ]
    folds = folded(((city_of(each.region), each.document, 1, each.old or 0, each.new or 0) for each in changes), names)
    return Comparison(Tally(**Counter(outcome.status for outcome in outcomes)), changes=changes, folds=folds)


def write_targets(table: Table, rows: Sequence[TargetRow]) -> list[list[object]]:
    """What `undo_targets` takes back: the versions that were written."""
    return [
        [outcome.region, outcome.document, row.target.period, row.target.kind, outcome.version]
        for row, outcome in zip(rows, _set_targets(table, rows), strict=True)
        if outcome.status != "unchanged"
    ]
