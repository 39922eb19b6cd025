"""Reminding by hand: the agency asks the heads whose reports of a day are missing, each once a day."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import translation

from accounts.acts import Act
from accounts.models import User
from accounts.rights import can, home_region, require
from accounts.roles import Action, Role
from accounts.selectors import people_of
from dukcapil.clock import business_date
from dukcapil.errors import N_, Refused
from dukcapil.locks import one_writer
from fleet.models import Notice, NoticeKind
from fleet.notifications.services import reminder_text, send_email
from fleet.reports.watch import MISSING, RETURNED, ExpectedReport, expected_reports
from recording.public import Region, is_believed, short_name, write_audit


@dataclass
class Reminded:
    """What came of it, by the name of each person or city: `sent` went out now, `delayed` go out as soon as the mail server
    answers, `earlier` were reminded before on this day; `unreachable` have no address, and of `headless` cities there is
    no head."""

    sent: list[str] = field(default_factory=list)
    delayed: list[str] = field(default_factory=list)
    earlier: list[str] = field(default_factory=list)
    unreachable: list[str] = field(default_factory=list)
    headless: list[str] = field(default_factory=list)


def remind_heads(*, act: Act, day: date) -> Reminded:
    """Remind the heads of every city, of those where the actor decides on reports, that reports of a day which is over are
    missing. Each head gets one such e-mail a day, however often and by whom this is asked."""
    require(by=act.by, action=Action.REPORT_DECIDE)
    today = business_date(act.now)
    if day >= today:
        raise Refused(N_("Hari itu belum lewat; laporannya masih dapat masuk."), "day")
    if not is_believed(act.now):
        raise Refused(N_("Jam server perlu dipastikan dahulu; belum ada pengingat yang dikirim."))
    outcome, heads = Reminded(), people_of(Role.HEAD)
    for city, expected in _expected_by_city(act, day, today).items():
        missing = missing_of(expected)
        if not missing:
            continue
        of_city = [head for head in heads if head.jurisdiction == city]
        if not of_city:
            outcome.headless.append(short_name(Region.objects.get(code=city).name))
        for head in of_city:
            _remind(act, head, city, day, expected, missing, outcome)
    return outcome


def missing_of(expected: Iterable[ExpectedReport]) -> list[ExpectedReport]:
    """The reports that have not come in time, or were returned and not corrected."""
    return [report for report in expected if report.state in (MISSING, RETURNED)]


def reminded_cities(today: date) -> dict[str, datetime]:
    """When the head of each city was first reminded by hand on a day."""
    asked = Notice.objects.filter(kind=NoticeKind.ASKED, day=today).order_by("-at")
    return dict(asked.values_list("to__jurisdiction", "at"))


def _expected_by_city(act: Act, day: date, today: date) -> dict[str, list[ExpectedReport]]:
    """Only cities where the actor decides."""
    by_city: dict[str, list[ExpectedReport]] = defaultdict(list)
    for report in expected_reports(act.by, home_region(act.by), day, day, today):
        if can(act.by, Action.REPORT_DECIDE, report.trip.city):
            by_city[report.trip.city].append(report)
    return dict(sorted(by_city.items()))


def _remind(
    act: Act, head: User, city: str, day: date, expected: list[ExpectedReport], missing: list[ExpectedReport], outcome: Reminded
) -> None:
    """Write the e-mail with its trail, unless it was written today, and send what was not sent yet."""
    if not head.email:
        outcome.unreachable.append(head.full_name)
        return
    with translation.override("id"):
        subject, text = reminder_text(head, day, expected, missing)
    with one_writer():
        notice, is_new = Notice.objects.get_or_create(
            kind=NoticeKind.ASKED,
            day=business_date(act.now),
            to=head,
            defaults={"subject": subject, "text": text, "at": act.now},
        )
        if is_new:
            details: dict[str, object] = {"day": day.isoformat(), "to": head.username, "missing": len(missing)}
            write_audit(act=act, action="report.remind", subject=city, details=details)
    if notice.sent_at:
        outcome.earlier.append(head.full_name)
    elif send_email(notice.pk, act.now):
        outcome.sent.append(head.full_name)
    else:
        outcome.delayed.append(head.full_name)
