"""The columns of a table and where it stands. Tables are read by their labels, never by position."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, count

from recording.imports.layouts.header import GROUPED, Header, Rows, find_header, is_date, is_month, text_of
from recording.imports.layouts.roles import (
    DOCUMENT,
    NUMBER_ROLES,
    PLACE_ROLES,
    RANK,
    REPEATABLE,
    Role,
    document_of,
    normalise_label,
    role_of,
)
from recording.imports.spreadsheets.cells import Cell, Merged, column_letters


@dataclass(frozen=True)
class Column:
    """One column. `key` is its normalised label; a later one of the same label has " #2" behind it. `when`: the day or
    month that its own label says and nothing else, as it is written there."""

    index: int
    label: str
    key: str
    role: Role
    document: str
    when: str = ""
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
    days = {**_months(header.labels), **header.days}
    for index, (group, text) in enumerate(header.labels):
        if not text and not any(text_of(row[index]) for row in data if index < len(row)):
            continue
        name = f"Kolom {column_letters(index)}"
        label = f"{group} · {text}" if group else text or name
        whole, own = normalise_label(label) or normalise_label(name), normalise_label(text)
        key = unused_key(whole, keys)
        keys.add(key)
        over = normalise_label(GROUPED.join(part for part in group.split(GROUPED) if not is_date(part) and not is_month(part)))
        role = _grouped_role(over, own) if over else role_of(own if group else whole)
        if whole == "ID" and _numbers_rows([row[index] if index < len(row) else "" for row in data], names_places):
            role = Role.IGNORED
        is_counted = role not in (Role.REMAINING, Role.TARGET, Role.IGNORED)  # "BELUM · 1" holds nobody of that day
        when = days.get(index, "") if is_counted else ""
        role = Role.DATED if when else role
        rank = RANK.get(whole, RANK.get(own, len(RANK)))
        document = document_of(own) or document_of(whole)
        ranked.append((rank, Column(index, label, key, role, document, when, index in hidden)))
    keepers: dict[Role, Column] = {}
    for _, column in sorted(ranked, key=lambda pair: (pair[1].hidden, pair[0])):
        keepers.setdefault(column.role, column)
    return tuple(
        column if column.role in REPEATABLE or keepers[column.role] is column else replace(column, role=Role.IGNORED)
        for _, column in ranked
    )


def _months(labels: Sequence[tuple[str, str]]) -> dict[int, str]:
    """The month that labels a column, or the group over it, where several columns, or groups, are labelled so."""
    own = {index: text for index, (_, text) in enumerate(labels) if is_month(text)}
    over = {index: part for index, (group, _) in enumerate(labels) for part in group.split(GROUPED) if is_month(part)}
    return (over if len(set(over.values())) > 1 else {}) | (own if len(own) > 1 else {})


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
