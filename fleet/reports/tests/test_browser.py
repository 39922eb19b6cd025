"""The daily report on a phone with a bad line: nothing typed is lost, nothing counts twice, whatever happens."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.sessions.models import Session

from accounts.acts import Act
from accounts.tests import cast
from dukcapil.tests.visits import Visit
from fleet.models import ReportVersion, Trip
from fleet.reports.approval import return_report
from fleet.reports.tests.phone import (
    PHONE,
    WAITS,
    card,
    fill,
    installed,
    line_is_back,
    nothing_waits,
    on_a_slow_line,
    press,
    send_into_the_dark,
    taken,
    three_stops,
    waits_for,
)
from fleet.tests.office import Office
from fleet.tests.stops import GROGOL, body, send, stands, stop, van
from recording.tests.world import DAY, NOON

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("committed_world")]
KEPT_NAMES = "async () => (await caches.keys()).filter(name => name.startsWith('halaman-')).sort()"
NO_PAGE_IS_KEPT = "async () => !(await caches.keys()).some(name => name.startsWith('halaman-'))"


def test_three_vans_are_reported_on_slow_3g(phone: Visit) -> None:
    trips, page = three_stops(), phone.page
    on_a_slow_line(phone)
    page.goto("/laporan/")
    for number, trip in enumerate(trips):
        fill(page, trip, str(20 + number), kia="4")
        press(page, trip)
    for trip in trips:
        taken(page, trip)
    assert [stands(trip) for trip in trips] == [20, 21, 22]
    assert "B 1 PKD, Kapuk: perekaman 20, KIA terbit 4" in page.input_value("#pesan-3173")
    nothing_waits(page)
    page.goto("/laporan/")
    assert "Semua sudah dilaporkan" in phone.text("h1")


def test_a_report_without_server_outlives_a_closed_tab(phone: Visit, office: Office) -> None:
    trip = stop(van())
    page = phone.page
    send_into_the_dark(phone, office, trip)
    page.close()
    phone.page = phone.context.new_page()
    phone.page.goto("/laporan/")  # out of the cache: the server is still away
    waits_for(phone, WAITS)
    assert "Isian Anda: Perekaman (17+) 20" in phone.text(f"#t{trip.pk}")
    assert phone.page.input_value(f"#t{trip.pk}_record") == "20"
    phone.page.goto("/pantauan/")
    assert "Tidak ada sambungan" in phone.text("h1")
    phone.page.goto("/laporan/")
    office.start()
    taken(phone.page, trip)  # without a hand: it tries again after some seconds
    nothing_waits(phone.page)
    assert (stands(trip), ReportVersion.objects.count()) == (20, 1)


def test_other_pages_say_that_a_report_still_waits(phone: Visit, office: Office) -> None:
    trip = stop(van())
    page = phone.page
    send_into_the_dark(phone, office, trip)
    page.goto("/")
    assert "Tidak ada sambungan" in phone.text("h1")
    office.start()
    page.goto("/")
    page.locator(".connection", has_text="Ada laporan mobil yang belum terkirim").wait_for()
    page.click(".connection a")
    taken(page, trip)
    assert stands(trip) == 20


def test_typing_while_sending_becomes_a_correction(phone: Visit) -> None:
    trip = stop(van())
    page = phone.page
    page.goto("/laporan/")
    fill(page, trip, "20")
    held: list[Any] = []
    page.route(
        f"**/laporan/{trip.pk}/", lambda route: held.append(route) if route.request.method == "POST" else route.continue_()
    )
    press(page, trip)
    waits_for(phone, "sedang dikirim")
    page.evaluate(f"document.getElementById('form-{trip.pk}').hidden = false")  # as one who was typing when it went out
    fill(page, trip, "22")
    press(page, trip)  # a second press of what is on its way is none
    held[0].continue_()
    page.unroute(f"**/laporan/{trip.pk}/")
    page.fill(f"#t{trip.pk}_reason", "dua orang lagi")
    assert page.input_value(f"#t{trip.pk}_record") == "22"
    press(page, trip)
    card(page, trip).locator(".receipt", has_text=f"nomor {trip.pk}/2").wait_for()
    assert (stands(trip), len(held)) == (22, 1)


def test_a_draft_survives_a_closed_page(phone: Visit) -> None:
    trip = stop(van())
    phone.page.goto("/laporan/")
    fill(phone.page, trip, "17", obstacles="jaringan lambat", elsewhere_ktp="2")
    phone.page.goto("/")
    phone.page.goto("/laporan/")
    assert [phone.page.input_value(f"#t{trip.pk}_{name}") for name in ("record", "obstacles", "elsewhere_ktp")] == [
        "17",
        "jaringan lambat",
        "2",
    ]


def test_an_outdated_draft_does_not_come_back(phone: Visit) -> None:
    trip = stop(van())
    phone.page.goto("/laporan/")
    fill(phone.page, trip, "20")
    send(trip, body(45), by=cast.staff())
    return_report(act=Act(cast.staff(), NOON, "page"), trip=trip.pk, version=1, reason="periksa")
    phone.page.goto("/laporan/")
    assert "Dikembalikan oleh Dian Dinas" in phone.text(f"#t{trip.pk}")
    assert phone.page.input_value(f"#t{trip.pk}_record") == "45"


def test_logging_out_takes_the_kept_page_away(phone: Visit) -> None:
    page = phone.page
    page.goto("/laporan/")
    installed(phone)
    page.click(".account summary")
    phone.follow("text=Keluar")
    phone.until(NO_PAGE_IS_KEPT)
    assert page.evaluate(KEPT_NAMES) == []


def test_a_report_survives_an_expired_log_in(phone: Visit) -> None:
    trip = stop(van())
    page = phone.page
    page.goto("/laporan/")
    fill(page, trip, "20")
    Session.objects.all().delete()
    press(page, trip)
    waits_for(phone, "masuk lagi agar terkirim")
    assert stands(trip) is None
    page.click("[data-kept] a")
    page.fill("#id_username", "budi")
    page.fill("#id_password", cast.PASSWORD)
    phone.follow("main button")
    taken(page, trip)
    assert stands(trip) == 20


def test_a_conflicting_report_is_shown_for_a_decision(phone: Visit) -> None:
    trip = stop(van())
    page = phone.page
    page.goto("/laporan/")
    fill(page, trip, "25")
    send(trip, body(20), by=cast.staff())
    press(page, trip)
    waits_for(phone, "sudah dilaporkan orang lain")
    said = phone.text(f"#t{trip.pk}")
    assert "Yang tersimpan: perekaman 20" in said
    assert "Isian Anda: Perekaman (17+) 25" in said
    page.goto("/laporan/")
    waits_for(phone, "sudah dilaporkan orang lain")  # it is still there, with both
    assert "Yang tersimpan: Perekaman 20" in phone.text(f"#t{trip.pk}")
    assert page.input_value(f"#t{trip.pk}_record") == "25"
    page.fill(f"#t{trip.pk}_reason", "hitung ulang dengan petugas")
    press(page, trip)
    card(page, trip).locator(".receipt", has_text=f"nomor {trip.pk}/2").wait_for()
    assert (stands(trip), ReportVersion.objects.count()) == (25, 2)


def test_a_question_is_answered_on_the_phone(phone: Visit) -> None:
    trip = stop(van())
    page = phone.page
    page.goto("/laporan/")
    fill(page, trip, "150")
    press(page, trip)
    waits_for(phone, "perlu dipastikan")
    assert stands(trip) is None
    card(page, trip).locator(".asked input").check()
    press(page, trip)
    taken(page, trip)
    assert stands(trip) == 150


def test_two_questions_are_answered_in_turn(phone: Visit) -> None:
    same_van = van()
    send(stop(same_van, day=DAY - timedelta(days=1)), body(150), confirmed=["many:150"])
    trip = stop(same_van)
    page = phone.page
    page.goto("/laporan/")
    fill(page, trip, "150")
    press(page, trip)
    boxes = card(page, trip).locator(".asked input")
    for number in (2, 1):  # the first is ticked, and the other one asked again
        page.wait_for_function("n => document.querySelectorAll('.asked input').length === n", arg=number)
        boxes.first.check()
        press(page, trip)
    taken(page, trip)
    assert stands(trip) == 150


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda trip: Trip.objects.filter(pk=trip.pk).delete(), "Jadwal itu tidak ada lagi"),
        (lambda trip: Trip.objects.filter(pk=trip.pk).update(status="cancelled", reason="banjir"), "dibatalkan: banjir"),
    ],
    ids=["deleted", "cancelled"],
)
def test_a_refused_report_stays_until_discarded(phone: Visit, spoil: Callable[[Trip], object], said: str) -> None:
    trip = stop(van())
    page = phone.page
    page.goto("/laporan/")
    fill(page, trip, "20")
    spoil(trip)
    press(page, trip)
    waits_for(phone, said)
    page.goto("/laporan/")
    waits_for(phone, said)
    assert stands(trip) is None
    page.click("[data-kept] button:has-text('Hapus isian ini')")
    page.click("[data-kept] button:has-text('Ya, hapus')")
    nothing_waits(page)


def test_nihil_and_not_operating_are_one_press(phone: Visit) -> None:
    first, second = stop(van()), stop(van("B 2 PKD"), GROGOL)
    page = phone.page
    page.goto("/laporan/")
    press(page, first, "nihil")
    taken(page, first)
    page.click(f"#form-{second.pk} summary:has-text('Tidak beroperasi')")
    page.select_option(f"#t{second.pk}_idle_reason", "damage")
    press(page, second, "idle")
    taken(page, second)
    assert (stands(first), stands(second)) == (0, None)


def test_people_on_one_phone_are_kept_apart(phone: Visit, office: Office) -> None:
    trip = stop(van())
    page = phone.page
    send_into_the_dark(phone, office, trip)
    Session.objects.all().delete()  # before the device can send what waits
    office.start()
    page.on("dialog", lambda dialog: dialog.accept())
    phone.log_in("tuti")
    page.goto("/")
    phone.until(NO_PAGE_IS_KEPT)
    page.goto("/laporan/")
    nothing_waits(page)
    assert stands(trip) is None
    # Ended by the server, not by clearing cookies: an answer still under way would bring those back after the form.
    Session.objects.all().delete()
    phone.log_in("budi")
    page.goto("/laporan/")
    taken(page, trip)
    assert (stands(trip), ReportVersion.objects.get().by) == (20, cast.head_barat())


def test_a_wrong_phone_clock_changes_no_day(phone: Visit) -> None:
    trip = stop(van())
    phone.page.clock.install(time=NOON + timedelta(days=1))
    phone.page.goto("/laporan/")
    fill(phone.page, trip, "20")
    press(phone.page, trip)
    taken(phone.page, trip)
    assert (stands(trip), ReportVersion.objects.get().at.date()) == (20, DAY)


def test_two_tabs_send_one_report_once(phone: Visit, office: Office) -> None:
    trip = stop(van())
    page = phone.page
    page.goto("/laporan/")
    other = phone.context.new_page()
    other.goto("/laporan/")
    office.stop()
    fill(page, trip, "20")
    press(page, trip)
    waits_for(phone, WAITS)
    office.start()
    line_is_back(other)
    line_is_back(page)
    for tab in (page, other):
        taken(tab, trip)
        nothing_waits(tab)
    assert (stands(trip), ReportVersion.objects.count()) == (20, 1)


def test_without_javascript_the_same_form_posts(browser: "Browser", office: Office) -> None:
    trip = stop(van())
    visit = Visit(browser, office.address, viewport=PHONE, java_script_enabled=False)
    visit.log_in("budi")
    visit.page.goto("/laporan/")
    fill(visit.page, trip, "20")
    visit.follow(f"#form-{trip.pk} button[value=served]")
    assert "Laporan B 1 PKD terkirim: perekaman 20." in visit.text()
    assert stands(trip) == 20
    visit.done()


def test_a_stop_is_moved_by_keyboard_and_drag(browser: "Browser", office: Office) -> None:
    first, second = van(), van("B 2 PKD")
    trip = stop(first, day=DAY, published=False)
    visit = Visit(browser, office.address, viewport={"width": 1280, "height": 900})
    visit.log_in("budi")
    page = visit.page
    page.goto("/jadwal/")
    page.focus(f"#t{trip.pk}")
    for key in (" ", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    assert "Letakkan di B 2 PKD, Jum, 26 Nov 2021" in visit.text("#pindah-kabar")
    with page.expect_navigation():
        page.keyboard.press(" ")
    trip.refresh_from_db()
    assert (trip.van, trip.day) == (second, DAY + timedelta(days=1))
    with page.expect_navigation():
        page.drag_and_drop(f"#t{trip.pk}", f"td[data-van='{first.pk}'][data-day='2021-11-27']")
    trip.refresh_from_db()
    assert (trip.van, trip.day) == (first, DAY + timedelta(days=2))
    page.focus(f"#t{trip.pk}")
    page.keyboard.press(" ")
    page.keyboard.press("Escape")
    assert "Batal dipindahkan." in visit.text("#pindah-kabar")
    visit.done()


DRAFTS = "() => Object.keys(localStorage).filter(name => name.startsWith('draf:')).sort()"


def test_the_next_persons_page_replaces_the_firsts(phone: Visit) -> None:
    """Also without the log-in form: whoever was logged in by another way finds no page of the one before."""
    stop(van())
    page = phone.page
    page.goto("/laporan/")
    installed(phone)
    own = page.evaluate(KEPT_NAMES)
    page.evaluate("caches.open('halaman-0').then(cache => cache.put('/laporan/', new Response('of somebody else')))")
    page.goto("/laporan/")
    phone.until("async () => !(await caches.has('halaman-0'))")
    assert page.evaluate(KEPT_NAMES) == own


def test_logging_out_takes_pages_and_drafts_along(phone: Visit) -> None:
    trip = stop(van())
    page = phone.page
    page.goto("/laporan/")
    installed(phone)
    fill(page, trip, "20")
    page.evaluate("localStorage.setItem('draf:0:1', '[]')")
    phone.until("() => Object.keys(localStorage).filter(name => name.startsWith('draf:')).length === 2")
    page.click(".account summary")
    phone.follow("text=Keluar")
    phone.until(NO_PAGE_IS_KEPT)
    assert page.evaluate(DRAFTS) == ["draf:0:1"], "the drafts of others are not touched"
