"""`plan_vans --from DAY --days N`: propose where the vans go, in this process, and print what the plan is and proves.
`plan_vans --instance FILE`: solve the general form of the planner's question."""

from argparse import ArgumentParser
from importlib import import_module
from pathlib import Path
from typing import Any

from accounts.acts import Act
from accounts.rights import SYSTEM
from dukcapil import clock
from dukcapil.command import ServiceCommand
from dukcapil.errors import N_, Refused
from fleet.models import ProposalStatus
from fleet.planning.instance import read_instance
from fleet.planning.json_file import content_of
from fleet.planning.plan_file import check_file, summary
from fleet.proposals.explaining import failure_of
from fleet.proposals.question import ALPHAS, Options, Question
from fleet.proposals.selectors import province_with_vans
from fleet.proposals.working import propose_now
from recording.public import Door, parse_day

NO_SOLVER = N_("Bentuk umum memerlukan solver highspy, yang tidak terpasang. Pasang requirements.txt.")


class Command(ServiceCommand):
    help = "Usulkan ke mana mobil pergi; dengan --instance: bagi tempat kepada mobil dengan nilai terbesar."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--from", dest="first_day", metavar="DAY", help="Hari pertama usulan.")
        what.add_argument("--instance", metavar="FILE", help="Berkas JSON: vans, places, value, …")
        parser.add_argument("--days", type=int, default=14, help="Jumlah hari kalender (bawaan: 14).")
        parser.add_argument("--city", metavar="CODE", help="Kode kota; tanpa ini semua kota provinsi.")
        parser.add_argument("--alpha", choices=ALPHAS, default="0.5", help="Bobot pemerataan (bawaan: 0.5).")
        parser.add_argument("--floor", type=int, default=0, help="Titik yang dijamin tiap kota.")
        parser.add_argument("--saturdays", action="store_true", help="Mobil keluar pada hari Sabtu juga.")
        parser.add_argument("--lend-own", action="store_true", help="Mobil Sudin yang menganggur boleh dipinjamkan.")
        parser.add_argument("--worst-city-first", action="store_true", help="Kota yang paling tertinggal didahulukan.")
        parser.add_argument("--write", metavar="FILE", help="Tulis berkas rencana, untuk check_plan.")

    def act(self, **options: Any) -> dict[str, Any]:
        return general_form(options["instance"]) if options["instance"] else proposed(options)


def general_form(path: str) -> dict[str, Any]:
    instance = read_instance(content_of(path))
    try:
        assignment = import_module("fleet.planning.assignment")
    except ImportError as error:
        raise Refused(NO_SOLVER) from error
    found: dict[str, Any] = assignment.described(instance, assignment.solve(instance))
    return found


def proposed(options: dict[str, Any]) -> dict[str, Any]:
    """The summary of the plan; Refused with the sentence of a proposal that failed."""
    chosen = Options(options["alpha"], options["lend_own"], options["worst_city_first"], options["floor"], options["saturdays"])
    region = options["city"] or province_with_vans()
    question = Question(region, parse_day(options["first_day"]), options["days"], chosen)
    proposal = propose_now(act=Act(SYSTEM, clock.now(), Door.COMMAND), question=question)
    if proposal.status != ProposalStatus.READY:
        raise Refused(failure_of(proposal))
    if options["write"]:
        written(options["write"], proposal.plan)
    plan = check_file(proposal.plan.encode())
    return {"proposal": proposal.pk, "region": region, **summary(plan)}


def written(path: str, plan: str) -> None:
    try:
        Path(path).write_text(plan, encoding="utf-8")
    except OSError as error:
        raise Refused(N_("Berkas %(path)s tidak dapat ditulis."), path=path) from error
