"""`import_targets FILE`: targets from a CSV file, all of it or nothing."""

from typing import Any

from dukcapil import clock
from recording.management.import_command import ImportCommand
from recording.models import Door
from recording.services.imports import import_targets


class Command(ImportCommand):
    help = "Impor target dari CSV: kode, dokumen, periode, target, sumber, berlaku, jenis, awal."

    def act(self, **options: Any) -> dict[str, Any]:
        done = import_targets(
            by=self.actor(options),
            file=options["file"],
            now=clock.now(),
            door=Door.COMMAND,
            dry_run=options["dry_run"],
        )
        return {"period": ", ".join(done.spans) or None} | self.answer(done)
