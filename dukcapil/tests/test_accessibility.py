"""Every page by axe-core: no violation of WCAG 2.2 AA or of good practice, by day and by night, on phone and desk."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import axe_playwright_python
import pytest

from accounts.tests import cast
from dukcapil.tests.addresses import OURS
from dukcapil.tests.visits import Visit
from fleet.tests.stops import fleet_pages

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("committed_world")]
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
FIND = """async rules => (await axe.run(document, {resultTypes: ["violations"], ...rules})).violations.map(
  each => `${each.id}: ${each.nodes.map(node => node.html.slice(0, 120)).join(" | ")}`)"""
WIDTHS = (390, 1280)
COLOURS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
}  # the schemes differ in nothing else
SCHEMES: dict[Literal["light", "dark"], dict[str, Any]] = {"light": {}, "dark": COLOURS}


@pytest.mark.once
def test_axe_finds_nothing_on_any_page(browser: "Browser", portal: str) -> None:
    """The script is given to the browser from outside, past the pages' own policy."""
    cast.staff()
    visit = Visit(browser, portal)
    visit.page.goto("/masuk/")
    faults = _faults(visit, "/masuk/")
    visit.log_in("dian")
    for address in [*OURS, *fleet_pages()]:
        visit.page.goto(address)
        faults |= _faults(visit, address)
    assert faults == {}, faults
    visit.done()


def _faults(visit: Visit, address: str) -> dict[tuple[str, int, str], list[str]]:
    found: dict[tuple[str, int, str], list[str]] = {}
    visit.page.evaluate(AXE)
    for width in WIDTHS:
        visit.page.set_viewport_size({"width": width, "height": 800})
        for scheme, rules in SCHEMES.items():
            visit.page.emulate_media(color_scheme=scheme)
            if faults := visit.page.evaluate(FIND, rules):
                found[(address, width, scheme)] = faults
    return found


def test_axe_would_find_a_fault(browser: "Browser", portal: str) -> None:
    visit = Visit(browser, portal)
    visit.page.goto("/masuk/")
    visit.page.evaluate("document.querySelector('label').remove()")
    assert any(fault.startswith("label:") for faults in _faults(visit, "/").values() for fault in faults)
    visit.done()
