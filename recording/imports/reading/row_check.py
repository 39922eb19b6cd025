"""What a row of numbers must agree with in itself: what it says its days add up to, and that men and women stand together."""

import re
from collections import Counter
from collections.abc import Sequence

from dukcapil import figures
from dukcapil.errors import N_, Refused
from recording.imports.findings import Findings
from recording.imports.layouts.columns import Value
from recording.imports.layouts.dated import sum_of_days
from recording.imports.layouts.examples import example_row
from recording.imports.layouts.layout import Column, Layout
from recording.imports.layouts.roles import MEN, SUM, WOMEN, Role
from recording.imports.plan import Plan
from recording.imports.reading.places import Row
from recording.imports.reading.totals import people_of


class RowCheck:
    """Asks about the rows of one table."""

    def __init__(self, plan: Plan, findings: Findings) -> None:
        self._plan, self._findings = plan, findings
        self._sum_of_days = sum_of_days(plan.layout) if any(value.day for value in plan.values) else None
        # How many categories of a region make one count.
        parts = Counter((value.document, value.day) for value in plan.values) if plan.long else Counter()
        self._parts = {key: count for key, count in parts.items() if count > 1}
        self._wholes = {value: sexes for value in plan.values if (sexes := _sexes_of(value.column, plan.layout))}
        self.is_needed = bool(self._sum_of_days or self._parts or self._wholes)  # a long file is asked nothing in vain

    def check(self, number: int, row: Row, values: Sequence[Value], people: int) -> None:
        """`values`: the columns of the row's numbers, `people` the sum of these."""
        if self._sum_of_days:
            self._check_sum(number, row, people)
        if self._parts:
            self._check_parts(number, row, values)
        for value, sexes in self._wholes.items():
            self._check_whole(number, row, value.column, sexes)

    def _check_sum(self, number: int, row: Row, people: int) -> None:
        """What a row says its days add up to; a cell that is no number says nothing."""
        column = self._sum_of_days
        told = people_of(row[column.index]) if column and column.index < len(row) else None
        if column is None or told is None or told == people:
            return
        sentence = N_("Baris %(row)s: “%(column)s” menyebut %(file)s, hari-harinya berjumlah %(rows)s. Impor hari-harinya?")
        self._findings.ask("row-sum", _difference(sentence, number, column, told, people), sheet=self._plan.sheet)

    def _check_whole(self, number: int, row: Row, whole: Column, sexes: Sequence[Column]) -> None:
        """A sum of men and women that is not their sum; a cell that is no number says nothing."""
        told, *parts = (people_of(row[column.index]) if column.index < len(row) else None for column in (whole, *sexes))
        known = [people for people in parts if people is not None]
        if told is None or len(known) < len(parts) or told == sum(known):
            return
        sentence = N_("Baris %(row)s: “%(column)s” menyebut %(file)s, %(parts)s berjumlah %(rows)s. Impor “%(column)s”?")
        asked = _difference(
            sentence, number, whole, told, sum(known), parts=" + ".join(f"“{column.label}”" for column in sexes)
        )
        self._findings.ask(self._findings.kind_in("parts-sum", self._plan.sheet), asked, proposed="", sheet=self._plan.sheet)

    def _check_parts(self, number: int, row: Row, values: Sequence[Value]) -> None:
        """One of two categories that are added up is half of the count: the other may be missing or be written of another
        spelling of the region."""
        found = Counter((value.document, value.day) for value in values)
        if all(found[key] in (0, count) for key, count in self._parts.items()):
            return
        self._findings.ask(
            "parts-missing",
            Refused(
                N_("Baris %(row)s: hanya sebagian kategori yang dijumlahkan ada untuk wilayah ini. Hitung sebagian itu saja?"),
                row=number,
            ),
            proposed="",
            example=example_row(self._plan.layout, number, row, sheet=self._plan.sheet),
            sheet=self._plan.sheet,
        )


def _sexes_of(whole: Column, layout: Layout) -> list[Column]:
    """The column of men and the one of women that a column of sums adds up; none where it is no sum, or several may be."""
    if not re.search(SUM, whole.key):
        return []
    parts = [
        column
        for column in layout.columns
        if column.role in (Role.OTHER, whole.role) and column.document in ("", whole.document) and not column.when
    ]
    by_sex = [[column for column in parts if column is not whole and re.search(sex, column.key)] for sex in (MEN, WOMEN)]
    men, women = ([column for column in columns if not re.search(SUM, column.key)] for columns in by_sex)
    return [*men, *women] if len(men) == len(women) == 1 else []


def _difference(sentence: str, number: int, column: Column, told: int, rows: int, **words: str) -> Refused:
    """What a column of sums tells of a row, and what its parts add up to."""
    people = {"file": figures.people(told), "rows": figures.people(rows)}
    return Refused(sentence, row=number, column=column.label, **people, **words)
