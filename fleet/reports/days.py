"""Which days may be reported: today and three days back, a returned report as long after it was returned, and what the
agency permits."""

from datetime import date, datetime, timedelta

from accounts.acts import Act
from accounts.rights import require
from accounts.roles import Action
from dukcapil import figures
from dukcapil.clock import business_date
from dukcapil.errors import N_, Conflict, Refused
from dukcapil.locks import one_writer
from fleet.models import EntryPermit, ReportKind, ReportStatus, Trip, TripStatus, VanAbsence, VanReport
from fleet.reports.body import ReportBody
from fleet.vans.free_text import needed_text
from recording.public import write_audit

LONGEST_PERMIT = timedelta(days=60)
OPEN_DAYS = timedelta(days=3)  # today and three days back


def permit_entry(*, act: Act, city: str, day: date, expires: datetime, reason: str) -> EntryPermit:
    """Let a city report a day that is closed, until `expires`. The same again changes nothing."""
    require(by=act.by, action=Action.REPORT_DECIDE, code=city)
    reason = needed_text(reason, "reason", N_("Tulis alasannya; alasan tersimpan dalam riwayat."))
    if day >= business_date(act.now):
        raise Refused(N_("Hari itu belum ditutup; izin tidak diperlukan."), "day")
    if not act.now < expires <= act.now + LONGEST_PERMIT:
        raise Refused(N_("Izin berlaku mulai sekarang, paling lama 60 hari."), "until")
    with one_writer():
        known = EntryPermit.objects.filter(city=city, day=day, expires=expires).first()
        if known:
            return known
        made = EntryPermit.objects.create(
            city_id=city, day=day, expires=expires, reason=reason, at=act.now, by=act.author
        )
        details: dict[str, object] = {"day": day.isoformat(), "until": expires.isoformat(), "reason": reason}
        write_audit(act=act, action="report.permit", subject=city, details=details)
    return made


def is_open(day: date, city: str, now: datetime) -> bool:
    """Whether a day of a city may be reported now: today and three days back, or by a permit of the agency."""
    if business_date(now) - OPEN_DAYS <= day <= business_date(now):
        return True
    return EntryPermit.objects.filter(city=city, day=day, expires__gt=now).exists()


def may_report(trip: Trip, report: VanReport | None, now: datetime) -> bool:
    """Whether its day is open; a returned report may be mended for as long after it was returned."""
    returned = report.decided_at if report and report.status == ReportStatus.RETURNED else None
    if returned and business_date(now) <= business_date(returned) + OPEN_DAYS:
        return True
    return is_open(trip.day, trip.city, now)


def check_window(trip: Trip, report: VanReport | None, now: datetime) -> None:
    if trip.status == TripStatus.CANCELLED:
        raise Conflict(N_("Jadwal ini dibatalkan: %(reason)s. Laporannya tidak diterima."), reason=trip.reason)
    if trip.status == TripStatus.PLANNED:
        raise Conflict(N_("Jadwal ini belum diterbitkan, jadi belum dapat dilaporkan."))
    if trip.day > business_date(now):
        raise Refused(N_("Hari layanan belum tiba; lapor pada harinya."), "day")
    if not may_report(trip, report, now):
        raise Refused(
            N_("Hari %(day)s sudah ditutup: laporan diterima sampai tiga hari sesudahnya. Minta izin Dinas."),
            "day",
            day=figures.long_day(trip.day),
        )


def check_ready(trip: Trip, body: ReportBody) -> None:
    """A van that is known to be absent served nobody."""
    absence = VanAbsence.objects.touching(trip.day, trip.day).filter(van=trip.van_id).first()
    if absence and body.kind != ReportKind.IDLE:
        raise Conflict(
            N_("Mobil %(plate)s tercatat tidak siap hari itu: %(why)s."),
            plate=trip.van.plate,
            why=absence.get_kind_display(),
        )
