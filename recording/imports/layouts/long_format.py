"""Tables with a row for each region and category, turned into one row for each region with a column for each category:
what is known of columns then holds for categories as well. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dukcapil import figures
from dukcapil.errors import N_, Refused
from recording.imports.layouts.categories import Category, category_of, word_of
from recording.imports.layouts.header import NUMBER
from recording.imports.layouts.layout import Column, Layout, unused_key
from recording.imports.layouts.roles import (
    GROUPED,
    NOT_KEPT,
    PLACE_ROLES,
    Role,
    document_of,
    is_document,
    normalise_label,
    role_of,
)
from recording.imports.layouts.table_rows import NumberedRows
from recording.imports.spreadsheets.cells import Cell, text_of
from recording.parsing.region_names import normalise

MAX_CATEGORIES = 40
MAX_PLACES = 100_000  # rows of regions are put together in memory
SAYS = {Role.DAY, Role.PERIOD, Role.SOURCE, Role.EFFECTIVE_FROM, Role.OPENING, Role.DOCUMENT}
NOT_CATEGORIES = PLACE_ROLES | SAYS | {Role.DATED}
OWN_LABELS = {"NO", "NOMOR", "NO URUT", "BARIS", "ALASAN"}
_TOO_MANY = N_(
    "Wilayah yang sama berdiri di beberapa baris, dibedakan oleh kolom “%(column)s” dengan terlalu banyak isi. Jumlahkan "
    "dulu per wilayah, lalu kirim lagi."
)
_TOO_LONG = N_("Tabel dengan satu baris per kategori dibaca paling banyak %(most)s wilayah dan hari sekaligus; bagi berkasnya.")
Words = tuple[str, ...]  # what the columns of categories say in one row


@dataclass(frozen=True)
class Long:
    """`layout` as the file has it, `wide` as it is read. `cells`: the column of `wide` for the words of a row and a column
    of numbers; `numbers` maps each of these columns to that of the file, `names` to its category as it is written."""

    layout: Layout
    wide: Layout
    categories: Sequence[Column]
    cells: Mapping[tuple[Words, int], int]
    numbers: Mapping[int, Column]
    names: Mapping[int, str]

    @property
    def with_documents(self) -> Layout | None:
        """The layout of the file, with its categories as documents; None where they are something else."""
        words = {word for said, _ in self.cells for word in said}
        if len(self.categories) > 1 or self.layout.column(Role.DOCUMENT) or not all(map(is_document, words)):
            return None
        return self.layout.with_role(self.categories[0], Role.DOCUMENT)

    @property
    def words(self) -> dict[int, Words]:
        """The words of each column of a category."""
        return {index: words for (words, _), index in self.cells.items()}

    def rows(self, rows: NumberedRows) -> Iterator[tuple[int, list[Cell]]]:
        """Each region's rows as one, with the number of the first of them. What stands there twice stays two rows, and so
        does what has no name."""
        width, keys = _width(self.layout), _key_columns(self.layout)
        taken = {column.index for column in [*self.categories, *self.numbers.values()]}
        numbers = sorted({column.index for column in self.numbers.values()})
        whole: dict[Words, list[Cell]] = {}
        made: list[tuple[int, list[Cell]]] = []
        for number, row in rows:
            cells = [*row, *[""] * (width - len(row))]
            words, key = _words(cells, self.categories), _key(cells, keys)
            new = {self.cells[words, index]: cells[index] for index in numbers if (words, index) in self.cells}
            known = whole.get(key)
            if known and len(row) <= width and all(known[index] == "" for index in new):
                for index, cell in new.items():
                    known[index] = cell
                continue
            fresh: list[Cell] = ["" if index in taken else cell for index, cell in enumerate(cells[:width])]
            fresh += [*(new.get(index, "") for index in self.cells.values()), *cells[width:]]
            made.append((number, fresh))
            if len(made) > MAX_PLACES:
                raise Refused(_TOO_LONG, most=figures.people(MAX_PLACES))
            if _names_place(self.layout, cells):
                whole.setdefault(key, fresh)
        yield from made


def find_long(layout: Layout, head: NumberedRows, read: Callable[[], NumberedRows]) -> Long | None:
    """The table as one with a row for each category: where rows of one region differ in a column of texts, or such a
    column holds known categories alone. `read` gives all rows below the header. Refused where it holds too many texts."""
    candidates, numbers = _candidates(layout, head)
    if not candidates or not numbers:
        return None
    found = _categories(layout, candidates, _with_numbers(numbers, read(), _width(layout)))
    return _long(layout, found, numbers, read) if found else None


def _categories(layout: Layout, candidates: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> list[Column]:
    """Those of the candidates by which rows of one region differ, and those that hold known categories alone."""
    keys, count = _key_columns(layout), 0
    texts: list[Counter[str]] = [Counter() for _ in candidates]
    first: dict[Words, Words] = {}
    differing: set[int] = set()
    for cells in rows:
        count += 1
        said, key = _words(cells, candidates), _key(cells, keys)
        for counter, word in zip(texts, said, strict=True):
            if word in counter or len(counter) <= MAX_CATEGORIES:
                counter[word] += 1
        if not _names_place(layout, cells) or (key not in first and len(first) >= MAX_PLACES):
            continue
        before = first.setdefault(key, said)
        differing.update(place for place, word in enumerate(said) if word != before[place])
    found = []
    for place, (column, words) in enumerate(zip(candidates, texts, strict=True)):
        if place in differing and len(words) > MAX_CATEGORIES:
            raise Refused(_TOO_MANY, "columns", column=column.label)
        blank = words.pop("", 0)
        meanings = {category_of(each) for each in words}
        # "Orang" in every row is a unit.
        is_known = bool(meanings - {Category.WHOLE}) and blank * 2 <= count and Category.UNKNOWN not in meanings
        if place in differing or is_known:
            found.append(column)
    return found


def _long(layout: Layout, found: list[Column], numbers: list[Column], read: Callable[[], NumberedRows]) -> Long:
    """Its columns: those of the file without its categories and numbers, then one for each category and number."""
    width, taken = _width(layout), {column.index for column in [*found, *numbers]}
    kept = [column for column in layout.columns if column.index not in taken]
    names: dict[Words, str] = {}
    for cells in _with_numbers(numbers, read(), width):
        names.setdefault(_words(cells, found), " · ".join(text for each in found if (text := text_of(cells[each.index]))))
    made: list[Column] = []
    cells_of: dict[tuple[Words, int], int] = {}
    keys = {column.key for column in kept}
    for number in numbers:
        for words, name in names.items():
            column = _column(number, words, name, width + len(made), is_alone=len(numbers) == 1)
            column = replace(column, key=unused_key(column.key, keys))
            keys.add(column.key)
            cells_of[words, number.index] = column.index
            made.append(column)
    columns = dict(zip(cells_of.values(), (number for number in numbers for _ in names), strict=True))
    written = {index: names[words] for (words, _), index in cells_of.items()}
    return Long(layout, replace(layout, columns=(*kept, *made)), found, cells_of, columns, written)


def _column(number: Column, words: Words, name: str, index: int, *, is_alone: bool) -> Column:
    """The column of a category and a column of numbers: what is left is left with every number, and what only a person
    can tell apart has no role yet."""
    label = name if is_alone and name and not number.when else f"{number.label} · {name or 'tanpa kategori'}"
    not_kept = any(re.search(NOT_KEPT, word) for word in words)
    left = [role_of(word) for word in words if word and category_of(word) == Category.LEFT]
    role = next((each for each in left if each in (Role.TARGET, Role.IGNORED)), Role.REMAINING) if left else Role.OTHER
    role = Role.IGNORED if not_kept else role
    document = next((named for word in words if (named := document_of(word))), number.document)
    series = GROUPED.join(filter(None, (number.series, name)))
    return Column(index, label, normalise_label(label), role, document, number.when if role == Role.OTHER else "", series)


def _candidates(layout: Layout, rows: NumberedRows) -> tuple[list[Column], list[Column]]:
    """The columns of texts that may be categories, and those of numbers, by the first rows."""
    data = [[*row, *[""] * (_width(layout) - len(row))] for number, row in rows if number >= layout.first_data_row]
    numbered = {column for column in layout.columns if any(_is_number(row[column.index]) for row in data)}
    candidates = [
        column
        for column in layout.columns
        if column not in numbered and column.role not in NOT_CATEGORIES and column.key not in OWN_LABELS
    ]
    return candidates, [column for column in layout.values if column in numbered]


def _with_numbers(numbers: Sequence[Column], rows: NumberedRows, width: int) -> Iterator[list[Cell]]:
    for _, row in rows:
        cells = [*row, *[""] * (width - len(row))]
        if any(text_of(cells[column.index]) for column in numbers):
            yield cells


def _width(layout: Layout) -> int:
    return max(column.index for column in layout.columns) + 1


def _is_number(cell: Cell) -> bool:
    return not isinstance(cell, str) or NUMBER.fullmatch(cell.strip()) is not None


def _words(cells: Sequence[Cell], columns: Sequence[Column]) -> Words:
    return tuple(word_of(text_of(cells[column.index])) for column in columns)


def _key_columns(layout: Layout) -> list[Column]:
    return [column for column in layout.columns if column.role in PLACE_ROLES | SAYS]


def _key(cells: Sequence[Cell], columns: Sequence[Column]) -> Words:
    """What a row says beside its category and numbers; a region is the same however its name or code is written."""
    return tuple((normalise if column.role in PLACE_ROLES else normalise_label)(str(cells[column.index])) for column in columns)


def _names_place(layout: Layout, cells: Sequence[Cell]) -> bool:
    return any(text_of(cells[column.index]) for column in layout.columns if column.role in PLACE_ROLES)
