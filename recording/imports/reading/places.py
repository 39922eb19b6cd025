"""The region of each row, learned once for every distinct place: the reason why long files are read quickly."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from copy import copy
from datetime import date
from operator import itemgetter
from typing import Any

from django.db.models import Q

from accounts.rights import Actor, require
from dukcapil.errors import N_, Refused
from recording.imports.layouts.cleaning import text_of
from recording.imports.layouts.layout import Layout
from recording.imports.layouts.roles import LEVEL_ROLES, PLACE_ROLES, Role
from recording.imports.matching import Chronicle, Lifetime, Match, OldName, Place, RegionNames, match_place
from recording.imports.spreadsheets import Cell
from recording.ledger.checks import check_open
from recording.models import FormerName, Period, Region, RegionAlias
from recording.parsing.region_names import normalise, parent_of

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
_NUMBERED = re.compile(r"^(?:\d{1,3}[.)]|[A-Za-z]\))\s*(?=[A-Za-z])")  # "12. KAPUK" in a list
_OTHER_TABLE = N_(
    "Kolom “%(column)s” ada dua kali dan menyebut wilayah lain di baris ini: dua tabel bersebelahan. Pindahkan tabel kanan ke "
    "lembar atau berkas sendiri, lalu kirim lagi."
)


def picker(columns: Iterable[int]) -> Callable[[Row], Any]:
    """The cells of these columns as something that a dictionary can look up."""
    indices = list(columns)
    return itemgetter(*indices) if indices else lambda row: ()


def label_of(layout: Layout, field: str) -> str:
    """The file's own label for a field of ours; "" when no column has it; for an unknown field, the field itself."""
    columns = (layout.column(role) for role in ROLES_OF_FIELD.get(field, ()))
    return next((column.label for column in columns if column), "" if field in ROLES_OF_FIELD else field)


def _means(names: RegionNames, place: Place, code: str) -> bool:
    """Whether a place is this region by these names."""
    with suppress(Refused):
        return match_place(names, place).code == code
    return False


class Places:
    """The regions of a file's rows, for `by`, who may do `action` there.

    `known` maps the cells that name a place, as `pick` takes them from a row, to (code, number of the region);
    `codes` numbers the regions of the file in the order of their coming.
    """

    def __init__(
        self, *, by: Actor, action: str, layout: Layout, spellings: Mapping[str, str], periods: Sequence[Period]
    ) -> None:
        self._by, self._action = by, action
        self._read_columns(layout)
        self._city = ""  # in which all rows lie, by the name of the sheet
        regions = [Lifetime(*row) for row in Region.objects.values_list("code", "name", "opened", "closed")]
        self.names = {region.code: region.name for region in regions}
        # Few regions open or close; only these are asked for every row.
        self.dated = Region.objects.filter(Q(opened__isnull=False) | Q(closed__isnull=False)).in_bulk()
        self._chronicle = Chronicle(
            regions,
            [OldName(*row) for row in FormerName.objects.values_list("region_id", "name", "first_day", "last_day")],
            RegionAlias.objects.values_list("region_id", "normalised"),
            spellings,
            first=min((period.first_day for period in periods), default=date.min),
        )
        self.codes: dict[str, int] = {}

    def _read_columns(self, layout: Layout) -> None:
        self._columns = [column for column in layout.columns if column.role in PLACE_ROLES]
        no_texts = {column.index for column in [*layout.values, *self._columns]}
        self._others = [column.index for column in layout.columns if column.index not in no_texts]
        self._twins = layout.twins
        self.pick = picker(column.index for column in [*self._columns, *(twin for _, twin in self._twins)])
        self.known: dict[Any, tuple[str, int]] = {}

    def of_sheet(self, layout: Layout, texts: Sequence[str]) -> "Places":
        """The same regions for one sheet of several. The first of its `texts`, its name and titles, that names one city
        says where all its rows lie."""
        twin = copy(self)
        twin._read_columns(layout)
        if layout.column(Role.CITY) is None:
            names = [name for name in texts if len(self._cities_in(name)) == 1]
            twin._city = self._cities_in(names[0])[0] if names else ""
        return twin

    def _cities_in(self, text: str) -> list[str]:
        """The cities that a text is the name of, else those whose names it holds."""
        whole = [code for names in self._chronicle.all() for code in names.at("city", text)]
        cities = [code for code in self.names if len(code) == 5 and normalise(self.names[code]) in normalise(text)]
        return list(dict.fromkeys(whole or cities))

    def find(self, row: Row, day: date) -> Match:
        """What the row is about on a day; a region that `by` may not write, or that is unknown, is Refused."""
        if known := self.known.get(self.pick(row)):
            return Match("region", known[0], self.names[known[0]])
        place = self._place(row)
        match = match_place(self._chronicle.on(day), place)
        if match.kind == "total" and match.code and match.code == self._city:
            return match._replace(code="")  # of all rows of the sheet
        if match.kind == "region":
            self._refuse_other_table(row)
            require(by=self._by, action=self._action, code=match.code)
            # Of anything but a kelurahan a word in another column may say that the row is a total.
            is_certain = len(match.code) == 13 or not self._others
            if is_certain and match.code not in self.dated and self._means_always(place, match.code):
                self.known[self.pick(row)] = (match.code, self.index(match.code))
        return match

    def _means_always(self, place: Place, code: str) -> bool:
        return all(_means(names, place, code) for names in self._chronicle.all())

    def _refuse_other_table(self, row: Row) -> None:
        """A place that the row names a second time must be the same: its numbers may belong to either."""
        for column, twin in self._twins:
            if normalise(text_of(row[column.index])) != normalise(text_of(row[twin.index])):
                raise Refused(_OTHER_TABLE, "region", column=column.label)

    def described(self, code: str) -> str:
        """A region as one chooses it: with the name of what it lies in, and its code."""
        parent = self.names.get(parent_of(code) or "", "")
        return ", ".join(part for part in (self.names[code], parent) if part) + f" ({code})"

    def region_on(self, row: Row, code: str, day: date) -> str:
        """The region that a row means on a day, where it was found to mean `code` on another one. It counts from its
        first day to its last; Refused outside of these."""
        if self.pick(row) in self.known:
            return code
        code = self.find(row, day).code
        if code in self.dated:
            check_open(self.dated[code], day)
        return code

    def index(self, code: str) -> int:
        """The number of a region in this file, from 0."""
        return self.codes.setdefault(code, len(self.codes))

    def _place(self, row: Row) -> Place:
        code, names = "", []
        for column in self._columns:
            text = _NUMBERED.sub("", text_of(row[column.index]))
            if column.role == Role.CODE or (column.role == Role.REGION and text[:1].isdigit()):
                code = code or text
            elif text:
                names.append((column.role.value if column.role in LEVEL_ROLES else "", text))
        if self._city:
            names.append((Role.CITY.value, self.names[self._city]))
        others = tuple(cell.strip() for index in self._others if isinstance(cell := row[index], str) and cell.strip())
        return Place(code, tuple(names), others)
