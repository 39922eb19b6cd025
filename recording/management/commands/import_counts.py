"""`import_counts FILE`: counts from a CSV file, all of it or nothing."""

from typing import Any

from dukcapil import clock
from recording.management.import_command import ImportCommand
from recording.models import Door
from recording.services.imports import import_counts


class Command(ImportCommand):
    help = "Impor hitungan harian dari CSV: kode, dokumen, tanggal, jumlah, sumber."

    def act(self, **options: Any) -> dict[str, Any]:
        done = import_counts(
            by=self.actor(options),
            file=options["file"],
            now=clock.now(),
            door=Door.COMMAND,
            dry_run=options["dry_run"],
        )
        return {"day": ", ".join(done.spans) or None} | self.answer(done)
