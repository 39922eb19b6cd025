"""Merged cells among the numbers: one number that stands for several rows or columns is nobody's own."""

from collections.abc import Sequence

from dukcapil.errors import N_, Refused
from recording.imports.findings import Findings
from recording.imports.layouts.layout import Column, Layout
from recording.imports.questions import answer, yes_or_no
from recording.imports.spreadsheets import SheetHead
from recording.imports.spreadsheets.cells import column_letters

FIRST = "first"


def ask_merged_numbers(head: SheetHead, layout: Layout, columns: Sequence[Column], findings: Findings) -> None:
    """Ask about every merged cell below the header that lies on one of the columns that are read."""
    indices = {column.index for column in columns}
    for top, left, bottom, right in head.merged:
        if top + 1 < layout.first_data_row or not any(left <= index <= right for index in indices):
            continue
        asked = Refused(
            N_("Sel %(cells)s digabung: satu angka untuk beberapa baris atau kolom. Dihitung untuk yang pertama saja?"),
            cells=f"{column_letters(left)}{top + 1}:{column_letters(right)}{bottom + 1}",
        )
        answers = [answer(FIRST, N_("Ya, untuk yang pertama saja")), yes_or_no()[1]]
        findings.ask(findings.kind_in("merged", head.name), asked, answers, proposed="", sheet=head.name)
