"""`make_region_file PACKAGE FILE [--province 31]`: make a region file from an unpacked idn-area-data package."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from dukcapil.command import ServiceCommand
from recording.regions.region_file import write_region_file


class Command(ServiceCommand):
    help = "Buat berkas wilayah dari folder paket idn-area-data yang sudah dibuka."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("package", type=Path, metavar="PAKET", help="Folder yang memuat data/provinces.csv dst.")
        parser.add_argument("file", type=Path, metavar="BERKAS", help="Berkas CSV yang ditulis.")
        parser.add_argument("--province", metavar="KODE", help="Misalnya 31 (bawaan: seluruh Indonesia).")

    def act(self, **options: Any) -> dict[str, Any]:
        kinds = write_region_file(options["package"], options["file"], options["province"])
        return {"file": options["file"].name, "rows": sum(kinds.values()), **kinds}
