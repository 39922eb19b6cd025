"""The agency reminds the heads whose reports are missing: whom, what it says, once a day, and what the front page shows."""

from datetime import date, timedelta

import pytest
from django.conf import LazySettings
from django.core import mail

from accounts.acts import Act
from accounts.models import User
from accounts.rights import SYSTEM
from accounts.roles import Role
from accounts.tests import cast
from dukcapil.errors import NotAllowed, Refused
from dukcapil.tests.processes import together
from fleet.models import Notice, NoticeKind
from fleet.notifications.reminders import Reminded, remind_heads
from fleet.notifications.services import send_due_emails
from fleet.reports.approval import return_report
from fleet.tests.stops import PALMERIAM, body, send, stop, van
from recording.coverage.services import recompute_coverage
from recording.models import AuditEntry, Door
from recording.tests.pages import logged_in, words
from recording.tests.world import DAY, NOON

YESTERDAY = DAY - timedelta(days=1)
PUSAT = "31.71.01.1001"


@pytest.fixture
def missing(at_noon: None) -> None:
    """Yesterday: of two stops in Barat one was reported, of one in Timur none, that in Pusat was."""
    for who in (cast.head_barat, cast.head_timur, cast.staff):
        User.objects.filter(pk=who().pk).update(email=f"{who().username}@example.com")
    came = NOON - timedelta(days=1)
    send(stop(van("B 1 PKD"), day=YESTERDAY), body(12), now=came)
    stop(van("B 2 PKD"), day=YESTERDAY, place="RPTRA Kapuk")
    stop(van("B 3 PKD", "31.75"), PALMERIAM, day=YESTERDAY)
    send(stop(van("B 4 PKD", "31.71"), PUSAT, day=YESTERDAY), body(9), now=came)
    recompute_coverage(by=SYSTEM, day=DAY, now=NOON)


def remind(who=cast.staff, day: date = YESTERDAY, hours: int = 0) -> Reminded:  # type: ignore[no-untyped-def]
    return remind_heads(act=Act(who(), NOON + timedelta(hours=hours), Door.PAGE), day=day)


@pytest.mark.usefixtures("missing")
def test_heads_of_missing_reports_are_reminded() -> None:
    assert remind() == Reminded(sent=["Budi Barat", cast.head_timur().full_name])
    assert [email.to for email in mail.outbox] == [["budi@example.com"], [f"{cast.head_timur().username}@example.com"]]
    text = str(mail.outbox[0].body)
    assert "Untuk Rabu, 24 November 2021 masih ditunggu 1 dari 2 laporan:\n- B 2 PKD: RPTRA Kapuk, Kapuk" in text
    assert [(entry.subject, entry.details["to"], entry.by) for entry in AuditEntry.objects.filter(action="report.remind")] == [
        ("31.73", "budi", cast.staff()),
        ("31.75", cast.head_timur().username, cast.staff()),
    ]


@pytest.mark.usefixtures("missing")
def test_a_head_is_reminded_once_a_day() -> None:
    """By whoever asks, of whichever day; on the next day again."""
    remind()
    mail.outbox.clear()
    assert remind(cast.admin, hours=1) == Reminded(earlier=["Budi Barat", cast.head_timur().full_name])
    assert (mail.outbox, AuditEntry.objects.filter(action="report.remind").count()) == ([], 2)
    assert len(remind(hours=24).sent) == 2


@pytest.mark.usefixtures("missing")
def test_the_reminder_at_five_goes_out_besides() -> None:
    stop(van("B 5 PKD"), place="hari ini")
    remind()
    mail.outbox.clear()
    send_due_emails(by=cast.staff(), now=NOON.replace(hour=17))
    assert [email.to for email in mail.outbox] == [["budi@example.com"]]


@pytest.mark.usefixtures("missing")
def test_a_returned_report_is_missing_again() -> None:
    User.objects.filter(pk=cast.head_timur().pk).update(is_active=False)
    pusat = cast.person("puji", "Puji Pusat", Role.HEAD, "31.71")
    trip = stop(van("B 6 PKD", "31.71"), PUSAT, day=YESTERDAY, place="lain")
    send(trip, body(3), now=NOON - timedelta(days=1))
    return_report(act=Act(cast.staff(), NOON, Door.PAGE), trip=trip.pk, version=1, reason="salah")
    assert remind() == Reminded(sent=["Budi Barat"], unreachable=[pusat.full_name], headless=["Jakarta Timur"])
    assert not Notice.objects.filter(to=pusat).exists(), "who has no address was not reminded"


@pytest.mark.usefixtures("missing")
def test_a_mail_server_away_only_delays_it(settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert remind() == Reminded(delayed=["Budi Barat", cast.head_timur().full_name])
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    send_due_emails(by=cast.staff(), now=NOON + timedelta(minutes=5))
    assert len(mail.outbox) == 2


@pytest.mark.usefixtures("missing")
@pytest.mark.parametrize("who", [cast.head_barat, cast.reader, cast.api_client], ids=lambda who: who.__name__)
def test_only_who_decides_may_remind(who) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(NotAllowed):
        remind(who)
    assert logged_in(who()).post("/pantauan/ingatkan/", {"hari": "2021-11-24"}).status_code == 403
    assert not Notice.objects.exists()


@pytest.mark.usefixtures("missing")
def test_nobody_is_reminded_of_a_day_to_come() -> None:
    for day in (DAY, DAY + timedelta(days=1)):
        with pytest.raises(Refused):
            remind(day=day)


@pytest.mark.usefixtures("missing")
def test_the_front_page_reminds_with_one_press() -> None:
    staff = logged_in(cast.staff())
    page = staff.get("/")
    assert "Rab, 24 Nov: 2 dari 4 belum melapor Jakarta Barat 1 dari 2 Jakarta Timur 1 dari 1 Ingatkan" in words(page)
    assert 'form="tindakan" formaction="/pantauan/ingatkan/"' in page.content.decode()
    for sentence in ("Pengingat terkirim kepada Budi Barat, ", "Sudah diingatkan hari ini: Budi Barat, "):
        answer = staff.post("/pantauan/ingatkan/", {"hari": "2021-11-24"}, follow=True)
        assert (answer.redirect_chain, sentence in words(answer)) == ([("/", 302)], True)
    again = words(staff.get("/"))
    assert "Jakarta Barat 1 dari 2 · diingatkan 12.00" in again
    assert "Ingatkan" not in again
    assert staff.post("/pantauan/ingatkan/", {"hari": "kemarin"}).status_code == 400


@pytest.mark.usefixtures("missing")
def test_others_see_their_missing_reports_without_button() -> None:
    head, reader = (words(logged_in(who()).get("/")) for who in (cast.head_barat, cast.reader))
    assert "Rab, 24 Nov: 1 dari 2 belum melapor" in head
    assert "Rab, 24 Nov: 2 dari 4 belum melapor Jakarta Barat 1 dari 2" in reader
    assert ["Ingatkan" in page for page in (head, reader)] == [False, False]


@pytest.mark.usefixtures("at_noon")
def test_a_day_without_stops_shows_no_reports() -> None:
    assert "melapor" not in words(logged_in(cast.staff()).get("/"))


@pytest.mark.usefixtures("missing")
def test_a_day_with_all_reports_says_so() -> None:
    assert "Rab, 24 Nov: semua 1 sudah melapor" not in words(logged_in(cast.staff()).get("/"))
    head = cast.person("puji", "Puji Pusat", Role.HEAD, "31.71")
    assert "Rab, 24 Nov: semua 1 sudah melapor" in words(logged_in(head).get("/"))


def _press() -> None:
    remind()


@pytest.mark.usefixtures("committed_world", "missing")
def test_two_presses_at_once_send_one_email() -> None:
    assert together(*[_press] * 4) == [0] * 4
    assert Notice.objects.filter(kind=NoticeKind.ASKED).count() == 2
    assert AuditEntry.objects.filter(action="report.remind").count() == 2
