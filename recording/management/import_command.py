"""What `import_counts` and `import_targets` share: arguments, whose rights apply, and the answer."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from accounts.rights import SYSTEM, Actor
from accounts.selectors import user_named
from dukcapil.command import SHOWN_ROWS, DoorCommand
from recording.services.imports import Imported


class ImportCommand(DoorCommand):
    """`FILE [--dry-run] [--as USERNAME] [--json]`; exit code 1 when rows were rejected (then nothing is saved)."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="Periksa saja, jangan simpan.")
        parser.add_argument("--as", dest="username", help="Nama pengguna yang haknya berlaku.")

    def actor(self, options: dict[str, Any]) -> Actor:
        """The user of `--as`; without it the operator of the machine, who may write everything."""
        return user_named(options["username"]) if options["username"] else SYSTEM

    def answer(self, done: Imported) -> dict[str, Any]:
        """The contract's answer but for "day" or "period"."""
        return {
            "file": done.file,
            "rows": {
                "new": done.new, "changed": done.changed, "unchanged": done.unchanged,
                "rejected": done.rejected, "unmapped": 0,
            },
            "per_city": done.per_city,
            "file_total": None,
            "problems": [
                {"sheet": "", "row": p.row, "column": p.column, "tier": p.tier, "reason": p.reason}
                for p in done.problems
            ],
        }  # fmt: skip

    def failed(self, answer: dict[str, Any]) -> bool:
        return any(problem["tier"] == "error" for problem in answer["problems"])

    def report(self, answer: dict[str, Any]) -> None:
        rows = answer["rows"]
        self.stdout.write(
            f"{answer['file']}: {rows['new']} baru, {rows['changed']} berubah, {rows['unchanged']} tetap, "
            f"{rows['rejected']} ditolak"
        )
        for problem in answer["problems"][:SHOWN_ROWS]:
            self.stdout.write(f"  baris {problem['row']} {problem['column']}: {problem['reason']}")
        if self.failed(answer):
            self.stdout.write("Tidak ada yang disimpan.")
