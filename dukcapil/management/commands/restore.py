"""`restore FILE [--only-try] [--secrets-to FILE]`: put a backup back. The portal must stand still; what was there is kept."""

import sys
from argparse import ArgumentParser
from getpass import getpass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from dukcapil import clock
from dukcapil.backups.children import BackupFailed
from dukcapil.backups.restoring import restore
from dukcapil.form_line import form_line


class Command(BaseCommand):
    help = "Pulihkan portal dari cadangan. Salinan diuji lebih dahulu; yang digantikan tetap disimpan."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--only-try", action="store_true", help="Uji cadangan, jangan ganti apa pun.")
        parser.add_argument("--secrets-to", type=Path, help="Tulis rahasia cadangan (SECRET_KEY dan lain-lain) ke berkas ini.")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stderr.write(form_line())
        try:
            done = restore(
                options["file"], _passphrase, clock.real_now(), only_try=options["only_try"], secrets_to=options["secrets_to"]
            )
        except BackupFailed as problem:
            raise CommandError(f"Nothing was changed: {problem}") from problem
        figures = ", ".join(f"{name} {value}" for name, value in done.claims["evidence"].items())
        same = f" and is what was copied ({figures})" if figures else ""
        self.stdout.write(f"The backup of {done.claims['at']} is whole{same}; the ledger is right.")
        if options["only_try"]:
            return
        self.stdout.write("It is in place. " + (f"What was there is kept as {done.replaced}." if done.replaced else ""))
        if done.other_secret:
            self.stdout.write(
                "SECRET_KEY is another one than the backup's: keys of the API, secrets of webhooks and addresses of calendars "
                "made with the old one do not work. Take it over: portal restore FILE --only-try --secrets-to FILE2"
            )


def _passphrase() -> str:
    """Of the installation; on a new machine it is asked for."""
    if settings.BACKUP_PASSPHRASE:
        return str(settings.BACKUP_PASSPHRASE)
    return getpass("BACKUP_PASSPHRASE: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
