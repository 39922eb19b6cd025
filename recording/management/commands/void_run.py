"""`void_run NUMBER --reason …`: declare an official figure void; it stays readable under its number."""

from argparse import ArgumentParser
from typing import Any

from accounts.acts import Act
from accounts.rights import SYSTEM
from accounts.selectors import user_named
from dukcapil import clock
from dukcapil.command import ServiceCommand
from recording.coverage.voiding import void_run
from recording.models import Door


class Command(ServiceCommand):
    help = "Nyatakan satu angka resmi tidak berlaku. Angkanya tetap tersimpan; malamnya dihitung lagi dengan nomor baru."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("number", type=int, help="Nomor angka.")
        parser.add_argument("--reason", required=True, help="Alasan; tampil bersama angkanya.")
        parser.add_argument("--as", dest="username", help="Nama pengguna yang haknya berlaku.")

    def act(self, **options: Any) -> dict[str, Any]:
        by = user_named(options["username"]) if options["username"] else SYSTEM
        void = void_run(act=Act(by, clock.now(), Door.COMMAND), number=options["number"], reason=options["reason"])
        return {"run": void.run_id, "voided_at": void.at.isoformat(), "void_reason": void.reason}
