"""Reading one day off the burn-up in a real browser, its ranges, and letters that a phone can show."""

from typing import TYPE_CHECKING

import pytest

from accounts.tests import cast
from dukcapil.tests.visits import Visit
from recording.tests.letters import SMALLEST_LETTERS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("committed_world")]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
LAST_DAY = "Kamis, 25 November 2021"


def on_the_first_page(browser: "Browser", portal: str, **options: object) -> Visit:
    cast.reader()
    visit = Visit(browser, portal, **options)
    visit.log_in("rina")
    visit.page.goto("/")
    return visit


def read(visit: Visit) -> list[str]:
    """The day, recorded so far, that day's people, plan and difference."""
    return [visit.text(f'[data-say="{name}"]') for name in ("day", "total", "own", "plan", "gap")]


def test_arrow_keys_read_day_after_day(browser: "Browser", portal: str) -> None:
    visit = on_the_first_page(browser, portal, viewport=DESK)
    page = visit.page
    assert read(visit) == [LAST_DAY, "31.000", "1.000", "54.083", "−23.083"]
    page.focus(".slider")
    days = []
    for key in ("ArrowLeft", "Shift+ArrowLeft", "ArrowRight", "Home", "ArrowLeft", "End", "ArrowRight"):
        page.keyboard.press(key)
        days.append(visit.text('[data-say="day"]'))
    assert days == [
        "Rabu, 24 November 2021",
        "Rabu, 17 November 2021",
        "Kamis, 18 November 2021",
        "Jumat, 1 Januari 2021",
        "Jumat, 1 Januari 2021",
        LAST_DAY,
        LAST_DAY,
    ]
    page.keyboard.press("Home")
    slider = page.locator(".slider")
    assert slider.get_attribute("aria-valuenow") == "1"
    spoken = "Jumat, 1 Januari 2021, Sudah rekam 0, Hari itu –, Rencana 164, Selisih −164"
    assert slider.get_attribute("aria-valuetext") == spoken
    visit.done()


@pytest.mark.parametrize(("size", "picture"), [(DESK, ".burn-up-wide"), (PHONE, ".burn-up-narrow")])
def test_a_pointer_reads_the_day_below_it(browser: "Browser", portal: str, size: dict[str, int], picture: str) -> None:
    visit = on_the_first_page(browser, portal, viewport=size, has_touch=size is PHONE)
    page = visit.page
    page.locator(picture).scroll_into_view_if_needed()
    box = page.locator(picture).bounding_box()
    assert box
    left, _top, right, _bottom = map(int, (page.get_attribute(picture, "data-frame") or "").split())
    width = int((page.get_attribute(picture, "viewBox") or "").split()[2])
    x = box["x"] + (left + (right - left) * 31 / 365) / width * box["width"]  # the end of 31 January
    y = box["y"] + box["height"] / 2
    if size is PHONE:
        page.touchscreen.tap(x, y)
    else:
        page.mouse.move(x, y)
    assert read(visit) == ["Minggu, 31 Januari 2021", "0", "–", "5.095", "−5.095"]
    marker = page.locator(f"{picture} .marker").bounding_box()
    assert marker
    assert marker["x"] + marker["width"] / 2 == pytest.approx(x, abs=1.5)
    visit.done()


def test_a_range_is_chosen_without_reload(browser: "Browser", portal: str) -> None:
    visit = on_the_first_page(browser, portal, viewport=PHONE)
    page = visit.page
    page.evaluate("window.stayed = true")
    page.click("#rentang-30")
    page.wait_for_url(f"{portal}/wilayah/31/?dokumen=KTP&rentang=30")
    page.locator("#rentang-30[aria-current]").wait_for()
    assert page.evaluate("window.stayed") is True, "the page was loaded as a whole"
    page.locator(".slider").wait_for()
    page.focus(".slider")
    page.keyboard.press("Home")
    assert visit.text('[data-say="day"]') == "Rabu, 27 Oktober 2021"
    page.click(".choices a[href*='dokumen=KIA']")
    page.wait_for_url(f"{portal}/wilayah/31/?dokumen=KIA&rentang=30")
    visit.done()


def test_without_javascript_the_last_day_stands(browser: "Browser", portal: str) -> None:
    visit = on_the_first_page(browser, portal, viewport=PHONE, java_script_enabled=False)
    assert visit.text('[data-say="day"]') == LAST_DAY
    assert not visit.page.locator(".slider").is_visible()
    assert not visit.page.locator(".readout small").is_visible()
    visit.follow("#rentang-90")
    assert visit.page.url == f"{portal}/wilayah/31/?dokumen=KTP&rentang=90"
    visit.done()


@pytest.mark.parametrize("width", [320, 390])
def test_letters_of_charts_have_eleven_pixels(browser: "Browser", portal: str, width: int) -> None:
    visit = on_the_first_page(browser, portal, viewport={"width": width, "height": 844})
    for address in ("/", "/?rentang=30"):
        visit.page.goto(address)
        for picture in (".burn-up", ".tiles"):
            assert visit.page.evaluate(SMALLEST_LETTERS, picture) >= 11, (address, picture)
    visit.done()
