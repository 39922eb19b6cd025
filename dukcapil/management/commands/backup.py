"""`backup`: one copy of the whole installation while it runs, sealed, and proved by restoring it. Prints the file's name."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from dukcapil import clock
from dukcapil.backups.children import BackupFailed
from dukcapil.backups.state import is_due
from dukcapil.backups.writing import write_backup
from dukcapil.form_line import form_line


class Command(BaseCommand):
    help = "Tulis cadangan seluruh portal ke BACKUP_FOLDER selagi portal berjalan, dan buktikan dengan memulihkannya."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-due", action="store_true", help="Hanya bila cadangan malam ini belum ada.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_due"] and not is_due(clock.now()):
            return
        self.stderr.write(form_line())
        try:
            written = write_backup(clock.now())
        except BackupFailed as problem:
            raise CommandError(f"No backup: {problem}") from problem
        self.stdout.write(str(settings.BACKUP_FOLDER / written.file))
