"""The e-mails of a day: at 17.00 a reminder to each head whose reports are missing, at 19.00 a digest to the agency; in
the morning of a working day a word to the agency while the next period is missing; at any hour what was returned.

The database decides what is due: one row for each e-mail, day and person, written before it is sent. A mail server that
is away only delays it, and a task that runs twice sends nothing twice.
"""

import logging
from dataclasses import asdict
from datetime import date, datetime, time, timedelta

from django.core.mail import send_mail
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Actor, require
from accounts.roles import Action, Role
from accounts.selectors import people_of
from dukcapil import figures
from dukcapil.clock import JAKARTA, business_date
from dukcapil.locks import delete_if_any, one_writer
from fleet.models import Notice, NoticeKind
from fleet.notifications.returned import write_returned
from fleet.reports.watch import MISSING, RETURNED, WAITING, ExpectedReport, expected_reports, five_numbers, punctuality
from recording.public import MAX_SKEW, Document, Period, is_believed, is_working_day, latest_forecast, next_period

log = logging.getLogger(__name__)
YESTERDAY = timedelta(days=1)  # what could not be sent by midnight still goes out
PERIOD_AT, REMINDER_AT, DIGEST_AT = time(8, 0), time(17, 0), time(19, 0)


def send_due_emails(*, by: Actor, now: datetime) -> list[int]:
    """Write and send what is due today; answers the numbers of the e-mails that went out. Safe to call at any time,
    however often. None by a clock that is not to be believed."""
    require(by=by, action=Action.REPORT_DECIDE)
    if not is_believed(now):
        log.warning("no e-mail is sent: the clock is not to be believed")
        return []
    _forget_what_lies_ahead(now)
    day, hour = business_date(now), now.astimezone(JAKARTA).time()
    with translation.override("id"):
        write_returned(now)
        if hour >= PERIOD_AT and is_working_day(day):
            _write_about_period(day, now)
        if hour >= REMINDER_AT:
            for head in people_of(Role.HEAD):
                _write_email(NoticeKind.REMINDER, head, day, now)
        if hour >= DIGEST_AT:
            for person in people_of(Role.STAFF):
                _write_email(NoticeKind.DIGEST, person, day, now)
    return [number for number in list(unsent_emails(day).values_list("pk", flat=True)) if send_email(number, now)]


def _forget_what_lies_ahead(now: datetime) -> None:
    """E-mails that a clock wrote which was ahead went out on another day: they are due again when their day comes.
    Where the clock is behind now, one goes out twice; that is better than none."""
    delete_if_any(Notice.objects.filter(at__gt=now + MAX_SKEW))


def unsent_emails(day: date) -> QuerySet[Notice]:
    """Those that still go out, as they were written: PostgreSQL promises no order by itself."""
    return Notice.objects.filter(day__gte=day - YESTERDAY, sent_at=None).exclude(to__email="").order_by("pk")


def _write_email(kind: str, to: User, day: date, now: datetime) -> None:
    """One e-mail, unless it is there or there is nothing to say: a reminder needs a missing report, a digest a stop."""
    if Notice.objects.filter(kind=kind, day=day, to=to).exists():
        return
    expected = expected_reports(to, to.jurisdiction, day, day, day)
    missing = [report for report in expected if report.state in (MISSING, WAITING, RETURNED)]
    if kind == NoticeKind.REMINDER and missing:
        subject, text = reminder_text(to, day, expected, missing)
    elif kind == NoticeKind.DIGEST and expected:
        subject, text = _digest(to, day, expected, missing)
    else:
        return
    _store_email(kind, to, day, now, subject, text)


def _store_email(kind: str, to: User, day: date, now: datetime, subject: str, text: str) -> None:
    with one_writer():
        Notice.objects.get_or_create(kind=kind, day=day, to=to, defaults={"subject": subject, "text": text, "at": now})


def _write_about_period(day: date, now: datetime) -> None:
    """To the agency, once a day at most, until the period is made."""
    told = set(Notice.objects.filter(kind=NoticeKind.PERIOD, day=day).values_list("to", flat=True))
    people = [person for person in people_of(Role.STAFF) if person.pk not in told]
    missing, waiting = next_period(list(Period.objects.all()), day) if people else (None, None)
    if missing is None:
        return
    subject = _("Periode %(name)s belum dibuat") % {"name": missing.name}
    values = {"name": missing.name, "first": figures.long_day(missing.first_day)}
    lines = [_("Periode %(name)s, mulai %(first)s, belum dibuat.") % values]
    if waiting:
        lines.append(_("%(n)s catatan sudah menunggunya.") % {"n": figures.people(waiting.counts)})
    lines += ["", _("Buat di %(page)s pada portal; target diteruskan sebagai draf.") % {"page": reverse("next_period")}]
    for person in people:
        _store_email(NoticeKind.PERIOD, person, day, now, subject, "\n".join(lines))


def reminder_text(to: User, day: date, expected: list[ExpectedReport], missing: list[ExpectedReport]) -> tuple[str, str]:
    """The subject and the text of an e-mail to a head whose reports of a day are missing."""
    subject = _("%(n)s laporan mobil keliling belum masuk") % {"n": len(missing)}
    lines = [
        _("Yth. %(name)s,") % {"name": to.full_name},
        "",
        _("Untuk %(day)s masih ditunggu %(n)s dari %(total)s laporan:")
        % {"day": figures.long_day(day), "n": len(missing), "total": len(expected)},
        *map(_line, missing),
        "",
        _("Isi di %(page)s pada portal.") % {"page": reverse("report_day")},
    ]
    return subject, "\n".join(lines)


def _digest(to: User, day: date, expected: list[ExpectedReport], missing: list[ExpectedReport]) -> tuple[str, str]:
    (numbers,) = five_numbers(to, to.jurisdiction, [day])
    sums = punctuality(expected)
    subject = _("Laporan mobil keliling %(day)s: %(came)s dari %(total)s masuk") % {
        "day": figures.short_day(day),
        "came": sums.came,
        "total": sums.expected,
    }
    lines = [
        subject,
        "",
        _(
            "Mobil terdaftar %(registered)s, siap %(ready)s; titik terjadwal %(scheduled)s, terlaksana %(held)s; "
            "kelurahan terjangkau %(reached)s."
        )
        % asdict(numbers),
    ]
    if missing:
        lines += ["", _("Belum melapor:"), *map(_line, missing)]
    for document in Document:
        if forecast := latest_forecast(to, to.jurisdiction, document, day):
            lines += ["", f"{document.label}: {forecast}"]
    return subject, "\n".join([*lines, "", _("Rinciannya di %(page)s pada portal.") % {"page": reverse("report_watch")}])


def _line(report: ExpectedReport) -> str:
    return f"- {report.trip.van.plate}: {report.trip.place}, {report.trip.village.name}"


def send_email(number: int, now: datetime) -> bool:
    """Send one e-mail; False when another process has it or the mail server is away. It is marked as sent first, so
    that no lock is held while the mail server works; a process that dies in between leaves that one e-mail unsent."""
    if not Notice.objects.filter(pk=number, sent_at=None).update(sent_at=now):
        return False
    email = Notice.objects.select_related("to").get(pk=number)
    try:
        send_mail(email.subject, email.text, None, [email.to.email])
    except Exception:  # whatever a mail server or an address comes up with: the others must go out
        log.exception("e-mail %s could not be sent; it is tried again", number)
        Notice.objects.filter(pk=number).update(sent_at=None)
        return False
    return True
