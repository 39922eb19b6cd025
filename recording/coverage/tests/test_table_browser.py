"""The page "Tabel" in a real browser: sorting swaps the table, ticks lead to the comparison, with and without scripts."""

from typing import TYPE_CHECKING

import pytest

from accounts.tests import cast
from dukcapil.tests.visits import Visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("committed_world")]
TABLE = "/wilayah/31/tabel/?tingkat=kota"
DESK = {"width": 1280, "height": 900}


def names(visit: Visit) -> list[str]:
    return [name.strip() for name in visit.page.locator("#tabel tbody th a").all_inner_texts()]


def test_a_press_on_a_head_swaps_the_table(browser: "Browser", portal: str) -> None:
    cast.reader()
    visit = Visit(browser, portal, viewport=DESK)
    visit.log_in("rina")
    page = visit.page
    page.goto(TABLE)
    page.evaluate("window.stayed = true")
    page.click("#urut-nama")
    page.wait_for_url("**urut=nama")
    page.locator("th[aria-sort=ascending] #urut-nama").wait_for()
    ascending = names(visit)
    assert ascending == sorted(ascending)
    page.click("#urut-nama")
    page.locator("th[aria-sort=descending] #urut-nama").wait_for()
    assert names(visit) == ascending[::-1]
    assert page.evaluate("document.activeElement.id") == "urut-nama", "the keyboard stays where it was"
    assert page.evaluate("window.stayed") is True, "the page was loaded as a whole"
    page.go_back()
    page.locator("th[aria-sort=ascending] #urut-nama").wait_for()
    visit.done()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_ticked_regions_are_compared_in_three_actions(browser: "Browser", portal: str, scripts: bool) -> None:
    cast.reader()
    visit = Visit(browser, portal, viewport=DESK, java_script_enabled=scripts)
    visit.log_in("rina")
    page = visit.page
    page.goto(TABLE)
    page.get_by_label("Bandingkan Jakarta Pusat").check()
    page.get_by_label("Bandingkan Jakarta Barat").check()
    visit.follow("#banding button")
    assert page.url.endswith("banding=31.73,31.71")
    assert page.locator(".rows-beside thead th a").all_inner_texts() == ["Jakarta Barat", "Jakarta Pusat"]
    visit.done()
