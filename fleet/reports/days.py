"""Which days may be reported: today and three days back, a returned report as long after it was returned, and what the
agency permits (permits.py)."""

from datetime import date, datetime, timedelta

from dukcapil import figures
from dukcapil.clock import business_date
from dukcapil.errors import N_, Conflict, Refused
from fleet.models import EntryPermit, ReportStatus, Trip, TripStatus, VanReport

OPEN_DAYS = timedelta(days=3)  # today and three days back


def is_open(day: date, city: str, now: datetime) -> bool:
    """Whether a day of a city may be reported now: today and three days back, or by a permit of the agency."""
    if business_date(now) - OPEN_DAYS <= day <= business_date(now):
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
