"""Which reports a reminder names, and on which days an e-mail that could not be sent still goes out."""

from datetime import datetime, timedelta

import pytest
from django.core import mail

from accounts.acts import Act
from accounts.models import User
from accounts.rights import SYSTEM
from accounts.tests import cast
from fleet.models import Notice
from fleet.notifications.services import send_due_emails
from fleet.reports.approval import return_report
from fleet.tests.stops import GROGOL, body, send, stop, van
from recording.tests.world import DAY, NOON

pytestmark = pytest.mark.usefixtures("small_world")
FIVE = NOON.replace(hour=17)


@pytest.fixture(autouse=True)
def head(small_world: None) -> None:
    User.objects.filter(pk=cast.head_barat().pk).update(email="budi@example.com")


def sent_at(now: datetime) -> list[str]:
    """The texts of the e-mails that go out at that moment."""
    mail.outbox.clear()
    send_due_emails(by=SYSTEM, now=now)
    return [str(email.body) for email in mail.outbox]


def test_a_reminder_names_returned_reports_beside_missing_ones() -> None:
    sent, missing, returned = stop(van("B 1 PKD")), stop(van("B 2 PKD"), GROGOL), stop(van("B 3 PKD"))
    for trip in (sent, returned):
        send(trip, body(10))
    return_report(act=Act(SYSTEM, NOON, "page"), trip=returned.pk, version=1, reason="periksa")
    (text,) = sent_at(FIVE)
    assert "masih ditunggu 2 dari 3 laporan" in text
    assert [plate in text for plate in ("B 1 PKD", "B 2 PKD", "B 3 PKD")] == [False, True, True]
    assert missing.van.plate == "B 2 PKD"


@pytest.mark.parametrize(
    ("later", "goes_out"),
    [
        (timedelta(hours=6, minutes=59), True),  # 23.59
        (timedelta(hours=7, minutes=1), True),  # after midnight: still of yesterday
        (timedelta(hours=30, minutes=59), True),  # 23.59 of the next day
        (timedelta(hours=31, minutes=1), False),  # two days later nobody needs it any more
    ],
    ids=str,
)
def test_a_refused_reminder_is_retried_for_a_day(later: timedelta, goes_out: bool) -> None:
    stop(van())
    address = User.objects.filter(pk=cast.head_barat().pk)
    address.update(email="")
    assert sent_at(FIVE) == []
    assert Notice.objects.get().day == DAY
    address.update(email="budi@example.com")
    texts = sent_at(FIVE + later)
    assert any("Kamis, 25 November 2021" in text for text in texts) is goes_out


def test_after_midnight_no_new_day_is_reminded() -> None:
    stop(van(), day=DAY + timedelta(days=1))
    assert sent_at(FIVE + timedelta(hours=7, minutes=30)) == []
