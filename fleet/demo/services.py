"""The example's fleet: its vans, the reports of its stops evening after evening, and the days that are coming."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from accounts.acts import Act
from accounts.rights import SYSTEM, Actor
from dukcapil.clock import business_date
from fleet.demo.plan import PLACES, report_of, session_of, trip_of, vans_of_stops
from fleet.models import AbsenceKind, PaperKind, ReportStatus, Trip, Van, VanAbsence, VanReport
from fleet.reports.approval import approve_reports, return_report
from fleet.reports.body import SERVED, ReportBody
from fleet.reports.permits import permit_entry
from fleet.reports.services import ReportInput, send_reports
from fleet.schedule.requests import RequestInput, ask_for_van
from fleet.schedule.selectors import monday_of
from fleet.schedule.trips import TripInput, cancel_trip, plan_trips
from fleet.schedule.weeks import publish_week
from fleet.vans.absences import add_absence
from fleet.vans.services import register_van, set_paper, set_quota
from recording.public import DemoStop, Door, Level, Region, is_working_day

# The vans of the example: 2 of the agency, 3 of each city's Sudin; Kepulauan Seribu is reached by boat.
DEMO_QUOTAS = {"31": 2, "31.01": 0, "31.71": 3, "31.72": 3, "31.73": 3, "31.74": 3, "31.75": 3}
APPROVED_AFTER = timedelta(days=2)
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


class DemoFleet:
    """What the people of the example do with its vans; see `recording.demo.services.Fleet`."""

    def __init__(self, act_for: Callable[[str, datetime], Act]) -> None:
        self._act = act_for

    def open(self, until: date, now: datetime) -> None:
        """The vans with their papers: valid for a good while, but for the first van's test, due in two weeks. One is in
        maintenance over the last day."""
        seed_demo_vans(by=SYSTEM, now=now)
        for number, van in enumerate(Van.objects.order_by("plate"), 1):
            days = {PaperKind.STNK: 200 + number * 17 % 150, PaperKind.KIR: 13 if number == 1 else 40 + number * 13 % 130}
            for kind, ahead in days.items():
                set_paper(act=self._act("31", now), van=van.pk, kind=kind, expires=until + timedelta(days=ahead))
        mended = Van.objects.filter(base=MENDED).order_by("-plate")[0].pk
        first_day, last_day = until - MENDED_BEFORE, until + timedelta(days=8)
        maintenance, note = AbsenceKind.MAINTENANCE, "Servis berkala genset"
        act = self._act("31", now)
        add_absence(act=act, van=mended, first_day=first_day, last_day=last_day, kind=maintenance, note=note)

    def plan_week(self, stops: list[DemoStop], now: datetime) -> None:
        """Plan and publish the stops of a week."""
        ready = {day: _ready_vans(day) for day in {stop.day for stop in stops}}
        self._publish([trip_of(stop, van) for stop, van in vans_of_stops(stops, ready)], now)

    def report(self, stops: list[DemoStop], now: datetime) -> None:
        """The agency approves what it has had for two days; the Sudins report, late by a permit of the agency."""
        if not stops:  # a day on which nobody works
            return
        staff, today = self._act("31", now), business_date(now)
        waiting = VanReport.objects.filter(status=ReportStatus.SENT, trip__day__lte=today - APPROVED_AFTER)
        approve_reports(act=staff, versions=dict(waiting.values_list("trip", "version")))
        for city, day in sorted({(stop.region[:5], stop.day) for stop in stops if stop.day < today}):
            permit_entry(act=staff, city=city, day=day, expires=now + timedelta(days=3), reason=WHY_LATE)
        trips = Trip.objects.published().filter(day__in={stop.day for stop in stops})
        published = {(trip.village_id, trip.day): trip for trip in trips}
        reports: dict[Act, dict[int, ReportInput]] = defaultdict(dict)
        for stop in stops:
            trip = published[stop.region, stop.day]
            reports[self._act(trip.city, now)][trip.pk] = ReportInput(report_of(stop), f"demo-{trip.pk}")
        for act, of_one in reports.items():
            send_reports(act=act, reports=of_one)

    def finish(self, until: date, now: datetime) -> None:
        """A stop that was called off, one that nobody reported, and a report that was returned with its reason."""
        if cancelled := self._extra_trip("31.72", until - timedelta(days=1), now):
            act = self._act("31.72", now - (business_date(now) - cancelled.day))
            cancel_trip(act=act, number=cancelled.pk, reason="Banjir di lokasi; dijadwalkan ulang.")
        self._extra_trip("31.75", until, now)
        if returned := self._extra_trip("31.73", until, now):
            # Of services that are not counted toward a target: the figures of the press stay those of the press.
            report = ReportInput(ReportBody(SERVED, {"birth": 4, "family_card": 6}), f"demo-{returned.pk}")
            send_reports(act=self._act("31.73", now - timedelta(minutes=40)), reports={returned.pk: report})
            reason = "Perekaman dan KIA belum diisi; lengkapi lagi."
            return_report(act=self._act("31", now - timedelta(minutes=20)), trip=returned.pk, version=1, reason=reason)
        self._coming_days(now)

    def _publish(self, trips: Sequence[TripInput], now: datetime) -> list[Trip]:
        planned = plan_trips(act=self._act("31", now), trips=trips)
        for base, monday in sorted({(trip.van.base_id, monday_of(trip.day)) for trip in planned}):
            publish_week(act=self._act("31", now), base=base, monday=monday)
        return planned

    def _extra_trip(self, city: str, last: date, now: datetime) -> Trip | None:
        """A published stop of a van that stood still on that day or on one of the two before it."""
        for day in (last - timedelta(days=back) for back in range(3)):
            busy, ready = Trip.objects.standing().filter(day=day), _ready_vans(day)
            free = [van for van in (*ready[city], *ready[city[:2]]) if not busy.filter(van=van).exists()]
            villages = Region.objects.below(city).filter(level=Level.VILLAGE).exclude(code__in=busy.values("village"))
            village = villages.order_by("-code").first()
            if free and village and is_working_day(day):
                trip = TripInput(free[0], day, session_of(day), village.code, PLACES[0])
                return self._publish([trip], now - (business_date(now) - day))[0]
        return None

    def _coming_days(self, now: datetime) -> None:
        """Every van that is ready has a stop on each of the next working days; this week and the next are published but
        for the last two days. On the last one a Sudin asks for a van of the agency, which has none planned then."""
        today = business_date(now)
        days = [day for number in range(11) if is_working_day(day := today + timedelta(days=number))]
        villages: dict[str, list[str]] = defaultdict(list)
        for code in Region.objects.filter(level=Level.VILLAGE).values_list("code", flat=True):
            villages[code[:5]].append(code)
        trips = []
        for step, day in enumerate(days):
            for base, vans in _ready_vans(day).items():
                city = villages[base if base in villages else LENT_TO]
                for number in vans if base in villages or day != days[-1] else []:
                    village, place = city[(number * 7 + step * 5 + 2) % len(city)], PLACES[(number * 3 + step) % len(PLACES)]
                    trips.append(TripInput(number, day, session_of(day), village, place))
        self._publish([trip for trip in trips if trip.day < days[-2]], now)
        plan_trips(act=self._act("31", now), trips=[trip for trip in trips if trip.day >= days[-2]])
        request = RequestInput(days[-1], "full", villages[LENT_TO][7], "SMAN setempat", "Perekaman pemula, 180 siswa kelas XII")
        ask_for_van(act=self._act(LENT_TO, now), request=request)


def _ready_vans(day: date) -> dict[str, list[int]]:
    """The vans that can go out on a day, by base."""
    ready: dict[str, list[int]] = defaultdict(list)
    for van in Van.objects.exclude(pk__in=VanAbsence.objects.touching(day, day).values("van")).order_by("plate"):
        ready[van.base_id].append(van.pk)
    return ready
