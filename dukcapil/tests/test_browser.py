"""The pages in a real browser: a person's way from the headline to a count, and what every page keeps."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from accounts.tests import cast
from dukcapil.tests.addresses import KAPUK, OURS
from dukcapil.tests.visits import Visit
from fleet.tests.stops import fleet_pages
from recording.tests import world

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("committed_world")]
SMALLEST, WIDE = 320, 1280
MAX_FIRST_CONTENT = 300  # pixels from the top of a screen of 390 x 844
FIRST_CONTENT = """() => Math.min(...[...document.querySelectorAll(
  "main :is(.panel, table, figure, form, .lead, .page-head .quiet, .as-of, .notice, .sheet), main .narrow > p, main > p"
)].map((one) => one.getBoundingClientRect()).filter((box) => box.height).map((box) => box.top + scrollY))"""
OFFLINE = "/luring/"
OF_DJANGO = ["/kelola/", "/kelola/accounts/user/"]


def test_a_count_entered_twice_counts_once(browser: "Browser", portal: str) -> None:
    cast.head_barat()
    visit = Visit(browser, portal, viewport={"width": WIDE, "height": 800})
    visit.log_in("budi")
    page = visit.page
    assert "31.000 dari 40.000" in visit.text(".strip")
    assert "77,50% dari target sisa 9.000" in visit.text(".strip")
    for name in ("Cengkareng", "Kapuk"):
        visit.follow(f"main table a:has-text('{name}')")
    assert page.inner_text("h1") == "Kapuk"
    for expected in ("Tersimpan: 1.250 orang", "Sudah tercatat 1.250 orang di Kapuk"):
        page.goto(f"/catat/?wilayah={world.KAPUK}&dokumen=KTP&sumber=mobil")
        page.fill("#id_people", "1.250")
        visit.follow("form.panel button")
        assert expected in visit.text(".notice-good")
    visit.follow("text=Lihat riwayatnya")
    changes = page.locator("tbody tr")
    assert changes.count() == 1
    assert "Budi Barat Halaman – → 1.250 +1.250" in " ".join(changes.inner_text().split())
    visit.done()


def test_a_refused_form_leads_to_its_field(browser: "Browser", portal: str) -> None:
    cast.head_barat()
    visit = Visit(browser, portal, viewport={"width": SMALLEST, "height": 500})
    visit.log_in("budi")
    page = visit.page
    page.goto(f"/catat/?wilayah={world.KAPUK}&dokumen=KTP&tanggal=2021-11-24&sumber=loket")
    assert "Sudah tercatat 30.000 orang oleh Sistem" in visit.text()
    page.fill("#id_people", "12,5")
    visit.follow("form.panel button")
    page.wait_for_function("document.activeElement.className === 'error-summary'")
    sentence = visit.text(".error-summary a")
    assert visit.text("#id_people_error") == sentence
    page.click(".error-summary a")
    page.wait_for_function("document.activeElement.id === 'id_people'")
    assert page.get_attribute("#id_people", "aria-describedby") == "id_people_helptext id_people_error"
    page.wait_for_function(NOT_COVERED, arg="#id_people")
    visit.done()


def test_the_second_writer_sees_both_values(browser: "Browser", portal: str) -> None:
    cast.staff()
    visit = Visit(browser, portal)
    visit.log_in("dian")
    page = visit.page
    page.goto(f"/catat/?wilayah={world.KAPUK}&dokumen=KTP&tanggal=2021-11-24&sumber=loket")
    world.write(world.count(30_200, day=world.DAY - timedelta(days=1)), reason="hitung ulang berkas")
    page.fill("#id_people", "30.100")
    page.fill("#id_reason", "salah ketik")
    visit.follow("form.panel button")
    assert "Yang Anda tulis 30.100 Yang tersimpan sekarang 30.200 Sistem, Kamis" in visit.text(".conflict")
    visit.follow("form.panel button")
    assert "Diubah menjadi 30.100 orang di Kapuk" in visit.text(".notice-good")
    visit.done()


@pytest.mark.once
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible_and_loads_nothing_foreign(browser: "Browser", portal: str, scheme: str) -> None:
    cast.admin()
    visit = Visit(browser, portal, color_scheme=scheme, viewport={"width": SMALLEST, "height": 640})
    page = visit.page
    page.goto("/masuk/")
    faults = {"/masuk/": page.evaluate(FAULTS)}
    visit.log_in("adi")
    ours = [address for address in [*OURS, *fleet_pages()] if address != OFFLINE]  # it knows nothing of the portal
    for address in [*ours, *OF_DJANGO]:
        page.goto(address)
        assert "Data contoh" in visit.text("body"), address
        assert "Dihitung 25 Nov 00.15" in visit.text("body"), address
        assert '">' not in page.inner_text("body"), address  # markup that broke and stands there as text
        if address in ours:
            faults[address] = page.evaluate(FAULTS)
        controls = page.evaluate(FOCUS_ALL)
        if scheme == "light" and "?" not in address:  # pointing takes a frame each; another colour loads nothing
            for box in controls:
                page.mouse.move(*box)
    assert {address: found for address, found in faults.items() if found} == {}
    visit.done()


@pytest.mark.once
def test_content_begins_high_on_a_phone(browser: "Browser", portal: str) -> None:
    """Header, state of the data, title, tabs and choices leave two thirds of the screen to what the page is about."""
    cast.staff()
    visit = Visit(browser, portal, viewport={"width": 390, "height": 844})
    visit.log_in("dian")
    tops = {}
    for address in [*OURS, *fleet_pages()]:
        visit.page.goto(address)
        tops[address] = visit.page.evaluate(FIRST_CONTENT)
    print({a: t for a, t in tops.items() if t > MAX_FIRST_CONTENT})
    assert {address: top for address, top in tops.items() if top > MAX_FIRST_CONTENT} == {}
    visit.done()


@pytest.mark.once
def test_a_row_of_links_shows_the_present_one(browser: "Browser", portal: str) -> None:
    cast.staff()
    visit = Visit(browser, portal, viewport={"width": SMALLEST, "height": 640})
    visit.log_in("dian")
    for address in ("/kinerja/", "/wilayah/31/unduh/", "/wilayah/31/catatan/"):
        visit.page.goto(address)
        for row in (".main-nav", ".tabs"):
            here = visit.page.locator(f"{row} [aria-current]").bounding_box()
            assert here, address
            assert 0 <= here["x"] <= SMALLEST - here["width"], (address, row)
    visit.done()


@pytest.mark.once
def test_menus_close_like_menus(browser: "Browser", portal: str) -> None:
    cast.staff()
    visit = Visit(browser, portal, viewport={"width": 390, "height": 844})
    visit.log_in("dian")
    page = visit.page
    page.goto("/pantauan/")
    for summary in ("main .menu summary", ".account summary"):
        page.click(summary)
        assert page.locator("details:is(.menu, .account)[open]").count() == 1
        page.keyboard.press("Escape")
        assert page.locator("details:is(.menu, .account)[open]").count() == 0
        assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.click("main .menu summary")
    page.click("h1")
    assert page.locator(".menu[open]").count() == 0
    visit.done()


@pytest.mark.once
def test_no_page_scrolls_sideways_at_any_width(browser: "Browser", portal: str) -> None:
    """Half of a laptop is its page at 200% zoom; tables change their form a little below 960."""
    cast.staff()
    visit = Visit(browser, portal)
    visit.log_in("dian")
    sideways = []
    for address in [*OURS, *fleet_pages()]:
        visit.page.goto(address)
        for width in (WIDE // 2, 768, 959, 960, WIDE):
            visit.page.set_viewport_size({"width": width, "height": 600})
            sideways += [(address, width)] if visit.page.evaluate(SIDEWAYS) else []
    assert sideways == []
    visit.done()


def test_switching_the_language_stays_on_the_page(browser: "Browser", portal: str) -> None:
    cast.reader()
    visit = Visit(browser, portal)
    visit.log_in("rina")
    page = visit.page
    page.goto(KAPUK)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getBoundingClientRect().top >= 0")
    assert visit.text(":focus") == "Langsung ke isi"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "isi"
    for language, number in (("en", "31,000"), ("id", "31.000")):
        page.click(".account summary")
        visit.follow(f"button[lang={language}]")
        assert page.url == f"{portal}{KAPUK}"
        assert page.get_attribute("html", "lang") == language
        assert number in visit.text(".headline")
    assert "Catat angka" not in visit.text("body")
    page.click(".account summary")
    visit.follow("text=Keluar")
    assert page.url == f"{portal}/masuk/"
    visit.done()


SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"

NOT_COVERED = """selector => {
  const field = document.querySelector(selector), box = field.getBoundingClientRect();
  return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2) === field;
}"""

# Gives every control the focus, and answers where each can be pointed at.
FOCUS_ALL = """() => [...document.querySelectorAll("a, button, input, select, textarea, summary")]
  .filter(each => each.offsetParent).map(each => {
    each.focus();
    const box = each.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  })"""

# Sideways scrolling, headings out of order, controls without a name, small targets, and faint text (below 4.5 : 1).
FAULTS = """() => {
  const faults = [];
  const shown = each => each.checkVisibility() && !each.closest(".unseen, .who");
  if (document.documentElement.scrollWidth > document.documentElement.clientWidth) faults.push("scrolls sideways");
  let level = 0;
  for (const heading of document.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    const here = Number(heading.tagName[1]);
    if (here > level + 1 || (here === 1) !== (level === 0)) faults.push(`heading: ${heading.textContent.trim()}`);
    level = here;
  }
  if (!level) faults.push("no heading");
  if (!document.title || document.documentElement.lang !== "id") faults.push("no title or language");
  const ids = [...document.querySelectorAll("[id]")].map(each => each.id);
  if (new Set(ids).size !== ids.length) faults.push("an id stands twice");
  for (const each of document.querySelectorAll("a[href], button, input, select, textarea, summary, svg, img")) {
    if (!each.checkVisibility() || each.type === "hidden") continue;
    const label = each.labels?.[0]?.textContent || each.getAttribute("aria-label") || each.textContent;
    const silent = each.getAttribute("aria-hidden") === "true" || each.getAttribute("alt") === "";
    if (!label.trim() && !silent) faults.push(`no name: ${each.outerHTML.slice(0, 90)}`);
    const sentence = each.matches("p a, .quiet a");
    if (each.matches("button, input, select, textarea, nav a, summary") && !sentence
        && (each.closest("label") ?? each).getBoundingClientRect().height < 43.9)
      faults.push(`small: ${each.outerHTML.slice(0, 90)}`);
  }
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
  const over = (top, below) => top.slice(0, 3).map((part, i) => part * (top[3] ?? 1) + below[i] * (1 - (top[3] ?? 1)));
  const light = rgb => rgb.map(part => part / 255).map(
    part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  ).reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = each => {
    if (!each) return [255, 255, 255];
    const own = numbers(getComputedStyle(each).backgroundColor);
    return (own[3] ?? 1) === 1 ? own.slice(0, 3) : over(own, ground(each.parentElement));
  };
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const each = words.currentNode.parentElement;
    if (!words.currentNode.textContent.trim() || !shown(each)) continue;
    const below = ground(each), ink = over(numbers(getComputedStyle(each).color), below);
    const [dark, bright] = [light(ink), light(below)].sort((a, b) => a - b);
    const contrast = (bright + 0.05) / (dark + 0.05);
    const said = words.currentNode.textContent.trim().slice(0, 40);
    if (contrast < 4.5) faults.push(`faint ${contrast.toFixed(2)}: ${said}`);
  }
  return [...new Set(faults)];
}"""
