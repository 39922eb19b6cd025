"""Making the project's region file from an unpacked npm package idn-area-data 4.0.1 (see data/README.md).

Four CSV files, one per level and each sorted by code, become one: every region directly followed by what lies in it.
All of it streams, so the nation (91,599 rows) needs no more memory than one province.
"""

import csv
import heapq
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from dukcapil.errors import N_, Refused
from recording.names import is_within, level_of, parent_of, parse_code

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
    levels = [
        _level(level, package / "data" / file, column, province) for level, (file, column) in SOURCES.items()
    ]
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
                    raise Refused(
                        N_("%(file)s tidak urut atau memuat %(code)s dua kali."),
                        file=file.name,
                        code=line.code,
                    )
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
        raise Refused(
            N_("%(file)s tidak berkolom %(column)s."), file=file.name, column=problem.args[0]
        ) from problem
    fits = parse_code(code) == code and level_of(code) == level and (parent_of(code) or "") == parent
    if not name or not fits:
        raise Refused(
            N_("%(file)s memuat baris yang salah: kode %(code)s, induk %(parent)s."),
            file=file.name,
            code=code,
            parent=parent,
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
