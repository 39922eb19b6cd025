"""Workbooks of every layout, written at random from a known table, are read as that table or asked about: never as another."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
import xlsxwriter
from django.db import transaction
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from recording.imports.tests.imports import imported
from recording.imports.tests.workbooks import Rows
from recording.models import DailyCount
from recording.tests.commands import csv_file
from recording.tests.world import DAY, REGIONS

pytestmark = pytest.mark.usefixtures("small_world")
NAMES = dict(REGIONS)
VILLAGES = sorted(code for code in NAMES if len(code) == 13)
DAYS = [DAY - timedelta(days=back) for back in (3, 2, 1)]
TITLES = ["REKAPITULASI PEREKAMAN", "Sudin Dukcapil", "Tanggal 25 November 2021"]
Stored = dict[tuple[str, str, date], int]
Cells = list[Any]


class Office:
    """Somebody who writes the same numbers differently every time."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.codes = sorted(random.sample(VILLAGES, random.randint(2, len(VILLAGES))))
        self.document = random.choice(["KTP", "KIA"])
        self.table: Stored = {}
        self.with_code = random.random() < 0.5
        spellings: list[Callable[[str], str]] = [str, str.upper, str.lower]
        self.spelling = random.choice(spellings)
        self.is_text = random.random() < 0.4

    def people(self) -> int:
        return self.random.choice([0, 1, 7, 12, 345, 1_000, 1_234, 31_000])

    def number(self, people: int) -> Any:
        if not self.is_text:
            return people
        grouped = f"{people:,}"
        forms = [f"{people}", grouped.replace(",", "."), f" {grouped} ".replace(",", " "), grouped, f"{people}\u200b", people]
        forms += ["NIHIL"] if not people else [f"{people},0"] if people < 1_000 else []
        return self.random.choice(forms)

    def place_labels(self) -> Cells:
        return ["KODE"] if self.with_code else ["KOTA", "KECAMATAN", "KELURAHAN"]

    def place(self, code: str) -> Cells:
        if self.with_code:
            return [self.random.choice([code, code.replace(".", ""), int(code.replace(".", ""))])]
        city = NAMES[code[:5]].removeprefix(self.random.choice(["Kota Administrasi ", "Kota ", ""]))
        return [self.spelling(city), self.spelling(NAMES[code[:8]]), self.spelling(NAMES[code])]

    def total(self, rows: Iterable[Sequence[int]]) -> Cells:
        blanks = [""] * (len(self.place_labels()) - 1)
        return [*blanks, self.random.choice(["JUMLAH", "TOTAL", "Total Keseluruhan"]), *map(sum, zip(*rows, strict=True))]

    def with_totals(self, rows: list[tuple[str, list[int]]]) -> Rows:
        """The rows with a nameless sum below each city, and a total; or without them."""
        kind, lines = self.random.choice(["", "total", "nameless", "kecamatan"]), []
        for place, (code, numbers) in enumerate(rows):
            if kind == "kecamatan" and self.with_code and (not place or rows[place - 1][0][:8] != code[:8]):
                within = [each for other, each in rows if other[:8] == code[:8]]
                lines.append([code[:8], *map(sum, zip(*within, strict=True))])
            lines.append([*self.place(code), *map(self.number, numbers)])
            if kind == "nameless" and rows[place + 1 : place + 2] and rows[place + 1][0][:5] != code[:5]:
                within = [each for other, each in rows if other[:5] == code[:5]]
                lines.append([*[""] * len(self.place_labels()), *map(sum, zip(*within, strict=True))])
        if kind in ("total", "nameless"):
            lines.append(self.total([numbers for _, numbers in rows]))
        return lines

    def one_header(self, labels: Cells, lines: Rows) -> Rows:
        """One row of labels in any order, below titles and above a row that numbers them."""
        order = list(range(len(labels)))
        self.random.shuffle(order)
        table = [[row[place] for place in order] for row in (labels, *lines)]
        if self.random.random() < 0.3:
            table.insert(1, [f"({place})" for place in range(1, len(labels) + 1)])
        return [[title] for title in TITLES[: self.random.randint(0, 3)]] + table


def wide(office: Office) -> Rows:
    """Counts beside what is left, a target and a share."""
    rows = []
    for code in office.codes:
        done, left = office.people(), office.people()
        office.table[code, office.document, DAY] = done
        rows.append((code, [done, left, done + left + 3]))
    done_label = office.random.choice([f"REKAM {office.document}", f"SUDAH {office.document}", f"{office.document} TERBIT"])
    labels = [done_label, office.random.choice(["BELUM", "BLM REKAM", "TDK REKAM"]), office.random.choice(["TARGET", "WKTP"])]
    return office.one_header([*office.place_labels(), *labels], office.with_totals(rows))


def by_sex(office: Office) -> Rows:
    """Two rows of labels: documents over men, women and mostly their sum."""
    parts = office.random.choice([["L", "P", "JML"], ["LK", "PR"], ["L", "P", "L+P"]])
    rows = []
    for code in office.codes:
        numbers: list[int] = []
        for document in ("KTP", "KIA"):
            men, women = office.people(), office.people()
            office.table[code, document, DAY] = men + women
            numbers += [men, women, men + women][: len(parts)]
        rows.append((code, numbers))
    places, blanks = office.place_labels(), [""] * (len(parts) - 1)
    head = [[*places, "KTP-EL", *blanks, "KIA", *blanks], [*[""] * len(places), *parts, *parts]]
    return [*head, *office.with_totals(rows)]


def by_day(office: Office) -> Rows:
    """Days as columns, and what they add up to."""
    rows = []
    for code in office.codes:
        numbers = [office.people() for _ in DAYS]
        office.table |= {(code, office.document, day): people for day, people in zip(DAYS, numbers, strict=True)}
        rows.append((code, [*numbers, sum(numbers)]))
    days = office.random.choice([[day.isoformat() for day in DAYS], [f"{day:%d/%m/%Y}" for day in DAYS]])
    title = f"PEREKAMAN {office.document}"
    return [[title], [*office.place_labels(), *days, "JUMLAH"], *office.with_totals(rows)]


def by_day_and_document(office: Office) -> Rows:
    """Days over documents, or documents over days."""
    columns = [(day, document) for day in DAYS for document in ("KTP", "KIA")]
    if over := office.random.random() < 0.5:
        columns.sort(key=lambda pair: pair[1])
    rows = []
    for code in office.codes:
        numbers = [office.people() for _ in columns]
        office.table |= {(code, document, day): n for (day, document), n in zip(columns, numbers, strict=True)}
        rows.append((code, numbers))
    form = office.random.choice(["%Y-%m-%d", "%d/%m/%Y", "%d November %Y"])
    pairs = [(f"{day:{form}}", document) for day, document in columns]
    upper = [pair[over] if not place or pair[over] != pairs[place - 1][over] else "" for place, pair in enumerate(pairs)]
    places = office.place_labels()
    head = [[*places, *upper], [*[""] * len(places), *(pair[not over] for pair in pairs)]]
    return [*head, *office.with_totals(rows)]


def by_row(office: Office) -> Rows:
    """Each row says its day and its document."""
    lines = []
    for code in office.codes:
        for day in DAYS:
            for document in ("KTP", "KIA"):
                people = office.table[code, document, day] = office.people()
                lines.append([*office.place(code), day.isoformat(), document, office.number(people)])
    office.random.shuffle(lines)
    return office.one_header([*office.place_labels(), "TANGGAL", "DOKUMEN", "JUMLAH"], lines)


def by_category(office: Office) -> Rows:
    """A row for each status, or for men and women, or for each document."""
    kind = office.random.choice(["status", "sex", "document", "unknown"])
    lines = []
    for code in office.codes:
        one, other = office.people(), office.people()
        if kind == "document":
            office.table |= {(code, "KTP", DAY): one, (code, "KIA", DAY): other}
        else:
            office.table[code, office.document, DAY] = one + other if kind == "sex" else one
        words = {
            "status": office.random.choice([("SUDAH", "BELUM"), ("SDH", "BLM"), ("SUDAH REKAM", "TDK REKAM")]),
            "sex": office.random.choice([("L", "P"), ("LAKI-LAKI", "PEREMPUAN")]),
            "document": ("KTP-EL", "KIA"),
            "unknown": ("SELESAI", "PROSES"),
        }[kind]
        pairs = zip(words, (one, other), strict=True)
        lines += [[*office.place(code), word, office.number(people)] for word, people in pairs]
    office.random.shuffle(lines)
    label = office.random.choice(["STATUS", "KETERANGAN", "JENIS", "URAIAN"])
    titles: Rows = [] if kind == "document" else [[f"REKAP {office.document}"]]
    return [*titles, *office.one_header([*office.place_labels(), label, "JUMLAH"], lines)]


def runs(rows: Sequence[Cells], first: int, column: int) -> Iterable[tuple[int, int]]:
    """First and last row of each run of the same text in a column, from a row on."""
    start = first
    for row in range(first + 1, len(rows) + 1):
        if row == len(rows) or rows[row][column] != rows[start][column] or not isinstance(rows[row][column], str):
            if row - start > 1 and rows[start][column]:
                yield start, row - 1
            start = row


class Book:
    """Writes tables as office people do: labels merged over their rows and columns, rows and columns hidden."""

    def __init__(self, office: Office, path: Path) -> None:
        self.random, self.document = office.random, office.document
        self.path = path
        self.merges_number = False
        self.hides_rows = False

    def write(self, sheets: Mapping[str, Rows]) -> Path:
        with xlsxwriter.Workbook(str(self.path), {"in_memory": True}) as book:
            for name, rows in sheets.items():
                self._write(book.add_worksheet(name), [list(row) for row in rows])
        return self.path

    def _write(self, sheet: Any, rows: list[Cells]) -> None:
        head = next(place for place, row in enumerate(rows) if {"KODE", "KELURAHAN"} & set(row))
        width = max(map(len, rows))
        rows[head:] = [[*row, *[""] * (width - len(row))] for row in rows[head:]]
        is_grouped = rows[head + 1][0] == ""
        first = head + 1 + (is_grouped or "(1)" in rows[head + 1])
        if self.random.random() < 0.3 and not is_grouped:
            self._hide_column(sheet, rows, head)
        if self.random.random() < 0.3:
            self.hides_rows = True
            sheet.set_row(self.random.randrange(first, len(rows)), None, None, {"hidden": True})
        merged = self._merged(rows, head, first, is_grouped) if self.random.random() < 0.7 else []
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        for top, left, bottom, right in merged:
            sheet.merge_range(top, left, bottom, right, rows[top][left])

    def _hide_column(self, sheet: Any, rows: list[Cells], head: int) -> None:
        """Numbers of another time, at any place."""
        place = self.random.randint(0, len(rows[head]))
        for number in range(head, len(rows)):
            rows[number].insert(place, 99 if number > head else f"REKAM {self.document} LAMA")
        sheet.set_column(place, place, None, None, {"hidden": True})

    def _merged(self, rows: list[Cells], head: int, first: int, is_grouped: bool) -> list[tuple[int, int, int, int]]:
        """(top, left, bottom, right) of what is merged: places, days and documents, groups; rarely a number."""
        said = [column for column, label in enumerate(rows[head]) if label in ("KOTA", "KECAMATAN", "TANGGAL", "DOKUMEN")]
        merged = [(top, column, bottom, column) for column in said for top, bottom in runs(rows, first, column)]
        if is_grouped:
            places = ("KODE", "KOTA", "KECAMATAN", "KELURAHAN", "")
            begins = [column for column, label in enumerate(rows[head]) if label not in places]
            ends = [*(column - 1 for column in begins[1:]), len(rows[head]) - 1]
            merged += [(head, left, head, right) for left, right in zip(begins, ends, strict=True)]
            merged += [(head, column, head + 1, column) for column in range(begins[0])]
        counts = [column for column, label in enumerate(rows[head]) if label == f"REKAM {self.document}"]
        if counts and self.random.random() < 0.3:
            self.merges_number = True
            merged.append((first, counts[0], first + 1, counts[0]))
        return merged


LAYOUTS = [wide, by_sex, by_day, by_day_and_document, by_row, by_category]


def stored() -> Stored:
    rows = DailyCount.objects.filter(people__isnull=False).values_list("region", "document", "day", "people")
    return {(code, document, day): people or 0 for code, document, day, people in rows}


def written(office: Office, folder: Path, layout: Callable[[Office], Rows]) -> tuple[Path, Book]:
    """The table as a workbook of one sheet, of a sheet for each city, or as CSV."""
    rows, random = layout(office), office.random
    name = "rekap" if layout in (by_day, by_day_and_document, by_row) else "rekap 25 November 2021"
    kind = random.choice(["xlsx", "csv", "sheets"])
    book = Book(office, folder / f"{name}.xlsx")
    if kind == "sheets" and layout is not by_row:
        cities = sorted({code[:5] for code in office.codes})
        offices = []
        for city in cities:
            part = Office(random)
            part.codes = [code for code in office.codes if code[:5] == city]
            part.document = office.document
            offices.append((NAMES[city].removeprefix("Kota Administrasi "), part))
        sheets = {city: layout(part) for city, part in offices}
        office.table = {key: people for _, part in offices for key, people in part.table.items()}
        return book.write(sheets), book
    if kind == "csv":
        lines = [";".join(str(cell) for cell in row) for row in rows]
        return csv_file(folder, "\n".join([*lines, ""]), f"{name}.csv"), book
    return book.write({"Rekap": rows}), book


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: str(layout.__name__))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9))
def test_a_table_comes_in_or_is_asked_about(tmp_path: Path, layout: Callable[[Office], Rows], seed: int) -> None:
    office = Office(Random(seed))
    file, book = written(office, tmp_path, layout)
    answers = {"running": "daily", "sheets": "*"}
    cities = [name.removeprefix("Kota Administrasi ") for name in NAMES.values()]
    kinds = ["hidden-rows", *(f"hidden-rows:{city}" for city in cities)]
    shown = Random(seed).random() < 0.8
    if shown:
        answers |= dict.fromkeys(kinds, "in")
    with transaction.atomic():
        done = imported(file, accept=True, good_rows=True, answers=answers)
        event(f"saved: {done.saved}, a number merged: {book.merges_number}, rows hidden: {book.hides_rows}")
        found = stored()
        transaction.set_rollback(True)
    questions = done.preview.findings.questions
    assert not done.saved or found == office.table, (file, seed, questions)
    asked = {kind.partition(":")[0] for kind in questions}
    assert not book.merges_number or (not done.saved and "merged" in asked), (file, seed, questions)
    assert not book.hides_rows or ("hidden-rows" in asked and (shown or not done.saved)), (file, seed, questions)
