"""Reading counts and targets from CSV files: every cell checked, every problem named by row and column."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Generic, TypeVar

from dukcapil.errors import N_, Refused
from recording.days import parse_day
from recording.names import parse_code
from recording.numbers import contains_nik, parse_people
from recording.services.count_checks import CountInput
from recording.services.targets import TargetInput

Row = TypeVar("Row", CountInput, TargetInput)
DELIMITERS = ",;\t"
# What a header may say, and the field that it means; the first of several is the one that sentences name.
COLUMNS = {
    "kode": "region", "code": "region", "wilayah": "region", "region": "region",
    "nama": "name", "name": "name", "kota": "city", "city": "city",
    "dokumen": "document", "document": "document", "sumber": "source", "source": "source",
}  # fmt: skip
COUNT_COLUMNS = COLUMNS | {
    "tanggal": "day", "day": "day", "date": "day", "jumlah": "people", "people": "people",
}  # fmt: skip
TARGET_COLUMNS = COLUMNS | {
    "target": "people", "jumlah": "people", "people": "people", "periode": "period", "period": "period",
    "berlaku": "effective_from", "effective_from": "effective_from", "jenis": "kind", "kind": "kind",
    "awal": "opening", "opening": "opening",
}  # fmt: skip


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one cell. `row` counts the file's lines from 1, the header included."""

    row: int
    column: str
    reason: str
    tier: str = "error"


@dataclass
class Read(Generic[Row]):
    """What a file holds: the rows that could be read, each with its line, and the problems of the others.

    `columns`: what the file calls each field. `names`: by line, the names of region and city that stand beside the
    code, to be compared with it.
    """

    rows: list[tuple[int, Row]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    unknown_columns: list[str] = field(default_factory=list)
    names: dict[int, dict[str, str]] = field(default_factory=dict)

    def problem(self, line: int, reason: Refused) -> Problem:
        """A refusal at the file's own name of the column."""
        return Problem(line, self.columns.get(reason.field, reason.field), str(reason))


def read_counts(file: Path) -> Read[CountInput]:
    """Columns kode, dokumen, tanggal, jumlah, and optionally sumber (else "loket"), nama and kota (compared with the
    code). Blank people: missing, skipped."""
    return _read(file, COUNT_COLUMNS, {"region", "document", "day", "people"}, _count)


def read_targets(file: Path) -> Read[TargetInput]:
    """Columns kode, dokumen, periode, target, sumber, berlaku, and optionally jenis (task, stock), awal, nama, kota."""
    needed = {"region", "document", "period", "people", "source", "effective_from"}
    return _read(file, TARGET_COLUMNS, needed, _target)


def _count(cell: dict[str, str]) -> CountInput | None:
    people = parse_people(cell["people"])
    if people is None:
        return None
    day = parse_day(cell["day"].strip())
    return CountInput(
        parse_code(cell["region"]), cell["document"].strip(), day, cell.get("source", "").strip() or "loket", people
    )  # fmt: skip


def _target(cell: dict[str, str]) -> TargetInput | None:
    people = parse_people(cell["people"])
    if people is None:
        return None
    opening = parse_people(cell.get("opening", ""), field="opening") or 0
    return TargetInput(
        parse_code(cell["region"]), cell["document"].strip(), cell["period"].strip(), people, cell["source"].strip(),
        _effective(cell["effective_from"]), kind=cell.get("kind", "").strip() or "task", opening=opening,
    )  # fmt: skip


def _effective(text: str) -> date:
    try:
        return parse_day(text.strip())
    except Refused as problem:
        raise Refused(problem.template, "effective_from", **problem.params) from problem


def _read(
    file: Path, known: Mapping[str, str], needed: set[str], make: Callable[[dict[str, str]], Row | None]
) -> Read[Row]:
    read: Read[Row] = Read()
    try:
        # A byte-order mark is left out; line ends are left to the reader, because cells may hold some.
        with file.open(encoding="utf-8-sig", newline="") as lines:
            header = lines.readline()
            delimiter = max(DELIMITERS, key=header.count)
            fields = _header(next(csv.reader([header], delimiter=delimiter), []), known, needed, read)
            reader = csv.reader(lines, delimiter=delimiter)
            for values in reader:
                if any(value.strip() for value in values):
                    _add(read, reader.line_num + 1, fields, values, make)
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise Refused(N_("Berkas %(file)s tidak dapat dibaca sebagai CSV."), file=file.name) from problem
    return read


def _header(names: list[str], known: Mapping[str, str], needed: set[str], read: Read[Row]) -> list[str]:
    """The field of each column, "" for one that is not known."""
    _refuse_nik(names)
    fields = [known.get(name.strip().lower(), "") for name in names]
    missing = [_called(known, each) for each in dict.fromkeys(known.values()) if each in needed - set(fields)]
    if missing:
        raise Refused(N_("Berkas tidak berkolom %(missing)s."), missing=", ".join(missing))
    twice = [_called(known, each) for each in dict.fromkeys(fields) if each and fields.count(each) > 1]
    if twice:
        raise Refused(
            N_("Berkas berkolom %(twice)s lebih dari satu; hapus yang lain."), twice=", ".join(twice)
        )
    read.columns = {each: name.strip() for each, name in zip(fields, names, strict=True) if each}
    read.unknown_columns = [
        name for each, name in zip(fields, names, strict=True) if not each and name.strip()
    ]
    return fields


def _called(known: Mapping[str, str], wanted: str) -> str:
    return next(name for name, each in known.items() if each == wanted)


def _add(
    read: Read[Row],
    line: int,
    fields: list[str],
    values: list[str],
    make: Callable[[dict[str, str]], Row | None],
) -> None:
    try:
        _refuse_nik(values)
        if any(value.strip() for value in values[len(fields) :]):
            raise Refused(
                N_("Baris ini lebih panjang daripada judul kolom. Apit angka seperti 1,234 dengan petik.")
            )
        padded = [*values, *[""] * (len(fields) - len(values))]
        cell = dict(zip(fields, padded, strict=False))
        row = make(cell)
    except Refused as problem:
        read.problems.append(read.problem(line, problem))
        return
    if row is not None:
        read.rows.append((line, row))
        read.names[line] = {each: cell.get(each, "").strip() for each in ("name", "city")}


def _refuse_nik(values: list[str]) -> None:
    """Every cell is looked at, those of unknown columns too; the sentence does not repeat the number."""
    if any(contains_nik(value) for value in values):
        raise Refused(N_("Berkas memuat angka 16 digit: portal tidak menerima NIK."))
