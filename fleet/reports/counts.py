"""What a report counts stands in the ledger under its own source, provisionally until the agency approves it."""

from collections.abc import Sequence

from accounts.acts import Act
from dukcapil.errors import RefusedRows
from fleet.models import VanReport
from fleet.reports.body import ReportBody
from recording.public import CountInput, CountKey, Document, record_counts, return_counts


def count_keys(report: VanReport) -> list[CountKey]:
    """Under which keys its counts stand in the ledger."""
    trip = report.trip
    return [(trip.village_id, document, trip.day, report.source) for document in Document.values]


def post_counts(act: Act, reports: Sequence[tuple[VanReport, ReportBody]], reason: str) -> None:
    """The ledger follows the reports: the residents that they count are recorded, what they leave blank is taken out."""
    reason = reason or f"Laporan mobil {', '.join(sorted({report.trip.van.plate for report, _body in reports}))}"
    residents = {key: body.residents(key[1]) for report, body in reports for key in count_keys(report)}
    counts = [CountInput(*key, people) for key, people in residents.items() if people is not None]
    blank = [key for key, people in residents.items() if people is None]
    if counts:
        try:
            record_counts(act=act, counts=counts, reason=reason)
        except RefusedRows as problem:
            raise problem.errors[0][1] from None
    if blank:
        return_counts(act=act, keys=blank, reason=reason)
