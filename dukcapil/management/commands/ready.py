"""`ready [--besides WORDS]`: what /readyz of the running portal says is wrong; exit code 1 when anything is.

An upgrade asks before and after: what was wrong before it, such as an old backup, must not take it back.
"""

import json
import urllib.error
import urllib.request
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

SILENT = "no_answer"


class Command(BaseCommand):
    help = "Apa yang kurang beres menurut /readyz; keluar dengan 1 bila ada."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--address", default="http://127.0.0.1:8000", help="Server web di mesin ini.")
        parser.add_argument("--besides", default="", help="Yang sudah kurang beres sebelumnya, dipisahkan spasi.")

    def handle(self, *args: Any, **options: Any) -> None:
        problems = wrong(f"{options['address']}/readyz")
        self.stdout.write(" ".join(sorted(problems)))
        if problems - (set(options["besides"].split()) - {SILENT}):
            raise SystemExit(1)


def wrong(url: str) -> set[str]:
    """The names of what keeps the portal from being ready; SILENT when nobody is there."""
    # By a name that ALLOWED_HOSTS knows and as if over TLS, as the proxy asks.
    request = urllib.request.Request(url, headers={"Host": settings.ALLOWED_HOSTS[0], "X-Forwarded-Proto": "https"})
    try:
        with urllib.request.urlopen(request, timeout=5):
            return set()
    except urllib.error.HTTPError as answer:
        try:
            checks = json.load(answer)
        except ValueError:
            return {SILENT}
    except (OSError, ValueError):
        return {SILENT}
    return {name for name, word in checks.items() if name != "warnings" and word != "ok"}
