"""The base of our commands: `--json`, and refusals as a list with exit code 1."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dukcapil.errors import Refused, RefusedRows

MAX_ROWS_SHOWN = 50


class ServiceCommand(BaseCommand):
    """A command that calls one service. Subclasses implement `act`, which returns a dictionary of JSON values."""

    # Django's checks import every page and address, half of the time that a command takes; `make lint` and the start
    # of the portal run them. What production refuses is refused by the settings themselves.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="Cetak satu objek JSON saja.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            answer = self.act(**options)
        except RefusedRows as problem:
            rows = [f"baris {index + 1}: {reason}" for index, reason in problem.errors[:MAX_ROWS_SHOWN]]
            raise CommandError("\n".join([str(problem), *rows])) from problem
        except Refused as problem:
            raise CommandError(str(problem)) from problem
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self.report(answer)
        if self.failed(answer):
            raise SystemExit(1)

    def act(self, **options: Any) -> dict[str, Any]:
        """Call the service."""
        raise TypeError(f"{type(self).__name__} has no act()")

    def failed(self, answer: dict[str, Any]) -> bool:
        """Whether the answer is bad news, for which the exit code is 1."""
        return False

    def report(self, answer: dict[str, Any]) -> None:
        """Print the answer without `--json`."""
        for name, value in answer.items():
            self.stdout.write(f"{name}: {value}")
