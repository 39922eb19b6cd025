"""Campaigns and targets as CSV: `date,area,people`, one row per area and day, and `area,target`.

Offices and statistical bureaus write the same table in many ways: with a byte order mark, semicolons or tabs, days as
25/11/2021, thousands in groups, rows in any order. All of them are read. What could mean two things is refused.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from math import ceil
from pathlib import Path

from dukcapil.errors import N_, Refused
from recording.parsing.days import read_day
from recording.parsing.numbers import parse_people

SHARES = (70, 80, 90, 95)  # percent of an area's own last total, where no targets are given
LONGEST_DAYS = 3_660
SEPARATORS = ",;\t"
_TAKEN_BACK = re.compile(r"[-\u2212]\s*([0-9].*)")
_WHOLE = re.compile(r"([0-9]+)\.0")  # as programs write a column with gaps
MANY_ENTRIES = 20  # of an area, none of them smaller than the one before: a sum, not a count

_UNREADABLE = N_("Berkas %(file)s tidak dapat dibaca. Periksa nama dan izinnya.")
_NOT_UTF8 = N_("Berkas %(file)s bukan teks UTF-8. Simpan lagi sebagai CSV UTF-8.")
_NOT_CSV = N_("Berkas %(file)s bukan CSV yang utuh. Simpan lagi sebagai CSV UTF-8.")
_EMPTY = N_("Berkas %(file)s kosong.")
_NO_ROWS = N_("Berkas %(file)s tidak berisi satu baris data pun.")
_COLUMNS = N_("Berkas %(file)s tidak mempunyai kolom %(missing)s. Yang diperlukan: %(needed)s.")
_AT = N_("Berkas %(file)s, baris %(line)s: %(reason)s")
_NO_AREA = N_("nama wilayah kosong.")
_TWICE = N_("tanggal %(day)s sudah ada untuk wilayah “%(area)s”. Satu wilayah dan tanggal hanya boleh satu baris.")
_UNKNOWN = N_("wilayah “%(area)s” tidak ada di berkas hitungan.")
_NO_TARGET = N_("target harus paling sedikit 1 orang.")
_TOO_LONG = N_("Berkas %(file)s mencakup lebih dari sepuluh tahun (%(first)s sampai %(last)s). Periksa tanggalnya.")
_NOBODY = N_("Berkas %(file)s tidak mencatat seorang pun, jadi tidak ada target untuk diperkirakan.")


def read_campaign(file: Path) -> dict[str, dict[date, int]]:
    """People by area and day. An empty cell is missing, not zero; a negative number takes back what was counted before."""
    areas: dict[str, dict[date, int]] = {}
    days: dict[str, date] = {}
    seen: set[tuple[str, date]] = set()
    for line, (day_text, area, people_text) in _rows(file, ("date", "area", "people")):
        try:
            day = days.get(day_text) or days.setdefault(day_text, read_day(day_text))
            people = _recorded(people_text)
            if (area, day) in seen:
                raise Refused(_TWICE, day=day, area=area)
        except Refused as problem:
            raise Refused(_AT, file=file.name, line=line, reason=problem) from problem
        seen.add((area, day))
        if people is not None:
            areas.setdefault(area, {})[day] = people
    if not areas:
        raise Refused(_NO_ROWS, file=file.name)
    first, last = min(days.values()), max(days.values())
    if (last - first).days > LONGEST_DAYS:
        raise Refused(_TOO_LONG, file=file.name, first=first, last=last)
    if not any(people > 0 for counts in areas.values() for people in counts.values()):
        raise Refused(_NOBODY, file=file.name)
    return areas


def _recorded(text: str) -> int | None:
    whole = _WHOLE.fullmatch(text)
    if taken_back := _TAKEN_BACK.fullmatch(text):
        number = _recorded(taken_back[1])
        return None if number is None else -number
    return parse_people(whole[1] if whole else text)


def looks_cumulative(areas: Mapping[str, Mapping[date, int]]) -> bool:
    """Whether every area's numbers only ever grow, as sums do and new people of a day do not."""
    for counts in areas.values():
        numbers = [counts[day] for day in sorted(counts)]
        if len(numbers) < MANY_ENTRIES or numbers[0] == numbers[-1]:
            return False
        if any(later < earlier for earlier, later in pairwise(numbers)):
            return False
    return True


def read_targets(file: Path, areas: Mapping[str, object]) -> dict[str, list[int]]:
    """The targets of each area, ascending; an area may have several."""
    targets: dict[str, set[int]] = {}
    for line, (area, target_text) in _rows(file, ("area", "target")):
        try:
            target = _recorded(target_text)
            if area not in areas:
                raise Refused(_UNKNOWN, area=area)
            if target is None or target < 1:
                raise Refused(_NO_TARGET)
        except Refused as problem:
            raise Refused(_AT, file=file.name, line=line, reason=problem) from problem
        targets.setdefault(area, set()).add(target)
    return {area: sorted(targets[area]) for area in sorted(targets)}


def own_targets(file: Path, areas: Mapping[str, Mapping[date, int]]) -> dict[str, list[int]]:
    """70, 80, 90 and 95% of each area's own last total, rounded up."""
    totals = {area: sum(counts.values()) for area, counts in sorted(areas.items())}
    if not any(total > 0 for total in totals.values()):
        raise Refused(_NOBODY, file=file.name)
    return {area: sorted({ceil(total * share / 100) for share in SHARES}) for area, total in totals.items() if total > 0}


def _rows(file: Path, columns: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """(line, the cells of these columns) of each row that is not blank; the area is never empty."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as problem:
        raise Refused(_NOT_UTF8, file=file.name) from problem
    except OSError as problem:
        raise Refused(_UNREADABLE, file=file.name) from problem
    if not text.strip():
        raise Refused(_EMPTY, file=file.name)
    head = text.lstrip().partition("\n")[0]
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=max(SEPARATORS, key=head.count), strict=True)
    try:
        header = [name.strip().lower() for name in next(cells for cells in lines if any(cell.strip() for cell in cells))]
        if missing := [name for name in columns if name not in header]:
            raise Refused(_COLUMNS, file=file.name, missing=", ".join(missing), needed=",".join(columns))
        places, rows = [header.index(name) for name in columns], 0
        for cells in lines:
            if not any(cell.strip() for cell in cells):
                continue
            row = [cells[place].strip() if place < len(cells) else "" for place in places]
            if not row[columns.index("area")]:
                raise Refused(_AT, file=file.name, line=lines.line_num, reason=Refused(_NO_AREA))
            rows += 1
            yield lines.line_num, row
    except csv.Error as problem:
        raise Refused(_NOT_CSV, file=file.name) from problem
    if not rows:
        raise Refused(_NO_ROWS, file=file.name)
