"""Reading reports: what somebody has to report, what waits for a decision, and one report with its versions."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Prefetch, Q, QuerySet

from accounts.rights import Actor, can
from accounts.roles import Action
from dukcapil.errors import N_, NotFound
from dukcapil.region_codes import within_region
from fleet.models import EntryPermit, ReportStatus, ReportVersion, Trip, VanReport
from fleet.reports.days import OPEN_DAYS, may_report

AHEAD = timedelta(days=7)


def _mine(by: Actor, code: str) -> QuerySet[Trip]:
    return (
        Trip.objects.below(code)
        .published()
        .allowed_to(by, Action.REPORT_WRITE)
        .select_related("van", "village", "report__by", "report__decided_by")
        .prefetch_related("report__lines", "report__not_found")
    )


def trips_to_report(by: Actor, code: str, today: date, now: datetime) -> list[Trip]:
    """The stops in `code` that may be reported now: of today, and of open days before it those that have no report or
    whose report was returned; newest day first, a returned one before the others."""
    permits = EntryPermit.objects.filter(within_region("city__code", code), expires__gt=now).values_list(
        "city_id", "day"
    )
    opened = Q(day__range=(today - OPEN_DAYS, today))
    for city, day in permits:
        opened |= Q(day=day) & within_region("village__code", city)
    waits = Q(report=None) & opened | Q(report__status=ReportStatus.RETURNED)
    trips = _mine(by, code).filter(Q(day=today) | waits, day__lte=today)
    found = [
        trip
        for trip in trips.order_by("-day", "opens", "van__plate")
        if not _returned(trip) or may_report(trip, trip.report, now)
    ]
    return sorted(found, key=lambda trip: not _returned(trip))


def _returned(trip: Trip) -> bool:
    return hasattr(trip, "report") and trip.report.status == ReportStatus.RETURNED


def coming_trips(by: Actor, code: str, today: date) -> list[Trip]:
    """The stops of the next seven days: kept on the device, to be looked up on the road."""
    trips = _mine(by, code).filter(day__gt=today, day__lte=today + AHEAD)
    return list(trips.order_by("day", "opens", "van__plate"))


def waiting_for_decision(by: Actor, code: str) -> list[VanReport]:
    """Reports that were sent and neither approved nor returned, oldest day first; [] for one who does not decide."""
    if not can(by, Action.REPORT_DECIDE):
        return []
    return list(
        VanReport.objects.allowed_to(by, Action.REPORT_DECIDE)
        .below(code)
        .filter(status=ReportStatus.SENT)
        .select_related("trip__van", "trip__village", "by")
        .prefetch_related("lines", "not_found")
        .order_by("trip__day", "trip__van__plate")[:100]
    )


@dataclass(frozen=True)
class ReportDetail:
    """A trip, with its report when there is one, and all its versions, newest first."""

    trip: Trip
    report: VanReport | None
    versions: list[ReportVersion]


def report_detail(by: Actor, number: int) -> ReportDetail:
    """One trip and its report; NotFound for what `by` may not see."""
    versions = Prefetch("report__versions", ReportVersion.objects.select_related("by").order_by("-number"))
    trip = (
        Trip.objects.visible_to(by)
        .select_related("van__base", "village", "report__by", "report__decided_by")
        .prefetch_related("report__lines", "report__not_found", versions)
        .filter(pk=number)
        .first()
    )
    if trip is None:
        raise NotFound(N_("Jadwal itu tidak ada lagi. Isian tetap tersimpan di perangkat Anda; hubungi Dinas."))
    report = getattr(trip, "report", None)
    return ReportDetail(trip, report, list(report.versions.all()) if report else [])
