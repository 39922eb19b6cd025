"""How one file is to be read: which sheet, which columns, whose day and document. Decided before its rows are."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from dukcapil.errors import N_, Refused
from recording.imports.choices import Choices, Use
from recording.imports.dates import find_day, find_period, spans_told
from recording.imports.layout import Column, Layout, find_layout
from recording.imports.report import NOTE, Report
from recording.imports.roles import Role
from recording.imports.spreadsheets import Cell, SheetHead
from recording.models import Document, ImportKind, ImportMapping, Period, TargetKind

DEFAULT_SOURCE = "loket"
DEPTH = {Role.VILLAGE: 4, Role.DISTRICT: 3, Role.CITY: 2, Role.PROVINCE: 1}
# The template of the portal says so in its title; another wide table is asked about.
# Columns of running numbers, and those of our own file of rejected rows: nothing is lost with them.
BOOKKEEPING = {"NO", "NOMOR", "NO URUT", "BARIS", "ALASAN"}
SAYS_DAILY = "HITUNGAN HARIAN"


@dataclass(frozen=True)
class Value:
    """A column of numbers that is imported."""

    column: Column
    document: str
    running: bool


@dataclass
class Plan:
    """`day`, `document`, `source`, `period` … hold for rows whose own column does not say it."""

    kind: str
    sheet: str
    layout: Layout
    values: list[Value] = field(default_factory=list)
    day: date | None = None
    document: str = ""
    source: str = DEFAULT_SOURCE
    running_since: str = "start"
    period: Period | None = None
    decree: str = ""
    effective_from: date | None = None
    target_kind: str = TargetKind.TASK

    @property
    def says_when(self) -> bool:
        """Whether each row says its own day or period; otherwise the whole table is of one."""
        return self.layout.column(Role.DAY if self.kind == ImportKind.COUNTS else Role.PERIOD) is not None


def make_plan(
    *, kind: str, name: str, heads: Sequence[SheetHead], choices: Choices, periods: Sequence[Period], report: Report
) -> Plan:
    """The plan, with what is uncertain asked or blocked in `report`. Refused when no sheet holds a table."""
    head, layout = _choose_sheet(heads, choices, report)
    plan = Plan(kind, head.name, layout)
    report.sheet, report.header_row = head.name, layout.header_row
    report.titles = [text for _, text in layout.titles]
    numbers = {column.index for column in layout.values}
    report.columns = [
        {
            "key": column.key,
            "label": column.label,
            "role": column.role.value,
            "document": column.document,
            "use": "",
            "numeric": column.index in numbers,
            "sum": None,
            "total": None,
            "agrees": None,
        }
        for column in layout.columns
    ]
    remembered = None if plan.says_when or choices.columns is not None else _remembered(kind, layout, choices.source)
    report.remembered = remembered.source if remembered else ""
    plan.source = choices.source or report.remembered or DEFAULT_SOURCE
    plan.running_since = choices.running_since
    if kind == ImportKind.COUNTS:
        _plan_counts(plan, choices, remembered, head, report)
    else:
        _plan_targets(plan, choices, remembered)
    _document(plan, name, choices, report)
    _when(plan, name, choices, periods, report)
    report.source = plan.source
    used = {value.column.index: value for value in plan.values}
    for told, column in zip(report.columns, layout.columns, strict=True):
        if value := used.get(column.index):
            told |= {
                "use": "running" if value.running else "daily",
                "document": value.document or plan.document,
                "numeric": True,
            }
    for column in layout.columns:
        if column.index not in used and column.key not in BOOKKEEPING and column.role in _left_out(kind):
            report.add(
                layout.header_row, column.label, Refused(N_("Kolom ini tidak dikenal dan dilewati.")), NOTE, head.name
            )
    return plan


def _left_out(kind: str) -> set[Role]:
    """The columns that an import of this kind leaves out and says so."""
    others = {Role.OTHER, Role.IGNORED, Role.PEOPLE, Role.REMAINING, Role.RECORDED}
    return others | {Role.TARGET} if kind == ImportKind.COUNTS else others


def _choose_sheet(heads: Sequence[SheetHead], choices: Choices, report: Report) -> tuple[SheetHead, Layout]:
    """The sheet that was chosen; else the one whose table goes deepest, and of those the longest that is not hidden.

    One and no more: offices repeat the same figures per kelurahan and per kecamatan in two sheets.
    """
    found: list[tuple[SheetHead, Layout]] = []
    problem: Refused | None = None
    for head in heads:
        try:
            found.append((head, find_layout(head.rows, head.merged)))
        except Refused as reason:
            problem = problem or reason
    report.sheets = [
        {"name": head.name, "rows": head.height, "hidden": head.hidden, "table": any(head is each for each, _ in found)}
        for head in heads
    ]
    if choices.sheet is not None:
        found = [(head, layout) for head, layout in found if head.name == choices.sheet]
        if not found:
            raise Refused(
                N_("Lembar “%(sheet)s” tidak ada atau tidak memuat tabel."), "sheet", sheet=choices.sheet[:60]
            )
    if not found:
        raise problem or Refused(N_("Berkas tidak memuat tabel."))
    head, layout = max(found, key=lambda pair: (not pair[0].hidden, _depth(pair[1]), pair[0].height or 0))
    for other, _ in found:
        if other is not head:
            report.add(1, "", Refused(N_("Lembar “%(sheet)s” tidak dibaca."), sheet=other.name), NOTE, other.name)
    return head, layout


def _depth(layout: Layout) -> int:
    return max((DEPTH.get(column.role, 0) for column in layout.columns), default=0)


def _remembered(kind: str, layout: Layout, source: str) -> ImportMapping | None:
    """The newest mapping all of whose columns this file has; of the source that was named, when one was."""
    mappings = ImportMapping.objects.filter(kind=kind).order_by("-at", "-pk")
    if source:
        mappings = mappings.filter(source=source)
    keys = {column.key for column in layout.columns}
    return next((each for each in mappings if each.columns and set(each.columns) <= keys), None)


def _plan_counts(
    plan: Plan, choices: Choices, remembered: ImportMapping | None, head: SheetHead, report: Report
) -> None:
    chosen = choices.columns
    if chosen is None and remembered:
        chosen = {key: Use(**use) for key, use in remembered.columns.items()}
    if chosen is not None:
        plan.values = _chosen(plan.layout, chosen)
        return
    columns = _count_columns(plan, head, report)
    plan.values = [Value(column, column.document, bool(choices.running)) for column in columns]
    says_daily = any(SAYS_DAILY in title.upper() for title in report.titles)
    if choices.running is None and not plan.says_when and not says_daily:
        report.ask(
            "daily",
            N_(
                "Angka dibaca sebagai hitungan hari itu saja. Bila angkanya total berjalan sampai hari itu, pilih "
                "“total berjalan” pada kolomnya."
            ),
        )


def _count_columns(plan: Plan, head: SheetHead, report: Report) -> list[Column]:
    """The columns that hold counts: those that name a document, else the one of people, else a guess that is asked."""
    layout = plan.layout
    people, recorded = layout.columns_of(Role.PEOPLE), layout.columns_of(Role.RECORDED)
    documented = [column for column in [*people, *recorded] if column.document]
    if documented and layout.column(Role.DOCUMENT) is None:
        return documented
    if len(people) > 1:
        raise Refused(
            N_("Berkas berkolom jumlah lebih dari satu (%(columns)s); pilih salah satu."),
            "columns",
            columns=", ".join(column.label for column in people),
        )
    if people or len(recorded) == 1:
        return people or recorded
    guess = recorded[0] if recorded else _guess(layout, head)
    if guess is None:
        raise Refused(N_("Berkas tidak berkolom %(missing)s."), "columns", missing="jumlah")
    report.ask(
        "column", N_("Kolom jumlah dianggap “%(column)s”. Pastikan itu kolom yang dimaksud."), column=guess.label
    )
    return [guess]


def _guess(layout: Layout, head: SheetHead) -> Column | None:
    """The column that is everywhere target less remaining; without these two the first one of whole numbers."""
    rows = [row for number, row in head.rows if number >= layout.first_data_row]
    others = [column for column in layout.columns_of(Role.OTHER) if _whole(column, rows)]
    targets, remaining = layout.columns_of(Role.TARGET), layout.columns_of(Role.REMAINING)
    if targets and remaining:
        for column in others:
            triples = [(_at(row, targets[0]), _at(row, remaining[0]), _at(row, column)) for row in rows]
            if triples and all(isinstance(a, int) and isinstance(b, int) and a - b == c for a, b, c in triples):
                return column
    return others[0] if others else None


def _whole(column: Column, rows: Sequence[Sequence[Cell]]) -> bool:
    cells = [_at(row, column) for row in rows]
    return sum(isinstance(cell, int) for cell in cells) > len(cells) // 2


def _at(row: Sequence[Cell], column: Column) -> Cell:
    return row[column.index] if column.index < len(row) else ""


def _chosen(layout: Layout, chosen: Mapping[str, Use]) -> list[Value]:
    columns = {column.key: column for column in layout.columns}
    missing = [key for key in chosen if key not in columns]
    if missing:
        raise Refused(N_("Kolom “%(column)s” tidak ada dalam berkas."), "columns", column=missing[0][:60])
    if not chosen:
        raise Refused(N_("Pilih sedikitnya satu kolom yang diimpor."), "columns")
    values = [Value(columns[key], use.document or columns[key].document, use.running) for key, use in chosen.items()]
    documents = [value.document for value in values]
    if len(set(documents)) < len(documents):
        raise Refused(N_("Dua kolom dipilih untuk dokumen yang sama; pilih satu."), "columns")
    return sorted(values, key=lambda value: value.column.index)


def _plan_targets(plan: Plan, choices: Choices, remembered: ImportMapping | None) -> None:
    chosen = choices.columns
    if chosen is None and remembered:
        chosen = {key: Use(**use) for key, use in remembered.columns.items()}
    if chosen is not None:
        plan.values = _chosen(plan.layout, chosen)
    else:
        columns = plan.layout.columns_of(Role.TARGET) or plan.layout.columns_of(Role.PEOPLE)
        if len(columns) > 1 and len({column.document for column in columns}) < len(columns):
            raise Refused(
                N_("Berkas berkolom target lebih dari satu (%(columns)s); pilih salah satu."),
                "columns",
                columns=", ".join(column.label for column in columns),
            )
        if not columns:
            raise Refused(N_("Berkas tidak berkolom %(missing)s."), "columns", missing="target")
        plan.values = [Value(column, column.document, False) for column in columns]
    plan.decree, plan.target_kind = choices.decree, choices.kind or TargetKind.TASK


def _document(plan: Plan, name: str, choices: Choices, report: Report) -> None:
    """The document of columns that do not name one, when no column does: chosen, named by a title, or asked."""
    if plan.layout.column(Role.DOCUMENT) or all(value.document for value in plan.values):
        return
    plan.document = choices.document or _document_named(name, plan.sheet, *report.titles)
    if not plan.document:
        plan.document = Document.KTP
        report.ask("document", N_("Berkas tidak menyebut dokumen; dianggap perekaman KTP-el."))


def _document_named(*texts: str) -> str:
    words = {word for text in texts for word in re.findall(r"[A-Z]+", text.upper())}
    named = [document for document in Document.values if document in words]
    return named[0] if len(named) == 1 else ""


def _when(plan: Plan, name: str, choices: Choices, periods: Sequence[Period], report: Report) -> None:
    """Whatever the columns do not say of day, period, source and day of effect."""
    spans = spans_told(report.titles, plan.sheet, name, report)
    if plan.kind == ImportKind.COUNTS:
        plan.day = None if plan.says_when else find_day(spans, choices, report)
        return
    if plan.layout.column(Role.PERIOD) is None:
        plan.period = find_period(spans, choices, periods, report)
    if plan.layout.column(Role.SOURCE) is None and not plan.decree:
        report.stop(Refused(N_("Tulis sumber target, misalnya nomor keputusan atau surat."), "decree"))
    plan.effective_from = choices.effective_from or (plan.period.first_day if plan.period else None)
    report.decree, report.target_kind = plan.decree, plan.target_kind
    report.effective_from = plan.effective_from.isoformat() if plan.effective_from else ""
