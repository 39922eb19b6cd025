"""The example's fleet: its vans, a year of stops and reports behind its counts, and the week that is coming.

Everything of it is one transaction: a seeding that was killed has written nothing, a repeated one writes nothing more.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accounts.acts import Act
from accounts.models import User
from accounts.rights import SYSTEM, Actor, require
from accounts.roles import Action, Role
from dukcapil.clock import business_date
from dukcapil.locks import one_writer
from fleet.demo.plan import MOVED_CITIES, PLACES, Stop, session_of, stops
from fleet.models import (
    AbsenceKind,
    PaperKind,
    ReportKind,
    ReportLine,
    ReportNotFound,
    ReportStatus,
    ReportVersion,
    Service,
    Trip,
    TripStatus,
    Van,
    VanAbsence,
    VanReport,
)
from fleet.reports.approval import return_report
from fleet.reports.body import SERVED, ReportBody
from fleet.reports.services import ReportInput, send_report
from fleet.schedule.requests import RequestInput, ask_for_van
from fleet.schedule.trips import HOURS, USUAL_SERVICES, TripInput, cancel_trip, plan_trip
from fleet.schedule.weeks import publish_week
from fleet.vans.absences import add_absence
from fleet.vans.services import register_van, set_paper, set_quota
from recording.public import Door, Level, Region, Source, counts_of_source, is_working_day

APPROVED_AFTER = timedelta(days=2)
LENT_TO = "31.75"  # where the agency's vans go after the last day of the example
MENDED = "31.71"  # a van of this city is in maintenance over the last day
# The vans of the example: 2 of the agency, 3 of each city's Sudin; Kepulauan Seribu is reached by boat.
DEMO_QUOTAS = {"31": 2, "31.01": 0, "31.71": 3, "31.72": 3, "31.73": 3, "31.74": 3, "31.75": 3}


def seed_demo_vans(*, by: Actor, now: datetime) -> int:
    """The example's fleet; returns how many vans it has. Repeated, it adds nothing."""
    number = 0
    for base, vans in DEMO_QUOTAS.items():
        set_quota(act=Act(by, now, Door.DEMO), base=base, vans=vans)
        for _ in range(vans):
            number += 1
            register_van(act=Act(by, now, Door.DEMO), plate=f"B {9000 + number} PKD", base=base, sets=2)
    return number


@dataclass(frozen=True)
class _Cast:
    """Who acts in the example: the agency's staff and the heads by city; the staff where a city has no head."""

    staff: User
    heads: dict[str, User]

    def head(self, city: str) -> User:
        return self.heads.get(city, self.staff)


def seed_demo_fleet(*, by: Actor, until: date, now: datetime) -> int:
    """The vans, their year up to `until` and the days after it; returns how many trips there are.

    `now` is the morning after `until`. Repeated, it adds nothing.
    """
    require(by=by, action=Action.USER_MANAGE)
    with one_writer():
        seed_demo_vans(by=by, now=now)
        if not Trip.objects.exists():
            cast = _cast()
            for van in Van.objects.all():
                _papers(cast, van, until, now)
            _mend(cast, until, now)
            _write_year(cast)
            _special_days(cast, until, now)
            _coming_days(cast, until, now)
    return Trip.objects.count()


def _cast() -> _Cast:
    staff = User.objects.filter(role=Role.STAFF).order_by("pk")[0]
    return _Cast(staff, {head.jurisdiction: head for head in User.objects.filter(role=Role.HEAD)})


def _papers(cast: _Cast, van: Van, until: date, now: datetime) -> None:
    """Valid for a good while; the first van's test is due in two weeks."""
    first = van.plate == "B 9001 PKD"
    days = {PaperKind.STNK: 200 + van.pk * 17 % 150, PaperKind.KIR: 13 if first else 40 + van.pk * 13 % 130}
    for kind, ahead in days.items():
        set_paper(act=Act(cast.staff, now, Door.DEMO), van=van.pk, kind=kind, expires=until + timedelta(days=ahead))


def _mend(cast: _Cast, until: date, now: datetime) -> None:
    van = Van.objects.filter(base=MENDED).order_by("-plate")[0]
    add_absence(
        act=Act(cast.staff, now, Door.DEMO),
        van=van.pk,
        first_day=until - timedelta(days=3),
        last_day=until + timedelta(days=8),
        kind=AbsenceKind.MAINTENANCE,
        note="Servis berkala genset",
    )


def _write_year(cast: _Cast) -> None:
    """Trips and reports behind the counts that are there: written in bulk, because their counts stand already."""
    counts = {}
    for count in counts_of_source(SYSTEM, Source.VAN):
        counts[count.region_id, count.document, count.day] = count
    vans: dict[str, list[str]] = {}
    absent = set()
    for van in Van.objects.prefetch_related("absences").order_by("plate"):
        vans.setdefault(van.base_id, []).append(van.plate)
        for absence in van.absences.all():
            days = (absence.last_day - absence.first_day).days + 1
            absent |= {(van.plate, absence.first_day + timedelta(days=number)) for number in range(days)}
    plan = stops([(*key, count.people or 0) for key, count in counts.items()], vans, frozenset(absent))
    plates = {van.plate: van for van in Van.objects.all()}
    trips = Trip.objects.bulk_create(_trip(stop, plates[stop.van]) for stop in plan)
    last = max((stop.day for stop in plan), default=date.min)
    reports, lines, missing, versions = [], [], [], []
    for stop, trip in zip(plan, trips, strict=True):
        entered = next(
            counts[stop.village, doc, stop.day] for doc in ("KTP", "KIA") if (stop.village, doc, stop.day) in counts
        )
        report = _report(stop, trip, entered.posting.at, cast, last)
        reports.append(report)
        lines += [ReportLine(report=report, service=service, people=n) for service, n in stop.body.lines.items()]
        missing += [ReportNotFound(report=report, reason=why, people=n) for why, n in stop.body.not_found.items()]
        versions.append(
            ReportVersion(
                report=report,
                number=1,
                device=f"demo-{trip.pk}",
                digest=stop.body.digest(),
                body=stop.body.as_json(),
                at=report.sent_at,
                by=report.by,
                door=Door.DEMO,
            )
        )
    VanReport.objects.bulk_create(reports, batch_size=500)
    ReportLine.objects.bulk_create(lines, batch_size=500)
    ReportNotFound.objects.bulk_create(missing, batch_size=500)
    ReportVersion.objects.bulk_create(versions, batch_size=500)


def _trip(stop: Stop, van: Van) -> Trip:
    opens, closes = HOURS[stop.session]
    return Trip(
        van=van,
        day=stop.day,
        session=stop.session,
        village_id=stop.village,
        place=stop.place,
        opens=opens,
        closes=closes,
        services=[*USUAL_SERVICES, Service.BIRTH, Service.FAMILY_CARD],
        announced=True,
        status=TripStatus.HELD,
    )


def _report(stop: Stop, trip: Trip, at: datetime, cast: _Cast, last: date) -> VanReport:
    approved = stop.day <= last - APPROVED_AFTER
    return VanReport(
        trip=trip,
        kind=ReportKind.SERVED,
        status=ReportStatus.APPROVED if approved else ReportStatus.SENT,
        version=1,
        source=Source.VAN,
        elsewhere_ktp=stop.body.elsewhere_ktp,
        elsewhere_kia=stop.body.elsewhere_kia,
        obstacles=stop.body.obstacles,
        first_sent_at=at,
        sent_at=at,
        by=cast.head(stop.village[:5]),
        decided_at=at + timedelta(hours=16) if approved else None,
        decided_by=cast.staff if approved else None,
    )


def _special_days(cast: _Cast, until: date, now: datetime) -> None:
    """A stop that was called off, one that nobody reported, and a report that was returned with its reason."""
    cancelled = _extra_trip("31.72", until - timedelta(days=1), until)
    if cancelled:
        that_morning = now - (business_date(now) - cancelled.day)
        cancel_trip(
            act=Act(cast.head("31.72"), that_morning, Door.DEMO),
            number=cancelled.pk,
            reason="Banjir di lokasi; dijadwalkan ulang.",
        )
    _extra_trip("31.75", until, until)
    returned = _extra_trip("31.73", until, until)
    if returned:
        # Of services that are not counted toward a target: the figures of the press stay those of the press.
        body = ReportBody(SERVED, {"birth": 4, "family_card": 6})
        sent = now - timedelta(minutes=40)
        head = cast.head("31.73")
        report = ReportInput(body, device=f"demo-{returned.pk}")
        send_report(act=Act(head, sent, Door.DEMO), trip=returned.pk, report=report)
        return_report(
            act=Act(cast.staff, now - timedelta(minutes=20), Door.DEMO),
            trip=returned.pk,
            version=1,
            reason="Perekaman dan KIA belum diisi; lengkapi lagi.",
        )


def _extra_trip(city: str, day: date, until: date) -> Trip | None:
    """A published stop of a van that stood still on that day or on one of the two before it."""
    for back in range(3):
        here = min(day, until) - timedelta(days=back)
        busy = Trip.objects.standing().filter(day=here)
        free = (
            Van.objects.filter(base__in=(city, city[:2]))
            .exclude(pk__in=busy.values("van"))
            .exclude(pk__in=VanAbsence.objects.touching(here, here).values("van"))
        )
        villages = Region.objects.below(city).filter(level=Level.VILLAGE)
        village = villages.exclude(code__in=busy.values("village")).order_by("-code").first()
        van = free.order_by("-base_id", "plate").first()
        if van and village and is_working_day(here):
            trip = _trip(Stop(van.plate, here, session_of(here), village.code, PLACES[0], ReportBody(SERVED)), van)
            trip.status = TripStatus.PUBLISHED
            trip.save()
            return trip
    return None


def _coming_days(cast: _Cast, until: date, now: datetime) -> None:
    """Every van that is ready has a stop on each of the next working days; this week and the next are published but
    for the last two days. A Sudin asks for a van of the agency."""
    today = business_date(now)
    days = [day for number in range(11) if is_working_day(day := today + timedelta(days=number))]
    villages: dict[str, list[str]] = {}
    for code in Region.objects.filter(level=Level.VILLAGE).values_list("code", flat=True):
        villages.setdefault(code[:5], []).append(code)
    for number, van in enumerate(Van.objects.prefetch_related("absences").order_by("plate")):
        city = van.base_id if "." in van.base_id else LENT_TO
        for step, day in enumerate(days):
            asked_for = day == days[-1] and van.base_id not in villages  # one of the agency is free for the request
            if asked_for or any(absence.first_day <= day <= absence.last_day for absence in van.absences.all()):
                continue
            village = villages[city][(number * 7 + step * 5 + 2) % len(villages[city])]
            place = PLACES[(number * 3 + step) % len(PLACES)]
            wanted = TripInput(van.pk, day, session_of(day), village, place)
            plan_trip(act=Act(cast.staff, now, Door.DEMO), trip=wanted)
    planned = Trip.objects.filter(status=TripStatus.PLANNED, day__lt=days[-2])
    for monday in {day - timedelta(days=day.weekday()) for day in days[:1]}:
        for base in DEMO_QUOTAS:
            publish_week(act=Act(cast.staff, now, Door.DEMO), base=base, monday=monday)
    planned.update(status=TripStatus.PUBLISHED, announced=True)
    asked = RequestInput(
        days[-1], "full", villages[MOVED_CITIES[1]][7], "SMAN setempat", "Perekaman pemula, 180 siswa kelas XII"
    )
    ask_for_van(act=Act(cast.head(MOVED_CITIES[1]), now, Door.DEMO), request=asked)
