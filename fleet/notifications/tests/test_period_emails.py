"""From 1 December the agency is told that the next period is missing: on working days, once a day at most."""

from datetime import datetime

import pytest
from django.core import mail

from accounts.acts import Act
from accounts.models import User
from accounts.rights import SYSTEM
from accounts.tests import cast
from fleet.models import Notice
from fleet.notifications.services import send_due_emails
from recording.targets.next_period import make_next_period
from recording.tests.world import NOON, count, write

pytestmark = pytest.mark.usefixtures("small_world")
FIRST = NOON.replace(month=12, day=1, hour=8)  # a Wednesday
JANUARY = NOON.replace(year=2022, month=1, day=4)


def due(now: datetime) -> list[str]:
    mail.outbox.clear()
    send_due_emails(by=SYSTEM, now=now)
    return [str(email.subject) for email in mail.outbox]


@pytest.fixture(autouse=True)
def addresses(small_world: None) -> None:
    for who in (cast.staff, cast.head_barat, cast.reader):
        User.objects.filter(pk=who().pk).update(email=f"{who().username}@example.com")


def test_the_agency_is_told_once_a_day() -> None:
    told = ["Periode 2022 belum dibuat"]
    assert due(FIRST.replace(month=11, day=30)) == []
    assert due(FIRST.replace(hour=7, minute=59)) == []
    assert [due(FIRST.replace(hour=hour)) for hour in (8, 9, 23)] == [told, [], []]
    assert mail.outbox == []
    assert due(FIRST.replace(day=2)) == told
    assert due(FIRST.replace(day=4)) == [], "a Saturday"
    assert list(Notice.objects.values_list("kind", "to__username").distinct()) == [("period", "dian")]
    make_next_period(act=Act(SYSTEM, FIRST, "page"), name="2022")
    assert due(FIRST.replace(day=3)) == []


def test_the_e_mail_says_what_waits_already() -> None:
    write(count(12, day=JANUARY.date()), now=JANUARY)
    assert due(JANUARY) == ["Periode 2022 belum dibuat"]
    text = str(mail.outbox[0].body)
    assert "Periode 2022, mulai Sabtu, 1 Januari 2022, belum dibuat.\n1 catatan sudah menunggunya." in text
    assert "/periode/" in text
