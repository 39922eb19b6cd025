"""`simulate_campaign`: how different ways to send the vans fare in made-up worlds, beside one that knows the truth."""

from argparse import ArgumentParser
from typing import Any

from dukcapil.command import ServiceCommand
from dukcapil.errors import N_, Refused
from fleet.planning.simulation.table import simulate
from fleet.planning.simulation.worlds import WORLDS


class Command(ServiceCommand):
    help = "Bandingkan cara mengirim mobil dalam dunia buatan; keluar dengan 1 bila sebuah batas tidak terpenuhi."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--world", choices=WORLDS, help="Hanya dunia ini.")
        parser.add_argument("--seeds", type=int, default=8, metavar="N", help="Banyaknya undian tiap dunia (8).")
        parser.add_argument("--days", type=int, metavar="N", help="Paling lama sekian hari kerja.")

    def act(self, **options: Any) -> dict[str, Any]:
        seeds, days = options["seeds"], options["days"]
        if seeds < 1 or (days is not None and days < 1):
            raise Refused(N_("Banyaknya undian dan hari harus 1 atau lebih."))
        return simulate([options["world"]] if options["world"] else WORLDS, seeds, days)

    def failed(self, answer: dict[str, Any]) -> bool:
        return not all(bar["holds"] for bar in answer["bars"])

    def report(self, answer: dict[str, Any]) -> None:
        for world, row in answer["worlds"].items():
            self.stdout.write(f"{world}: {'hari' if row['share'] else 'perekaman'}")
            for policy, figures in row["policies"].items():
                self.stdout.write(f"  {policy:14} {figures['median'] or '–':>8}  {figures['of_clairvoyant'] or '–':>6}")
        for bar in answer["bars"]:
            verdict = "ya" if bar["holds"] else "TIDAK"
            self.stdout.write(f"{bar['world']}, {bar['other']}: {bar['found']} ({bar['worst']}) {verdict}")
