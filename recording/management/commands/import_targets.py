"""`import_targets FILE`: targets from a workbook or CSV file, all of it or nothing."""

from argparse import ArgumentParser
from typing import Any

from recording.imports.command import ImportCommand
from recording.models import ImportKind


class Command(ImportCommand):
    help = "Impor target dari XLSX, XLS, ODS atau CSV."
    kind, span = ImportKind.TARGETS, "period"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--period", default="", help="Periode, bila berkas tidak menyebutnya.")
        parser.add_argument("--decree", default="", help="Sumber target: nomor keputusan atau surat.")
        parser.add_argument("--effective-from", help="Berlaku sejak: 2021-01-01.")
        parser.add_argument("--kind", default="", help="task (target periode) atau stock (wajib KTP).")

    def choices(self, options: dict[str, Any]) -> dict[str, Any]:
        more = {name: options[name] for name in ("period", "decree", "effective_from", "kind")}
        return super().choices(options) | more
