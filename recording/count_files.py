"""Reading counts and targets from CSV files: every cell checked, every problem named by row and column."""

import csv
from collections.abc import Callable, Iterator
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

Row = TypeVar("Row")
DELIMITERS = ",;\t"
COLUMNS = {
    "kode": "region", "code": "region", "wilayah": "region", "region": "region",
    "dokumen": "document", "document": "document",
    "tanggal": "day", "day": "day", "date": "day",
    "sumber": "source", "source": "source",
    "jumlah": "people", "people": "people", "target": "people",
    "periode": "period", "period": "period",
    "berlaku": "effective_from", "effective_from": "effective_from",
    "jenis": "kind", "kind": "kind",
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
    """What a file holds: the rows that could be read, each with its line, and the problems of the others."""

    rows: list[tuple[int, Row]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)


def read_counts(file: Path) -> Read[CountInput]:
    """Columns kode, dokumen, tanggal, jumlah, and optionally sumber (else "loket"). Blank people: missing, skipped."""
    return _read(file, {"region", "document", "day", "people"}, _count)


def read_targets(file: Path) -> Read[TargetInput]:
    """Columns kode, dokumen, periode, target, sumber, berlaku, and optionally jenis (task, stock) and awal."""
    return _read(file, {"region", "document", "period", "people", "source", "effective_from"}, _target)


def _count(cell: dict[str, str]) -> CountInput | None:
    people = parse_people(cell["people"])
    if people is None:
        return None
    day = parse_day(cell["day"].strip())
    return CountInput(
        _code(cell), cell["document"].strip(), day, cell.get("source", "").strip() or "loket", people
    )


def _target(cell: dict[str, str]) -> TargetInput | None:
    people = parse_people(cell["people"])
    if people is None:
        return None
    effective: date = parse_day(cell["effective_from"].strip())
    opening = parse_people(cell.get("opening", ""), field="opening") or 0
    return TargetInput(
        _code(cell), cell["document"].strip(), cell["period"].strip(), people, cell["source"].strip(), effective,
        kind=cell.get("kind", "").strip() or "task", opening=opening,
    )  # fmt: skip


def _code(cell: dict[str, str]) -> str:
    return parse_code(cell["region"])


def _read(file: Path, needed: set[str], make: Callable[[dict[str, str]], Row | None]) -> Read[Row]:
    read: Read[Row] = Read()
    for line, cell in _cells(file, needed, read):
        try:
            if any(contains_nik(text) for text in cell.values()):
                raise Refused(N_("Berkas memuat angka 16 digit: portal tidak menerima NIK."))
            row = make(cell)
        except Refused as problem:
            read.problems.append(Problem(line, problem.field, str(problem)))
            continue
        if row is not None:
            read.rows.append((line, row))
    return read


def _cells(file: Path, needed: set[str], read: Read[Row]) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            header = lines.readline()
            delimiter = max(DELIMITERS, key=header.count)
            names = next(csv.reader([header], delimiter=delimiter), [])
            columns = [COLUMNS.get(name.strip().lower(), "") for name in names]
            missing = needed - set(columns)
            if missing:
                raise Refused(N_("Berkas tidak berkolom %(missing)s."), missing=", ".join(sorted(missing)))
            read.unknown_columns = [name for name, known in zip(names, columns, strict=True) if not known]
            reader = csv.reader(lines, delimiter=delimiter)
            for values in reader:
                if any(value.strip() for value in values):
                    padded = [*values, *[""] * (len(columns) - len(values))]
                    yield reader.line_num + 1, dict(zip(columns, padded, strict=False))
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise Refused(N_("Berkas %(file)s tidak dapat dibaca sebagai CSV."), file=file.name) from problem
