"""Planning how a file is to be read, before its rows are: what is uncertain is asked."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from dukcapil.errors import N_, Refused
from recording.imports.choices import Choices, Use
from recording.imports.findings import NOTE, Findings
from recording.imports.layouts.columns import Value, chosen_values, count_columns, target_columns
from recording.imports.layouts.counted_categories import ask_categories
from recording.imports.layouts.dated import adds_up, sum_of_days, with_days
from recording.imports.layouts.dates import find_day, spans_told
from recording.imports.layouts.examples import first_example
from recording.imports.layouts.hidden import ask_hidden_columns, ask_hidden_rows
from recording.imports.layouts.layout import Column, Layout
from recording.imports.layouts.long_format import find_long
from recording.imports.layouts.merged import ask_merged_numbers
from recording.imports.layouts.modes import DAILY, RUNNING, Mode, evidence_of_totals, says_daily, with_one_mode
from recording.imports.layouts.roles import NOT_KEPT, Role
from recording.imports.layouts.sheets import choose_tables, find_table
from recording.imports.layouts.table_rows import NumberedRows, rows_as_seen
from recording.imports.plan import Plan
from recording.imports.questions import Answer
from recording.imports.selectors import fitting_mapping
from recording.imports.spreadsheets import SheetHead
from recording.imports.target_terms import ask_for_targets, with_terms
from recording.models import Document, ImportKind, ImportMapping, Period
from recording.parsing.days import Span

DEFAULT_SOURCE = "loket"
# Columns of running numbers, and those of our own file of rejected rows: nothing is lost with them.
BOOKKEEPING = {"NO", "NOMOR", "NO URUT", "BARIS", "ALASAN"}
# Told when they are left out.
UNREAD = {Role.OTHER, Role.IGNORED, Role.PEOPLE, Role.TARGET, Role.REMAINING, Role.RECORDED, Role.DATED}
_NOT_KEPT_HERE = N_("Dokumen ini tidak dicatat di portal; kolomnya dilewati.")


@dataclass(frozen=True)
class Planner:
    """Plans one file called `name`; what is uncertain is asked or stopped in `findings`. `rows_of`: all of a sheet.
    `offers_targets`: whoever sends counts may write targets as well."""

    kind: str
    name: str
    choices: Choices
    periods: Sequence[Period]
    findings: Findings
    rows_of: Callable[[str], NumberedRows]
    offers_targets: bool = False

    def plans(self, heads: Sequence[SheetHead]) -> list[Plan]:
        """The plan of each sheet that is read; with a `refusal` when none holds a table or a person must choose columns."""
        sheets = [find_table(head) for head in heads]
        plan = Plan(self.kind, sheets)
        try:
            tables = choose_tables(sheets, self.choices.sheets, self.findings)
        except Refused as problem:
            return [replace(plan, refusal=problem)]
        self.findings.names_sheets = len(tables) > 1
        return [self._plan_of_sheet(plan, head, layout) for head, layout in tables]

    def _plan_of_sheet(self, plan: Plan, head: SheetHead, layout: Layout) -> Plan:
        """How one sheet is to be read."""
        layout = ask_hidden_columns(head, layout, self.findings)
        left_out_rows = ask_hidden_rows(head, layout, self.findings)
        plan = replace(plan, sheet=head.name, layout=layout, left_out_rows=left_out_rows, merged=head.merged)
        try:
            plan, head = self._with_categories(plan, head)
            layout = plan.layout
            mapping = self._mapping(plan)
            plan = replace(plan, mapping=mapping.source if mapping else "")
            plan = self._with_values(plan, head, mapping)
            values = list(plan.values)
            if self.kind == ImportKind.COUNTS:
                spans = [span for _, span in self._mentions(plan)]
                values = with_days(values, head, layout, spans, self.choices, self.findings)
        except Refused as problem:
            return replace(plan, refusal=problem)
        read = [plan.long.numbers[value.column.index] if plan.long else value.column for value in values]
        ask_merged_numbers(head, layout, read, self.findings)
        return self._completed(replace(plan, values=values))

    def _with_categories(self, plan: Plan, head: SheetHead) -> tuple[Plan, SheetHead]:
        """A table with a row for each category as one with a column for each, those counted that a person chose."""
        layout = plan.layout

        def rows_below() -> NumberedRows:
            rows = self.rows_of(plan.sheet)
            return rows_as_seen(rows, layout, plan.merged, plan.left_out_rows, layout.columns)

        long = find_long(layout, head.rows, rows_below)
        if long is None:
            return plan, head
        if documents := long.with_documents:
            return replace(plan, layout=documents), head
        above = [(number, cells) for number, cells in head.rows if number < layout.first_data_row]
        head = replace(head, rows=[*above, *replace(plan, long=long).seen(head.rows)])
        chosen = long.wide
        if self.choices.columns is None:
            chosen = ask_categories(long, ImportKind(self.kind), head, self.findings)
        return replace(plan, layout=chosen, long=long), head

    def _mapping(self, plan: Plan) -> ImportMapping | None:
        """What was confirmed for an earlier file of the same columns, unless this file or a person says it."""
        if plan.says_when or plan.long or self.choices.columns is not None:
            return None
        return fitting_mapping(self.kind, plan.layout.digest, self.choices.source)

    def _with_values(self, plan: Plan, head: SheetHead, mapping: ImportMapping | None) -> Plan:
        """The columns that were chosen, now or before; else those that the file itself makes clear."""
        uses = self.choices.columns
        if uses is None and mapping:
            uses = self._remembered(plan, mapping)
        if uses is not None:
            if len(plan.sheets) > 1:  # what another sheet has is chosen for that one
                uses = {key: use for key, use in uses.items() if key in {each.key for each in plan.layout.columns}}
            may_add_up = self.kind == ImportKind.COUNTS
            return self._with_mode(plan, head, chosen_values(plan.layout, with_one_mode(uses), may_add_up=may_add_up), mapping)
        if self.kind == ImportKind.TARGETS:
            return replace(plan, values=[Value(column, column.document, False) for column in target_columns(plan.layout)])
        columns = count_columns(plan.layout, head, self.findings, self._told_document(plan))
        return self._with_mode(plan, head, [Value(column, column.document, False) for column in columns], None)

    def _remembered(self, plan: Plan, mapping: ImportMapping) -> dict[str, Use]:
        """The columns as they were read before; a document that this file names itself is the one that counts."""
        uses = {key: Use(**use) for key, use in mapping.columns.items()}
        labels = {column.key: column.document for column in plan.layout.columns}
        named = self._told_document(plan)
        is_of_one = len({use.document for key, use in uses.items() if not labels[key]}) == 1
        return {
            key: replace(use, document=labels[key] or (named if is_of_one else "") or use.document) for key, use in uses.items()
        }

    def _with_mode(self, plan: Plan, head: SheetHead, values: list[Value], mapping: ImportMapping | None) -> Plan:
        """Counts of the day or totals up to it: as a person chose; else it stays open, and is read as the file speaks."""
        chosen = any(use.running is not None for use in (self.choices.columns or {}).values())
        former = {value.running for value in values} if mapping else set()
        columns = [value.column for value in values]
        if self.kind == ImportKind.TARGETS or chosen or len(former) > 1:
            return replace(plan, values=values)
        if self.choices.running is not None:
            return replace(plan, values=[replace(value, running=self.choices.running) for value in values])
        texts = [*plan.titles, plan.sheet, self.name.replace("_", " ")]
        evidence = evidence_of_totals(texts, plan.layout, head, columns)
        if not evidence and (says_daily(plan.titles) or adds_up(plan.layout, head, columns)):
            return replace(plan, values=[replace(value, running=False) for value in values])
        presumed_daily = plan.says_when and not evidence
        mode = Mode(evidence, next(iter(former), None), first_example(plan.layout, head, columns), presumed_daily)
        given = self.findings.answers.get("running")
        running = given == RUNNING if given in (RUNNING, DAILY) else bool(evidence or mode.remembered)
        return replace(plan, mode=mode, values=[replace(value, running=running) for value in values])

    def _completed(self, plan: Plan) -> Plan:
        """Whatever the columns do not say: document, source, and day or period."""
        plan = replace(
            plan,
            document=self._document(plan),
            source=self.choices.source or plan.mapping or DEFAULT_SOURCE,
            running_since=self.choices.running_since,
            mentions=self._mentions(plan),
        )
        if self.kind == ImportKind.TARGETS:
            plan = with_terms(plan, [span for _, span in plan.mentions], self.choices, self.periods, self.findings)
        else:
            plan = replace(self._with_day(plan), targets=ask_for_targets(plan, self.findings) if self.offers_targets else ())
        self._note_unread_columns(plan)
        return plan

    def _mentions(self, plan: Plan) -> list[tuple[str, Span]]:
        sheets = [sheet.head.name for sheet in plan.sheets if isinstance(sheet.table, Layout)]
        return spans_told(plan.titles, plan.sheet, self.name, sheets)

    def _document(self, plan: Plan) -> str:
        """The document of columns that do not name one, when no column does: chosen, named by a title, or asked."""
        if plan.layout.column(Role.DOCUMENT) or all(value.document for value in plan.values):
            return ""
        if document := self._told_document(plan):
            return document
        answers = [Answer(value, str(label)) for value, label in Document.choices]
        asked = Refused(N_("Berkas tidak menyebut dokumennya. Dokumen apa ini?"))
        # Read on by one of them while nobody has chosen, so that everything else is told as well.
        return self.findings.ask("document", asked, answers, proposed="") or Document.KTP

    def _told_document(self, plan: Plan) -> str:
        """The document that a person chose, else the one that the file itself names; of several sheets each names its own."""
        own = _document_named(plan.sheet) if self.findings.names_sheets else ""
        return self.choices.document or own or _document_named(self.name, plan.sheet, *plan.titles)

    def _with_day(self, plan: Plan) -> Plan:
        if plan.says_when or all(value.day for value in plan.values):
            return plan
        return replace(plan, day=find_day([span for _, span in plan.mentions], self.choices, self.findings, plan.sheet))

    def _note_unread_columns(self, plan: Plan) -> None:
        read = {value.column.index for value in [*plan.values, *plan.targets]}
        for column in plan.layout.columns:
            if column.index not in read and column.key not in BOOKKEEPING and column.role in UNREAD:
                problem = Refused(_why_unread(column, self.kind, plan))
                self.findings.add(plan.layout.header_row, column.label, problem, NOTE, plan.sheet)


def _why_unread(column: Column, kind: str, plan: Plan) -> str:
    """What is told of a column that is left out."""
    whole = sum_of_days(plan.layout) if any(value.day for value in plan.values) else None
    if plan.long and column.index in plan.long.numbers:
        return N_("Kategori ini tidak dihitung; barisnya dilewati.")
    if column.hidden:
        return N_("Kolom tersembunyi; dilewati.")
    if column is whole:
        return N_("Kolom ini dicocokkan dengan jumlah hari-harinya; tidak ditambahkan.")
    if re.search(NOT_KEPT, column.key):
        return _NOT_KEPT_HERE
    if kind == ImportKind.COUNTS and column.role == Role.TARGET:
        return N_("Target tidak ikut diimpor.")
    if kind == ImportKind.TARGETS and column.role == Role.RECORDED:
        return N_("Hitungan tidak ikut bersama target: kirim berkas ini sekali lagi sebagai “Hitungan harian”.")
    if column.role == Role.REMAINING:
        return N_("Sisa dihitung portal sendiri; kolomnya dilewati.")
    return N_("Kolom ini tidak ikut diimpor.")


def _document_named(*texts: str) -> str:
    words = {word for text in texts for word in re.findall(r"[A-Z]+", text.upper())}
    named = [document for document in Document.values if document in words]
    return named[0] if len(named) == 1 else ""
