"""The columns of a table and where it stands. Tables are read by their labels, never by position."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, count

from recording.imports.layouts.header import Header, Rows, find_header
from recording.imports.layouts.roles import (
    DOCUMENT,
    GROUPED,
    NUMBER_ROLES,
    PLACE_ROLES,
    RANK,
    REPEATABLE,
    Role,
    document_of,
    normalise_label,
    role_of,
)
from recording.imports.spreadsheets.cells import Cell, Merged, column_letters, text_of


@dataclass(frozen=True)
class Column:
    """One column. `key` is its normalised label; a later one of the same label has " #2" behind it. `when`: the day or
    month that its label names; `series`: what the label says beside it."""

    index: int
    label: str
    key: str
    role: Role
    document: str
    when: str = ""
    series: str = ""
    hidden: bool = False


@dataclass(frozen=True)
class Layout:
    """The columns of a table, and where it stands. `titles`: (row, text) above it, and groups that name a year."""

    columns: tuple[Column, ...]
    header_row: int
    first_data_row: int
    titles: tuple[tuple[int, str], ...]

    def column(self, role: Role) -> Column | None:
        """The first column of this role."""
        return next((column for column in self.columns if column.role == role), None)

    def columns_of(self, role: Role) -> list[Column]:
        """All columns of this role, in the file's order."""
        return [column for column in self.columns if column.role == role]

    def with_role(self, column: Column, role: Role) -> "Layout":
        """The same with another role of one column."""
        return replace(self, columns=tuple(replace(each, role=role) if each is column else each for each in self.columns))

    @property
    def twins(self) -> list[tuple[Column, Column]]:
        """Each column that says where a row lies, with a visible one of the same label that does so again."""
        places = {column.key: column for column in self.columns if column.role in PLACE_ROLES}
        again = ((places.get(column.key.partition(" #")[0]), column) for column in self.columns)
        return [(place, each) for place, each in again if place and each is not place and not each.hidden]

    @property
    def series(self) -> list[tuple[Column, list[Column]]]:
        """The columns of days by what their labels say beside the day: of each series, itself as one column, and its
        columns. A day that stands there a second time begins another series."""
        times: Counter[tuple[str, str]] = Counter()
        columns_of: dict[tuple[str, int], list[Column]] = defaultdict(list)
        for column in self.columns_of(Role.DATED):
            times[column.series, column.when] += 1
            columns_of[column.series, times[column.series, column.when]].append(column)
        keys: set[str] = set()
        found = []
        for (label, _), columns in columns_of.items():
            key = unused_key(normalise_label(label) or columns[0].key, keys)
            keys.add(key)
            role = role_of_parts(label.split(GROUPED)) if label else Role.PEOPLE
            found.append((replace(columns[0], label=label or columns[0].label, key=key, role=role, when=""), columns))
        return found

    @property
    def digest(self) -> str:
        """The same for tables of the same labels, whatever the order of their columns, and only for those."""
        return hashlib.sha256("|".join(sorted(column.key for column in self.columns)).encode()).hexdigest()

    @property
    def values(self) -> list[Column]:
        """The columns that may hold numbers of people."""
        return [column for column in self.columns if column.role in NUMBER_ROLES]


def find_layout(rows: Rows, merged: Merged = (), hidden: frozenset[int] = frozenset()) -> Layout:
    """The table below the header that `find_header` finds, or its Refused. Duplicate labels, columns in any order.

    `hidden`: columns that nobody sees, from 0; none of them keeps a role that a visible one has.
    """
    header = find_header(rows, merged, hidden)
    titles = tuple(
        (number, text)
        for index, (number, cells) in enumerate(rows[: header.last])
        for text in dict.fromkeys(map(text_of, cells))
        if text and (index < header.first or re.search(r"\b20\d\d\b", text))
    )
    data = rows[header.data :]
    first_data_row = data[0][0] if data else rows[-1][0] + 1
    columns = _columns(header, [cells for _, cells in data], hidden)
    return Layout(columns, rows[header.first][0], first_data_row, titles)


def _columns(header: Header, data: Sequence[Sequence[Cell]], hidden: frozenset[int]) -> tuple[Column, ...]:
    """The columns that have a label or hold anything. Of several of one role only that of the first rank keeps it."""
    ranked: list[tuple[int, Column]] = []
    keys: set[str] = set()
    names_places = any(
        role_of(normalise_label(text)) in PLACE_ROLES for _, text in header.labels if normalise_label(text) != "ID"
    )
    for index, (group, text) in enumerate(header.labels):
        if not text and not any(text_of(row[index]) for row in data if index < len(row)):
            continue
        name = f"Kolom {column_letters(index)}"
        label = f"{group}{GROUPED}{text}" if group else text or name
        whole, own = normalise_label(label) or normalise_label(name), normalise_label(text)
        key = unused_key(whole, keys)
        keys.add(key)
        day = header.days.get(index)
        role = role_of_parts(day.rest if day else (group, text) if group else (label,))
        if whole == "ID" and _numbers_rows([row[index] if index < len(row) else "" for row in data], names_places):
            role = Role.IGNORED
        is_counted = role not in (Role.REMAINING, Role.TARGET, Role.IGNORED)  # "BELUM · 1" holds nobody of that day
        day = day if is_counted else None
        role = Role.DATED if day else role
        rank = RANK.get(whole, RANK.get(own, len(RANK)))
        document = document_of(own) or document_of(whole)
        dated = (day.when, GROUPED.join(day.rest)) if day else ("", "")
        ranked.append((rank, Column(index, label, key, role, document, *dated, index in hidden)))
    keepers: dict[Role, Column] = {}
    for _, column in sorted(ranked, key=lambda pair: (pair[1].hidden, pair[0])):
        keepers.setdefault(column.role, column)
    return tuple(
        column if column.role in REPEATABLE or keepers[column.role] is column else replace(column, role=Role.IGNORED)
        for _, column in ranked
    )


def _numbers_rows(cells: Sequence[Cell], names_places: bool) -> bool:
    """Whether a column only counts on: exports of databases number their rows in one called "id". Where no other column
    names a place only 1, 2, 3 do: codes of regions count on as well."""
    texts = [text for cell in cells if (text := text_of(cell))]
    first = int(texts[0]) if names_places and texts and texts[0].isdecimal() else 1
    return bool(texts) and texts == [str(number) for number in range(first, first + len(texts))]


def unused_key(key: str, keys: set[str]) -> str:
    """The key itself, or with the first number behind it that is not in use."""
    numbered = (f"{key} #{number}" for number in count(2))
    return next(each for each in chain([key], numbered) if each not in keys)


def role_of_parts(parts: Sequence[str]) -> Role:
    """The role of a label under its groups."""
    *groups, own = (normalise_label(part) for part in parts or ("",))
    return _grouped_role(" ".join(groups), own) if any(groups) else role_of(own)


def _grouped_role(group: str, label: str) -> Role:
    """The role of a column under a group. Shares and what is left are so with every label below them; otherwise the
    column's own label decides; where that only names a document, says "jumlah", or nothing known, both do."""
    group_role, is_mixed = role_of(group.partition(" ")[0]), " DAN " in group
    if group_role in (Role.IGNORED, Role.REMAINING) and not is_mixed:
        return group_role
    own, whole = role_of(label), role_of(f"{group} {label}")
    if re.fullmatch(DOCUMENT, label):
        return whole
    is_vague = own == Role.OTHER or (own == Role.PEOPLE and not is_mixed)
    return whole if is_vague and whole != Role.OTHER else own
