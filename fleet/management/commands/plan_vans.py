"""`plan_vans --instance FILE`: solve the general form of the planner's question and print what was found and proved."""

from argparse import ArgumentParser
from typing import Any

from dukcapil.command import ServiceCommand
from fleet.planning.assignment import described, solve
from fleet.planning.instance import read_instance
from fleet.planning.json_file import content_of


class Command(ServiceCommand):
    help = "Bagi tempat kepada mobil dengan nilai terbesar; tiap tempat paling banyak satu kali, dalam hari tiap mobil."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--instance", required=True, metavar="FILE", help="Berkas JSON: vans, places, value, …")

    def act(self, **options: Any) -> dict[str, Any]:
        instance = read_instance(content_of(options["instance"]))
        return described(instance, solve(instance))
