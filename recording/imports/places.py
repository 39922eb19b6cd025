"""What the cells of a row mean, learned once for each distinct cell: the reason why long files are read quickly."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from operator import itemgetter
from typing import Any

from django.db.models import Q

from accounts.rights import Actor, require
from dukcapil.cells import FORMULA_SIGNS
from dukcapil.errors import Refused
from recording.imports.layout import Column, Layout, Role
from recording.imports.matching import Found, Place, RegionMatcher
from recording.imports.spreadsheets import Cell
from recording.ledger.checks import check_open, unknown_region
from recording.models import Region, RegionAlias

WHERE = (Role.CODE, Role.REGION, Role.PROVINCE, Role.CITY, Role.DISTRICT, Role.VILLAGE, Role.NAME)
LEVELS = {Role.PROVINCE: "province", Role.CITY: "city", Role.DISTRICT: "district", Role.VILLAGE: "village"}
# At which column of the file a refusal is shown: the first of these roles that the file has.
FIELDS: dict[str, tuple[Role, ...]] = {
    "region": (Role.CODE, Role.REGION, Role.VILLAGE, Role.DISTRICT, Role.CITY, Role.NAME),
    "name": (Role.NAME, Role.VILLAGE, Role.DISTRICT, Role.CITY),
    **{level: (role, Role.NAME) for role, level in LEVELS.items()},
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

    The apostrophe that `exports.safe_cell` puts before what looks like a formula is taken off again.
    """
    text = cell.strip() if isinstance(cell, str) else str(cell)
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULA_SIGNS else text


class Labels:
    """What the file calls a field."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def __call__(self, field: str) -> str:
        """The file's own label for a field of ours; the field itself when no column has it."""
        columns = (self._layout.column(role) for role in FIELDS.get(field, ()))
        return next((column.label for column in columns if column), "" if field in FIELDS else field)


class Places:
    """Region of each row. `known` maps the cells that say where to (code, place in `codes`)."""

    def __init__(self, *, by: Actor, action: str, layout: Layout, spellings: dict[str, str]) -> None:
        self._by, self._action = by, action
        self._columns = [column for column in layout.columns if column.role in WHERE]
        values = {column.index for column in layout.values}
        self._others = [
            column.index for column in layout.columns if column.index not in values and column.role not in WHERE
        ]
        self.pick = picker(column.index for column in self._columns)
        self.names = dict(Region.objects.values_list("code", "name"))
        # Few regions open or close; only these are asked for every row.
        self.dated = Region.objects.filter(Q(opened__isnull=False) | Q(closed__isnull=False)).in_bulk()
        aliases = RegionAlias.objects.values_list("region_id", "normalised")
        self._matcher = RegionMatcher(self.names.items(), aliases, spellings)
        self.known: dict[Any, tuple[str, int]] = {}
        self.codes: list[str] = []
        self._index: dict[str, int] = {}
        self._refused: dict[str, Refused] = {}

    def find(self, row: Row) -> Found:
        """What the row is about; a region that `by` may not write, or that is unknown, is Refused."""
        found = self._matcher.find(self._place(row))
        if found.kind == "region":
            if found.code not in self.names:
                raise unknown_region(found.code)
            self._require(found.code)
            if found.code not in self.dated:
                self.known[self.pick(row)] = (found.code, self.index(found.code))
        return found

    def check_open(self, code: str, day: date) -> None:
        """A region counts from its first day to its last."""
        if code in self.dated:
            check_open(self.dated[code], day)

    def index(self, code: str) -> int:
        """A small number for each region of the file, in the order of their coming."""
        if code not in self._index:
            self._index[code] = len(self.codes)
            self.codes.append(code)
        return self._index[code]

    def _place(self, row: Row) -> Place:
        code, names = "", []
        for column in self._columns:
            text = text_of(row[column.index])
            if column.role == Role.CODE or (column.role == Role.REGION and text[:1].isdigit()):
                code = code or text
            elif text:
                names.append((LEVELS.get(column.role, ""), text))
        others = tuple(cell.strip() for index in self._others if isinstance(cell := row[index], str) and cell.strip())
        return Place(code, tuple(names), others)

    def _require(self, code: str) -> None:
        if code in self._refused:
            raise self._refused[code]
        try:
            require(by=self._by, action=self._action, code=code)
        except Refused as problem:
            self._refused[code] = problem
            raise


def indices(columns: Iterable[Column | None]) -> list[int]:
    """The places of those columns that the file has."""
    return [column.index for column in columns if column]
