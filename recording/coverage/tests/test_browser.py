"""The page of coverage in a real browser: light on the wire, calm while it loads, and open to every way of reading."""

from typing import TYPE_CHECKING

import pytest

from accounts.tests import cast
from dukcapil.tests.visits import Visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("committed_world")]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
MOST_BYTES = 60_000
SHIFTS = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(each => { sum += each.value; }))
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 300);
})"""


def test_the_page_takes_60_kb_and_never_shifts(browser: "Browser", portal: str) -> None:
    cast.reader()
    for size in (PHONE, DESK):
        visit = Visit(browser, portal, viewport=size)
        visit.log_in("rina")
        visit.page.wait_for_load_state("networkidle")  # what is still on its way belongs to the page before
        devtools = visit.context.new_cdp_session(visit.page)
        devtools.send("Network.enable")
        devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
        weights: list[float] = []
        devtools.on("Network.loadingFinished", lambda event, to=weights: to.append(event["encodedDataLength"]))
        visit.page.goto("/", wait_until="networkidle")
        assert 3 <= len(weights) <= 8
        assert 0 < sum(weights) <= MOST_BYTES, weights
        assert visit.page.evaluate(SHIFTS) < 0.01
        visit.done()


def test_another_document_replaces_only_the_content(browser: "Browser", portal: str) -> None:
    cast.reader()
    visit = Visit(browser, portal, viewport=DESK)
    visit.log_in("rina")
    page = visit.page
    page.evaluate("window.stayed = true")
    page.click("text=KIA terbit >> nth=0")
    page.wait_for_url(f"{portal}/wilayah/31/?dokumen=KIA")
    page.locator(".headline h2", has_text="KIA terbit").wait_for()
    assert page.evaluate("window.stayed") is True, "the page was loaded as a whole"
    assert "KIA terbit" in page.title()
    assert page.locator("#isi").count() == 1
    page.go_back()
    page.locator(".headline h2", has_text="Perekaman KTP-el").wait_for()
    assert "31.000 dari 60.001" in visit.text(".headline")
    visit.done()


def test_without_javascript_every_choice_is_a_link(browser: "Browser", portal: str) -> None:
    cast.staff()
    visit = Visit(browser, portal, viewport=PHONE, java_script_enabled=False)
    visit.log_in("dian")
    page = visit.page
    visit.follow(".segments >> text=KIA >> visible=true >> nth=0")
    assert page.url == f"{portal}/wilayah/31/?dokumen=KIA"
    visit.follow("text=Mengapa berubah?")
    page.select_option("#dari", "1")
    visit.follow("text=Bandingkan")
    assert "sampai 25 Nov 2021" in visit.text(".page-head")
    visit.follow("text=Ringkasan")
    assert "Sampai Kamis, 25 November 2021" in page.input_value("#teks-id")
    assert not page.is_visible("[data-copy]")
    visit.done()


def test_the_keyboard_skips_or_enters_the_map(browser: "Browser", portal: str) -> None:
    cast.reader()
    visit = Visit(browser, portal, viewport=DESK)
    visit.log_in("rina")
    page = visit.page
    page.focus(".skip-here")
    assert page.evaluate("document.activeElement.getBoundingClientRect().height") >= 43.9
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("Cengkareng")
    page.focus(".skip-here")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "sesudah-peta"
    page.keyboard.press("Shift+Tab")
    assert "tile" in page.evaluate("document.activeElement.getAttribute('class')")
    page.keyboard.press("Enter")
    page.wait_for_url("**/wilayah/31.**")
    visit.done()


def test_forced_colours_leave_every_tile_and_line_visible(browser: "Browser", portal: str) -> None:
    cast.reader()
    visit = Visit(browser, portal, viewport=DESK, forced_colors="active", color_scheme="dark")
    visit.log_in("rina")
    page = visit.page
    seen = page.evaluate("""() => {
      const look = selector => getComputedStyle(document.querySelector(selector));
      const tile = look(".tile rect"), text = look(".tile text"), line = look(".line-recorded");
      return [tile.fill !== text.fill, tile.stroke !== "none", line.stroke !== look("main").backgroundColor];
    }""")
    assert seen == [True, True, True]
    visit.done()


def test_the_text_is_copied_with_one_button(browser: "Browser", portal: str) -> None:
    cast.reader()
    visit = Visit(browser, portal, viewport=PHONE, permissions=["clipboard-read", "clipboard-write"])
    visit.log_in("rina")
    page = visit.page
    page.goto("/wilayah/31/ringkasan/")
    page.click("[data-copy=teks-id]")
    page.locator("[data-copied=teks-id]", has_text="Tersalin").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.input_value("#teks-id")
    assert "31.000 dari 60.001" in copied
    visit.done()


def test_a_newcomer_finds_the_worst_kecamatan(browser: "Browser", portal: str) -> None:
    """Each from the front page in at most three steps."""
    cast.staff()
    visit = Visit(browser, portal, viewport=DESK)
    visit.log_in("dian")
    page = visit.page
    visit.follow(".gaps p a >> nth=0")
    assert page.locator("h1").inner_text() in ("Grogol Petamburan", "Cengkareng", "Matraman", "Gambir")
    page.goto("/")
    visit.follow("#perubahan-judul a")
    visit.follow("tfoot a.tap")
    assert "Jejak perubahan" in visit.text()
    page.goto("/")
    visit.follow("text=Unduh dan cetak")
    visit.follow("text=Cetak tegak")
    assert "Kepala Dinas" in visit.text(".sheet")
    visit.done()
