"""`load_regions [FILE]`: load or update the tree of regions (default: the file of DKI that comes with the project)."""

import csv
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from accounts.rights import SYSTEM
from dukcapil import clock
from dukcapil.command import DoorCommand
from dukcapil.errors import N_, Refused, RefusedRows
from recording.days import parse_day
from recording.models import Door
from recording.services.regions import RegionRow, load_regions

DATA = Path(__file__).resolve().parents[2] / "data"
REGIONS, ALIASES = DATA / "regions_31.csv", DATA / "region_aliases_31.csv"


class Command(DoorCommand):
    help = "Muat wilayah dari CSV (kode,kode_induk,jenis,nama dan, bila ada, dibuka,ditutup)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", nargs="?", type=Path, default=REGIONS)
        parser.add_argument(
            "--close-missing",
            metavar="HARI",
            help="Hari terakhir bagi wilayah yang tidak ada lagi dalam berkas.",
        )

    def act(self, **options: Any) -> dict[str, Any]:
        file: Path = options["file"]
        close = parse_day(options["close_missing"]) if options["close_missing"] else None
        try:
            loaded = load_regions(
                by=SYSTEM, rows=read_regions(file), aliases=read_aliases(ALIASES) if file == REGIONS else (),
                now=clock.now(), door=Door.COMMAND, close_missing_on=close,
            )  # fmt: skip
        except RefusedRows as problem:  # the file's first line is its header
            raise RefusedRows([(index + 1, reason) for index, reason in problem.errors]) from problem
        return {
            "new": loaded.new, "changed": loaded.changed, "unchanged": loaded.unchanged,
            "closed": loaded.closed, "missing": list(loaded.missing),
        }  # fmt: skip


def read_regions(file: Path) -> Iterator[RegionRow]:
    """The rows of a region file. A file that cannot be read, or lacks a column, is Refused."""
    for line, row in enumerate(_rows(file, {"kode", "nama"}), 2):
        try:
            opened, closed = _day(row.get("dibuka")), _day(row.get("ditutup"))
        except Refused as problem:
            raise Refused(N_("Baris %(line)s: %(reason)s"), "day", line=line, reason=problem) from problem
        yield RegionRow(row["kode"], row["nama"], row.get("kode_induk") or "", opened, closed)


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
                    raise Refused(
                        N_("Baris %(line)s tidak lengkap atau terlalu panjang."), line=reader.line_num
                    )
                yield row
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise Refused(N_("Berkas %(file)s tidak dapat dibaca."), file=file.name) from problem
