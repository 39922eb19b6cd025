"""`undo_import NUMBER --reason …`: take a whole import back."""

from argparse import ArgumentParser
from typing import Any

from accounts.acts import Act
from accounts.rights import SYSTEM
from accounts.selectors import user_named
from dukcapil import clock
from dukcapil.command import ServiceCommand
from recording.imports import batches, processing
from recording.models import Door, ImportBatch


class Command(ServiceCommand):
    help = "Batalkan satu impor: setiap angka yang sejak itu tidak diubah kembali seperti sebelumnya."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("number", type=int, help="Nomor impor.")
        parser.add_argument("--reason", required=True, help="Alasan; tersimpan dalam riwayat.")
        parser.add_argument("--as", dest="username", help="Nama pengguna yang haknya berlaku.")

    def act(self, **options: Any) -> dict[str, Any]:
        by, now = user_named(options["username"]) if options["username"] else SYSTEM, clock.now()
        batches.undo(act=Act(by, now, Door.COMMAND), number=options["number"], reason=options["reason"])
        processing.process_batch(number=options["number"], now=now)
        batch = ImportBatch.objects.get(pk=options["number"])
        return {"import": batch.pk, "state": batch.state, "kept": batch.decision.get("kept", 0)}
