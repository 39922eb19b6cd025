"""`load_regions [FILE]`: load or update the tree of regions (default: the file of DKI that comes with the project)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.acts import Act
from accounts.rights import SYSTEM
from dukcapil import clock
from dukcapil.command import ServiceCommand
from dukcapil.errors import RefusedRows
from recording.models import Door
from recording.parsing.days import parse_day
from recording.regions.region_file import ALIASES, REGIONS, read_aliases, read_regions
from recording.regions.services import load_regions


class Command(ServiceCommand):
    help = "Muat wilayah dari CSV (kode,kode_induk,jenis,nama dan, bila ada, dibuka,ditutup,nama_sejak)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", nargs="?", type=Path, default=REGIONS)
        parser.add_argument(
            "--close-missing", metavar="HARI", help="Hari terakhir bagi wilayah yang tidak ada lagi dalam berkas."
        )

    def act(self, **options: Any) -> dict[str, Any]:
        file: Path = options["file"]
        close = parse_day(options["close_missing"]) if options["close_missing"] else None
        try:
            loaded = load_regions(
                act=Act(SYSTEM, clock.now(), Door.COMMAND),
                rows=read_regions(file),
                aliases=read_aliases(ALIASES) if file == REGIONS else (),
                close_missing_on=close,
            )
        except RefusedRows as problem:  # the file's first line is its header
            raise RefusedRows([(index + 1, reason) for index, reason in problem.errors]) from problem
        return {
            "new": loaded.new,
            "changed": loaded.changed,
            "unchanged": loaded.unchanged,
            "closed": loaded.closed,
            "missing": list(loaded.missing),
            "renamed": list(loaded.renamed),
            "beyond": [sentence for check in settings.REGION_CHECKS for sentence in import_string(check)()],
        }
