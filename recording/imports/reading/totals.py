"""Rows of totals against the rows that were read, and the sums per city: nothing is imported that does not add up."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext

from dukcapil import figures
from dukcapil.errors import N_, Refused
from dukcapil.region_codes import is_within
from recording.imports.findings import NOTE, Findings
from recording.imports.layouts.cleaning import text_of
from recording.imports.layouts.columns import Value
from recording.imports.layouts.roles import PLACE_ROLES
from recording.imports.matching import Match
from recording.imports.plan import Plan
from recording.imports.reading.places import Places, Row
from recording.imports.reading.subtotals import RowSums
from recording.imports.spreadsheets import Cell
from recording.models import ImportKind
from recording.parsing.numbers import parse_people
from recording.parsing.region_names import city_of, parent_of

MAX_TOTAL_ROWS = 1_000  # rows of totals, and as many without a name, that are kept until all rows were read
SUBTOTAL = N_("jumlah baris di atasnya")
NO_NAME = N_("Baris ini tidak menyebut wilayah.")
NOT_COMPARED = N_("Baris jumlah sesudah %(most)s yang pertama tidak dicocokkan.")
_LEVELS = {
    ImportKind.COUNTS: N_("Baris %(name)s berdiri bersama bagian-bagiannya dan bukan jumlahnya; semuanya dihitung. Benar?"),
    ImportKind.TARGETS: N_("Target %(name)s bukan jumlah target bagian-bagiannya; target sendiri itu yang berlaku. Benar?"),
}
Reject = Callable[[int, Row, Refused], None]


@dataclass(frozen=True)
class Total:
    """A row of totals in the file against the sum of the rows that were read."""

    row: int
    label: str
    column: str
    file: int
    rows: int

    @property
    def agrees(self) -> bool:
        return self.file == self.rows


@dataclass(frozen=True)
class Unmapped:
    """A row of people who lie in no region ("luar DKI"): part of the totals, and not imported."""

    row: int
    label: str
    people: int


@dataclass(frozen=True)
class ColumnSum:
    """The people of a column's rows, and the file's own total of them, None without one."""

    people: int
    total: int | None

    @property
    def agrees(self) -> bool | None:
        return None if self.total is None else self.total == self.people


@dataclass(frozen=True)
class TableTotals:
    """What adds up. `columns` are by index. `per_city`: people by the code of the city and the document; `file_total`:
    by document what the file's own row of totals says, None where it says nothing of that document. `subtotals`: the
    region of each row that only sums up others, by its number."""

    totals: Sequence[Total] = ()
    unmapped: Sequence[Unmapped] = ()
    columns: Mapping[int, ColumnSum] = field(default_factory=dict)
    per_city: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    file_total: Mapping[str, int | None] = field(default_factory=dict)
    subtotals: Mapping[int, str] = field(default_factory=dict)


class TotalsCheck:
    """Sums while a file is read; `finish` reconciles them with the file's own totals."""

    def __init__(self, plan: Plan, places: Places, findings: Findings) -> None:
        self._plan, self._places, self._findings = plan, places, findings
        self._sums: dict[tuple[Value, str], dict[str, int]] = {}  # by column and document the people of each region
        self._used = [value.column.index for value in plan.values]
        self._numbers = {column.index for column in plan.layout.values}
        self._unused = self._numbers.difference(self._used)
        self._unused_sums: dict[int, int] = defaultdict(int)  # by column
        self._unmapped_sums: dict[int, int] = defaultdict(int)  # by column
        self._where = {column.index for column in plan.layout.columns if column.role in PLACE_ROLES}
        self._total_rows: list[tuple[int, list[Cell], Match]] = []
        self._nameless_rows: list[tuple[int, list[Cell]]] = []
        self._unmapped: list[Unmapped] = []
        self._row_of: dict[str, int] = {}  # by region, in a table that is of one day
        self._totals: list[Total] = []
        self._subtotals: dict[int, str] = {}

    def sums_of(self, value: Value, document: str) -> dict[str, int]:
        """Where the people of a column and document are summed by region."""
        return self._sums.setdefault((value, document), defaultdict(int))

    def add_row(self, number: int, code: str, row: Row) -> None:
        """A row of a table that is of one day: also its columns that are not imported are summed."""
        self._row_of[code] = number
        for index in self._unused:
            cell = row[index] if index < len(row) else ""
            if isinstance(cell, int):
                self._unused_sums[index] += cell

    def names_a_place(self, row: Row) -> bool:
        """Whether the row says where it belongs, or is labelled at all. A nameless row may still be a total."""
        if self._plan.says_when:
            return True
        return any(
            text_of(cell)
            for index, cell in enumerate(row)
            if index in self._where or (index not in self._numbers and isinstance(cell, str))
        )

    def keep_nameless(self, number: int, cells: list[Cell]) -> None:
        """A row without any name. Refused, where it has numbers, beyond those that are kept."""
        if len(self._nameless_rows) < MAX_TOTAL_ROWS:
            self._nameless_rows.append((number, cells))
        elif any(people_of(cells[index]) for index in self._used):
            raise Refused(NO_NAME, "region")

    def keep_total(self, number: int, cells: list[Cell], found: Match) -> None:
        """A row of totals."""
        if len(self._total_rows) < MAX_TOTAL_ROWS:
            self._total_rows.append((number, cells, found))
        else:
            self._findings.add(number, "", Refused(NOT_COMPARED, most=figures.people(MAX_TOTAL_ROWS)), NOTE, self._plan.sheet)

    def keep_unmapped(self, number: int, cells: list[Cell], label: str) -> None:
        """A row of people who lie in no region: kept, so that the totals reconcile, and not imported."""
        people = {index: people_of(cells[index]) or 0 for index in self._numbers}
        for index in people:
            self._unmapped_sums[index] += people[index]
        self._unmapped.append(Unmapped(number, label, sum(people.get(index, 0) for index in self._used)))

    def finish(self, reject: Reject) -> TableTotals:
        """Reconcile everything that was kept. Nameless rows that are no total are rejected."""
        self._find_subtotals()
        sums = self._row_sums()
        borders = sorted([number for number, _ in self._nameless_rows] + [number for number, _, _ in self._total_rows])
        for number, cells in self._nameless_rows:
            self._place_nameless(number, cells, sums, borders, reject)
        for number, cells, found in sorted(self._total_rows, key=lambda kept: kept[0]):
            self._reconcile(number, cells, found)
        return TableTotals(
            self._totals, self._unmapped, self._column_sums(), self._per_city(), self._file_total(), self._subtotals
        )

    def _find_subtotals(self) -> None:
        """A row of a region whose parts stand in the same table is their sum, and would count them twice.

        Where it is not their sum a person decides: a count may well belong to a city as a whole.
        """
        above: set[str] = set()
        for code in self._row_of:
            ancestor = parent_of(code)
            while ancestor and ancestor not in above:
                above.add(ancestor)
                ancestor = parent_of(ancestor)
        for code in sorted(above & set(self._row_of), key=len, reverse=True):
            own = {key: sums.get(code, 0) for key, sums in self._sums.items()}
            if all(people == _sum_within(self._sums[key], code) - people for key, people in own.items()):
                self._drop(code, own)
            else:
                self._findings.ask(
                    "levels",
                    Refused(_LEVELS[ImportKind(self._plan.kind)], name=self._places.names[code]),
                    proposed="",  # two levels added together may count people twice: only a person knows
                    sheet=self._plan.sheet,
                )

    def _drop(self, code: str, own: dict[tuple[Value, str], int]) -> None:
        """Count the people of a subtotal's parts alone."""
        number, name = self._row_of[code], self._places.names[code]
        self._subtotals[number] = code
        for (value, document), people in own.items():
            self._sums[value, document][code] = 0
            self._totals.append(Total(number, name, value.column.label, people, people))

    def _sum(self, value: Value, code: str = "") -> int:
        """People of one column in the file; in a region when its code is given."""
        people = sum(_sum_within(sums, code) for (column, _), sums in self._sums.items() if column == value)
        return people if code else people + self._unmapped_sums[value.column.index]

    def _row_sums(self) -> RowSums:
        values = list(self._plan.values)
        by_value = {value: [sums for (column, _), sums in self._sums.items() if column == value] for value in values}
        rows = (
            (number, [sum(sums.get(code, 0) for sums in by_value[value]) for value in values])
            for code, number in (self._row_of.items() if self._nameless_rows else ())
        )
        return RowSums(rows, len(values))

    def _place_nameless(self, number: int, cells: list[Cell], sums: RowSums, borders: Sequence[int], reject: Reject) -> None:
        """A row without a name is the total of the table, or of the rows above it, when all its numbers are; any other
        with numbers is wrong."""
        people = {value: people_of(cells[value.column.index]) for value in self._plan.values}
        if self._row_of and all(people[value] == self._sum(value) for value in people):
            self._total_rows.append((number, cells, Match("total", "", "")))
        elif any(people.values()) and sums.is_subtotal(number, [each or 0 for each in people.values()], borders):
            for value, each in people.items():
                self._totals.append(Total(number, gettext(SUBTOTAL), value.column.label, each or 0, each or 0))
        elif any(people.values()):
            reject(number, cells, Refused(NO_NAME, "region"))

    def _reconcile(self, number: int, cells: list[Cell], found: Match) -> None:
        for value in self._plan.values:
            people = people_of(cells[value.column.index])
            if people is None:
                continue
            total = Total(number, found.label or "TOTAL", value.column.label, people, self._sum(value, found.code))
            self._totals.append(total)
            if not total.agrees:
                sentence = N_(
                    "Baris %(row)s (%(label)s) menyebut %(file)s, baris yang terbaca berjumlah %(rows)s. Impor menurut "
                    "barisnya?"
                )
                words = {"file": figures.people(total.file), "rows": figures.people(total.rows)}
                self._findings.ask("total", Refused(sentence, row=number, label=total.label, **words), sheet=self._plan.sheet)

    def _column_sums(self) -> dict[int, ColumnSum]:
        """Every column that is imported, and in a table of one day the others that hold numbers."""
        sums = (
            {}
            if self._plan.says_when
            else {index: people + self._unmapped_sums[index] for index, people in self._unused_sums.items()}
        )
        sums |= {value.column.index: self._sum(value) for value in self._plan.values}
        whole = next((cells for _, cells, found in self._total_rows if not found.code), None)
        return {index: ColumnSum(people, people_of(whole[index]) if whole else None) for index, people in sums.items()}

    def _per_city(self) -> dict[str, dict[str, int]]:
        per_city: dict[str, dict[str, int]] = {city: {} for city in sorted({city_of(code) for code in self._places.codes})}
        for (_, document), sums in self._sums.items():
            for code, people in sums.items():
                city = per_city[city_of(code)]
                city[document] = city.get(document, 0) + people
        return per_city

    def _file_total(self) -> dict[str, int | None]:
        """A row of totals says nothing of one document where a column holds several."""
        documents = sorted({document for _, document in self._sums})
        columns = {document: [value for value, each in self._sums if each == document] for document in documents}
        shared = {value for value, _ in self._sums if len([1 for each, _ in self._sums if each == value]) > 1}
        whole = next((cells for _, cells, found in self._total_rows if not found.code), None)
        totals: dict[str, int | None] = {}
        for document, values in columns.items():
            people = [people_of(whole[value.column.index]) if whole and value not in shared else None for value in values]
            totals[document] = None if None in people else sum(each or 0 for each in people)
        return totals


def _sum_within(sums: Mapping[str, int], code: str) -> int:
    """The people of a region and all below it; of "", of all."""
    return sum(people for region, people in sums.items() if not code or is_within(region, code))


def people_of(cell: Cell) -> int | None:
    """The number in a row of totals; what is none is simply not compared."""
    if isinstance(cell, float):
        return None
    try:
        return parse_people(cell)
    except Refused:
        return None
