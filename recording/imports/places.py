"""The region of each row, learned once for every distinct place: the reason why long files are read quickly."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import Any

from django.db.models import Q

from accounts.rights import Actor, require
from dukcapil.cells import FORMULA_SIGNS
from recording.imports.layout import Layout
from recording.imports.matching import Match, Place, index_names, match_place
from recording.imports.roles import LEVEL_ROLES, PLACE_ROLES, Role
from recording.imports.spreadsheets import Cell
from recording.ledger.checks import check_open
from recording.models import Region, RegionAlias

# At which column of the file a refusal is shown: the first of these roles that the file has.
ROLES_OF_FIELD: dict[str, tuple[Role, ...]] = {
    "region": (Role.CODE, Role.REGION, Role.VILLAGE, Role.DISTRICT, Role.CITY, Role.NAME),
    "name": (Role.NAME, Role.VILLAGE, Role.DISTRICT, Role.CITY),
    **{role.value: (role, Role.NAME) for role in LEVEL_ROLES},
    **{
        role.value: (role,)
        for role in (Role.DAY, Role.DOCUMENT, Role.SOURCE, Role.PERIOD, Role.EFFECTIVE_FROM, Role.KIND, Role.OPENING)
    },
}
Row = Sequence[Cell]


def picker(columns: Iterable[int]) -> Callable[[Row], Any]:
    """The cells of these columns as something that a dictionary can look up."""
    indices = list(columns)
    return itemgetter(*indices) if indices else lambda row: ()


def text_of(cell: Cell) -> str:
    """A cell as text: a code that the workbook holds as a number is the same code.

    An apostrophe is taken off again: `dukcapil.cells.safe_cell` puts one before what looks like a formula, and people
    before codes and numbers, so that they stay text.
    """
    text = cell.strip() if isinstance(cell, str) else str(cell)
    return text[1:] if has_apostrophe(text) or (text[:1] == "'" and text[1:2] in FORMULA_SIGNS) else text


def has_apostrophe(text: str) -> bool:
    """Whether somebody put an apostrophe before a code or a number, so that it stays text."""
    return text[:1] == "'" and text[1:2].isdigit()


def label_of(layout: Layout, field: str) -> str:
    """The file's own label for a field of ours; "" when no column has it; for an unknown field, the field itself."""
    columns = (layout.column(role) for role in ROLES_OF_FIELD.get(field, ()))
    return next((column.label for column in columns if column), "" if field in ROLES_OF_FIELD else field)


class Places:
    """The regions of a file's rows, for `by`, who may do `action` there.

    `known` maps the cells that name a place, as `pick` takes them from a row, to (code, number of the region);
    `codes` numbers the regions of the file in the order of their coming.
    """

    def __init__(self, *, by: Actor, action: str, layout: Layout, spellings: Mapping[str, str]) -> None:
        self._by, self._action = by, action
        self._columns = [column for column in layout.columns if column.role in PLACE_ROLES]
        no_texts = {column.index for column in [*layout.values, *self._columns]}
        self._others = [column.index for column in layout.columns if column.index not in no_texts]
        self.pick = picker(column.index for column in self._columns)
        self.names = dict(Region.objects.values_list("code", "name"))
        # Few regions open or close; only these are asked for every row.
        self.dated = Region.objects.filter(Q(opened__isnull=False) | Q(closed__isnull=False)).in_bulk()
        aliases = RegionAlias.objects.values_list("region_id", "normalised")
        self._index = index_names(self.names.items(), aliases, spellings)
        self.known: dict[Any, tuple[str, int]] = {}
        self.codes: dict[str, int] = {}

    def find(self, row: Row) -> Match:
        """What the row is about; a region that `by` may not write, or that is unknown, is Refused."""
        match = match_place(self._index, self._place(row))
        if match.kind == "region":
            require(by=self._by, action=self._action, code=match.code)
            if match.code not in self.dated:
                self.known[self.pick(row)] = (match.code, self.index(match.code))
        return match

    def check_open(self, code: str, day: date) -> None:
        """A region counts from its first day to its last."""
        if code in self.dated:
            check_open(self.dated[code], day)

    def index(self, code: str) -> int:
        """The number of a region in this file, from 0."""
        return self.codes.setdefault(code, len(self.codes))

    def _place(self, row: Row) -> Place:
        code, names = "", []
        for column in self._columns:
            text = text_of(row[column.index])
            if column.role == Role.CODE or (column.role == Role.REGION and text[:1].isdigit()):
                code = code or text
            elif text:
                names.append((column.role.value if column.role in LEVEL_ROLES else "", text))
        others = tuple(cell.strip() for index in self._others if isinstance(cell := row[index], str) and cell.strip())
        return Place(code, tuple(names), others)
