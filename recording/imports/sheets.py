"""Which sheet of a file is read. One and no more: offices repeat the same figures per kelurahan and per kecamatan."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dukcapil.errors import N_, Refused
from recording.imports.cleaning import cleaned
from recording.imports.findings import NOTE, Findings
from recording.imports.layout import Layout, find_layout
from recording.imports.roles import Role
from recording.imports.spreadsheets import SheetHead

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


def choose_table(sheets: Sequence[Sheet], name: str | None, findings: Findings) -> tuple[SheetHead, Layout]:
    """The sheet of this name; without one, of the sheets that are not hidden the one whose table goes deepest, and of
    those the longest. Refused when there is none."""
    tables = [(sheet.head, sheet.table) for sheet in sheets if isinstance(sheet.table, Layout)]
    if name is not None:
        tables = [(head, layout) for head, layout in tables if head.name == name]
        if not tables:
            raise Refused(N_("Lembar “%(sheet)s” tidak ada atau tidak memuat tabel."), "sheet", sheet=name[:60])
    if not tables:
        problems = (sheet.table for sheet in sheets if isinstance(sheet.table, Refused))
        raise next(problems, Refused(N_("Berkas tidak memuat tabel.")))
    head, layout = max(tables, key=lambda table: (not table[0].hidden, _depth(table[1]), table[0].height or 0))
    for other, _ in tables:
        if other is not head:
            findings.add(1, "", Refused(N_("Lembar “%(sheet)s” tidak dibaca."), sheet=other.name), NOTE, other.name)
    return head, layout


def _depth(layout: Layout) -> int:
    return max((DEPTH.get(column.role, 0) for column in layout.columns), default=0)
