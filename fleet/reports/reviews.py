"""Reports that wait for a decision, each beside what is usual and with what stands out of it; the same number of queries
however many they are."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Window
from django.db.models.functions import DenseRank

from accounts.rights import Actor
from accounts.roles import Action
from dukcapil.clock import business_date
from fleet.models import ReportLine, Trip, VanAbsence, VanReport, absence_of
from fleet.reports.body import KIA, RECORDINGS, ReportBody
from fleet.reports.fields import field_label, markable_fields
from fleet.reports.flags import Circumstances, Flag, Usual, Yield, flags
from fleet.reports.selectors import MAX_FORMER_VISITS, body_of, waiting_for_decision
from fleet.reports.watch import LATE, state_of
from recording.public import Document, Period, Source, due_day, people_of_source

MAX_REVIEWED = 100
MAX_READ = 3 * MAX_FORMER_VISITS  # of a place or a van: later ones than the report's day are left out of it


@dataclass(frozen=True)
class Review:
    """One report, what it says, its figures beside the usual ones, and what stands out: nothing of a reasonable one."""

    report: VanReport
    body: ReportBody
    yields: list[Yield]
    flags: list[Flag]


def waiting_reviews(by: Actor, code: str, day: date | None = None) -> list[Review]:
    """What waits for a decision in `code`, or of one day of it, oldest day first; the first hundred."""
    reports = waiting_for_decision(by, code)
    if day:
        reports = reports.filter(trip__day=day)
    found = reports.select_related("trip__van", "trip__village", "by").prefetch_related("lines", "not_found")
    return review(by, found[:MAX_REVIEWED])


def waiting_days(by: Actor, code: str) -> list[tuple[date, int]]:
    """On which days how many reports wait for a decision."""
    days: dict[date, int] = defaultdict(int)
    for day in waiting_for_decision(by, code).values_list("trip__day", flat=True):
        days[day] += 1
    return sorted(days.items())


def review(by: Actor, reports: Iterable[VanReport]) -> list[Review]:
    """These reports, with their trip, van, kelurahan and lines at hand."""
    if not (reports := list(reports)):
        return []
    trips = [report.trip for report in reports]
    of_places, of_vans = _former(by, trips, "village"), _former(by, trips, "van")
    absences = VanAbsence.objects.of_vans({trip.van_id for trip in trips}, [trip.day for trip in trips])
    entered = people_of_source(by, Source.VAN, {(trip.village_id, trip.day) for trip in trips})
    periods = list(Period.objects.all())
    reviews = []
    for report in reports:
        trip, body = report.trip, body_of(report)
        visits = of_places[trip.village_id], of_vans[trip.van_id]
        yields = [_yield(document, body, trip.day, *visits) for document in Document.values]
        absence = absence_of(absences, trip.van_id, trip.day, trip.opens)
        circumstances = Circumstances(
            trip.van.sets,
            trip.hours,
            trip.services,
            yields,
            _days_late(trip, due_day(periods, trip.day)),
            absence.get_kind_display() if absence else None,
            0 if report.source == Source.VAN else entered[trip.village_id, trip.day],
            report.confirmed,
        )
        reviews.append(Review(report, body, yields, list(flags(body, circumstances))))
    return reviews


def marks(review: Review) -> list[tuple[str, str, bool]]:
    """(name, label, whether a flag is about it) of the fields that may be marked as wrong when it is returned."""
    flagged = {flag.field for flag in review.flags}
    return [(name, field_label(name), name in flagged) for name in markable_fields(review.report.trip, review.body)]


# The day, number, and people by document of a visit.
Visit = tuple[date, int, dict[str, int]]


def _former(by: Actor, trips: Sequence[Trip], of: str) -> dict[Any, list[Visit]]:
    """The newest visits to the kelurahan of these trips (`of`: "village"), or of their vans ("van"), newest first."""
    path = f"report__trip__{of}"
    keys = {getattr(trip, f"{of}_id") for trip in trips}
    lines = ReportLine.objects.allowed_to(by, Action.FLEET_READ).filter(
        report__in=VanReport.objects.visits(), service__in=(*RECORDINGS, KIA), **{f"{path}__in": keys}
    )
    newest_first = [F("report__trip__day").desc(), F("report").desc()]
    ranked = lines.filter(report__trip__day__lt=max(trip.day for trip in trips)).annotate(
        place=Window(DenseRank(), partition_by=[F(path)], order_by=newest_first)
    )
    rows = ranked.filter(place__lte=MAX_READ).order_by("place")
    visits: dict[Any, dict[int, Visit]] = defaultdict(dict)
    for key, day, number, service, people in rows.values_list(path, "report__trip__day", "report", "service", "people"):
        _day, _number, counts = visits[key].setdefault(number, (day, number, defaultdict(int)))
        counts[Document.KIA if service == KIA else Document.KTP] += people
    return defaultdict(list, {key: list(of_key.values()) for key, of_key in visits.items()})


def _yield(document: str, body: ReportBody, day: date, of_place: list[Visit], of_van: list[Visit]) -> Yield:
    people = body.recordings if document == Document.KTP else body.lines.get(KIA)
    place, van = (
        [counts[document] for then, _number, counts in visits if then < day and document in counts]
        for visits in (of_place, of_van)
    )
    return Yield(document, people, Usual.of(place[:MAX_FORMER_VISITS]), Usual.of(van[:MAX_FORMER_VISITS]))


def _days_late(trip: Trip, due: date) -> int:
    """How many days after it was due the report first came; 0 when it came in time."""
    came = business_date(trip.report.first_sent_at)
    return (came - due).days if state_of(trip, came, due) == LATE else 0
