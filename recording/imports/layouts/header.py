"""Where the header of a table stands: the row, or the rows, that label its columns."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from dukcapil.errors import N_, Refused
from recording.imports.layouts.day_labels import DayLabel, day_labels, days_of
from recording.imports.layouts.roles import GROUPED, NUMBER_ROLES, PLACE_ROLES, SUM, Role, normalise_label, role_of
from recording.imports.spreadsheets.cells import Cell, Merged, text_of

MAX_HEADER_ROW = 15
MAX_GROUPS = 2  # rows of a header beside the one that names the places
# Numbers as text, codes, days and times; a year may be the label of a column.
NUMBER = re.compile(r"(?!20\d\d$)[-–(+]?\d[\d.,\s/:–-]*%?\)?")
Rows = Sequence[tuple[int, Sequence[Cell]]]


@dataclass(frozen=True)
class Header:
    """`first`, `last` and `data`, where the rows below begin, count in the rows that were given, from 0.
    `labels`: (group, label) of each column; group "" for a label that stands alone. `days`: of the columns whose labels
    name their day or month."""

    first: int
    last: int
    data: int
    labels: list[tuple[str, str]]
    days: Mapping[int, DayLabel] = field(default_factory=dict)


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
    unseen = {index for index in hidden if _role(*rows[found][1][index : index + 1] or [""]) not in PLACE_ROLES}
    if data < len(rows) and _numbers_columns([cell for index, cell in enumerate(rows[data][1]) if index not in unseen]):
        data += 1
    labels = _grouped_labels(rows[first : last + 1], merged)
    return Header(first, last, data, labels, days_of(labels, [cells for _, cells in rows[first : last + 1]]))


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
    if (days := day_labels(cells)) and _stand_under_a_group(pairs, days):
        return True
    filled = [cell for cell in cells if text_of(cell)]
    if not filled or any(_is_number(cell) or text_of(cell) in ("-", "–") for cell in filled):
        return False
    return not any(text and text != label and _role(label) in PLACE_ROLES for label, text in pairs)


def _labels_more(cells: Sequence[Cell], above: Sequence[Cell]) -> bool:
    """Whether a row of several texts labels columns that have no label yet: a group stands over its first column alone."""
    pairs = _pairs(above, cells)
    return sum(bool(text) for _, text in pairs) > 1 and any(text and not label for label, text in pairs)


def _stand_under_a_group(pairs: Sequence[tuple[str, str]], days: frozenset[int]) -> bool:
    """Whether a row holds days and their sums alone, behind the places, most with no label of their own above."""
    last_place = max(index for index, (label, _) in enumerate(pairs) if _role(label) in PLACE_ROLES)
    is_alone = all(
        index in days or text in ("", label) or re.search(SUM, normalise_label(text))
        for index, (label, text) in enumerate(pairs)
    )
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
