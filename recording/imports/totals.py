"""Rows of totals against the rows that were read, and the sums per city: nothing is imported that does not add up."""

from collections import defaultdict
from collections.abc import Callable

from dukcapil import figures
from dukcapil.errors import N_, Refused
from dukcapil.region_codes import is_within
from recording.imports.matching import Match
from recording.imports.places import Places, Row, text_of
from recording.imports.plan import Plan, Value
from recording.imports.report import Report, Total
from recording.imports.roles import PLACE_ROLES
from recording.imports.spreadsheets import Cell
from recording.parsing.numbers import parse_people
from recording.parsing.region_names import city_of, parent_of

MOST = 1_000  # rows of totals, unmapped rows and nameless rows that are kept
Reject = Callable[[int, Row, Refused], None]


class Totals:
    """Sums while a file is read; `finish` reconciles them and fills the report's columns, totals and cities."""

    def __init__(self, plan: Plan, places: Places, report: Report) -> None:
        self._plan, self._places, self._report = plan, places, report
        self.sums: dict[Value, list[int]] = {value: [] for value in plan.values}  # by the small number of the region
        self._unmapped: dict[int, int] = defaultdict(int)  # people by column, of rows that lie nowhere
        self._all: dict[int, int] = defaultdict(int)  # the same of every row, for columns that are not imported
        used = {value.column.index for value in plan.values}
        self._others = [column.index for column in plan.layout.values if column.index not in used]
        self._where = [column.index for column in plan.layout.columns if column.role in PLACE_ROLES]
        self._values = {column.index for column in plan.layout.values}
        self._kept: list[tuple[int, list[Cell], Match]] = []
        self._nameless: list[tuple[int, list[Cell]]] = []
        self._lines: dict[str, int] = {}
        self.subtotals: set[int] = set()

    def make_room(self, index: int) -> None:
        """Before a region with this small number is first counted; the same lists stay."""
        for sums in self.sums.values():
            if index >= len(sums):
                sums.extend([0] * (index + 256 - len(sums)))

    def add_row(self, number: int, code: str, row: Row) -> None:
        """A row of a table that is of one day: also its columns that are not imported are summed."""
        self._lines[code] = number
        for index in self._others:
            cell = row[index] if index < len(row) else ""
            if isinstance(cell, int):
                self._all[index] += cell

    def names_a_place(self, row: Row) -> bool:
        """Whether the row says where it belongs, or is labelled at all. A nameless row may still be a total."""
        if self._plan.says_when:
            return True
        return any(
            text_of(cell)
            for index, cell in enumerate(row)
            if index in self._where or (index not in self._values and isinstance(cell, str))
        )

    def keep(self, number: int, cells: list[Cell], found: Match | None) -> None:
        """A row of totals, or one without any name."""
        if found is None:
            if len(self._nameless) < MOST:
                self._nameless.append((number, cells))
        elif len(self._kept) < MOST:
            self._kept.append((number, cells, found))

    def keep_unmapped(self, number: int, cells: list[Cell], label: str) -> None:
        """People who lie in no region ("luar DKI"): kept, so that the totals reconcile, and not imported."""
        people = 0
        for index in self._values:
            number_here = _people(cells[index])
            self._unmapped[index] += number_here or 0
            if any(value.column.index == index for value in self._plan.values):
                people += number_here or 0
        self._report.unmapped.append({"row": number, "label": label, "people": people})

    def finish(self, reject: Reject) -> None:
        """Reconcile everything that was kept. Nameless rows that are no total are rejected."""
        self._find_subtotals()
        for number, cells in self._nameless:
            if all(_people(cells[v.column.index]) == self._sum(v) for v in self._plan.values) and self._lines:
                self._kept.append((number, cells, Match("total", "", "")))
            elif any(_people(cells[value.column.index]) for value in self._plan.values):
                reject(number, cells, Refused(N_("Baris ini tidak menyebut wilayah."), "region"))
        for number, cells, found in sorted(self._kept, key=lambda kept: kept[0]):
            self._reconcile(number, cells, found)
        self._describe_columns()
        per_city: dict[str, int] = defaultdict(int)
        for value in self._plan.values:
            for code, people in zip(self._places.codes, self.sums[value], strict=False):
                per_city[city_of(code)] += people
        counted = {city_of(code) for code in self._places.codes}
        self._report.per_city = {city: per_city[city] for city in sorted(counted)}

    def _sum(self, value: Value, code: str = "") -> int:
        """People of one column in the file; in a region when its code is given."""
        sums = self.sums[value]
        if not code:
            return sum(sums) + self._unmapped[value.column.index]
        return sum(people for each, people in zip(self._places.codes, sums, strict=False) if is_within(each, code))

    def _reconcile(self, number: int, cells: list[Cell], found: Match) -> None:
        for value in self._plan.values:
            total = _people(cells[value.column.index])
            if total is None:
                continue
            kept = Total(number, found.label or "TOTAL", value.column.label, total, self._sum(value, found.code))
            self._report.totals.append(kept)
            if not kept.agrees:
                self._report.ask(
                    "total",
                    N_("Baris %(row)s (%(label)s) menyebut %(file)s, baris yang terbaca berjumlah %(rows)s."),
                    row=number,
                    label=kept.label,
                    file=figures.people(kept.file),
                    rows=figures.people(kept.rows),
                )

    def _describe_columns(self) -> None:
        """Every column that holds numbers: its sum against the file's own total."""
        whole = next((cells for _, cells, found in self._kept if not found.code), None)
        used = {value.column.index: value for value in self._plan.values}
        for column, told in zip(self._plan.layout.columns, self._report.columns, strict=True):
            value = used.get(column.index)
            if value is None and (self._plan.says_when or column.index not in self._all):
                continue
            added = self._sum(value) if value else self._all[column.index] + self._unmapped[column.index]
            total = _people(whole[column.index]) if whole else None
            told |= {"sum": added, "total": total, "agrees": None if total is None else total == added}

    def _find_subtotals(self) -> None:
        """A row of a region whose parts stand in the same table is their sum, and would count them twice.

        Where it is not their sum a person decides: a count may well belong to a city as a whole.
        """
        above: set[str] = set()
        for code in self._lines:
            ancestor = parent_of(code)
            while ancestor and ancestor not in above:
                above.add(ancestor)
                ancestor = parent_of(ancestor)
        for code in sorted(above & set(self._lines), key=len, reverse=True):
            index = self._places.index(code)
            own = {value: sums[index] for value, sums in self.sums.items() if index < len(sums)}
            if all(people == self._sum(value, code) - people for value, people in own.items()):
                self._drop(code, own)
            else:
                self._report.ask(
                    "levels",
                    N_("Baris %(name)s berdiri bersama bagian-bagiannya dan bukan jumlahnya; semuanya dihitung."),
                    name=self._places.names[code],
                )

    def _drop(self, code: str, own: dict[Value, int]) -> None:
        number = self._lines[code]
        self.subtotals.add(number)
        for value, people in own.items():
            self.sums[value][self._places.index(code)] = 0
            self._report.totals.append(Total(number, self._places.names[code], value.column.label, people, people))


def _people(cell: Cell) -> int | None:
    """The number in a row of totals; what is none is simply not compared."""
    if isinstance(cell, float):
        return None
    try:
        return parse_people(cell)
    except Refused:
        return None
