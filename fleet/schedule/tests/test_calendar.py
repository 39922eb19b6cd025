"""The schedule for other programs and for everybody: only what was published, and never a reason."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from accounts.acts import Act
from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil.clock import JAKARTA
from fleet.reports.body import IDLE, ReportBody
from fleet.schedule.trips import cancel_trip
from fleet.schedule.views.calendar import calendar_token
from fleet.tests.stops import GROGOL, PALMERIAM, send, stop, van
from recording.tests.pages import logged_in, words
from recording.tests.world import BARAT, DAY, NOON

pytestmark = pytest.mark.usefixtures("at_noon")


@pytest.fixture
def stops(at_noon: None) -> None:
    """In Barat: one published, one cancelled after that, one cancelled before, one planned; one in Timur."""
    bus = van()
    stop(bus, place="Puskesmas Kapuk")
    gone = stop(bus, GROGOL, day=DAY + timedelta(days=1), place="Pasar Grogol")
    cancel_trip(act=Act(SYSTEM, NOON, "page"), number=gone.pk, reason="sopir sakit")
    never = stop(bus, GROGOL, day=DAY + timedelta(days=2), published=False, place="Rahasia Satu")
    cancel_trip(act=Act(SYSTEM, NOON, "page"), number=never.pk, reason="batal rencana")
    stop(bus, day=DAY + timedelta(days=3), published=False, place="Rahasia Dua")
    stop(van("B 2 PKD", "31.75"), PALMERIAM, place="RPTRA Palmeriam")


def feed(base: str) -> Calendar:
    answer = logged_in(None).get(f"/jadwal/kalender/{calendar_token(base)}.ics")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return Calendar.from_ical(answer.content)


@pytest.mark.usefixtures("stops")
def test_a_feed_holds_published_stops_without_log_in() -> None:
    calendar = feed(BARAT)
    events = [(str(event["summary"]), str(event["status"])) for event in calendar.walk("VEVENT")]
    assert events == [("B 1 PKD · Puskesmas Kapuk, Kapuk", "CONFIRMED"), ("B 1 PKD · Pasar Grogol, Grogol", "CANCELLED")]
    first = calendar.walk("VEVENT")[0]
    assert first.decoded("dtstart") == datetime(2021, 11, 25, 8, tzinfo=JAKARTA)
    assert first.decoded("dtend") == datetime(2021, 11, 25, 12, tzinfo=JAKARTA)
    assert calendar.walk("VTIMEZONE"), "a zone that is named is explained (RFC 5545)"
    assert "sopir sakit" not in calendar.to_ical().decode()
    assert len(feed("31").walk("VEVENT")) == 3


@pytest.mark.parametrize("token", ["x", "31.73", "31.73~falsch", "31~" + calendar_token("31.73").partition("~")[2]])
def test_a_forged_feed_address_is_not_found(token: str) -> None:
    answer = logged_in(cast.staff()).get(f"/jadwal/kalender/{token}.ics")
    assert answer.status_code == 404
    assert "Alamat kalender ini tidak sah" in words(answer)


@pytest.mark.usefixtures("stops")
def test_the_public_page_is_off_by_default(settings: Any) -> None:
    assert logged_in(None).get("/jadwal-publik/").status_code == 404
    settings.PUBLIC_DASHBOARD = True
    said = words(logged_in(None).get("/jadwal-publik/"))
    assert "Kamis, 25 November 2021 Kapuk , Jakarta Barat Puskesmas Kapuk 08.00–12.00 WIB" in said
    assert "Palmeriam , Jakarta Timur RPTRA Palmeriam" in said
    assert "batal Grogol , Jakarta Barat Pasar Grogol" in said
    for hidden in ("Rahasia", "sopir sakit", "B 1 PKD"):
        assert hidden not in said
    assert logged_in(None).post("/jadwal-publik/").status_code == 405


def test_an_idle_stop_is_called_off(settings: Any) -> None:
    settings.PUBLIC_DASHBOARD = True
    send(stop(van(), place="Pasar Kapuk"), ReportBody(IDLE, idle_reason="damage"))
    assert [str(event["status"]) for event in feed(BARAT).walk("VEVENT")] == ["CANCELLED"]
    assert "batal Kapuk" in words(logged_in(None).get("/jadwal-publik/"))


def test_the_public_page_says_when_there_is_nothing(settings: Any) -> None:
    settings.PUBLIC_DASHBOARD = True
    assert "Belum ada jadwal yang terbit untuk tujuh hari" in words(logged_in(None).get("/jadwal-publik/"))


def test_the_public_page_ends_after_a_week(settings: Any) -> None:
    settings.PUBLIC_DASHBOARD = True
    bus = van()
    for ahead, place in ((7, "Seminggu"), (8, "Sesudahnya")):
        stop(bus, day=date(2021, 11, 25) + timedelta(days=ahead), place=place)
    said = words(logged_in(None).get("/jadwal-publik/"))
    assert "Seminggu" in said
    assert "Sesudahnya" not in said
