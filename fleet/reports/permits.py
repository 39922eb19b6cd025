"""The agency lets a city report a day that is already closed."""

from datetime import date, datetime, timedelta

from accounts.acts import Act
from accounts.rights import require
from accounts.roles import Action
from dukcapil.clock import business_date
from dukcapil.errors import N_, Refused
from dukcapil.locks import one_writer
from fleet.models import EntryPermit
from fleet.vans.free_text import required_text
from recording.public import Level, Region, check_open, write_audit

MAX_PERMIT = timedelta(days=60)


def permit_entry(*, act: Act, city: str, day: date, expires: datetime, reason: str) -> EntryPermit:
    """Let a city report a day that is closed, until `expires`. The same again changes nothing."""
    require(by=act.by, action=Action.REPORT_DECIDE, code=city)
    reason = required_text(reason, "reason", N_("Tulis alasannya; alasan tersimpan dalam riwayat."))
    if day >= business_date(act.now):
        raise Refused(N_("Hari itu belum ditutup; izin tidak diperlukan."), "day")
    if not act.now < expires <= act.now + MAX_PERMIT:
        raise Refused(N_("Izin berlaku mulai sekarang, paling lama 60 hari."), "until")
    region = Region.objects.filter(code=city, level=Level.CITY).first()
    if region is None:
        raise Refused(N_("Pilih kotanya."), "city")
    check_open(region, day, "city")
    with one_writer():
        same = EntryPermit.objects.filter(city=city, day=day, expires=expires).first()
        if same:
            return same
        permit = EntryPermit.objects.create(city_id=city, day=day, expires=expires, reason=reason, at=act.now, by=act.author)
        details: dict[str, object] = {"day": day.isoformat(), "until": expires.isoformat(), "reason": reason}
        write_audit(act=act, action="report.permit", subject=city, details=details)
    return permit
