"""Reminders at 17.00 and digests at 19.00: to whom, what they say, each once."""

from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings, settings
from django.core import mail

from accounts.acts import Act
from accounts.models import User
from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil import clock
from dukcapil.errors import NotAllowed
from dukcapil.tests.processes import together
from fleet.models import Notice
from fleet.notifications import services as emails
from fleet.notifications.retention import KEEP_NOTICES, prune_notices
from fleet.notifications.services import send_due_emails
from fleet.tests.stops import PALMERIAM, body, send, stop, van
from recording.coverage.forecasting import forecast_due
from recording.coverage.services import recompute_coverage
from recording.coverage.voiding import confirm_clock
from recording.models import Door
from recording.tests.world import DAY, KAPUK, NOON, count, target, write

FIVE, SEVEN = NOON.replace(hour=17), NOON.replace(hour=19)


@pytest.fixture
def three_stops(small_world: None) -> None:
    """Two stops in Barat, one reported; one in Timur, reported."""
    for who in (cast.head_barat, cast.head_timur, cast.staff, cast.reader):
        User.objects.filter(pk=who().pk).update(email=f"{who().username}@example.com")
    send(stop(van("B 1 PKD"), place="Puskesmas"), body(12))
    stop(van("B 2 PKD"), place="RPTRA Kapuk")
    send(stop(van("B 3 PKD", "31.75"), PALMERIAM), body(9))


def due(now: datetime) -> list[tuple[list[str], str]]:
    """The e-mails that go out at that moment: to whom, and their subject."""
    mail.outbox.clear()
    send_due_emails(by=SYSTEM, now=now)
    return [(email.to, str(email.subject)) for email in mail.outbox]


@pytest.mark.usefixtures("three_stops")
@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (FIVE - timedelta(minutes=1), []),
        (FIVE, [(["budi@example.com"], "1 laporan mobil keliling belum masuk")]),
        (
            SEVEN,
            [
                (["budi@example.com"], "1 laporan mobil keliling belum masuk"),
                (["dian@example.com"], "Laporan mobil keliling Kam, 25 Nov 2021: 2 dari 3 masuk"),
            ],
        ),
    ],
    ids=["16.59", "17.00", "19.00"],
)
def test_reminder_goes_out_at_five_digest_at_seven(now: datetime, expected: list[object]) -> None:
    assert due(now) == expected
    assert due(now + timedelta(minutes=30) if now != FIVE - timedelta(minutes=1) else now) == []


@pytest.mark.usefixtures("three_stops")
def test_emails_name_missing_reports_and_the_five_numbers() -> None:
    due(SEVEN)
    reminder, digest = (email.body for email in mail.outbox)
    assert "Yth. Budi Barat" in reminder
    assert "Untuk Kamis, 25 November 2021 masih ditunggu 1 dari 2 laporan:\n- B 2 PKD: RPTRA Kapuk, Kapuk" in reminder
    assert "terdaftar 3, siap 3; titik terjadwal 3, terlaksana 2; kelurahan terjangkau 2" in digest
    assert "Belum melapor:\n- B 2 PKD: RPTRA Kapuk, Kapuk" in digest


@pytest.mark.usefixtures("three_stops")
def test_the_digest_says_when_targets_are_reached() -> None:
    """As the page of the agency's region does."""
    yesterday = DAY - timedelta(days=1)
    target(1_000, KAPUK)
    write(count(10, day=yesterday))
    recompute_coverage(by=SYSTEM, day=yesterday, now=NOON)
    forecast_due(by=SYSTEM, now=NOON)
    due(SEVEN)
    reminder, digest = (email.body for email in mail.outbox)
    told = "Perekaman KTP-el: Rentang tanggal belum terkalibrasi, menurut laju 1 hari kerja terakhir saja sekitar"
    assert [told in text for text in (reminder, digest)] == [False, True]
    assert "KIA terbit" not in digest


@pytest.mark.usefixtures("small_world")
def test_a_day_without_stops_writes_to_nobody() -> None:
    User.objects.filter(pk=cast.staff().pk).update(email="dian@example.com")
    cast.head_barat()
    assert due(SEVEN) == []
    assert not Notice.objects.exists()


@pytest.mark.usefixtures("three_stops")
@pytest.mark.parametrize("ahead", [timedelta(hours=11), timedelta(days=3, hours=11)], ids=["hours", "days"])
def test_a_clock_ahead_leaves_no_email_sent(ahead: timedelta) -> None:
    """For a minute it was ahead: the e-mails of the true days go out all the same, and once."""
    stop(van("B 4 PKD"), day=(SEVEN + timedelta(days=3)).date())
    morning = SEVEN - timedelta(hours=11)
    wrong = due(morning + ahead)
    assert (len(wrong) > 0, due(morning)) == (True, [])
    assert not Notice.objects.exists()
    assert due(morning + ahead) == wrong
    assert due(morning + ahead + timedelta(minutes=5)) == []


@pytest.mark.usefixtures("three_stops")
def test_clocks_that_differ_little_send_nothing_twice() -> None:
    assert len(due(FIVE)) == 1
    assert due(FIVE - timedelta(minutes=5)) == []
    assert Notice.objects.count() == 1


@pytest.mark.usefixtures("three_stops")
def test_two_clocks_far_apart_send_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    real = clock.real_now
    monkeypatch.setattr(clock, "real_now", lambda: real() + timedelta(days=3))
    assert (due(SEVEN), Notice.objects.count()) == ([], 0)


@pytest.mark.usefixtures("three_stops")
@pytest.mark.parametrize(("leaps_are_asked_about", "people"), [(True, []), (False, ["budi", "dian"])])
def test_a_leap_is_answered_before_emails(settings: LazySettings, leaps_are_asked_about: bool, people: list[str]) -> None:
    settings.LEAPS_ARE_ASKED_ABOUT = leaps_are_asked_about
    recompute_coverage(by=SYSTEM, day=NOON.date(), now=NOON)
    leap = SEVEN + timedelta(days=3)
    stop(van("B 4 PKD"), day=leap.date())
    assert [to for to, _subject in due(leap)] == [[f"{person}@example.com"] for person in people]
    if leaps_are_asked_about:
        confirm_clock(act=Act(SYSTEM, leap, Door.TASK))
        assert len(due(leap + timedelta(minutes=5))) == 2


@pytest.mark.usefixtures("three_stops")
def test_a_person_without_address_delays_nobody() -> None:
    User.objects.filter(username="budi").update(email="")
    assert [to for to, _subject in due(SEVEN)] == [["dian@example.com"]]


@pytest.mark.usefixtures("three_stops")
def test_a_mail_server_that_is_away_only_delays(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # type: ignore[attr-defined]
    assert send_due_emails(by=SYSTEM, now=FIVE) == []
    assert Notice.objects.get().sent_at is None
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]
    assert [to for to, _subject in due(FIVE + timedelta(minutes=5))] == [["budi@example.com"]]


@pytest.mark.usefixtures("three_stops")
def test_only_the_system_and_deciders_may_send() -> None:
    with pytest.raises(NotAllowed):
        send_due_emails(by=cast.head_barat(), now=SEVEN)


@pytest.mark.usefixtures("three_stops")
def test_a_sent_email_is_never_sent_again() -> None:
    due(SEVEN)
    mail.outbox.clear()
    assert [emails.send_email(notice.pk, SEVEN) for notice in Notice.objects.all()] == [False, False]
    assert mail.outbox == []


def _run_task() -> None:
    send_due_emails(by=SYSTEM, now=SEVEN)


@pytest.mark.usefixtures("committed_world", "three_stops")
def test_simultaneous_tasks_write_each_email_once() -> None:
    assert together(*[_run_task] * 6) == [0] * 6
    assert sorted(Notice.objects.values_list("kind", "to__username")) == [("digest", "dian"), ("reminder", "budi")]
    assert Notice.objects.filter(sent_at=None).count() == 0


def test_the_timetable_sends_due_emails() -> None:
    assert settings.CELERY_BEAT_SCHEDULE["emails"]["task"] == "fleet.send_due_emails"


@pytest.mark.django_db
def test_e_mails_go_after_a_year(three_stops: None) -> None:
    due(SEVEN)
    written = Notice.objects.count()
    assert prune_notices(by=SYSTEM, now=SEVEN + KEEP_NOTICES) == 0
    assert prune_notices(by=SYSTEM, now=SEVEN + KEEP_NOTICES + timedelta(seconds=1)) == written
    assert Notice.objects.count() == 0
