"""Where the header of a table stands: the row, or the rows, that label its columns."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise, zip_longest

from dukcapil.errors import N_, Refused
from recording.imports.layouts.roles import NUMBER_ROLES, PLACE_ROLES, Role, normalise_label, role_of
from recording.imports.spreadsheets.cells import Cell, Merged
from recording.parsing.days import MONTHS, spans_in

MAX_HEADER_ROW = 15
MIN_DAYS = 3
MAX_GROUPS = 2  # rows of a header beside the one that names the places
GROUPED = " · "
WHOLE_DATE = re.compile(r"20\d\d-\d\d-\d\d|\d\d?([-/.])\d\d?\1(?:20)?\d\d")
# Numbers as text, codes, days and times; a year may be the label of a column.
NUMBER = re.compile(r"(?!20\d\d$)[-–(+]?\d[\d.,\s/:–-]*%?\)?")
Rows = Sequence[tuple[int, Sequence[Cell]]]


@dataclass(frozen=True)
class Header:
    """`first`, `last` and `data`, where the rows below begin, count in the rows that were given, from 0.
    `labels`: (group, label) of each column; group "" for a label that stands alone. `days`: the text of the day that
    labels a column, or the group over it, by the column."""

    first: int
    last: int
    data: int
    labels: list[tuple[str, str]]
    days: Mapping[int, str] = field(default_factory=dict)


def find_header(rows: Rows, merged: Merged = (), hidden: Collection[int] = ()) -> Header:
    """Within the first 15 rows, the row that says where and holds most labels that are known; with the rows of
    groups above it or of more labels below it. Refused when there is none. `hidden`: columns that nobody sees."""
    candidates = [index for index, (_, cells) in enumerate(rows[:MAX_HEADER_ROW]) if _is_header(cells)]
    if not candidates:
        sentence = N_(
            "Tidak ada judul kolom dalam %(rows)s baris pertama. Beri baris judul, misalnya KELURAHAN dan SUDAH REKAM, atau "
            "mulai dari templat di halaman Impor; lalu kirim lagi."
        )
        raise Refused(sentence, rows=MAX_HEADER_ROW)
    found = max(candidates, key=lambda index: _count_labels(rows[index][1]))
    _refuse_table_above(rows, candidates, found)
    first, last = _first_and_last(rows, found)
    data = last + 1
    if data < len(rows) and _numbers_columns([cell for index, cell in enumerate(rows[data][1]) if index not in hidden]):
        data += 1
    labels = _grouped_labels(rows[first : last + 1], merged)
    return Header(first, last, data, labels, _days(labels, rows[first : last + 1]))


def _days(labels: Sequence[tuple[str, str]], rows: Rows) -> dict[int, str]:
    """The day of each column: its own label in the lowest of these rows, else that of a row above."""
    lowest = rows[-1][1]
    if own := {index: text_of(lowest[index]) for index in day_labels(lowest)}:
        return own
    above = {text_of(cells[index]) for _, cells in rows[:-1] for index in day_labels(cells)}
    return {
        index: part for index, (group, text) in enumerate(labels) for part in [*group.split(GROUPED), text] if part in above
    }


def _refuse_table_above(rows: Rows, candidates: Sequence[int], found: int) -> None:
    """Refused when an earlier header has numbers below it: its table would be taken for titles."""
    for index in (each for each in candidates if each < found):
        numbered = [place for place, cell in enumerate(rows[index][1]) if _role(cell) in NUMBER_ROLES - {Role.OTHER}]
        below = (cells[place] for _, cells in rows[index + 1 : found] for place in numbered if place < len(cells))
        if any(text_of(cell) and _is_number(cell) for cell in below):
            raise Refused(
                N_(
                    "Di lembar ini berdiri dua tabel, dengan judul kolom di baris %(one)s dan %(other)s. Pindahkan salah satu "
                    "ke lembar atau berkas sendiri, lalu kirim lagi."
                ),
                one=rows[index][0],
                other=rows[found][0],
            )


def _first_and_last(rows: Rows, found: int) -> tuple[int, int]:
    """The rows of the header that the found one belongs to: with those of groups above it, else of more labels below."""
    first = last = found
    labels = [text_of(cell) for cell in rows[found][1]]  # the lowest of each column
    while first > max(0, found - MAX_GROUPS) and _is_group_row(rows[first - 1][1], labels):
        first -= 1
        labels = [label or above for above, label in _pairs(rows[first][1], labels)]
    if first == found:
        for index in range(found + 1, min(len(rows), found + 1 + MAX_GROUPS)):
            if not _may_label(rows[index][1], labels):
                break
            last = index if _labels_more(rows[index][1], labels) else last
            labels = [below or label for label, below in _pairs(labels, rows[index][1])]
    return first, last


def text_of(cell: Cell) -> str:
    """The text of a cell on one line."""
    return " ".join(str(cell).split())


def day_labels(cells: Sequence[Cell]) -> frozenset[int]:
    """Which cells of a row label columns by their day: two whole dates or more, the numbers by which spreadsheet programs
    store days that follow each other, or days of a month, 1 to 31, that rise and may begin again below the next group. Of
    numbers at least three, for two numbers of people may look like days; two where each lies over several columns."""
    texts = [text_of(cell) for cell in cells]
    dates = [index for index, text in enumerate(texts) if is_date(text)]
    if len(dates) > 1:
        return frozenset(dates)
    days = [(int(text), index) for index, text in enumerate(texts) if re.fullmatch(r"\d{1,9}", text)]
    starts = [place for place, (day, _) in enumerate(days) if not place or day <= days[place - 1][0]]
    runs = [end - start for start, end in pairwise([*starts, len(days)])]
    is_wide = all(index + 1 < len(texts) and not texts[index + 1] for _, index in days)
    are_days = all(1 <= day <= 31 for day, _ in days) or _follow_each_other([day for day, _ in days])
    is_long = bool(days) and min(runs) >= (2 if is_wide else MIN_DAYS)
    return frozenset(index for _, index in days) if is_long and are_days else frozenset()


def _follow_each_other(numbers: Sequence[int]) -> bool:
    """Whether these are the numbers of days one after the other, of this century; they may begin again."""
    return all(day_of_serial(one) and other in (one + 1, numbers[0]) for one, other in pairwise(numbers))


def day_of_serial(number: int) -> date | None:
    """The day that spreadsheet programs store as this number, counted from 30 December 1899; of this century alone."""
    day = date(1899, 12, 30) + timedelta(days=min(number, 100_000))
    return day if 2000 <= day.year < 2100 else None


def is_date(text: str) -> bool:
    """Whether a text is one day with its year and nothing else, in figures or in words."""
    spans = spans_in(text)
    is_worded = len(spans) == 1 and spans[0].text == text and spans[0].first == spans[0].last
    return is_worded or WHOLE_DATE.fullmatch(text) is not None


def is_month(label: str) -> bool:
    """Whether a column's label is a month and nothing else, with or without its year."""
    text = label.strip().rstrip(".")
    if text.lower() in MONTHS:
        return True
    spans = spans_in(text)
    return len(spans) == 1 and spans[0].text == text and spans[0].first != spans[0].last


def _role(cell: Cell) -> Role:
    return role_of(normalise_label(str(cell)))


def _is_number(cell: Cell) -> bool:
    return not isinstance(cell, str) or NUMBER.fullmatch(text_of(cell)) is not None


def _is_header(cells: Sequence[Cell]) -> bool:
    """Labels and no numbers but days, with a place among them."""
    days = day_labels(cells)
    if any(_is_number(cell) for index, cell in enumerate(cells) if index not in days):
        return False
    known = {_role(cell) for cell in cells if text_of(cell)} - {Role.OTHER, Role.IGNORED}
    return bool(known & PLACE_ROLES) and (len(known) > 1 or sum(bool(text_of(cell)) for cell in cells) > 1)


def _count_labels(cells: Sequence[Cell]) -> tuple[int, int]:
    """How many labels have a role, and how many there are."""
    roles = [_role(cell) for cell in cells if text_of(cell)]
    return sum(role != Role.OTHER for role in roles), len(roles)


def _pairs(upper: Sequence[Cell], lower: Sequence[Cell]) -> list[tuple[str, str]]:
    """The texts of two rows, column by column."""
    return [(text_of(above), text_of(below)) for above, below in zip_longest(upper, lower, fillvalue="")]


def _is_group_row(cells: Sequence[Cell], below: Sequence[Cell]) -> bool:
    """Several labels above groups of columns of the header: beside its places, one of them over a column without any.

    A single text is a title, and so is what stands over the places ("Keadaan", "30 November 2021").
    """
    pairs, days = _pairs(cells, below), day_labels(cells)
    filled = [index for index, (group, _) in enumerate(pairs) if group]
    last_place = max(index for index, (_, label) in enumerate(pairs) if _role(label) in PLACE_ROLES)
    is_titled = any(index <= last_place and _role(pairs[index][0]) not in PLACE_ROLES for index in filled)
    is_wide = any(not group and label for index in filled for group, label in pairs[index + 1 : index + 2])
    is_numbered = any(_is_number(cell) for index, cell in enumerate(cells) if index not in days)
    return len(filled) > 1 and is_wide and not is_titled and not is_numbered


def _may_label(cells: Sequence[Cell], above: Sequence[Cell]) -> bool:
    """Labels under those of the header: nothing new under its places, no numbers at all (a row of totals has) but days."""
    pairs = _pairs(above, cells)
    if days := day_labels(cells):
        return _stand_under_a_group(pairs, days)
    filled = [cell for cell in cells if text_of(cell)]
    if not filled or any(_is_number(cell) or text_of(cell) in ("-", "–") for cell in filled):
        return False
    return not any(text and text != label and _role(label) in PLACE_ROLES for label, text in pairs)


def _labels_more(cells: Sequence[Cell], above: Sequence[Cell]) -> bool:
    """Whether a row of several texts labels columns that have no label yet: a group stands over its first column alone."""
    pairs = _pairs(above, cells)
    return sum(bool(text) for _, text in pairs) > 1 and any(text and not label for label, text in pairs)


def _stand_under_a_group(pairs: Sequence[tuple[str, str]], days: frozenset[int]) -> bool:
    """Whether a row holds days and nothing else, behind the places, most of them with no label of their own above."""
    last_place = max(index for index, (label, _) in enumerate(pairs) if _role(label) in PLACE_ROLES)
    is_alone = all(index in days or text in ("", label) for index, (label, text) in enumerate(pairs))
    labelled = sum(bool(pairs[index][0]) for index in days)
    return is_alone and min(days) > last_place and labelled < len(days)


def _grouped_labels(rows: Rows, merged: Merged) -> list[tuple[str, str]]:
    """(group, label) of each column: its lowest text, below the groups that lie over it."""
    width = max(len(cells) for _, cells in rows)
    groups: list[tuple[str, ...]] = [()] * width  # over each column, from above
    labels = [("", "")] * width
    for number, cells in rows:
        texts = [text_of(cell) for cell in cells] + [""] * (width - len(cells))
        # Without a label of its own in this row a column keeps the one above: the group beside it does not reach so far.
        labels = [
            (GROUPED.join(group for group in over if group != text), text) if text else before
            for over, text, before in zip(groups, texts, labels, strict=True)
        ]
        groups = [
            (*over, text) if text and text not in over else over
            for over, text in zip(groups, _spread(number, texts, groups, merged), strict=True)
        ]
    return labels


def _spread(number: int, texts: Sequence[str], groups: Sequence[tuple[str, ...]], merged: Merged) -> list[str]:
    """The texts of a row as they lie over columns: over their merged cells, or else over the blank ones to the right that
    are of the same group."""
    spread = list(texts)
    wide = [(first, last) for top, first, _, last in merged if top == number - 1 and first < last]
    for first, last in wide:
        spread[first : last + 1] = spread[first : first + 1] * len(spread[first : last + 1])
    for index in range(1, 0 if wide else len(spread)):
        spread[index] = spread[index] or (spread[index - 1] if groups[index] == groups[index - 1] else "")
    return spread


def _numbers_columns(cells: Sequence[Cell]) -> bool:
    """A row "(1) (2) (3)", 1, 2, 3 or "(3)=(2):(1)" under the header numbers the columns, from 1 on."""
    texts = [text for cell in cells if (text := text_of(cell))]
    numbers = [match for text in texts if (match := re.fullmatch(r"(\()?(\d{1,4})\)?(?:\s*=.*)?", text))]
    is_counting = [int(match[2]) for match in numbers] == list(range(1, len(texts) + 1))
    return is_counting and len(texts) > (1 if all(match[1] for match in numbers) else 2)
