"""Days or months as columns: each cell is the count of its column's own day."""

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date

from dukcapil import figures
from dukcapil.errors import N_, Refused
from recording.imports.choices import Choices
from recording.imports.findings import NOTE, Findings
from recording.imports.layouts.columns import Value, columns_of_one_document
from recording.imports.layouts.examples import first_example
from recording.imports.layouts.header import GROUPED, day_of_serial
from recording.imports.layouts.layout import Column, Layout
from recording.imports.layouts.roles import SUM, Role, normalise_label
from recording.imports.spreadsheets import SheetHead
from recording.parsing.days import MONTHS, Span, parse_day, read_day, spans_in
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
    _ask_whether_days(read, layout, head, findings)
    for document in dict.fromkeys(value.document for value in read):
        read = _each_day_once(read, document, layout, head, findings)
    return read


def _leave_out(column: Column, head: SheetHead, layout: Layout, findings: Findings) -> None:
    """Tell that a column is of no day; asked about where it holds people, for they would be lost."""
    problem = Refused(N_("Kolom ini bukan hari dalam bulan itu; dilewati."))
    findings.add(layout.header_row, column.label, problem, NOTE, head.name)
    if example := first_example(layout, head, [column]):
        sentence = N_("Kolom “%(column)s” bukan hari dalam bulan itu, tetapi berisi angka. Lewati kolomnya?")
        asked = Refused(sentence, column=column.label)
        findings.ask(findings.kind_in("no-day", head.name), asked, proposed="", example=example, sheet=head.name)


def _each_day_once(values: list[Value], document: str, layout: Layout, head: SheetHead, findings: Findings) -> list[Value]:
    """The values; where several groups of columns hold the same days of a document (L, P and their sum) those of the
    groups that a person takes."""
    groups: list[Column] = []  # each as one column
    group_of: dict[int, str] = {}  # its key, by the index of a column
    times: Counter[date | None] = Counter()
    for value in (value for value in values if value.document == document):
        times[value.day] += 1
        if times[value.day] > len(groups):
            groups.append(_as_group(value.column, [group.key for group in groups]))
        group_of[value.column.index] = groups[times[value.day] - 1].key
    if len(groups) < 2:
        return values
    taken = {column.key for column in columns_of_one_document(groups, layout, head, findings)}
    return [
        value
        for value in values
        if value.document != document or times[value.day] == 1 or group_of[value.column.index] in taken
    ]


def _as_group(column: Column, keys: Sequence[str]) -> Column:
    """A column by its label without the day; with it where there is nothing else, or the other `keys` hold that."""
    group = GROUPED.join(part for part in column.label.split(GROUPED) if part != column.when)
    key = normalise_label(group)
    return replace(column, label=group, key=key) if key and key not in keys else column


def day_of(when: str, month: date | None) -> date | None:
    """The day of a label: of itself, or in this month (its year, for the name of a month). A month is its last day."""
    with suppress(Refused):
        return read_day(when)
    name = when.strip().rstrip(".").lower()
    if spans := spans_in(when):
        return spans[0].last
    if when.isdigit() and (day := day_of_serial(int(when))):
        return day
    if month is None:
        return None
    if name in MONTHS:
        return date(month.year, MONTHS[name], monthrange(month.year, MONTHS[name])[1])
    with suppress(ValueError):
        return month.replace(day=int(when))
    return None


def _month(
    values: Sequence[Value], spans: Sequence[Span], choices: Choices, head: SheetHead, findings: Findings
) -> date | None:
    """A day of the month, or of the year, that the labels leave open: chosen, named by the file, or asked."""
    if all(day_of(value.column.when, None) for value in values):
        return None
    if choices.day:
        return choices.day.replace(day=1)
    names = all(value.column.when.strip().rstrip(".").lower() in MONTHS for value in values)
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


def _ask_whether_days(values: Sequence[Value], layout: Layout, head: SheetHead, findings: Findings) -> None:
    """Bare numbers may number something else than days: certain are dates, a word above them, or a whole month."""
    days = [value.day for value in values if value.day]
    bare = all(value.column.when.isdigit() for value in values)
    told = all(SAYS_DAY.search(value.column.key) for value in values)
    is_month = bool(days) and len(set(days)) == monthrange(days[0].year, days[0].month)[1]
    if not days or not bare or told or is_month:
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
