"""Reading the rows of a table: every cell checked, every problem named, good rows handed on."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import dropwhile
from typing import Any, ClassVar, Generic, TypeVar

from dukcapil import figures
from dukcapil.errors import N_, Refused
from recording.imports.matching import UnknownSpelling
from recording.imports.places import Places, Row, label_of, picker, text_of
from recording.imports.plan import Plan, Value
from recording.imports.rejected_rows import RejectedRows
from recording.imports.report import WARNING, Report
from recording.imports.roles import Role
from recording.imports.spreadsheets import Cell
from recording.imports.totals import Totals
from recording.ledger.checks import duplicate_row_error
from recording.parsing.numbers import parse_people
from recording.parsing.region_names import BpsCode

STEP = 20_000  # rows between two messages of progress
NUMBERS = 100_000  # distinct numbers that are remembered
TOO_LONG = N_("Baris ini lebih panjang daripada judul kolom. Apit angka seperti 1,234 dengan petik.")


@dataclass
class Slot:
    """What a row says beside its region and number; `seen` marks the regions that the file has named with it."""

    document: str
    seen: bytearray = field(default_factory=bytearray)

    def has(self, index: int) -> bool:
        """Whether this region stands here already; it may not stand here twice."""
        return index < len(self.seen) and self.seen[index] == 1

    def mark(self, index: int) -> None:
        """`index`: the region's number in `Places`."""
        if index >= len(self.seen):
            self.seen.extend(bytes(index + 256 - len(self.seen)))
        self.seen[index] = 1


SomeSlot = TypeVar("SomeSlot", bound=Slot)


class TableReader(ABC, Generic[SomeSlot]):
    """`take(row number, code, slot, value, people)` gets every good number; rejected rows go to `rest`.

    A row whose cells were all met before takes a few look-ups; any other takes the slow way, which learns what the
    cells mean or says what is wrong with them.
    """

    SAYS: ClassVar[tuple[Role, ...]] = ()  # the columns that make a slot

    def __init__(
        self,
        *,
        plan: Plan,
        places: Places,
        report: Report,
        rest: RejectedRows,
        take: Callable[[int, str, SomeSlot, Value, int], None],
    ) -> None:
        self.plan, self._places, self.report, self._rest, self._take = plan, places, report, rest, take
        self._width = max(column.index for column in plan.layout.columns) + 1
        self._columns = {role: plan.layout.column(role) for role in self.SAYS}
        self._pick_slot = picker(column.index for column in self._columns.values() if column)
        self._values: list[tuple[int, Value, dict[Any, SomeSlot]]] = [
            (value.column.index, value, {}) for value in plan.values
        ]
        self._numbers: dict[Cell, int | None] = {}
        self.totals = Totals(plan, places, report)

    @abstractmethod
    def make_slot(self, cells: list[Cell], value: Value) -> SomeSlot:
        """The slot that these cells mean; Refused when one of them is wrong. Equal meanings give one slot."""

    @abstractmethod
    def check_place(self, code: str, slot: SomeSlot) -> None:
        """Refuse a region that does not go with the slot."""

    def said(self, cells: list[Cell], role: Role) -> str:
        """The text of the column with this role; "" without one."""
        column = self._columns[role]
        return text_of(cells[column.index]) if column else ""

    def read(self, rows: Iterable[tuple[int, Row]], progress: Callable[[int], None]) -> None:
        """All rows below the header."""
        places, pick, pick_slot, numbers = (self._places.known, self._places.pick, self._pick_slot, self._numbers)
        width, take, totals = self._width, self._take, self.totals
        values = [(column, value, slots, totals.sums[value]) for column, value, slots in self._values]
        first, wide = self.plan.layout.first_data_row, not self.plan.says_when
        number = 0
        for number, row in dropwhile(lambda pair: pair[0] < first, rows):
            if not number % STEP:
                progress(number)
            try:
                if len(row) > width and any(row[width:]):
                    raise KeyError
                code, index = places[pick(row)]
                said, found = pick_slot(row), []
                for column, value, slots, sums in values:
                    people = numbers[row[column]]
                    if people is not None:
                        slot = slots[said]
                        if slot.seen[index]:
                            raise KeyError
                        found.append((value, slot, people, sums))
            except (KeyError, IndexError):
                self._slowly(number, row)
                continue
            for value, slot, people, sums in found:
                slot.seen[index] = 1
                sums[index] += people
                take(number, code, slot, value, people)
            if wide:
                totals.add_row(number, code, row)
        self.report.last_row = number
        totals.finish(self.reject)

    def _slowly(self, number: int, row: Row) -> None:
        """One row with something new in it: learn, or say what is wrong."""
        if not any(cell != "" and (not isinstance(cell, str) or cell.strip()) for cell in row):
            return
        given = list(row)
        cells = [*given, *[""] * (self._width - len(given))]
        try:
            if any(text_of(cell) for cell in cells[self._width :]):
                raise Refused(TOO_LONG)
            self._row(number, cells[: self._width])
        except Refused as problem:
            self.reject(number, given, problem)

    def _row(self, number: int, cells: list[Cell]) -> None:
        place = self._places.find(cells) if self.totals.names_a_place(cells) else None
        if place is None or place.kind == "total":
            self.totals.keep(number, cells, place)
            return
        if place.kind == "unmapped":
            self.totals.keep_unmapped(number, cells, place.label)
            return
        index, found = self._places.index(place.code), []
        self.totals.make_room(index)
        for _, value, slots in self._values:
            people = self._people(number, cells, value)
            if people is None:
                continue
            slot = self._slot(cells, value, slots)
            self.check_place(place.code, slot)
            if slot.has(index):
                raise duplicate_row_error()
            found.append((value, slot, people))
        for value, slot, people in found:
            slot.mark(index)
            self.totals.sums[value][index] += people
            self._take(number, place.code, slot, value, people)
        if not self.plan.says_when:
            self.totals.add_row(number, place.code, cells)

    def _people(self, number: int, cells: list[Cell], value: Value) -> int | None:
        cell = cells[value.column.index]
        if isinstance(cell, float):
            return self._thousands(number, cell, value)
        try:
            people = parse_people(cell)
        except Refused as problem:
            problem.field = value.column.label
            raise
        if len(self._numbers) < NUMBERS:
            self._numbers[cell] = people
        return people

    def _thousands(self, number: int, cell: float, value: Value) -> int:
        """A numeric cell that holds 1.234 is what became of "1.234" typed where a dot is the decimal sign."""
        people = round(cell * 1000)
        if not 0 < cell < 1000 or abs(cell * 1000 - people) > 1e-6:
            raise Refused(
                N_("“%(text)s” bukan bilangan bulat."), value.column.label, text=f"{cell:g}".replace(".", ",")
            )
        shown = f"{cell:g}".replace(".", ",")
        self.report.add(
            number,
            value.column.label,
            Refused(N_("Sel berisi angka %(text)s; dibaca %(people)s."), text=shown, people=figures.people(people)),
            WARNING,
            self.plan.sheet,
        )
        self.report.ask(
            "thousands",
            N_(
                "Ada sel angka yang berpecahan, misalnya %(text)s; dibaca sebagai ribuan: %(people)s. Periksa juga "
                "angka bulat di kolom itu: 31.000 bisa tersimpan sebagai 31."
            ),
            text=shown,
            people=figures.people(people),
        )
        return people

    def _slot(self, cells: list[Cell], value: Value, slots: dict[Any, SomeSlot]) -> SomeSlot:
        said = self._pick_slot(cells)
        if said not in slots:
            slots[said] = self.make_slot(cells, value)
        return slots[said]

    def reject(self, number: int, row: Row, problem: Refused) -> None:
        """Name the row, and keep it for the file of the rest."""
        if isinstance(problem, BpsCode):
            self.report.stop(problem)
        if isinstance(problem, UnknownSpelling):
            self._spelling(problem)
        self.report.rejected += 1
        self.report.add(number, label_of(self.plan.layout, problem.field), problem, sheet=self.plan.sheet)
        self._rest.write(number, row, str(problem))

    def _spelling(self, problem: UnknownSpelling) -> None:
        known = self.report.spellings.setdefault(
            problem.spelling,
            {
                "spelling": problem.spelling,
                "text": problem.text,
                "level": problem.level,
                "count": 0,
                "candidates": [list(pair) for pair in problem.candidates],
            },
        )
        known["count"] += 1
