"""The example's fleet: its vans, the reports of its stops evening after evening, and the days that are coming."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, timedelta

from accounts.acts import Act
from accounts.models import User
from accounts.rights import SYSTEM, Actor, require
from accounts.roles import Action, Role
from dukcapil.clock import business_date
from dukcapil.locks import one_writer
from fleet.demo.plan import PLACES, report_of, session_of, trip_of, vans_of_stops
from fleet.models import (
    AbsenceKind,
    PaperKind,
    ReportLine,
    ReportNotFound,
    ReportStatus,
    ReportVersion,
    Trip,
    TripStatus,
    Van,
    VanAbsence,
    VanReport,
)
from fleet.reports.approval import approve_report, return_report
from fleet.reports.body import SERVED, ReportBody
from fleet.reports.permits import permit_entry
from fleet.reports.services import ReportInput, Unconfirmed, send_report
from fleet.schedule.requests import RequestInput, ask_for_van
from fleet.schedule.trips import TripInput, cancel_trip, plan_trip
from fleet.schedule.weeks import publish_week
from fleet.vans.absences import add_absence
from fleet.vans.services import register_van, set_paper, set_quota
from recording.public import OF_TRIP, CountInput, DemoStop, Door, Level, Region, is_working_day

# The vans of the example: 2 of the agency, 3 of each city's Sudin; Kepulauan Seribu is reached by boat.
DEMO_QUOTAS = {"31": 2, "31.01": 0, "31.71": 3, "31.72": 3, "31.73": 3, "31.74": 3, "31.75": 3}
APPROVED_AFTER = timedelta(days=2)
# The stops of the last days take every step of a person: planned, published, reported, approved. That is a tenth of a
# second for each, so that the earlier ones are written in bulk.
STEP_BY_STEP = timedelta(days=6)
OFFICE_HOURS = timedelta(hours=9)  # from the morning, when stops are planned, to the evening, when they are reported
LENT_TO = "31.75"  # where the agency's vans go after the last day of the example
MENDED, MENDED_BEFORE = "31.71", timedelta(days=3)  # a van of this city is in maintenance over the last day
WHY_LATE = "Sudin terlambat: jaringan kantor putus sepekan."


def seed_demo_vans(*, by: Actor, now: datetime) -> int:
    """The example's fleet; returns how many vans it has. Repeated, it adds nothing."""
    act, number = Act(by, now, Door.DEMO), 0
    for base, vans in DEMO_QUOTAS.items():
        set_quota(act=act, base=base, vans=vans)
        for _ in range(vans):
            number += 1
            register_van(act=act, plate=f"B {9000 + number} PKD", base=base, sets=2)
    return number


class _Cast:
    """Who acts in the example: the agency's staff, and in their cities the heads."""

    def __init__(self) -> None:
        people = User.objects.filter(role__in=(Role.STAFF, Role.HEAD))
        self._people = {user.jurisdiction: user for user in people}

    def act(self, region: str, now: datetime) -> Act:
        """An act of the head of the region's city; of the staff for the province and where a city has no head."""
        return Act(self._people.get(region[:5], self._people["31"]), now, Door.DEMO)


def report_stops(stops: list[DemoStop], evening: datetime, until: date) -> list[CountInput]:
    """Write the stops that are reported on this evening; returns the counts that nobody has recorded yet.

    `until` is the example's last day: the stops of its last week, and those that are reported late, are written by the
    services, which record their counts too; of the others the caller does it.
    """
    cast, day = _Cast(), business_date(evening)
    if not Van.objects.exists():
        _open_fleet(cast, until, evening)
    if day >= until - MENDED_BEFORE:
        _mend(cast, until, evening)
    _approve(cast, evening)
    ready = defaultdict(list)
    for van in Van.objects.exclude(pk__in=VanAbsence.objects.touching(day, day).values("van")).order_by("plate"):
        ready[van.base_id].append(van.pk)
    placed = [(stop, trip_of(stop, van)) for stop, van in vans_of_stops(stops, ready)]
    step_by_step = [row for row in placed if row[0].day > until - STEP_BY_STEP or row[0].day < day]
    for stop, trip in step_by_step:
        _live(cast, stop, trip, evening)
    return _write_in_bulk(cast, [row for row in placed if row not in step_by_step], evening)


def _open_fleet(cast: _Cast, until: date, now: datetime) -> None:
    """The vans with their papers: valid for a good while, but for the first van's test, due in two weeks."""
    seed_demo_vans(by=SYSTEM, now=now)
    for number, van in enumerate(Van.objects.order_by("plate"), 1):
        days = {PaperKind.STNK: 200 + number * 17 % 150, PaperKind.KIR: 13 if number == 1 else 40 + number * 13 % 130}
        for kind, ahead in days.items():
            set_paper(act=cast.act("31", now), van=van.pk, kind=kind, expires=until + timedelta(days=ahead))


def _mend(cast: _Cast, until: date, now: datetime) -> None:
    """Put a van into maintenance over the last day. Repeated, it adds nothing."""
    van = Van.objects.filter(base=MENDED).order_by("-plate")[0].pk
    first_day, last_day = until - MENDED_BEFORE, until + timedelta(days=8)
    kind, note = AbsenceKind.MAINTENANCE, "Servis berkala genset"
    add_absence(act=cast.act("31", now), van=van, first_day=first_day, last_day=last_day, kind=kind, note=note)


def _approve(cast: _Cast, now: datetime) -> None:
    waiting = VanReport.objects.filter(status=ReportStatus.SENT, trip__day__lte=business_date(now) - APPROVED_AFTER)
    for report in waiting.order_by("pk"):
        approve_report(act=cast.act("31", now), trip=report.trip_id, version=report.version)


def _live(cast: _Cast, stop: DemoStop, trip: TripInput, evening: datetime) -> None:
    """A stop as people do it: planned and published in the morning, reported in the evening or late by a permit."""
    days_late = business_date(evening) - stop.day
    planned = _publish(cast, trip, evening - days_late - OFFICE_HOURS)
    if days_late:
        staff, expires = cast.act("31", evening), evening + timedelta(days=3)
        permit_entry(act=staff, city=stop.region[:5], day=stop.day, expires=expires, reason=WHY_LATE)
    _send(cast.act(stop.region, evening), planned, report_of(stop))


def _publish(cast: _Cast, trip: TripInput, now: datetime) -> Trip:
    planned = plan_trip(act=cast.act("31", now), trip=trip)
    publish_week(act=cast.act("31", now), base=planned.van.base_id, monday=trip.day)
    return planned


def _send(act: Act, trip: Trip, body: ReportBody) -> None:
    """Report a stop, and say yes to what is asked about unlikely figures."""
    report = ReportInput(body, f"demo-{trip.pk}", 0)
    try:
        send_report(act=act, trip=trip.pk, report=report)
    except Unconfirmed as unlikely:
        confirmed = [question.code for question in unlikely.questions]
        send_report(act=act, trip=trip.pk, report=replace(report, confirmed=confirmed))


def _write_in_bulk(cast: _Cast, placed: list[tuple[DemoStop, TripInput]], evening: datetime) -> list[CountInput]:
    """Trips that were held and their approved reports, as the services leave them; answers their counts."""
    trips = Trip.objects.bulk_create(_held(trip) for _stop, trip in placed)
    reports, lines, not_found, versions, counts = [], [], [], [], []
    for (stop, _trip), trip in zip(placed, trips, strict=True):
        body = report_of(stop)
        report = _approved(cast, trip, body, evening)
        reports.append(report)
        lines += [ReportLine(report=report, service=service, people=people) for service, people in body.lines.items()]
        not_found += [ReportNotFound(report=report, reason=why, people=n) for why, n in body.not_found.items()]
        sent = {"device": f"demo-{trip.pk}", "digest": body.digest(), "body": body.as_json()}
        versions.append(ReportVersion(report=report, number=1, at=evening, by=report.by, door=Door.DEMO, **sent))
        for document, people in (("KTP", stop.ktp), ("KIA", stop.kia)):
            counts.append(CountInput(stop.region, document, stop.day, report.source, people))
    VanReport.objects.bulk_create(reports)
    ReportLine.objects.bulk_create(lines)
    ReportNotFound.objects.bulk_create(not_found)
    ReportVersion.objects.bulk_create(versions)
    return counts


def _held(trip: TripInput) -> Trip:
    opens, closes = trip.hours
    return Trip(
        van_id=trip.van,
        day=trip.day,
        session=trip.session,
        village_id=trip.village,
        place=trip.place,
        opens=opens,
        closes=closes,
        services=trip.services,
        announced=True,
        status=TripStatus.HELD,
    )


def _approved(cast: _Cast, trip: Trip, body: ReportBody, evening: datetime) -> VanReport:
    return VanReport(
        trip=trip,
        kind=body.kind,
        status=ReportStatus.APPROVED,
        version=1,
        source=f"{OF_TRIP}{trip.pk}",
        elsewhere_ktp=body.elsewhere_ktp,
        elsewhere_kia=body.elsewhere_kia,
        obstacles=body.obstacles,
        first_sent_at=evening,
        sent_at=evening,
        by=cast.act(trip.village_id, evening).author,
        decided_at=evening + APPROVED_AFTER,
        decided_by=cast.act("31", evening).author,
    )


def finish_demo_fleet(*, by: Actor, until: date, now: datetime) -> None:
    """What stands out around the last day, and the days after it; `now` is the morning after `until`.

    To be called once, in the transaction in which the example's clock goes past its last day.
    """
    require(by=by, action=Action.USER_MANAGE)
    with one_writer():
        cast = _Cast()
        _mend(cast, until, now)
        _special_days(cast, until, now)
        _coming_days(cast, now)


def _special_days(cast: _Cast, until: date, now: datetime) -> None:
    """A stop that was called off, one that nobody reported, and a report that was returned with its reason."""
    if cancelled := _extra_trip(cast, "31.72", until - timedelta(days=1), now):
        act = cast.act("31.72", now - (business_date(now) - cancelled.day))
        cancel_trip(act=act, number=cancelled.pk, reason="Banjir di lokasi; dijadwalkan ulang.")
    _extra_trip(cast, "31.75", until, now)
    if returned := _extra_trip(cast, "31.73", until, now):
        # Of services that are not counted toward a target: the figures of the press stay those of the press.
        body = ReportBody(SERVED, {"birth": 4, "family_card": 6})
        _send(cast.act("31.73", now - timedelta(minutes=40)), returned, body)
        act, reason = cast.act("31", now - timedelta(minutes=20)), "Perekaman dan KIA belum diisi; lengkapi lagi."
        return_report(act=act, trip=returned.pk, version=1, reason=reason)


def _extra_trip(cast: _Cast, city: str, last: date, now: datetime) -> Trip | None:
    """A published stop of a van that stood still on that day or on one of the two before it."""
    for day in (last - timedelta(days=back) for back in range(3)):
        busy = Trip.objects.standing().filter(day=day)
        absent = VanAbsence.objects.touching(day, day)
        free = Van.objects.exclude(pk__in=busy.values("van")).exclude(pk__in=absent.values("van"))
        van = free.filter(base__in=(city, city[:2])).order_by("-base_id", "plate").first()
        villages = Region.objects.below(city).filter(level=Level.VILLAGE)
        village = villages.exclude(code__in=busy.values("village")).order_by("-code").first()
        if van and village and is_working_day(day):
            trip = TripInput(van.pk, day, session_of(day), village.code, PLACES[0])
            return _publish(cast, trip, now - (business_date(now) - day))
    return None


def _coming_days(cast: _Cast, now: datetime) -> None:
    """Every van that is ready has a stop on each of the next working days; this week and the next are published but
    for the last two days. On the last one a Sudin asks for a van of the agency, which has none planned then."""
    act, today = cast.act("31", now), business_date(now)
    days = [day for number in range(11) if is_working_day(day := today + timedelta(days=number))]
    villages: dict[str, list[str]] = defaultdict(list)
    for code in Region.objects.filter(level=Level.VILLAGE).values_list("code", flat=True):
        villages[code[:5]].append(code)
    vans = list(Van.objects.order_by("plate"))
    for step, day in enumerate(days):
        if day == days[-2]:
            for base, week in ((base, day) for base in DEMO_QUOTAS for day in days[:-2]):
                publish_week(act=act, base=base, monday=week)
        absent = set(VanAbsence.objects.touching(day, day).values_list("van", flat=True))
        for number, van in enumerate(vans):
            if van.pk in absent or (day == days[-1] and van.base_id not in villages):
                continue
            city = villages[van.base_id if van.base_id in villages else LENT_TO]
            village = city[(number * 7 + step * 5 + 2) % len(city)]
            place = PLACES[(number * 3 + step) % len(PLACES)]
            plan_trip(act=act, trip=TripInput(van.pk, day, session_of(day), village, place))
    why = "Perekaman pemula, 180 siswa kelas XII"
    request = RequestInput(days[-1], "full", villages[LENT_TO][7], "SMAN setempat", why)
    ask_for_van(act=cast.act(LENT_TO, now), request=request)
