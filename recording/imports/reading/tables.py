"""The two kinds of tables: counts of a day and source, and targets of a period."""

from array import array
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from dukcapil.clock import business_date
from dukcapil.errors import N_, Refused
from recording.imports.findings import NOTE
from recording.imports.job import Table
from recording.imports.layouts.columns import Value
from recording.imports.layouts.roles import Role, document_named
from recording.imports.reading.rows import TableReader
from recording.imports.reading.slots import Slot, Take
from recording.imports.spreadsheets import Cell
from recording.ledger.checks import CountChecks, check_source
from recording.models import TargetKind, check_document
from recording.parsing.days import read_day
from recording.parsing.numbers import parse_people
from recording.parsing.region_names import city_of

_TO_COME = N_("Hari kolom ini belum tiba; sel kosong dan 0 dilewati.")
CityDay = tuple[str, str, str]  # the code of a city, a document and an ISO day


@dataclass
class CountSlot(Slot):
    """Document, service day and source of a count."""

    day: date = date.min
    iso: str = ""
    source: str = ""


CountSlots = dict[tuple[str, date, str], CountSlot]  # of all sheets: a region may stand in each once


class CountReader(TableReader[CountSlot]):
    """Rows of counts; a day must have come and lie in a period."""

    SAYS = (Role.DAY, Role.DOCUMENT, Role.SOURCE)

    def __init__(self, table: Table, take: Take[CountSlot], checks: CountChecks, slots: CountSlots) -> None:
        super().__init__(table, take)
        self._checks, self._slots = checks, slots
        if table.plan.day:  # of the whole table: said once, and not of each of its rows
            try:
                checks.check_day(table.plan.day)
            except Refused as problem:
                table.findings.stop(problem)

        for value in filter(self.is_to_come, table.plan.values):
            table.findings.add(table.plan.layout.header_row, value.column.label, Refused(_TO_COME), NOTE, table.plan.sheet)

    def is_to_come(self, value: Value) -> bool:
        return value.day is not None and value.day > self._checks.today

    def make_slot(self, cells: list[Cell], value: Value) -> CountSlot:
        document = document_named(self.said(cells, Role.DOCUMENT)) or value.document or self.plan.document
        source = self.said(cells, Role.SOURCE) or self.plan.source
        day = self._day(cells, value)
        check_document(document)
        check_source(source)
        if day != self.plan.day:
            self._checks.check_day(day)
        self.spans.add(day.isoformat())
        fresh = CountSlot(document, day=day, iso=day.isoformat(), source=source)
        return self._slots.setdefault((document, day, source), fresh)

    def _day(self, cells: list[Cell], value: Value) -> date:
        column = self.plan.layout.column(Role.DAY)
        # Without any day the plan has blocked the file: it is read on, so that everything else is told as well.
        return read_day(cells[column.index]) if column else value.day or self.plan.day or self._checks.today

    def day_of(self, cells: list[Cell]) -> date:
        if self.plan.values:
            with suppress(Refused):  # a row of totals has no day; of any other it is told when its slot is made
                return self._day(cells, self.plan.values[0])
        return self._checks.today

    def region_in(self, cells: list[Cell], code: str, slot: CountSlot) -> str:
        return self._places.region_on(cells, code, slot.day)

    @property
    def slots(self) -> list[CountSlot]:
        """Every document, day and source that was met, with its people by region."""
        return list(self._slots.values())

    def people_taken(self, without: Iterable[str]) -> Counter[CityDay]:
        """What was handed on, by city, document and day; the regions of `without` left out."""
        left_out = set(without)
        cities = ["" if code in left_out else city_of(code) for code in self._places.codes]
        taken: Counter[CityDay] = Counter()
        for slot in self._slots.values():
            sums = dict.fromkeys(cities, 0)
            for city, people in zip(cities, slot.people, strict=False):
                if people > 0:
                    sums[city] += people
            taken.update({(city, slot.document, slot.iso): people for city, people in sums.items() if city and people})
        return taken


@dataclass
class TargetSlot(Slot):
    """Everything of a target but its region and people."""

    period: str = ""
    source: str = ""
    effective_from: date = date.min
    kind: str = TargetKind.TASK
    opening: int = 0


class TargetReader(TableReader[TargetSlot]):
    """Rows of targets. One region has one target for each document, period and kind."""

    SAYS = (Role.DOCUMENT, Role.PERIOD, Role.SOURCE, Role.EFFECTIVE_FROM, Role.KIND, Role.OPENING)

    def __init__(self, table: Table, take: Take[TargetSlot], people_of: dict[tuple[str, str, str], "array[int]"]) -> None:
        super().__init__(table, take)
        self._periods, self._people_of = {period.name: period for period in table.periods}, people_of

    def make_slot(self, cells: list[Cell], value: Value) -> TargetSlot:
        document = document_named(self.said(cells, Role.DOCUMENT)) or value.document or self.plan.document
        check_document(document)
        period = self._period(self.said(cells, Role.PERIOD))
        kind = self.said(cells, Role.KIND) or self.plan.target_kind
        opening = self._columns[Role.OPENING]
        people = self._people_of.setdefault((document, period, kind), array("i"))
        return TargetSlot(
            document,
            people,
            period,
            self.said(cells, Role.SOURCE) or self.plan.decree,
            self._effective_from(cells, period),
            kind,
            parse_people(cells[opening.index], field="opening") or 0 if opening else 0,  # type: ignore[arg-type]
        )

    def _period(self, said: str) -> str:
        name = said or (self.plan.period.name if self.plan.period else "")
        if name not in self._periods and (said or self.plan.layout.column(Role.PERIOD)):
            raise Refused(N_("Periode %(name)s belum ditetapkan."), "period", name=name[:40])
        self.spans.add(name)
        return name

    def _effective_from(self, cells: list[Cell], period: str) -> date:
        column = self._columns[Role.EFFECTIVE_FROM]
        if column is None:
            known = self._periods.get(period)
            return self.plan.effective_from or (known.first_day if known else date.min)
        try:
            return read_day(cells[column.index])
        except Refused as problem:
            raise Refused(problem.template, "effective_from", **problem.params) from problem

    def day_of(self, cells: list[Cell]) -> date:
        with suppress(Refused):
            return self._first_day(self._period(self.said(cells, Role.PERIOD)), cells)
        return business_date(self._table.job.act.now)

    def region_in(self, cells: list[Cell], code: str, slot: TargetSlot) -> str:
        return self._places.region_on(cells, code, self._first_day(slot.period, cells))

    def _first_day(self, period: str, cells: list[Cell]) -> date:
        """The first day on which a target counts: none does before its period."""
        known = self._periods.get(period)
        return max(self._effective_from(cells, period), known.first_day if known else date.min)
