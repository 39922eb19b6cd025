"""`score_forecasts FILE`: how often forecasts of a campaign were right, made week by week as if its future were unknown."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from dukcapil.command import ServiceCommand
from recording.coverage.forecast.calibration import Case
from recording.coverage.forecast.course import Days, courses, usual_days
from recording.coverage.forecast.files import looks_cumulative, own_targets, read_campaign, read_targets
from recording.coverage.forecast.score import report
from recording.coverage.forecast.walk import Walk

CUMULATIVE = "Angka setiap wilayah hanya naik: tampaknya jumlah kumulatif. Yang diperlukan ialah jumlah baru tiap tanggal."


class Command(ServiceCommand):
    help = (
        "Nilai perkiraan tanggal tercapainya target atas sebuah kampanye: CSV date,area,people. people ialah orang yang "
        "baru dicatat sejak baris sebelumnya wilayah itu, bukan jumlah kumulatif; angka negatif membetulkan yang lama."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, metavar="BERKAS", help="CSV dengan kolom date,area,people.")
        parser.add_argument(
            "--targets",
            type=Path,
            metavar="BERKAS",
            help="CSV dengan kolom area,target (bawaan: 70, 80, 90 dan 95% dari jumlah akhir tiap wilayah).",
        )
        parser.add_argument(
            "--days",
            choices=[days.value for days in Days],
            help="Hitung dengan hari kalender atau hari kerja (bawaan: hari kerja bila hari Minggu tanpa hitungan).",
        )
        parser.add_argument("--list", action="store_true", help="Sertakan setiap perkiraan.")

    def act(self, **options: Any) -> dict[str, Any]:
        areas = read_campaign(options["file"])
        given = options["targets"]
        targets = read_targets(given, areas) if given else own_targets(options["file"], areas)
        days = Days(options["days"]) if options["days"] else usual_days(areas)
        axis, of_areas = courses(areas, days, by_area=True)
        cases = Walk(of_areas, targets, days.week).run(len(axis))
        answer: dict[str, Any] = {
            "file": options["file"].name,
            "days": days.value,
            "first_day": axis[0].isoformat(),
            "last_day": axis[-1].isoformat(),
            "areas": len(areas),
            "targets": sum(len(each) for each in targets.values()),
            **report(cases, days.week),
        }
        if looks_cumulative(areas):
            answer["warning"] = CUMULATIVE
        if options["list"]:
            answer["made"] = [_as_json(case, axis[case.made], days) for case in cases]
        return answer


def _as_json(case: Case, made: date, days: Days) -> dict[str, Any]:
    """One forecast: its range in days and as dates, and the days that it really took (null: not reached)."""
    numbers = {"low": case.low, "middle": case.middle, "high": case.high, "took": case.took}
    return {
        "area": case.area,
        "target": case.target,
        "made": made.isoformat(),
        "bare_pace_days": round(case.predicted, 2),
        **{f"{name}_days": number for name, number in numbers.items()},
        **{f"{name}_on": None if number is None else days.after(made, number).isoformat() for name, number in numbers.items()},
        "list_must_be_checked": case.list_must_be_checked,
    }
