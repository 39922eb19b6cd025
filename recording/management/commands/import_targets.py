"""`import_targets FILE`: targets from a workbook or CSV file, all of it or nothing."""

from recording.imports.command import ImportCommand
from recording.models import ImportKind


class Command(ImportCommand):
    help = "Impor target dari XLSX, XLS, ODS atau CSV."
    kind, span = ImportKind.TARGETS, "period"
