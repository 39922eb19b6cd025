"""Whoever sent a returned report gets one e-mail of the decision, with the reason and the fields."""

from datetime import datetime, timedelta

import pytest
from django.core import mail

from accounts.acts import Act
from accounts.models import User
from accounts.rights import SYSTEM
from accounts.tests import cast
from fleet.models import Notice, Trip
from fleet.notifications.services import send_due_emails
from fleet.reports.approval import return_report
from fleet.tests.stops import GROGOL, body, send, stop, van
from recording.tests.world import NOON

pytestmark = pytest.mark.usefixtures("small_world")
SOON = NOON + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def addresses(small_world: None) -> None:
    for who in (cast.staff, cast.head_barat, cast.head_timur):
        User.objects.filter(pk=who().pk).update(email=f"{who().username}@example.com")


def returned(trip: Trip, *fields: str, version: int = 1, now: datetime = NOON) -> None:
    act = Act(cast.staff(), now, "page")
    return_report(act=act, trip=trip.pk, version=version, reason="angka tertukar", fields=fields)


def due(now: datetime = SOON) -> list[tuple[list[str], str]]:
    mail.outbox.clear()
    send_due_emails(by=SYSTEM, now=now)
    return [(email.to, str(email.subject)) for email in mail.outbox]


def test_the_author_is_told_once_for_each_decision() -> None:
    trip, other = stop(van()), stop(van("B 2 PKD"), GROGOL)
    for each in (trip, other):
        send(each, body(20), by=cast.head_barat())
    returned(trip, "kia", "record")
    told = (["budi@example.com"], "Laporan B 1 PKD, Kam, 25 Nov 2021, dikembalikan")
    assert due() == [told]
    text = str(mail.outbox[0].body)
    assert "Yth. Budi Barat" in text
    assert "Laporan mobil B 1 PKD di Kantor RW 05, Kapuk, Kamis, 25 November 2021, dikembalikan:\nangka tertukar" in text
    assert "Yang harus diperbaiki: Perekaman (17+), KIA terbit." in text
    assert f"/laporan/{trip.pk}/" in text
    assert [due(), due(NOON + timedelta(hours=4)), due(NOON + timedelta(hours=13))] == [[], [], []]
    send(trip, body(19), by=cast.head_barat(), expected=1)
    returned(trip, version=2, now=SOON)
    returned(other, now=SOON)
    assert len(due(SOON)) == 2
    assert "Yang harus" not in str(mail.outbox[0].body)


def test_a_report_corrected_meanwhile_is_no_news() -> None:
    trip = stop(van())
    send(trip, body(20), by=cast.head_barat())
    returned(trip)
    send(trip, body(19), by=cast.head_barat(), expected=1)
    assert due() == []


def test_nobody_is_told_of_an_old_decision() -> None:
    trip, by_nobody = stop(van()), stop(van("B 2 PKD"), GROGOL)
    send(trip, body(20), by=cast.head_barat())
    send(by_nobody, body(20))
    returned(trip)
    returned(by_nobody)
    assert due(NOON + timedelta(days=1)) == []
    User.objects.filter(username="budi").update(is_active=False)
    assert due() == []
    assert not Notice.objects.filter(kind="returned").exists()
