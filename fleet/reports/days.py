"""Which days may be reported: today and three days back, a returned report as long after it was returned, and what the
agency permits (permits.py). A day that waits for its period stays open, and as long after the period was made."""

from datetime import date, datetime, timedelta

from dukcapil import figures
from dukcapil.clock import business_date
from dukcapil.errors import N_, Conflict, Refused
from fleet.models import EntryPermit, ReportStatus, Trip, TripStatus, VanReport
from recording.public import Period, days_without_period, due_day

OPEN_DAYS = timedelta(days=3)  # today and three days back


def open_spans(today: date) -> list[tuple[date, date]]:
    """The days that every city may report: today and three days back, what no period holds, and what waited for a
    period until three days ago."""
    periods, oldest = list(Period.objects.all()), today - OPEN_DAYS
    made = [(period, due_day(periods, period.first_day)) for period in periods]
    waited = [
        (period.first_day, min(period.last_day, due))
        for period, due in made
        if period.first_day < due and oldest <= due <= today
    ]
    return [(oldest, today), *waited, *days_without_period(periods, today)]


def is_open(day: date, city: str, now: datetime) -> bool:
    """Whether a day of a city may be reported now: see `open_spans`, or by a permit of the agency."""
    today = business_date(now)
    if today - OPEN_DAYS <= day <= today:  # nearly every report; the periods need not be read for it
        return True
    if any(first <= day <= last for first, last in open_spans(today)):
        return True
    return EntryPermit.objects.filter(city=city, day=day, expires__gt=now).exists()


def may_report(trip: Trip, report: VanReport | None, now: datetime) -> bool:
    """Whether its day is open; a returned report may be corrected for as long after it was returned."""
    returned = report.decided_at if report and report.status == ReportStatus.RETURNED else None
    if returned and business_date(now) <= business_date(returned) + OPEN_DAYS:
        return True
    return is_open(trip.day, trip.city, now)


def check_window(trip: Trip, report: VanReport | None, now: datetime) -> None:
    """Raise the reason why the trip cannot be reported now: cancelled, not published, still to come, or closed."""
    if trip.status == TripStatus.CANCELLED:
        raise Conflict(N_("Jadwal ini dibatalkan: %(reason)s. Laporannya tidak diterima."), reason=trip.reason)
    if trip.status == TripStatus.PLANNED:
        raise Conflict(N_("Jadwal ini belum diterbitkan, jadi belum dapat dilaporkan."))
    if trip.day > business_date(now):
        raise Refused(N_("Hari layanan belum tiba; lapor pada harinya."), "day")
    if not may_report(trip, report, now):
        sentence = N_("Hari %(day)s sudah ditutup: laporan diterima sampai tiga hari sesudahnya. Minta izin Dinas.")
        raise Refused(sentence, "day", day=figures.long_day(trip.day))
