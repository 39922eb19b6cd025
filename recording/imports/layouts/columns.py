"""Which columns of a table are imported: those that were chosen, else those whose labels say so."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from dukcapil.errors import N_, Refused
from recording.imports.choices import Use
from recording.imports.findings import Findings
from recording.imports.layouts.cleaning import cleaned, text_of
from recording.imports.layouts.examples import first_example
from recording.imports.layouts.layout import Column, Layout
from recording.imports.layouts.roles import MEN, STOCK, SUM, WOMEN, Role
from recording.imports.questions import LEAVE_OUT, Answer, answer
from recording.imports.spreadsheets import Cell, SheetHead
from recording.models import Document
from recording.parsing.numbers import parse_people

_NO_TARGETS = N_(
    "Berkas tidak berkolom target. Tambahkan kolom berjudul TARGET atau SASARAN, lalu kirim lagi. Bila isinya hitungan, "
    "kirim sebagai “Hitungan harian”."
)
_NO_COUNTS = N_("Berkas tidak berkolom jumlah. Tambahkan kolom angka berjudul misalnya SUDAH REKAM, lalu kirim lagi.")
_ONLY_TARGETS = N_(
    "Berkas tidak berkolom jumlah, hanya target. Kirim sebagai “Target”, atau tambahkan kolom berjudul misalnya SUDAH REKAM."
)
_ONLY_REMAINING = N_(
    "Berkas tidak berkolom jumlah: %(columns)s adalah yang belum direkam, dan portal mencatat yang sudah. Tambahkan kolom "
    "berjudul misalnya SUDAH REKAM, lalu kirim lagi."
)
ALL_PARTS = "+"  # the answer that adds the columns of one document up


@dataclass(frozen=True)
class Value:
    """A column of numbers that is imported; of several of one document the sum is. `document` is "" when another column
    or the whole table names it; `day` is None where the column's label names none."""

    column: Column
    document: str
    running: bool
    day: date | None = None


def chosen_values(layout: Layout, uses: Mapping[str, Use], *, may_add_up: bool) -> list[Value]:
    """The chosen columns, by their normalised labels, in the file's order. Those of one document are added up, where
    that makes sense: counts of men and women do, targets do not."""
    columns = {column.key: column for column in layout.columns}
    missing = [key for key in uses if key not in columns]
    if missing:
        raise Refused(N_("Kolom “%(column)s” tidak ada dalam berkas."), "columns", column=missing[0][:60])
    if not uses:
        raise Refused(N_("Pilih sedikitnya satu kolom yang diimpor."), "columns")
    values = [Value(columns[key], use.document or columns[key].document, bool(use.running)) for key, use in uses.items()]
    documents = {value.document for value in values}
    if len(documents) < len(values) and not may_add_up:
        raise Refused(N_("Dua kolom dipilih untuk dokumen yang sama; pilih satu."), "columns")
    if len(documents) > 1 and layout.column(Role.DOCUMENT):
        raise Refused(N_("Tiap baris menyebut dokumennya sendiri; pilih kolom dari satu dokumen saja."), "columns")
    if len({(value.document, value.running) for value in values}) > len(documents):
        raise Refused(N_("Kolom yang dijumlahkan harus sama: semuanya hitungan harian, atau semuanya total."), "columns")
    return sorted(values, key=lambda value: value.column.index)


def target_columns(layout: Layout) -> list[Column]:
    """The columns that hold targets: those called so, else those of people."""
    named = layout.columns_of(Role.TARGET)
    # Beside the target of a period everybody who must have the document is no second target.
    of_period = [column for column in named if not re.search(STOCK, column.key)]
    columns = of_period or named or layout.columns_of(Role.PEOPLE)
    if len({column.document for column in columns}) < len(columns):
        raise Refused(
            N_("Berkas berkolom target lebih dari satu (%(columns)s). Pilih salah satu di bawah “Kolom”."),
            "columns",
            columns=_labels(columns),
        )
    if not columns:
        raise Refused(_NO_TARGETS, "columns")
    return columns


def count_columns(layout: Layout, head: SheetHead, findings: Findings, told: str = "") -> list[Column]:
    """The columns that hold counts: those that name a document, else those of people, else one that is asked about.
    `told`: the document that the file itself names."""
    if layout.columns_of(Role.DATED):
        return _dated_columns(layout, head, findings, told)
    people, recorded = layout.columns_of(Role.PEOPLE), layout.columns_of(Role.RECORDED)
    documented = [column for column in [*people, *recorded] if column.document]
    if documented and layout.column(Role.DOCUMENT) is None:
        nameless = [column for column in recorded if not column.document]
        answered = [_with_document(column, layout, head, findings, told) for column in nameless]
        documented += [column for column in answered if column.document]
        documents = dict.fromkeys(column.document for column in documented)
        by_document = [[column for column in documented if column.document == document] for document in documents]
        return [column for columns in by_document for column in columns_of_one_document(columns, layout, head, findings)]
    if people or recorded:
        return columns_of_one_document(people or recorded, layout, head, findings)
    guesses = _guesses(layout, head)
    if not guesses:
        raise _no_counts(layout)
    if len(guesses) > 1 and all(re.search(f"{MEN}|{WOMEN}|{SUM}", column.key) for column in guesses):
        return columns_of_one_document(guesses, layout, head, findings)
    answers = [Answer(column.key, column.label) for column in guesses]
    reached = next((column for column in guesses if is_all_that_was_reached(layout, head, column)), None)
    chosen = findings.ask(
        findings.kind_of("column", answers, head.name),
        Refused(N_("Tidak ada judul kolom yang menyebut jumlah. Kolom mana yang diimpor?")),
        answers,
        proposed=reached.key if reached else "",
        evidence=[reached_sentence(reached)] if reached else (),
        example=first_example(layout, head),
        sheet=head.name,
    )
    # Read on by the first while nobody has chosen, so that everything else is told as well.
    return [column for column in guesses if column.key == chosen] or guesses[:1]


def _dated_columns(layout: Layout, head: SheetHead, findings: Findings, told: str) -> list[Column]:
    """The columns of days: of those series that hold counts, which are found as columns without days are."""
    series = layout.series
    ones = [one for one, _ in series]
    if len(ones) == 1:
        chosen = ones
    elif all(re.search(f"{MEN}|{WOMEN}|{SUM}", one.key) and not one.document for one in ones):
        chosen = columns_of_one_document(ones, layout, head, findings)
    else:
        others = [column for column in layout.columns if column.role == Role.DOCUMENT]
        chosen = count_columns(replace(layout, columns=(*others, *ones)), head, findings, told)
    documents = {one.key: one.document for one in chosen}
    dated = [
        replace(column, document=documents[one.key]) for one, columns in series if one.key in documents for column in columns
    ]
    return sorted(dated, key=lambda column: column.index)


def _with_document(column: Column, layout: Layout, head: SheetHead, findings: Findings, told: str) -> Column:
    """A column of recorded people with its document, where other columns name theirs; without one it is left out."""
    answers = [Answer(value, str(label)) for value, label in Document.choices]
    answers.append(answer(LEAVE_OUT, N_("Kolom ini tidak diimpor")))
    asked = N_("Kolom “%(column)s” tidak menyebut dokumennya, padahal kolom lain menyebutnya. Dokumen apa?")
    chosen = findings.ask(
        findings.kind_of(f"document:{column.key}", answers, head.name),
        Refused(asked, column=column.label),
        answers,
        proposed=told,
        example=first_example(layout, head, [column]),
        sheet=head.name,
    )
    return replace(column, document="" if chosen == LEAVE_OUT else chosen)


def columns_of_one_document(columns: list[Column], layout: Layout, head: SheetHead, findings: Findings) -> list[Column]:
    """The one that is the sum of the others, else men and women, to be added up; always asked, and without a proposal
    when only a person can say which of them hold the counts."""
    if len(columns) == 1:
        return columns
    sums = [column for column in columns if re.search(SUM, column.key)]
    total = sums[0] if len(sums) == 1 and len(columns) > 2 else None
    parts = [column for column in columns if column is not total]
    is_by_sex = len(columns) == 2 and all(any(re.search(sex, each.key) for each in columns) for sex in (MEN, WOMEN))
    added = answer(ALL_PARTS, N_("%(parts)s dijumlahkan"), parts=" + ".join(column.label for column in parts))
    single = [answer(column.key, N_("Hanya “%(column)s”"), column=column.label) for column in columns]
    if total:
        single.sort(key=lambda each: each.value != total.key)
    answers = [added, *single] if is_by_sex else [*single, added]
    document = columns[0].document
    chosen = findings.ask(
        findings.kind_of(f"parts:{document}" if document else "parts", answers, head.name),
        Refused(N_("Kolom %(columns)s memuat dokumen yang sama. Mana yang dihitung?"), columns=_labels(columns)),
        answers,
        proposed=total.key if total else ALL_PARTS if is_by_sex else "",
        example=first_example(layout, head, columns),
        sheet=head.name,
    )
    # Read on by all of them while nobody has chosen, so that everything else is told as well.
    return [column for column in columns if column.key == chosen] or parts


def is_all_that_was_reached(layout: Layout, head: SheetHead, column: Column) -> bool:
    """Whether a column is its document's target less what is left, in every row of the head that has the three numbers:
    a total then, and no day's count."""
    rows = [row for number, row in head.rows if number >= layout.first_data_row]
    pairs = [
        (target, remaining)
        for target in layout.columns_of(Role.TARGET)
        for remaining in layout.columns_of(Role.REMAINING)
        if target.document in ("", column.document) and remaining.document in ("", column.document)
    ]
    return any(_is_always_the_difference(rows, *pair, column) for pair in pairs)


def reached_sentence(column: Column) -> str:
    """Why `is_all_that_was_reached` holds."""
    return str(Refused(N_("“%(column)s” di tiap baris sama dengan target dikurangi sisa."), column=column.label))


def _is_always_the_difference(rows: Sequence[Sequence[Cell]], target: Column, remaining: Column, column: Column) -> bool:
    numbers = [[_number(_cell(row, each)) for each in (target, remaining, column)] for row in rows]
    whole = [
        (aim, left, reached) for aim, left, reached in numbers if aim is not None and left is not None and reached is not None
    ]
    return bool(whole) and all(aim - left == reached for aim, left, reached in whole)


def _number(cell: Cell) -> int | None:
    """The people of a cell; None for what is no number."""
    (plain,), _notes = cleaned([cell])
    with suppress(Refused):
        return parse_people(text_of(plain) if isinstance(plain, str) else plain) if isinstance(plain, str | int) else None
    return None


def _labels(columns: Sequence[Column]) -> str:
    return ", ".join(column.label for column in columns)


def _no_counts(layout: Layout) -> Refused:
    """Why a table has no counts, and what to do about it."""
    if remaining := layout.columns_of(Role.REMAINING):
        return Refused(_ONLY_REMAINING, "columns", columns=_labels(remaining))
    return Refused(_ONLY_TARGETS if layout.columns_of(Role.TARGET) else _NO_COUNTS, "columns")


def _guesses(layout: Layout, head: SheetHead) -> list[Column]:
    """The columns more than half of whose cells are numbers of people."""
    rows = [row for number, row in head.rows if number >= layout.first_data_row]
    return [
        column
        for column in layout.columns_of(Role.OTHER)
        if sum(_number(_cell(row, column)) is not None for row in rows) > len(rows) // 2
    ]


def _cell(row: Sequence[Cell], column: Column) -> Cell:
    return row[column.index] if column.index < len(row) else ""
