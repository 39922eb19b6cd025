"""`check_plan FILE`: check a plan by the proof that it carries, without a solver."""

from argparse import ArgumentParser
from typing import Any

from dukcapil.command import ServiceCommand
from fleet.planning.json_file import content_of
from fleet.planning.plan_file import check_file, summary


class Command(ServiceCommand):
    help = "Periksa rencana mobil dengan bukti yang dibawanya, tanpa solver; keluar dengan 1 bila ditolak."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", help="Berkas rencana (JSON).")

    def act(self, **options: Any) -> dict[str, Any]:
        return {"proved": True, **summary(check_file(content_of(options["file"])))}
