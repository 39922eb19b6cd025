"""`import_counts FILE`: counts from a workbook or CSV file, all of it or nothing."""

from argparse import ArgumentParser
from typing import Any

from recording.imports.command import ImportCommand
from recording.models import ImportKind


class Command(ImportCommand):
    help = "Impor hitungan harian dari XLSX, XLS, ODS atau CSV."
    kind, span = ImportKind.COUNTS, "day"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--day", help="Keadaan tanggal, bila berkas tidak menyebutnya: 2021-11-25.")
        mode = parser.add_mutually_exclusive_group()
        mode.add_argument("--running", action="store_true", default=None, help="Angkanya total sampai hari itu.")
        mode.add_argument("--daily", action="store_false", dest="running", help="Angkanya hitungan hari itu saja.")
        parser.add_argument(
            "--since",
            choices=("start", "period"),
            default="start",
            help="Total berjalan dihitung sejak awal atau sejak periodenya mulai.",
        )

    def choices(self, options: dict[str, Any]) -> dict[str, Any]:
        more = {"day": options["day"], "running": options["running"], "running_since": options["since"]}
        return super().choices(options) | more
