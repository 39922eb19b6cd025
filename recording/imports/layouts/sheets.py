"""Which sheets of a file are read. Those of one depth: offices repeat the same figures per kelurahan and per kecamatan."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dukcapil.errors import N_, Refused
from recording.imports.findings import NOTE, Findings
from recording.imports.layouts.cleaning import cleaned
from recording.imports.layouts.header import NUMBER
from recording.imports.layouts.layout import Layout, find_layout
from recording.imports.layouts.roles import Role
from recording.imports.questions import TOGETHER, answer
from recording.imports.spreadsheets import SheetHead

ALL = "*"  # the name of no sheet
DEPTH = {Role.VILLAGE: 4, Role.DISTRICT: 3, Role.CITY: 2, Role.PROVINCE: 1}


@dataclass(frozen=True)
class Sheet:
    """A sheet with its table, or with the reason why none was found in it."""

    head: SheetHead
    table: Layout | Refused


def find_table(head: SheetHead) -> Sheet:
    """Look for the table of a sheet."""
    head = replace(head, rows=[(number, cleaned(cells)[0]) for number, cells in head.rows])
    try:
        return Sheet(head, find_layout(head.rows, head.merged, head.hidden_columns))
    except Refused as problem:
        return Sheet(head, problem)


def choose_tables(sheets: Sequence[Sheet], names: Sequence[str], findings: Findings) -> list[tuple[SheetHead, Layout]]:
    """The sheets of these names; without any, those that a person chose of the visible sheets whose tables go deepest.

    All of them are proposed when they are alike: the same columns, or each of a document of its own. Otherwise it is the
    longest, for offices repeat the same figures. Refused when there is no table.
    """
    tables = [(sheet.head, sheet.table) for sheet in sheets if isinstance(sheet.table, Layout)]
    if names:
        if missing := [name for name in names if all(head.name != name for head, _ in tables)]:
            raise Refused(N_("Lembar “%(sheet)s” tidak ada atau tidak memuat tabel."), "sheet", sheet=missing[0][:60])
        chosen = [(head, layout) for head, layout in tables if head.name in names]
    elif not tables:
        problems = (sheet.table for sheet in sheets if isinstance(sheet.table, Refused))
        raise next(problems, Refused(N_("Berkas tidak memuat tabel.")))
    else:
        chosen = _ask_which(tables, findings)
    for head, _ in tables:
        if all(head is not other for other, _ in chosen):
            findings.add(1, "", Refused(N_("Lembar “%(sheet)s” tidak dibaca."), sheet=head.name), NOTE, head.name)
    for sheet in sheets:
        if isinstance(sheet.table, Refused) and _holds_numbers(sheet.head):
            reason = Refused(N_("Lembar “%(sheet)s” tidak dibaca: %(reason)s"), sheet=sheet.head.name, reason=str(sheet.table))
            findings.add(1, "", reason, NOTE, sheet.head.name)
    return chosen


def _holds_numbers(head: SheetHead) -> bool:
    """Whether a sheet may be a table that nobody could read; one of texts alone is a cover, or says how to fill in others."""
    return any(not isinstance(cell, str) or NUMBER.fullmatch(cell.strip()) for _, cells in head.rows for cell in cells)


def _ask_which(tables: list[tuple[SheetHead, Layout]], findings: Findings) -> list[tuple[SheetHead, Layout]]:
    best = max(tables, key=lambda table: (not table[0].hidden, _depth(table[1]), table[0].height or 0))
    depths = {_depth(best[1]), 0}  # a table of codes alone does not say how deep it goes
    alike = [table for table in tables if table[0].hidden == best[0].hidden and _depth(table[1]) in depths]
    if len(alike) == 1:
        return alike
    keys = [{column.key for column in layout.columns} for _, layout in alike]
    documents = [{column.document for column in layout.values} for _, layout in alike]
    are_alike = all(each == keys[0] for each in keys) or all(
        not one & other for place, one in enumerate(documents) for other in documents[place + 1 :]
    )
    names = [head.name for head, _ in alike]
    chosen = findings.ask(
        "sheets",
        Refused(
            N_("Berkas berisi %(count)s lembar dengan tabel: %(names)s. Mana yang dibaca?"),
            count=len(alike),
            names=", ".join(f"“{name}”" for name in names),
        ),
        [
            answer(ALL, N_("Semua lembar itu, sebagai satu impor")),
            *(answer(name, N_("Lembar “%(sheet)s”"), sheet=name) for name in names),
        ],
        proposed=ALL if are_alike else best[0].name,
        takes_several=True,
    ).split(TOGETHER)
    return alike if ALL in chosen else [table for table in alike if table[0].name in chosen]


def _depth(layout: Layout) -> int:
    return max((DEPTH.get(column.role, 0) for column in layout.columns), default=0)
