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
from recording.tests.world import BARAT, DAY, KAPUK, NOON

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
    assert "Kapuk Kamis, 25 November 2021 , 08.00–12.00 WIB Puskesmas Kapuk" in said
    assert said.index("Jakarta Barat 2 jadwal") < said.index("Puskesmas Kapuk") < said.index("Jakarta Timur 1 jadwal")
    assert "Grogol batal" in said
    for hidden in ("Rahasia", "sopir sakit", "B 1 PKD"):
        assert hidden not in said
    assert logged_in(None).post("/jadwal-publik/").status_code == 405


@pytest.mark.usefixtures("stops")
@pytest.mark.parametrize("language", ["", "en"])
def test_the_public_page_knows_nobody(settings: Any, language: str) -> None:
    settings.PUBLIC_DASHBOARD = True
    staff = cast.staff()
    browser = logged_in(staff)
    if language:
        browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    browser.cookies["csrftoken"] = "x"  # malformed: on other pages Django answers with a new one
    answer = browser.get("/jadwal-publik/")
    assert (answer["Cache-Control"], answer["Content-Language"]) == ("public, max-age=300", language or "id")
    assert "Cookie" in answer["Vary"]
    assert not answer.cookies
    assert staff.full_name not in answer.content.decode()


def test_an_idle_stop_is_called_off(settings: Any) -> None:
    settings.PUBLIC_DASHBOARD = True
    send(stop(van(), place="Pasar Kapuk"), ReportBody(IDLE, idle_reason="damage"))
    assert [str(event["status"]) for event in feed(BARAT).walk("VEVENT")] == ["CANCELLED"]
    assert "Kapuk batal Kamis" in words(logged_in(None).get("/jadwal-publik/"))


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


@pytest.mark.usefixtures("stops")
@pytest.mark.parametrize(
    ("wanted", "seen", "unseen"),
    [
        ("31.73", ["Puskesmas Kapuk", "Pasar Grogol"], ["RPTRA Palmeriam"]),
        (KAPUK, ["Puskesmas Kapuk"], ["Pasar Grogol", "RPTRA Palmeriam"]),
        ("31.73.01.1001", ["Belum ada jadwal yang terbit di sana.", "kelurahan lain", "Pasar Grogol"], ["RPTRA"]),
        ("31.71", ["Belum ada jadwal yang terbit di sana.", "Lihat semua jadwal"], ["Puskesmas Kapuk"]),
        ("' or 1", ["Belum ada jadwal yang terbit di sana."], ["Puskesmas Kapuk"]),
    ],
)
def test_the_public_page_shows_one_city_or_kelurahan(settings: Any, wanted: str, seen: list[str], unseen: list[str]) -> None:
    settings.PUBLIC_DASHBOARD = True
    said = words(logged_in(None).get("/jadwal-publik/", {"wilayah": wanted}))
    assert [sentence for sentence in seen if sentence not in said] == []
    assert [sentence for sentence in unseen if sentence in said] == []


def test_what_to_bring_is_told_for_each_service(settings: Any) -> None:
    settings.PUBLIC_DASHBOARD = True
    stop(van(), services=["record", "birth"])
    said = words(logged_in(None).get("/jadwal-publik/"))
    assert "Perekaman (17+) · Akta kelahiran" in said
    assert "Yang perlu dibawa" in said
    assert "Surat keterangan kelahiran, buku nikah" in said
    assert "ponsel dengan internet" not in said  # nobody offers that this week


def test_the_public_schedule_is_linked_where_people_look(settings: Any) -> None:
    assert "/jadwal-publik/" not in logged_in(None).get("/masuk/").content.decode()
    settings.PUBLIC_DASHBOARD = True
    for address in ("/masuk/", "/publik/"):
        assert 'href="/jadwal-publik/"' in logged_in(None).get(address).content.decode()
