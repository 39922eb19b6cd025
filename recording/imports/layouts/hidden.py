"""Rows and columns that nobody sees in the office program: named, and a person says whether they are meant."""

from collections.abc import Sequence
from dataclasses import replace

from dukcapil import figures
from dukcapil.errors import N_, Refused
from recording.imports.findings import Findings
from recording.imports.layouts.layout import Layout
from recording.imports.layouts.roles import PLACE_ROLES, Role
from recording.imports.questions import Answer, answer
from recording.imports.spreadsheets import SheetHead

OUT, IN = "out", "in"
MAX_RANGES_SHOWN = 5
Ranges = Sequence[tuple[int, int]]


def ask_hidden_columns(head: SheetHead, layout: Layout, findings: Findings) -> Layout:
    """The layout in which hidden columns hold nothing, unless a person takes them in or nothing else says where."""
    hidden = [column for column in layout.columns if column.hidden and column.role != Role.IGNORED]
    if not hidden:
        return layout
    shown = any(column.role in PLACE_ROLES and not column.hidden for column in layout.columns)
    labels = ", ".join(f"“{column.label}”" for column in hidden)
    chosen = findings.ask(
        findings.kind_in("hidden-columns", head.name),
        Refused(N_("Kolom %(columns)s tersembunyi di berkas ini. Ikut dibaca?"), columns=labels),
        _answers(),
        proposed=OUT if shown else IN,
        sheet=head.name,
    )
    if chosen == IN:
        return layout
    columns = tuple(replace(column, role=Role.IGNORED) if column.hidden else column for column in layout.columns)
    return replace(layout, columns=columns)


def ask_hidden_rows(head: SheetHead, layout: Layout, findings: Findings) -> Ranges:
    """The rows below the header that are left out because nobody sees them: first and last number of each range."""
    below = [(max(first, layout.first_data_row), last) for first, last in head.hidden_rows]
    hidden = [(first, min(last, head.height or last)) for first, last in below if first <= min(last, head.height or last)]
    if not hidden:
        return ()
    texts = [str(first) if first == last else f"{first}–{last}" for first, last in hidden]
    shown = ", ".join(texts[:MAX_RANGES_SHOWN]) + (" …" if len(texts) > MAX_RANGES_SHOWN else "")
    count = sum(last - first + 1 for first, last in hidden)
    chosen = findings.ask(
        findings.kind_in("hidden-rows", head.name),
        Refused(
            N_("%(count)s baris tersembunyi di berkas ini, misalnya karena disaring: baris %(rows)s. Ikut dibaca?"),
            count=figures.people(count),
            rows=shown,
        ),
        _answers(),
        proposed="",
        sheet=head.name,
    )
    return () if chosen == IN else hidden


def _answers() -> list[Answer]:
    return [answer(OUT, N_("Tidak; hanya yang terlihat")), answer(IN, N_("Ya, yang tersembunyi juga"))]
