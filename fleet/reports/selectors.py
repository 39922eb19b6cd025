"""Reading reports: what somebody has to report, what waits for a decision, one report, and what it is compared with."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Prefetch, Q, Sum

from accounts.rights import Actor, require
from accounts.roles import Action
from dukcapil.errors import N_, NotFound
from dukcapil.region_codes import within_region
from fleet.models import EntryPermit, ReportLine, ReportStatus, ReportVersion, Trip, VanReport
from fleet.models.reports import VanReportQuerySet
from fleet.models.trips import TripQuerySet
from fleet.reports.body import ReportBody, UsualFigures
from fleet.reports.days import may_report, open_spans
from recording.public import Region, Source, people_of_source, short_name

COMING_DAYS = timedelta(days=7)
MAX_FORMER_VISITS = 12


def body_of(report: VanReport) -> ReportBody:
    """What the report says in its last version."""
    return ReportBody(
        report.kind,
        {line.service: line.people for line in report.lines.all()},
        report.elsewhere_ktp,
        report.elsewhere_kia,
        {row.reason: row.people for row in report.not_found.all()},
        report.obstacles,
        report.idle_reason,
    )


def trips_to_report(by: Actor, code: str, today: date, now: datetime) -> list[Trip]:
    """The stops in `code` that may be reported now: of today, and of open days before it those that have no report or
    whose report was returned; newest day first, a returned one before the others."""
    permits = EntryPermit.objects.filter(within_region("city__code", code), expires__gt=now).values_list("city_id", "day")
    opened = Q()
    for first, last in open_spans(today):
        opened |= Q(day__range=(first, last))
    for city, day in permits:
        opened |= Q(within_region("village__code", city), day=day)
    expected = Q(report=None) & opened | Q(report__status=ReportStatus.RETURNED)
    trips = _reporters_trips(by).below(code).filter(Q(day=today) | expected, day__lte=today)
    reportable = [
        trip
        for trip in trips.order_by("-day", "opens", "van__plate")
        if not _is_returned(trip) or may_report(trip, trip.report, now)
    ]
    return sorted(reportable, key=lambda trip: not _is_returned(trip))


def coming_trips(by: Actor, code: str, today: date) -> list[Trip]:
    """The stops of the next seven days: kept on the device, to be looked up on the road."""
    trips = _reporters_trips(by).below(code).filter(day__gt=today, day__lte=today + COMING_DAYS)
    return list(trips.order_by("day", "opens", "van__plate"))


def stops_of_day(by: Actor, code: str, day: date) -> list[Trip]:
    """The published stops of one day in `code`, as the text of the day tells them."""
    return list(_reporters_trips(by).below(code).filter(day=day).order_by("opens", "van__plate"))


def names_of_cities(codes: Collection[str]) -> dict[str, str]:
    """The names of these cities as people call them, by code."""
    return {code: short_name(name) for code, name in Region.objects.filter(code__in=codes).values_list("code", "name")}


def _reporters_trips(by: Actor) -> TripQuerySet:
    """The published trips that `by` reports, with their reports."""
    return (
        Trip.objects.published()
        .allowed_to(by, Action.REPORT_WRITE)
        .select_related("van", "village", "report__by", "report__decided_by")
        .prefetch_related("report__lines", "report__not_found")
    )


def _is_returned(trip: Trip) -> bool:
    return hasattr(trip, "report") and trip.report.status == ReportStatus.RETURNED


def waiting_for_decision(by: Actor, code: str) -> VanReportQuerySet:
    """Reports that were sent and neither approved nor returned, oldest day first; none for one who does not decide."""
    reports = VanReport.objects.allowed_to(by, Action.REPORT_DECIDE).below(code).filter(status=ReportStatus.SENT)
    return reports.order_by("trip__day", "trip__van__plate", "trip__opens")


def trip_to_report(by: Actor, number: int) -> Trip:
    """The trip, when `by` may report it; NotFound when `by` may not even see it."""
    return trips_to_send(by, [number])[number]


def trips_to_send(by: Actor, numbers: Collection[int]) -> dict[int, Trip]:
    """These trips with their reports, when `by` may report them all; NotFound when `by` may not even see one."""
    visible = Trip.objects.visible_to(by).with_waiting()
    trips = _visible_trips(visible.select_related("van", "village", "report__by"), numbers)
    _require_to_report(by, trips.values())
    return trips


def check_may_send(by: Actor, numbers: Collection[int]) -> None:
    """Raise what `trips_to_send` raises, without reading the reports."""
    _require_to_report(by, _visible_trips(Trip.objects.visible_to(by).only("village"), numbers).values())


def _require_to_report(by: Actor, trips: Iterable[Trip]) -> None:
    for trip in trips:
        require(by=by, action=Action.REPORT_WRITE, code=trip.village_id)


@dataclass(frozen=True)
class ReportDetail:
    """A trip, with its report when there is one, and all its versions, newest first."""

    trip: Trip
    report: VanReport | None
    versions: list[ReportVersion]


def report_detail(by: Actor, number: int) -> ReportDetail:
    """One trip and its report; NotFound for what `by` may not see."""
    versions = Prefetch("report__versions", ReportVersion.objects.select_related("by").order_by("-number"))
    trips = (
        Trip.objects.visible_to(by)
        .with_waiting()
        .select_related("van__base", "village", "report__by", "report__decided_by")
        .prefetch_related("report__lines", "report__not_found", versions)
    )
    trip = _visible_trips(trips, [number])[number]
    report = getattr(trip, "report", None)
    return ReportDetail(trip, report, list(report.versions.all()) if report else [])


def _visible_trips(visible: TripQuerySet, numbers: Collection[int]) -> dict[int, Trip]:
    trips = visible.numbered(numbers)
    if not trips.keys() >= set(numbers):
        raise NotFound(N_("Jadwal itu tidak ada lagi. Isian tetap tersimpan di perangkat Anda; hubungi Dinas."))
    return trips


def usual_figures(by: Actor, trip: Trip, report: VanReport | None) -> UsualFigures:
    """What is known of the van and the kelurahan before this trip; `report` is the one that stands, if any."""
    former = VanReport.objects.visits().exclude(trip=trip).filter(trip__day__lt=trip.day).order_by("-trip__day")
    visits = former.filter(trip__village=trip.village_id).prefetch_related("lines", "not_found")[:MAX_FORMER_VISITS]
    recordings = tuple(body_of(visit).recordings or 0 for visit in visits)
    previous = former.filter(trip__van=trip.van_id).first()
    entered = None
    if report is None or report.source != Source.VAN:
        stop = (trip.village_id, trip.day)
        entered = people_of_source(by, Source.VAN, [stop])[stop]
    return UsualFigures(trip.van.sets, recordings, body_of(previous) if previous else None, entered, trip.hours)


def other_recordings(trips: Collection[Trip]) -> Counter[tuple[int, date]]:
    """KTP recordings that the vans of these stops reported of their other stops of the same days, by van and day."""
    others = VanReport.objects.exclude(trip__in=trips).exclude(status=ReportStatus.RETURNED)
    others = others.filter(trip__van__in={trip.van_id for trip in trips}, trip__day__in={trip.day for trip in trips})
    lines = ReportLine.objects.recordings().filter(report__in=others).order_by()
    people = lines.values_list("report__trip__van", "report__trip__day").annotate(people=Sum("people"))
    return Counter({(van, day): number for van, day, number in people})
