"""Region files: reading one, and making the project's own from an unpacked npm package idn-area-data 4.0.1.

The package's four CSV files, one per level and each sorted by code, become one: every region directly followed by what
lies in it. All of it streams, so the nation (91,599 rows) needs no more memory than one province. See data/README.md.
"""

import csv
import heapq
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from dukcapil.errors import N_, Refused
from dukcapil.region_codes import is_within
from recording.parsing.days import parse_day
from recording.parsing.region_names import level_of, parent_of, parse_code
from recording.regions.services import RegionRow

DATA = Path(__file__).resolve().parent / "data"
REGIONS, ALIASES = DATA / "regions_31.csv", DATA / "region_aliases_31.csv"

COLUMNS = ("kode", "kode_induk", "jenis", "nama")
# The file of each level, and its column that names the region above.
SOURCES = {
    "province": ("provinces.csv", None),
    "city": ("regencies.csv", "province_code"),
    "district": ("districts.csv", "regency_code"),
    "village": ("villages.csv", "district_code"),
}


class RegionLine(NamedTuple):
    """One line of the region file. `parent` is "" for a province."""

    code: str
    parent: str
    kind: str
    name: str


def region_lines(package: Path, province: str | None = None) -> Iterator[RegionLine]:
    """The regions of one province (all without one), a region before what lies in it.

    `package` is the unpacked folder that holds data/. Refused when a file is missing or unreadable, rows are out of
    order or twice, a code is malformed, a region's parent is not there, or the province is not.
    """
    levels = [_level(level, package / "data" / file, column, province) for level, (file, column) in SOURCES.items()]
    open_regions: list[str] = []
    for line in heapq.merge(*levels, key=lambda line: line.code):
        while open_regions and not is_within(line.code, open_regions[-1]):
            open_regions.pop()
        if line.parent != (open_regions[-1] if open_regions else ""):
            raise Refused(
                N_("Induk %(parent)s dari %(code)s tidak ada dalam paket, atau berkasnya tidak urut."),
                code=line.code,
                parent=line.parent,
            )
        open_regions.append(line.code)
        yield line
    if not open_regions:
        raise Refused(N_("Provinsi %(code)s tidak ada dalam paket."), "province", code=province or "")


def write_region_file(package: Path, file: Path, province: str | None = None) -> dict[str, int]:
    """Write `region_lines` as CSV (UTF-8, LF); returns how many of each kind. A refusal leaves an older file alone."""
    kinds: Counter[str] = Counter()
    unfinished = file.with_name(file.name + ".part")
    try:
        with unfinished.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(COLUMNS)
            for line in region_lines(package, province):
                writer.writerow(line)
                kinds[line.kind] += 1
        unfinished.replace(file)
    except OSError as problem:
        raise Refused(N_("%(file)s tidak dapat ditulis."), file=file.name) from problem
    finally:
        unfinished.unlink(missing_ok=True)
    return dict(kinds)


def _level(level: str, file: Path, parent_column: str | None, province: str | None) -> Iterator[RegionLine]:
    before = ""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                line = _line(level, row, parent_column, file)
                if line.code <= before:
                    raise Refused(N_("%(file)s tidak urut atau memuat %(code)s dua kali."), file=file.name, code=line.code)
                before = line.code
                if province is None or is_within(line.code, province):
                    yield line
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise Refused(N_("%(file)s tidak dapat dibaca dari paket."), file=file.name) from problem


def _line(level: str, row: dict[str, str], parent_column: str | None, file: Path) -> RegionLine:
    try:
        code, name = row["code"] or "", row["name"]
        parent = row[parent_column] if parent_column else ""
    except KeyError as problem:
        raise Refused(N_("%(file)s tidak berkolom %(column)s."), file=file.name, column=problem.args[0]) from problem
    fits = parse_code(code) == code and level_of(code) == level and (parent_of(code) or "") == parent
    if not name or not fits:
        raise Refused(
            N_("%(file)s memuat baris yang salah: kode %(code)s, induk %(parent)s."), file=file.name, code=code, parent=parent
        )
    return RegionLine(code, parent, _kind(code, name), name)


def _kind(code: str, name: str) -> str:
    """What a region is called. The fourth part of a code tells: 1 kelurahan, 2 desa, 3 desa adat (counted as desa)."""
    if len(code) == 2:
        return "provinsi"
    if len(code) == 5:
        return "kota" if name.startswith("Kota ") else "kabupaten"
    if len(code) == 8:
        return "kecamatan"
    return "kelurahan" if code[9] == "1" else "desa"


def read_regions(file: Path) -> Iterator[RegionRow]:
    """The rows of a region file. A file that cannot be read, or lacks a column, is Refused."""
    for line, row in enumerate(_rows(file, {"kode", "nama"}), 2):
        try:
            opened, closed, named = (_day(row.get(column)) for column in ("dibuka", "ditutup", "nama_sejak"))
        except Refused as problem:
            raise Refused(N_("Baris %(line)s: %(reason)s"), "day", line=line, reason=problem) from problem
        yield RegionRow(row["kode"], row["nama"], row.get("kode_induk") or "", opened, closed, named)


def read_aliases(file: Path) -> Iterator[tuple[str, str]]:
    """(code, other spelling) pairs."""
    for row in _rows(file, {"kode", "alias"}):
        yield row["kode"], row["alias"]


def _day(text: str | None) -> date | None:
    return parse_day(text) if text else None


def _rows(file: Path, needed: set[str]) -> Iterator[dict[str, str]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            missing = needed - set(reader.fieldnames or ())
            if missing:
                raise Refused(N_("Berkas tidak berkolom %(missing)s."), missing=", ".join(sorted(missing)))
            for row in reader:
                if None in row or None in row.values():
                    raise Refused(N_("Baris %(line)s tidak lengkap atau terlalu panjang."), line=reader.line_num)
                yield row
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise Refused(N_("Berkas %(file)s tidak dapat dibaca."), file=file.name) from problem
