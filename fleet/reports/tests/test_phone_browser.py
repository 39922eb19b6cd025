"""The way of a report on a phone: how few taps it takes, what the card says, and which day it is."""

import re
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from accounts.acts import Act
from accounts.tests import cast
from dukcapil import clock
from dukcapil.tests.visits import Visit
from fleet.models import Trip, VanReport
from fleet.reports.approval import return_report
from fleet.reports.tests.phone import (
    WAITS,
    card,
    fill,
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
from fleet.tests.stops import GROGOL, PALMERIAM, body, send, stands, stop, van
from recording.tests.world import DAY, NOON

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("committed_world")]
MAX_TAPS = 6
EVENING = NOON + timedelta(hours=9)
TOMORROW = DAY + timedelta(days=1)
TAPS = """() => addEventListener("click", (event) => {
  if (!event.target.closest("input, textarea, select")) window.name = Number(window.name || 0) + 1;
}, true)"""


def heading(visit: Visit, words: str) -> None:
    visit.page.locator("[data-heading]", has_text=words).wait_for()


def counts(visit: Visit, words: str) -> None:
    visit.page.locator("[data-counts]", has_text=words).wait_for()


def portal_is_at(visit: Visit, moment: datetime) -> None:
    """The portal's clock stands there, also in the server, which keeps it for a second."""
    clock.set_demo(DAY, moment)
    end = time.monotonic() + 30
    while datetime.fromisoformat(visit.context.request.head("/laporan/").headers["x-portal-now"]) < moment:
        assert time.monotonic() < end
        time.sleep(0.1)


def test_three_reports_take_few_taps(phone: Visit) -> None:
    """From the portal's first page over a slow line on a slow phone; figures are typed, everything else is a tap."""
    trips, page = three_stops(), phone.page
    line = on_a_slow_line(phone)
    line.send("Network.clearBrowserCache")
    line.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.add_init_script(f"({TAPS})()")
    page.goto("/")
    page.locator("nav a:has-text('Laporan')").first.click()
    for number, trip in enumerate(trips):
        fill(page, trip, str(20 + number))
        press(page, trip)
    for trip in trips:
        taken(page, trip)
    assert int(page.evaluate("window.name")) <= MAX_TAPS
    assert [stands(trip) for trip in trips] == [20, 21, 22]


def test_the_card_says_what_waits_and_is_received(phone: Visit, office: Office) -> None:
    trips = three_stops()
    page = phone.page
    send_into_the_dark(phone, office, trips[0])
    assert "Isian Anda: Perekaman (17+) 20" in phone.text(f"#t{trips[0].pk}")
    assert page.locator(f"#form-{trips[0].pk}").is_hidden()
    heading(phone, "2 laporan ditunggu")
    counts(phone, "1 menunggu sinyal")
    office.start()
    line_is_back(page)
    taken(page, trips[0])
    receipt = f"Diterima Dinas pukul 12.0[0-9] · nomor {trips[0].pk}"
    for _open in range(2):
        expect_receipt(page, trips[0], receipt)
        page.goto("/laporan/")
    heading(phone, "2 laporan ditunggu")
    assert phone.text("[data-counts]") == ""


def expect_receipt(page: "Page", trip: Trip, pattern: str) -> None:
    assert re.fullmatch(pattern, card(page, trip).locator(".receipt").inner_text().strip())


def test_what_waits_can_be_changed_before_it_goes(phone: Visit, office: Office) -> None:
    trip = stop(van())
    page = phone.page
    send_into_the_dark(phone, office, trip)
    card(page, trip).locator("text=Ubah isian").click()
    fill(page, trip, "21")
    press(page, trip)
    office.start()
    line_is_back(page)
    taken(page, trip)
    assert (stands(trip), VanReport.objects.get().version) == (21, 1)


def test_nihil_asks_and_is_mended_at_once(phone: Visit) -> None:
    trip = stop(van())
    page = phone.page
    page.goto("/laporan/")
    page.click(f"#form-{trip.pk} summary:has-text('Nihil')")
    assert "tidak ada warga yang datang?" in phone.text(f"#t{trip.pk}")
    page.click(f"#form-{trip.pk} [data-fold]")
    assert not page.locator(f"#form-{trip.pk} button[value=nihil]").is_visible()
    press(page, trip, "nihil")
    taken(page, trip)
    assert stands(trip) == 0
    card(page, trip).locator("text=Perbaiki").click()
    fill(page, trip, "7")
    press(page, trip)
    card(page, trip).locator("[data-said]", has_text="Tulis alasan perubahan").wait_for()
    fill(page, trip, "7", reason="salah tekan")
    press(page, trip)
    card(page, trip).locator(".receipt", has_text=f"nomor {trip.pk}/2").wait_for()
    assert stands(trip) == 7


def test_a_correction_can_be_given_up(phone: Visit) -> None:
    trip = stop(van())
    send(trip, body(20), by=cast.head_barat())
    page = phone.page
    page.goto("/laporan/")
    for _again in range(2):
        card(page, trip).locator("text=Perbaiki").click()
        assert page.input_value(f"#t{trip.pk}_record") == "20"
        fill(page, trip, "21")
        card(page, trip).locator("[data-cancel]").click()
        taken(page, trip)
    page.goto("/laporan/")
    taken(page, trip)
    assert page.locator("form[data-report]").count() == 0


def test_a_refused_report_is_mended_at_its_field(phone: Visit) -> None:
    trip = stop(van())
    page = phone.page
    page.goto("/laporan/")
    fill(page, trip, "3,5")
    press(page, trip)
    page.locator(".field-wrong [data-said]", has_text="bukan bilangan bulat").wait_for()
    heading(phone, "Semua sudah diisi")
    counts(phone, "1 perlu diperbaiki")
    page.goto("/beranda/")
    assert "perlu diperbaiki" in phone.text(".connection")
    assert "belum terkirim" not in phone.text(".connection")
    page.goto("/laporan/")
    page.locator(".field-wrong [data-said]").wait_for()
    fill(page, trip, "35")
    press(page, trip)
    taken(page, trip)
    nothing_waits(page)
    assert stands(trip) == 35


def test_a_refused_report_ends_with_anothers(phone: Visit) -> None:
    trip = stop(van())
    page = phone.page
    page.goto("/laporan/")
    fill(page, trip, "3,5")
    press(page, trip)
    waits_for(phone, "perlu diperbaiki")
    send(trip, body(20), by=cast.staff())
    page.goto("/laporan/")
    page.locator("[data-gone]", has_text="titik ini sudah dilaporkan: perekaman 20").wait_for()
    assert "Isian Anda: Perekaman (17+) 3,5" in phone.text("[data-gone]")
    taken(page, trip)
    nothing_waits(page)
    page.goto("/laporan/")
    taken(page, trip)
    assert page.locator("[data-gone]").count() == 0


def test_a_conflict_is_given_up_for_theirs(phone: Visit) -> None:
    trip = stop(van())
    page = phone.page
    page.goto("/laporan/")
    fill(page, trip, "25")
    send(trip, body(20), by=cast.staff())
    press(page, trip)
    waits_for(phone, "sudah dilaporkan orang lain")
    page.click("text=Kirim isian saya")
    assert page.input_value(f"#t{trip.pk}_record") == "25"
    page.click("text=Pakai yang tersimpan")
    taken(page, trip)
    nothing_waits(page)
    assert stands(trip) == 20


def test_midnight_passes_over_an_open_page(phone: Visit) -> None:
    today, tomorrow = stop(van()), stop(van("B 2 PKD"), GROGOL, day=TOMORROW)
    page = phone.page
    portal_is_at(phone, EVENING)
    phone.context.clear_cookies()
    phone.log_in("budi")  # a log-in lasts twelve hours
    page.clock.install(time=clock.real_now())
    page.goto("/laporan/")
    assert page.locator(f"#form-{tomorrow.pk}").count() == 0
    fill(page, today, "20")
    portal_is_at(phone, EVENING + timedelta(hours=4))
    page.clock.fast_forward("04:00:00")
    page.locator(f"#t{tomorrow.pk}_record").wait_for()
    heading(phone, "2 laporan ditunggu")
    assert "Jumat, 26 November 2021" in phone.text(".over-title")
    assert page.input_value(f"#t{today.pk}_record") == "20"
    fill(page, tomorrow, "9")
    press(page, tomorrow)
    taken(page, tomorrow)
    assert stands(tomorrow) == 9


def test_a_wrong_clock_opens_no_coming_stop(phone: Visit) -> None:
    today, tomorrow = stop(van()), stop(van("B 2 PKD"), GROGOL, day=TOMORROW)
    page = phone.page
    page.clock.set_fixed_time(clock.real_now() + timedelta(days=400))
    page.goto("/laporan/")
    assert page.locator(f"#t{today.pk}_record").is_visible()
    page.clock.set_fixed_time(clock.real_now() + timedelta(days=401))  # it jumps while the page is open: the portal is asked
    with page.expect_response(lambda answer: answer.request.method == "HEAD"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(200)
    assert page.locator(f"#form-{tomorrow.pk}").count() == 0
    assert "Kamis, 25 November 2021" in phone.text(".over-title")


def test_a_page_of_yesterday_shows_todays_stops(phone: Visit, office: Office) -> None:
    """Out of the cache, without a line: how long ago it was kept is all that the phone's clock is asked."""
    stop(van())
    tomorrow = stop(van("B 2 PKD"), GROGOL, day=TOMORROW)
    page = phone.page
    portal_is_at(phone, EVENING)
    phone.context.clear_cookies()
    phone.log_in("budi")  # a log-in lasts twelve hours
    page.goto("/laporan/")
    phone.until(f"async () => (await (await caches.match('/laporan/'))?.text())?.includes('{DAY.isoformat()}T21')")
    office.stop()
    page.clock.set_fixed_time(clock.real_now() + timedelta(hours=3, minutes=30))
    page.goto("/laporan/")
    fill(page, tomorrow, "12")
    press(page, tomorrow)
    waits_for(phone, WAITS)
    page.goto("/laporan/")
    waits_for(phone, WAITS)
    assert page.input_value(f"#t{tomorrow.pk}_record") == "12"
    office.start()
    portal_is_at(phone, EVENING + timedelta(hours=3, minutes=30))
    line_is_back(page)
    taken(page, tomorrow)
    assert stands(tomorrow) == 12


def test_an_earlier_day_opens_in_its_place(phone: Visit) -> None:
    stop(van())
    late = stop(van("B 2 PKD"), GROGOL, day=DAY - timedelta(days=1))
    page = phone.page
    page.goto("/laporan/")
    page.click("summary:has-text('hari sebelumnya')")
    card(page, late).locator("text=Isi laporan").click()
    fill(page, late, "11")
    press(page, late)
    taken(page, late)
    heading(phone, "1 laporan ditunggu")
    assert stands(late) == 11


def test_a_returned_report_is_sent_again(phone: Visit) -> None:
    trip = stop(van())
    send(trip, body(20), by=cast.head_barat())
    return_report(act=Act(cast.staff(), NOON, "page"), trip=trip.pk, version=1, reason="periksa")
    page = phone.page
    page.goto("/laporan/")
    fill(page, trip, "19")
    press(page, trip)
    taken(page, trip)
    assert "Dikembalikan" not in phone.text(f"#t{trip.pk}")
    assert stands(trip) == 19


def test_the_days_text_is_shared(phone: Visit) -> None:
    trip = stop(van())
    page = phone.page
    page.add_init_script("navigator.share = async (what) => { window.shared = what.text; }")
    page.goto("/laporan/")
    page.click("summary:has-text('Jakarta Barat')")
    assert "B 1 PKD, Kapuk: belum melapor" in page.input_value("#pesan-3173")
    fill(page, trip, "20")
    press(page, trip)
    taken(page, trip)
    page.click("text=Bagikan")
    assert "B 1 PKD, Kapuk: perekaman 20" in page.evaluate("window.shared")


def test_the_agency_opens_one_form(phone: Visit) -> None:
    own, other = stop(van("B 9 PKD", "31")), stop(van("B 3 PKD", "31.75"), PALMERIAM)
    page = phone.page
    page.context.clear_cookies()
    phone.log_in("dian")
    page.goto("/laporan/")
    assert page.locator("form[data-report]").count() == 0
    assert phone.text().index("B 9 PKD") < phone.text().index("B 3 PKD")
    card(page, other).locator("text=Isi laporan").click()
    page.wait_for_url(f"**/laporan/{other.pk}/")
    fill(page, other, "14")
    press(page, other)
    page.locator("text=Diterima Dinas pukul").or_(page.locator("text=Versi 1, dikirim Dian Dinas")).first.wait_for()
    assert (stands(other), stands(own)) == (14, None)
