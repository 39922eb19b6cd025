"""Days or months as columns: each cell is the count of its column's own day."""

import re
from calendar import monthrange
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date

from dukcapil import figures
from dukcapil.errors import N_, Refused
from recording.imports.choices import Choices
from recording.imports.findings import NOTE, Findings
from recording.imports.layouts.columns import Value
from recording.imports.layouts.day_labels import day_of, names_month
from recording.imports.layouts.examples import first_example
from recording.imports.layouts.layout import Column, Layout
from recording.imports.layouts.roles import SUM, Role
from recording.imports.spreadsheets import SheetHead
from recording.parsing.days import Span, parse_day
from recording.parsing.numbers import parse_people

SAYS_DAY = re.compile(r"\b(?:TANGGAL|TGL|HARI|BULAN|BLN)\b")


def sum_of_days(layout: Layout) -> Column | None:
    """The column that says what the days of a row add up to; None where several or none may."""
    sums = [column for column in layout.columns_of(Role.PEOPLE) if re.search(SUM, column.key)]
    return sums[0] if layout.column(Role.DATED) and len(sums) == 1 else None


def adds_up(layout: Layout, head: SheetHead, columns: Sequence[Column]) -> bool:
    """Whether in every row of the head the days add up to what the row says of them: counts of a day then, no totals."""
    whole = sum_of_days(layout)
    if whole is None:
        return False
    rows = [row for number, row in head.rows if number >= layout.first_data_row and len(row) > whole.index]
    numbers = [([_people(row, column) for column in columns], _people(row, whole)) for row in rows]
    told = [(days, total) for days, total in numbers if total is not None]
    return bool(told) and all(sum(day or 0 for day in days) == total for days, total in told)


def with_days(
    values: Sequence[Value], head: SheetHead, layout: Layout, spans: Sequence[Span], choices: Choices, findings: Findings
) -> list[Value]:
    """Each value of a dated column with its day; those of days that its month does not have are left out, and told.

    Refused when a column without a day is read beside them: it would count the same people again.
    """
    dated = [value for value in values if value.column.when]
    if not dated:
        return list(values)
    if len(dated) < len(values):
        raise Refused(
            N_("Pilih kolom tanggalnya saja, atau kolom jumlahnya saja: keduanya menghitung orang yang sama."), "columns"
        )
    month = _month(dated, spans, choices, head, findings)
    if month is None and not any(day_of(value.column.when, None) for value in dated):
        return dated  # nothing comes in before the month is answered; all else is told meanwhile
    read = []
    for value in dated:
        if day := day_of(value.column.when, month):
            read.append(replace(value, day=day))
        else:
            _leave_out(value.column, head, layout, findings)
    _ask_whether_days(read, spans, layout, head, findings)
    _refuse_day_twice(read)
    return read


def _leave_out(column: Column, head: SheetHead, layout: Layout, findings: Findings) -> None:
    """Tell that a column is of no day; asked about where it holds people, for they would be lost."""
    problem = Refused(N_("Kolom ini bukan hari dalam bulan itu; dilewati."))
    findings.add(layout.header_row, column.label, problem, NOTE, head.name)
    if example := first_example(layout, head, [column]):
        sentence = N_("Kolom “%(column)s” bukan hari dalam bulan itu, tetapi berisi angka. Lewati kolomnya?")
        asked = Refused(sentence, column=column.label)
        findings.ask(findings.kind_in("no-day", head.name), asked, proposed="", example=example, sheet=head.name)


def _refuse_day_twice(values: Sequence[Value]) -> None:
    """One day in two ways of writing: it cannot be known whether its people are the same."""
    written: dict[tuple[str, str, date | None], Column] = {}
    for value in values:
        first = written.setdefault((value.document, value.column.series, value.day), value.column)
        if first.when != value.column.when:
            sentence = N_("Kolom “%(first)s” dan “%(second)s” menyebut hari yang sama. Perbaiki judulnya, lalu kirim lagi.")
            raise Refused(sentence, "columns", first=first.label, second=value.column.label)


def _month(
    values: Sequence[Value], spans: Sequence[Span], choices: Choices, head: SheetHead, findings: Findings
) -> date | None:
    """A day of the month, or of the year, that the labels leave open: chosen, named by the file, or asked."""
    if all(day_of(value.column.when, None) for value in values):
        return None
    if choices.day:
        return choices.day.replace(day=1)
    names = all(names_month(value.column.when) for value in values if day_of(value.column.when, None) is None)
    told = {
        (span.first.year, 0 if names else span.first.month)
        for span in spans
        if span.first.year == span.last.year and (names or span.first.month == span.last.month)
    }
    if len(told) == 1:
        year, number = told.pop()
        return date(year, number or 1, 1)
    asked = Refused(N_("Kolomnya bernomor tanggal, tetapi bulannya tidak jelas. Isi satu hari dari bulan itu."))
    given = findings.ask(findings.kind_in("day", head.name), asked, [], proposed="", entry="date", sheet=head.name)
    return parse_day(given, "day").replace(day=1) if given else None


def _ask_whether_days(
    values: Sequence[Value], spans: Sequence[Span], layout: Layout, head: SheetHead, findings: Findings
) -> None:
    """Bare numbers may number something else than days: certain are dates, a word above them, or a whole month. Days in
    another month than the file names are never certain."""
    days = [value.day for value in values if value.day]
    if not days:
        return
    bare = all(value.column.when.isdigit() for value in values)
    told = all(SAYS_DAY.search(value.column.key) for value in values)
    one_month = len({(day.year, day.month) for day in days}) == 1
    is_month = one_month and len(set(days)) == monthrange(days[0].year, days[0].month)[1]
    labels = {value.column.when for value in values}
    months = [(span.first.replace(day=1), span.last) for span in spans if span.text not in labels]
    is_elsewhere = bool(months) and not all(any(first <= day.replace(day=1) <= last for first, last in months) for day in days)
    if not is_elsewhere and (not bare or told or is_month):
        return
    findings.ask(
        findings.kind_in("days", head.name),
        Refused(
            N_("Kolom “%(first)s” sampai “%(last)s” dibaca sebagai hitungan tiap hari, %(day)s dan seterusnya. Benar?"),
            first=values[0].column.label,
            last=values[-1].column.label,
            day=figures.long_day(days[0]),
        ),
        proposed="",
        example=first_example(layout, head, [value.column for value in values]),
        sheet=head.name,
    )


def _people(row: Sequence[object], column: Column) -> int | None:
    cell = row[column.index] if column.index < len(row) else None
    with suppress(Refused):
        return parse_people(cell) if isinstance(cell, str | int) else None
    return None
