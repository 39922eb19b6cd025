"""Another table below the first one of a sheet: its columns, its document or its day may be other ones."""

import re

from dukcapil.errors import N_, Refused
from recording.imports.findings import NOTE, Findings
from recording.imports.layouts.cleaning import text_of
from recording.imports.layouts.header import NUMBER
from recording.imports.layouts.layout import Column
from recording.imports.layouts.roles import GROUPED, NOT_KEPT, PLACE_ROLES, Role, document_of, normalise_label, role_of
from recording.imports.plan import Plan
from recording.imports.reading.places import Row
from recording.parsing.days import spans_in

TITLE_ROWS = 5  # how far above its header a title stands
_AGAIN = N_("Judul kolom yang sama, ditulis lagi; dilewati.")
_OTHER = N_(
    "Di baris %(row)s mulai tabel lain, dengan judul kolom atau judul tabel yang lain. Pindahkan tabel itu ke lembar atau "
    "berkas sendiri, lalu kirim lagi."
)


class SecondTables:
    """Looks for headers among the rows of one table."""

    def __init__(self, plan: Plan, findings: Findings) -> None:
        self._plan, self._findings = plan, findings
        self._titles: list[tuple[int, str]] = []  # texts of rows without numbers
        self._documents = {value.document or plan.document for value in plan.values}
        self._days = {(span.first, span.last) for _, span in plan.mentions}

    def is_header(self, number: int, row: Row) -> bool:
        """Whether a row labels columns anew. The same header under no other title is told, and any other stops the file."""
        if any(_is_number(row, value.column) for value in self._plan.values):
            return False
        texts = {
            column: text
            for column in self._plan.layout.columns
            if column.index < len(row) and (text := text_of(row[column.index]))
        }
        if any(_is_number(row, column) for column in texts):
            return False
        if len(texts) < 2 or not any(_names_places(column, text) for column, text in texts.items()):
            self._titles = [(above, text) for above, text in self._titles if number - above < TITLE_ROWS]
            self._titles += [(number, text) for text in texts.values()]
            return False
        titles = [text for above, text in self._titles if number - above <= TITLE_ROWS]
        if all(_labels(column, text) for column, text in texts.items()) and not any(map(self._is_foreign, titles)):
            self._findings.add(number, "", Refused(_AGAIN), NOTE, self._plan.sheet)
        else:
            place = f"{self._plan.sheet} {number}" if self._findings.names_sheets else number
            self._findings.stop(Refused(_OTHER, row=place))
        return True

    def _is_foreign(self, title: str) -> bool:
        """Whether a title speaks of another document or day than the table's, or of what is left."""
        key = normalise_label(title)
        document = document_of(key)
        return (
            re.search(NOT_KEPT, key) is not None
            or role_of(key) in (Role.REMAINING, Role.TARGET)
            or (document != "" and document not in self._documents)
            or any((span.first, span.last) not in self._days for span in spans_in(title))
        )


def _is_number(row: Row, column: Column) -> bool:
    return column.index < len(row) and NUMBER.fullmatch(text_of(row[column.index])) is not None


def _names_places(column: Column, text: str) -> bool:
    return column.role in PLACE_ROLES and role_of(normalise_label(text)) in PLACE_ROLES


def _labels(column: Column, text: str) -> bool:
    """Whether a text is the label of a column, or that of a group over it."""
    return normalise_label(text) in map(normalise_label, [column.label, *column.label.split(GROUPED)])
