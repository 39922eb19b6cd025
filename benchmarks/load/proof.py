"""Whether everything is there that was said to be stored."""

from collections.abc import Iterable, Mapping

from benchmarks.imports.counts_file import DAYS, CountsFile
from fleet.models import ReportVersion
from recording.models import OF_TRIP, CountChange, DailyCount


def missing_reports(acknowledged: Iterable[int], reported: Mapping[int, Mapping[str, int]]) -> int:
    """Of the reports that were answered as sent, by their stops, how many lack their version, a count or its change."""
    told = {number: reported[number] for number in acknowledged}
    versions = set(ReportVersion.objects.values_list("report_id", "device"))
    counts = set(DailyCount.objects.filter(source__startswith=OF_TRIP).values_list("source", "document", "people"))
    changes = set(CountChange.objects.filter(source__startswith=OF_TRIP).values_list("source", "document", "delta"))
    return sum(
        not (
            (number, f"bench-{number}") in versions
            and all((f"{OF_TRIP}{number}", document, people) in counts & changes for document, people in of_one.items())
        )
        for number, of_one in told.items()
    )


def missing_rows(file: CountsFile) -> int:
    """Of the good rows of the imported file, how many lack their count or its change."""
    span = {"day__range": (DAYS[0], DAYS[-1]), "source": "loket"}
    key = ("region_id", "document", "day")
    counts = {_key(*row) for row in DailyCount.objects.filter(**span).values_list(*key, "people")}
    changes = {_key(*row) for row in CountChange.objects.filter(**span).values_list(*key, "delta")}
    stored = counts & changes
    return sum((region, document, day, people) not in stored for region, document, day, _source, people in file.good())


def _key(region: str, document: str, day: object, people: int) -> tuple[str, str, str, int]:
    return region, document, str(day), people
