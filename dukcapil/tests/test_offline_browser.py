"""A connection that goes away: the page says so, keeps everything that is on the screen, and says what to do."""

from typing import TYPE_CHECKING

import pytest

from accounts.tests import cast
from dukcapil.tests.visits import Visit
from recording.tests import world

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("committed_world")]
SAID, QUIET = ".connection", ".connection:empty"
PHONE = {"width": 320, "height": 640}
OFFLINE = "Sambungan internet terputus. Angka di layar tetap dari Kam, 25 Nov 2021 pukul 12.00 WIB"
# What moved on the page after this was called, as the browser itself counts it.
WATCH = """() => {
  window.moved = [];
  new PerformanceObserver(list => window.moved.push(...list.getEntries().map(each => each.value)))
    .observe({type: "layout-shift"});
}"""
FREE = """() => {
  scrollTo({top: document.documentElement.scrollHeight, behavior: "instant"});
  const box = name => document.querySelector(name).getBoundingClientRect();
  return box("footer").bottom <= box(".connection").top;
}"""


def test_the_banner_follows_the_connection_and_moves_nothing(browser: "Browser", portal: str) -> None:
    cast.staff()
    visit = Visit(browser, portal, viewport=PHONE)
    visit.log_in("dian")
    page = visit.page
    assert page.get_attribute(SAID, "role") == "status"
    assert visit.text(SAID) == ""
    before = visit.text("main")
    page.evaluate(WATCH)
    visit.context.set_offline(True)
    page.wait_for_selector(f"{SAID} p")
    assert OFFLINE in visit.text(SAID)
    box = page.locator(SAID).bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    assert box["y"] + box["height"] <= PHONE["height"]
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert visit.text("main") == before
    assert page.evaluate(FREE), "the end of the page can be scrolled out from under it"
    visit.context.set_offline(False)
    page.wait_for_selector(QUIET, state="attached")
    assert page.evaluate("window.moved") == []
    visit.done()


def test_the_keyboard_closes_the_banner(browser: "Browser", portal: str) -> None:
    cast.staff()
    visit = Visit(browser, portal)
    visit.log_in("dian")
    visit.context.set_offline(True)
    visit.page.focus(f"{SAID} button")
    visit.page.keyboard.press("Enter")
    assert visit.text(SAID) == ""
    visit.done()


def test_the_words_are_those_of_the_pages_language(browser: "Browser", portal: str) -> None:
    """Whatever the catalogue says there: the sentence comes from the page and not from the script."""
    cast.staff()
    visit = Visit(browser, portal)
    visit.log_in("dian")
    visit.page.click(".account summary")
    visit.follow("button[lang=en]")
    own = visit.page.evaluate("document.getElementById('sambungan').content.querySelector('[data-when=offline]').textContent")
    visit.context.set_offline(True)
    visit.page.wait_for_selector(f"{SAID} p")
    assert " ".join(own.split()) in visit.text(SAID)
    visit.done()


def test_a_form_held_back_is_sent_once_connected(browser: "Browser", portal: str) -> None:
    cast.head_barat()
    visit = Visit(browser, portal, viewport=PHONE)
    visit.log_in("budi")
    page = visit.page
    page.goto(f"/catat/?wilayah={world.KAPUK}&dokumen=KTP&sumber=mobil")
    page.fill("#id_people", "1.250")
    visit.context.set_offline(True)
    page.wait_for_selector(f"{SAID} p")
    page.click("form.panel button")
    assert "Belum terkirim: sambungan internet terputus." in visit.text(SAID)
    assert page.input_value("#id_people") == "1.250"
    assert "/catat/" in page.url
    visit.context.set_offline(False)
    page.wait_for_selector(QUIET, state="attached")
    page.click("form.panel button")
    assert "Tersimpan: 1.250 orang" in visit.text(".notice-good")
    assert world.value(source="mobil") == 1_250
    visit.done()


def test_a_form_is_held_back_only_once(browser: "Browser", portal: str) -> None:
    cast.head_barat()
    visit = Visit(browser, portal)
    visit.log_in("budi")
    page = visit.page
    page.goto(f"/catat/?wilayah={world.KAPUK}&dokumen=KTP&sumber=mobil")
    page.fill("#id_people", "1.250")
    page.evaluate("Object.defineProperty(navigator, 'onLine', {value: false})")
    page.click("form.panel button")
    assert "Belum terkirim" in visit.text(SAID)
    page.click("form.panel button")
    assert "Tersimpan: 1.250 orang" in visit.text(".notice-good")
    visit.done()


def test_a_part_failing_to_load_leaves_the_old(browser: "Browser", portal: str) -> None:
    cast.staff()
    visit = Visit(browser, portal)
    visit.log_in("dian")
    page = visit.page
    before = visit.text("main")
    for answer, sentence in (
        (lambda route: route.abort(), "Halaman tidak dapat dimuat. Periksa sambungan, lalu coba lagi."),
        (lambda route: route.fulfill(status=503, body="away"), "Halaman tidak dapat dimuat. Yang di layar tetap ada"),
    ):
        page.route("**/*dokumen=KIA*", answer)
        page.click(".choices a:has-text('KIA terbit')")
        page.wait_for_selector(f"{SAID}:has-text('{sentence}')")
        assert visit.text("main") == before
        page.unroute("**/*dokumen=KIA*")
    page.click(".choices a:has-text('KIA terbit')")
    page.wait_for_selector(QUIET, state="attached")
    assert "KIA terbit 2021" in visit.text(".headline")
    # Both were meant to fail: the browser says so as it should, and htmx once more in its own words.
    visit.problems = [said for said in visit.problems if "htmx:" not in said and "503" not in said]
    visit.done()


def test_a_page_swapped_in_has_one_banner(browser: "Browser", portal: str) -> None:
    cast.staff()
    visit = Visit(browser, portal)
    visit.log_in("dian")
    page = visit.page
    page.click(".choices a:has-text('KIA terbit')")
    page.wait_for_selector(".headline:has-text('KIA terbit')")
    assert page.locator("main #sambungan").count() == 1
    visit.done()
