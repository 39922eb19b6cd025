"""The fleet's part of the front page (settings.MORNING_SOURCES): whose reports are missing, and which the reader owes."""

from collections import Counter
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from accounts.rights import can, own_region
from accounts.roles import Action
from dukcapil.requests import PortalRequest
from fleet.notifications.reminders import missing_of, reminded_cities
from fleet.reports.selectors import trips_to_report
from fleet.reports.watch import expected_reports
from recording.public import DueStop, MissingReports, Region, SilentOffice, short_name, working_day_before


def missing_reports(request: PortalRequest) -> MissingReports | None:
    """Of the last working day that is over, in the region of the reader: by city where it holds several. None for one who
    may not read them, and for a day without stops."""
    if not can(request.user, Action.FLEET_READ):
        return None
    code, day = own_region(request.user), working_day_before(request.day)
    expected = expected_reports(request.user, code, day, day, request.day)
    if not expected:
        return None
    missing, totals = missing_of(expected), Counter(report.trip.city for report in expected)
    url = f"{reverse('report_watch')}?{urlencode({'hari': day.isoformat()})}"
    by_city = Counter(report.trip.city for report in missing) if "." not in code else Counter()
    reminded = reminded_cities(request.day) if by_city else {}
    offices = _offices(by_city, totals, reminded, url)
    may_remind = any(city not in reminded and can(request.user, Action.REPORT_DECIDE, city) for city in by_city)
    return MissingReports(day, len(expected), len(missing), url, offices, reverse("report_remind") if may_remind else "")


def due_stops(request: PortalRequest) -> list[DueStop]:
    """The stops of today, and of open days before it, whose reports the reader owes; none for the agency, which decides."""
    by = request.user
    if not can(by, Action.REPORT_WRITE) or can(by, Action.REPORT_DECIDE):
        return []
    return [
        DueStop(
            trip.day,
            f"{trip.opens:%H.%M}–{trip.closes:%H.%M}",
            trip.van.plate,
            trip.place,
            trip.village.name,
            reverse("report", args=[trip.pk]),
        )
        for trip in trips_to_report(by, own_region(by), request.day, request.now)
        if not hasattr(trip, "report")
    ]


def _offices(missing: Counter[str], totals: Counter[str], reminded: dict[str, datetime], url: str) -> tuple[SilentOffice, ...]:
    """The one with the most missing reports first."""
    names = dict(Region.objects.filter(code__in=missing).values_list("code", "name")) if missing else {}
    return tuple(
        SilentOffice(short_name(names[city]), number, totals[city], f"{url}&wilayah={city}", reminded.get(city))
        for city, number in sorted(missing.items(), key=lambda pair: (-pair[1], pair[0]))
    )
