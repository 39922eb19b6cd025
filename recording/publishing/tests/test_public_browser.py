"""The page for everybody in a browser: legible by day and night, on phone and desk, in both languages, by keyboard."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import axe_playwright_python
import pytest
from django.test import override_settings

from dukcapil.tests.test_browser import FAULTS, SIDEWAYS
from dukcapil.tests.visits import Visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("committed_world")]
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
FIND = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.map(
  each => `${each.id}: ${each.nodes.map(node => node.html.slice(0, 120)).join(" | ")}`)"""
PAGES = ["/publik/", "/publik/?dokumen=KIA", "/publik/en/", "/publik/sisipan/", "/jadwal-publik/"]


@pytest.fixture(autouse=True)
def offered() -> Iterator[None]:
    with override_settings(PUBLIC_DASHBOARD=True):
        yield


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_has_no_fault_at_any_width(browser: "Browser", portal: str, scheme: str) -> None:
    visit = Visit(browser, portal, color_scheme=scheme)
    faults = {}
    for address in PAGES:
        visit.page.goto(address)
        visit.page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        visit.page.evaluate(AXE)
        for width in (320, 390, 640, 959, 1280):
            visit.page.set_viewport_size({"width": width, "height": 700})
            found = [
                fault
                for fault in visit.page.evaluate(FAULTS)
                if address != "/publik/en/" or "language" not in fault  # it asks for Indonesian
            ]
            found += ["sideways"] if visit.page.evaluate(SIDEWAYS) else []
            found += visit.page.evaluate(FIND) if width in (390, 1280) else []
            if found:
                faults[address, width] = found
    assert faults == {}
    visit.done()


def test_districts_open_by_the_keyboard(browser: "Browser", portal: str) -> None:
    visit = Visit(browser, portal)
    page = visit.page
    page.goto("/publik/")
    assert "30.000 dari 60.001" in visit.text(".headline")
    page.focus("summary:has-text('Jakarta Barat')")
    page.keyboard.press("Enter")
    assert page.is_visible("th:has-text('Cengkareng')")
    visit.follow("a[hreflang=en]")
    assert page.url == f"{portal}/publik/en/"
    assert page.get_attribute("html", "lang") == "en"
    assert "30,000" in visit.text(".headline")
    assert visit.context.cookies() == []
    visit.done()
