"""`recompute_coverage [--date D]`: the figures as of a day, now."""

from argparse import ArgumentParser
from decimal import Decimal
from typing import Any

from accounts.rights import SYSTEM
from dukcapil import clock, figures
from dukcapil.command import ServiceCommand
from recording.coverage.answers import coverage_answer, coverage_row
from recording.coverage.figures import period_for, run_figures
from recording.coverage.services import recompute_coverage
from recording.models import Document, Level, Period, RunStatus
from recording.parsing.days import parse_day


class Command(ServiceCommand):
    help = "Hitung cakupan keadaan hari ini (sementara) atau --date. Tanpa perubahan, nomor yang sama dijawab lagi."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--date", help="Keadaan per hari ini, misalnya 2021-11-25.")

    def act(self, **options: Any) -> dict[str, Any]:
        now = clock.now()
        day = parse_day(options["date"]) if options["date"] else clock.business_date(now)
        run = recompute_coverage(by=SYSTEM, day=day, now=now)
        period = period_for(list(Period.objects.all()), None, run.as_of)
        rows = [
            coverage_row(figure, document, period.name)
            for document in Document.values
            if period and period.first_day <= run.as_of
            for figure in run_figures(run, document, period, [Level.PROVINCE, Level.CITY])
        ]
        return coverage_answer(run, [], "", "") | {"results": rows}

    def report(self, answer: dict[str, Any]) -> None:
        status = RunStatus(answer["status"]).label
        self.stdout.write(f"Nomor {answer['run']}, keadaan per {answer['as_of']} ({status})")
        for row in answer["results"]:
            target = (
                "belum ada target"
                if row["target"] is None
                else f"dari {figures.people(row['target'])} ({figures.percent(Decimal(row['percent']))})"
            )
            self.stdout.write(f"{row['document']} {row['region']:<8} {row['name']}: {figures.people(row['recorded'])} {target}")
