"""`confirm_clock`: say that the clock is right although time made a leap, and catch up."""

from argparse import ArgumentParser
from typing import Any

from accounts.acts import Act
from accounts.rights import SYSTEM
from accounts.selectors import user_named
from dukcapil import clock
from dukcapil.command import ServiceCommand
from recording.coverage.services import run_due
from recording.coverage.voiding import confirm_clock
from recording.models import Door


class Command(ServiceCommand):
    help = "Pastikan jam server benar sesudah lebih dari 36 jam tanpa perhitungan; malam yang terlewat lalu dihitung."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--as", dest="username", help="Nama pengguna yang haknya berlaku.")

    def act(self, **options: Any) -> dict[str, Any]:
        by, now = user_named(options["username"]) if options["username"] else SYSTEM, clock.now()
        asked = confirm_clock(act=Act(by, now, Door.COMMAND))
        return {"now": now.isoformat(), "asked": asked, "runs": [run.number for run in run_due(by=by, now=now)]}
