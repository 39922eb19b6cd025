"""Which targets a file brings, and their terms: period, decree, day of effect and kind."""

import re
from collections.abc import Sequence
from dataclasses import replace

from dukcapil.errors import N_, Refused
from recording.imports.choices import Choices
from recording.imports.findings import Findings
from recording.imports.layouts.columns import Value, target_columns
from recording.imports.layouts.dates import find_period
from recording.imports.layouts.roles import STOCK, Role
from recording.imports.plan import Plan
from recording.imports.questions import NO, YES, answer
from recording.models import Period, TargetKind
from recording.parsing.days import Span


def ask_for_targets(plan: Plan, findings: Findings) -> Sequence[Value]:
    """The columns of targets beside those of counts, when a person wants both in one import; else none. Offered only
    where it is clear whose targets they are."""
    if plan.layout.column(Role.TARGET) is None:
        return ()
    try:
        columns = target_columns(plan.layout)
    except Refused:  # several of one document: sent once more as a file of targets, where a person chooses
        return ()
    counted = {value.column.index for value in plan.values}
    documents = {value.document or plan.document for value in plan.values}
    document = documents.pop() if len(documents) == 1 else ""
    is_clear = plan.layout.column(Role.DOCUMENT) or all(column.document or document for column in columns)
    if not is_clear or any(column.index in counted for column in columns):
        return ()
    labels = ", ".join(f"“{column.label}”" for column in columns)
    chosen = findings.ask(
        "targets",
        Refused(N_("Kolom %(columns)s memuat target. Impor juga targetnya?"), columns=labels),
        [answer(NO, N_("Tidak; hanya hitungannya")), answer(YES, N_("Ya, targetnya juga"))],
        sheet=plan.sheet,
        needed=False,
    )
    return [Value(column, column.document or document, False) for column in columns] if chosen == YES else ()


def with_terms(plan: Plan, spans: Sequence[Span], choices: Choices, periods: Sequence[Period], findings: Findings) -> Plan:
    """The plan of a table of targets with their period, source and day of effect; `spans` are what the file says of its
    days. The file is stopped at what nobody has said."""
    period = None if plan.says_when else find_period(spans, choices, periods, findings)
    if plan.layout.column(Role.SOURCE) is None and not choices.decree:
        findings.stop(Refused(N_("Tulis sumber target, misalnya nomor keputusan atau surat."), "decree"))
    return replace(
        plan,
        period=period,
        decree=choices.decree,
        effective_from=choices.effective_from or (period.first_day if period else None),
        target_kind=_kind(plan, choices, findings),
    )


def _kind(plan: Plan, choices: Choices, findings: Findings) -> str:
    """A target of the period, unless the column's own label speaks of everybody who must have the document."""
    stock = next((value.column for value in plan.values if re.search(STOCK, value.column.key)), None)
    if choices.kind or stock is None or plan.layout.column(Role.KIND):
        return choices.kind or TargetKind.TASK
    return findings.ask(
        "stock",
        Refused(N_("“%(column)s” adalah semua yang wajib memiliki dokumen. Disimpan sebagai apa?"), column=stock.label),
        [
            answer(TargetKind.STOCK, N_("Wajib KTP: penyebut cakupan")),
            answer(TargetKind.TASK, N_("Target periode: yang harus direkam dalam periode ini")),
        ],
    )
