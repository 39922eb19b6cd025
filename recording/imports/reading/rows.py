"""Reading the rows of a table: every cell checked, every problem named, good rows handed on."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar, Generic

from dukcapil import figures
from dukcapil.errors import N_, Refused
from recording.imports.findings import NOTE, WARNING
from recording.imports.job import Table
from recording.imports.layouts.cleaning import APOSTROPHE, cleaned, has_apostrophe, text_of
from recording.imports.layouts.columns import Value
from recording.imports.layouts.examples import example_row
from recording.imports.layouts.roles import PLACE_ROLES, Role
from recording.imports.layouts.table_rows import NumberedRows
from recording.imports.matching import Nameless, UnknownSpelling
from recording.imports.preview import Reading
from recording.imports.reading.places import Row, label_of, picker
from recording.imports.reading.row_check import RowCheck
from recording.imports.reading.second_tables import SecondTables
from recording.imports.reading.slots import Entry, SomeSlot, Take
from recording.imports.reading.spellings import ask_spelling, show_decided_spellings
from recording.imports.reading.totals import TotalsCheck
from recording.imports.spreadsheets import ERRORS, NO_RESULT, Cell
from recording.parsing.numbers import parse_people
from recording.parsing.region_names import BpsCode

ROWS_BETWEEN_PROGRESS = 20_000
MAX_KNOWN_NUMBERS = 100_000  # distinct numbers whose meaning is remembered
UNKNOWN = -1  # a cell whose number has not been learned
NO_NUMBERS = N_("Baris tanpa angka dan tanpa nama wilayah dilewati.")
ERROR_CELL = N_("Sel ini menunjukkan kesalahan %(text)s. Perbaiki rumusnya di Excel, lalu kirim lagi.")
ERROR_ELSEWHERE = N_("Sel ini menunjukkan kesalahan %(text)s; kolomnya tidak diimpor.")
NEVER_COMPUTED = N_("Rumus tanpa hasil: buka berkas ini di Excel, simpan, lalu kirim lagi.")
TWICE = N_(
    "Wilayah ini sudah ada di baris lain dengan dokumen dan hari yang sama. Jumlahkan menjadi satu baris, atau pilih lembar "
    "yang dibaca, lalu kirim lagi."
)
TOO_LONG = N_("Baris ini lebih panjang daripada judul kolom. Apit angka seperti 1,234 dengan petik.")


class TableReader(ABC, Generic[SomeSlot]):
    """Reads a table and gives its good numbers to `take`.

    A row whose cells were all met before takes a few look-ups; any other takes the slow way, which learns what the
    cells mean or says what is wrong with them.
    """

    SAYS: ClassVar[tuple[Role, ...]] = ()  # the columns that make a slot

    def __init__(self, table: Table, take: Take[SomeSlot]) -> None:
        self.plan, self._places, self._findings = table.plan, table.places, table.findings
        self._table, self._take = table, take
        columns = self.plan.layout.columns
        self._width = max(column.index for column in columns) + 1
        self._columns = {role: self.plan.layout.column(role) for role in self.SAYS}
        self._pick_slot = picker(column.index for column in self._columns.values() if column)
        values = {value.column.index for value in self.plan.values}
        self._read_columns = [
            column for column in columns if column.index in values or column.role in {*self.SAYS, *PLACE_ROLES}
        ]
        self._other_columns = [column for column in columns if column not in self._read_columns]
        self._other_indices = [column.index for column in self._other_columns]
        self._totals = TotalsCheck(self.plan, self._places, self._findings)
        self._row_check = RowCheck(self.plan, self._findings)
        self._second_tables = SecondTables(self.plan, self._findings)
        self._is_of_one_day = not self.plan.says_when
        # Of each column of numbers the slots that were met, with their sums by region, by the cells that make them.
        self._values: list[tuple[int, Value, dict[Any, tuple[SomeSlot, dict[str, int]]]]] = [
            (value.column.index, value, {}) for value in self.plan.values
        ]
        self._numbers: dict[Cell, int | None] = {}
        self.spans: set[str] = set()

    @abstractmethod
    def make_slot(self, cells: list[Cell], value: Value) -> SomeSlot:
        """The slot that these cells mean; Refused when one of them is wrong. Equal meanings give one slot."""

    @abstractmethod
    def day_of(self, cells: list[Cell]) -> date:
        """The day for which the names of a row are looked up first; any, where the row does not say a day."""

    @abstractmethod
    def region_in(self, cells: list[Cell], code: str, slot: SomeSlot) -> str:
        """The region that a row, found to mean `code`, means in a slot; Refused where it does not go with the slot."""

    def is_to_come(self, _value: Value) -> bool:
        """Whether a column's own day lies in the future: a 0 there says nothing yet."""
        return False

    def said(self, cells: list[Cell], role: Role) -> str:
        """The text of the column with this role; "" without one."""
        column = self._columns[role]
        return text_of(cells[column.index]) if column else ""

    def read(self, rows: NumberedRows, flush: Callable[[], None]) -> Reading:
        """All rows below the header; `flush` is called from time to time, so that nothing piles up."""
        job, number = self._table.job, 0
        for number, row in self.plan.seen(rows):
            if not number % ROWS_BETWEEN_PROGRESS:
                flush()
                job.progress(self._table.lines_before + number)
            if not self._take_known(number, row):
                self._take_new(number, row)
        totals = self._totals.finish(self._reject)
        show_decided_spellings(self._findings, self._places)
        return Reading(number, sorted(self.spans), totals)

    def _take_known(self, number: int, row: Row) -> bool:
        """Take a row all of whose cells were met before; False, and nothing is taken, when anything in it is new."""
        missing = self._width - len(row)
        if missing > 0:
            row = [*row, *[""] * missing]
        elif missing < 0 and row[self._width :].count("") < -missing:
            return False
        place = self._places.known.get(self._places.pick(row))
        if place is None or (self._other_indices and any(row[index] in ERRORS for index in self._other_indices)):
            return False
        code, index = place
        slot_cells, entries = self._pick_slot(row), []
        for column, value, slots in self._values:
            people = self._numbers.get(row[column], UNKNOWN)
            if people is None:
                continue
            known = slots.get(slot_cells)
            if people == UNKNOWN or known is None:
                return False
            slot, sums = known
            if slot.has(index):
                return False
            entries.append(Entry(value, slot, people, sums))
        self._take_entries(number, code, index, entries, row)
        return True

    def _take_new(self, number: int, row: Row) -> None:
        """Learn what is new in a row, or say what is wrong with it."""
        if not any(not isinstance(cell, str) or cell.strip() for cell in row):
            return
        row, notes = cleaned(row)
        if any(isinstance(cell, str) and has_apostrophe(cell.strip()) for cell in row):
            notes.append(APOSTROPHE)
        for note in notes:
            self._findings.add(number, "", Refused(note), NOTE, self.plan.sheet)
        if self._second_tables.is_header(number, row):
            return
        try:
            self._learn(number, self._fitted(row))
        except (UnknownSpelling, Nameless) as problem:
            if any(text_of(row[column.index]) for column in self.plan.layout.values if column.index < len(row)):
                self._reject(number, row, problem)
            else:  # "Dicetak oleh …" under the table
                self._findings.add(number, "", Refused(NO_NUMBERS), NOTE, self.plan.sheet)
        except Refused as problem:
            self._reject(number, row, problem)

    def _fitted(self, row: Row) -> list[Cell]:
        """The cells of the table's columns; those that are missing at the end are blank."""
        if any(text_of(cell) for cell in row[self._width :]):
            raise Refused(TOO_LONG)
        return [*row[: self._width], *[""] * (self._width - len(row))]

    def _learn(self, number: int, cells: list[Cell]) -> None:
        self._refuse_errors(cells)
        self._note_other_errors(number, cells)
        place = self._places.find(cells, self.day_of(cells)) if self._totals.names_a_place(cells) else None
        if place is None:
            self._totals.keep_nameless(number, cells)
        elif place.kind == "total":
            self._totals.keep_total(number, cells, place)
        elif place.kind == "unmapped":
            self._totals.keep_unmapped(number, cells, place.label)
        else:
            for code, entries in self._entries(number, cells, place.code).items():
                self._take_entries(number, code, self._places.index(code), entries, cells)

    def _refuse_errors(self, cells: list[Cell]) -> None:
        """A cell that shows an error says neither where nor how many, and a total of such cells totals nothing."""
        for column in self._read_columns:
            text = cells[column.index]
            if text == NO_RESULT:
                raise Refused(NEVER_COMPUTED, column.label)
            if text in ERRORS:
                raise Refused(ERROR_CELL, column.label, text=text)

    def _note_other_errors(self, number: int, cells: list[Cell]) -> None:
        """Of columns that are not imported errors are only told."""
        for column in self._other_columns:
            if (text := cells[column.index]) in ERRORS:
                self._findings.add(number, column.label, Refused(ERROR_ELSEWHERE, text=text), NOTE, self.plan.sheet)

    def _entries(self, number: int, cells: list[Cell], code: str) -> dict[str, list[Entry[SomeSlot]]]:
        """The numbers of a row, each with its slot, by the region that the row means there: mostly `code`. Once each."""
        entries: dict[str, list[Entry[SomeSlot]]] = {code: []}
        for _column, value, slots in self._values:
            people = self._people(number, cells, value)
            if people is None or (not people and self.is_to_come(value)):
                continue
            slot_cells = self._pick_slot(cells)
            if slot_cells not in slots:
                fresh = self.make_slot(cells, value)
                slots[slot_cells] = fresh, self._totals.sums_of(value, fresh.document)
            slot, sums = slots[slot_cells]
            code = self.region_in(cells, code, slot)
            if slot.has(index := self._places.index(code)):
                self._ask_which(code, slot, slot.people[index], people)
                raise Refused(TWICE, "region")
            entries.setdefault(code, []).append(Entry(value, slot, people, sums))
        return entries

    def _ask_which(self, code: str, slot: SomeSlot, first: int, people: int) -> None:
        """A region that stands twice: only a person knows whether the first is right, or a part, as of men or women."""
        asked = Refused(
            N_("%(place)s ada dua kali: %(first)s, lalu %(second)s. Yang pertama benar, dan bukan sebagian?"),
            place=f"{self._places.names[code]} ({slot.document})",
            first=figures.people(first),
            second=figures.people(people),
        )
        self._findings.ask("twice", asked, proposed="", sheet=self.plan.sheet)

    def _take_entries(self, number: int, code: str, index: int, entries: list[Entry[SomeSlot]], row: Row) -> None:
        line = self._table.lines_before + number
        for value, slot, people, sums in entries:
            sums[code] += people
            if not slot.has(index):
                together = people if len(entries) == 1 else sum(entry.people for entry in entries if entry.slot is slot)
                slot.mark(index, together)
                self._take(line, code, slot, value, together)
        if self._is_of_one_day:
            self._totals.add_row(number, code, row)
        if self._row_check.is_needed:
            self._row_check.check(number, row, [entry.value for entry in entries], sum(entry.people for entry in entries))

    def _people(self, number: int, row: Row, value: Value) -> int | None:
        cell = row[value.column.index]
        if isinstance(cell, float):
            return self._thousands(number, cell, value, row)
        people = parse_people(text_of(cell) if isinstance(cell, str) else cell, field=value.column.label)
        if len(self._numbers) < MAX_KNOWN_NUMBERS:
            self._numbers[cell] = people
        return people

    def _thousands(self, number: int, cell: float, value: Value, row: Row) -> int:
        """A numeric cell that holds 1.234 is what became of "1.234" typed where a dot is the decimal sign."""
        label, text, people = value.column.label, f"{cell:g}".replace(".", ","), round(cell * 1000)
        if not 0 < cell < 1000 or abs(cell * 1000 - people) > 1e-6:
            raise Refused(N_("“%(text)s” bukan bilangan bulat."), label, text=text)
        words = {"text": text, "people": figures.people(people)}
        problem = Refused(N_("Sel berisi angka %(text)s; dibaca %(people)s."), "", **words)
        self._findings.add(number, label, problem, WARNING, self.plan.sheet)
        sentence = N_(
            "Ada sel angka yang berpecahan, misalnya %(text)s; dibaca sebagai ribuan: %(people)s. Benar? Periksa juga "
            "angka bulat di kolom itu: 31.000 bisa tersimpan sebagai 31."
        )
        asked = Refused(sentence, **words)
        self._findings.ask("thousands", asked, example=example_row(self.plan.layout, number, row, [value.column]))
        return people

    def _reject(self, number: int, row: Row, problem: Refused) -> None:
        """Name the row, and keep it for the file of rejected rows."""
        if isinstance(problem, BpsCode):
            self._findings.stop(problem)
        if isinstance(problem, UnknownSpelling):
            ask_spelling(
                self._findings, self._places, problem, example_row(self.plan.layout, number, row, sheet=self.plan.sheet)
            )
        label = label_of(self.plan.layout, problem.field) if problem.field else ""
        self._findings.add(number, label, problem, sheet=self.plan.sheet)
        self._table.rejected_rows.write(number, row, str(problem), self.plan)
