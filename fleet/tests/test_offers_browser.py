"""Forms with a day and a region in a real browser: what is offered follows the day, and the choice is kept."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from accounts.tests import cast
from dukcapil.tests.visits import Visit
from recording.models import Region
from recording.tests.world import BARAT, DAY

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("committed_world")]
PHONE = {"width": 390, "height": 844}
OFFERED = "id => Array.from(document.getElementById(id).querySelectorAll('option'), option => option.value)"


def follows(visit: Visit, address: str, offers: str, closes: str) -> None:
    """A region that closes is offered until its last day; another one stays chosen through every change."""
    page = visit.page
    page.goto(address)
    stays = next(code for code in page.evaluate(OFFERED, offers) if code and code != closes)
    page.select_option(f"#{offers}", stays)
    for day, is_open in ((DAY + timedelta(days=1), False), (DAY - timedelta(days=1), True), (date(2022, 1, 1), False)):
        page.fill("#id_day", day.isoformat())
        page.press("#id_day", "Tab")
        visit.until(f"({OFFERED})('{offers}').includes('{closes}') === {str(is_open).lower()}")
        assert page.evaluate("id => document.getElementById(id).value", offers) == stays


def chosen_and_gone(visit: Visit, offers: str, closes: str, *, index: int) -> None:
    """What was chosen and is not offered any more is nobody's choice, never another region: the empty one, or none."""
    page = visit.page
    page.fill("#id_day", DAY.isoformat())
    page.locator(f"#{offers} option[value='{closes}']").wait_for(state="attached")
    page.select_option(f"#{offers}", closes)
    page.fill("#id_day", "2022-01-01")
    visit.until(f"document.getElementById('{offers}').selectedIndex === {index}")


def test_a_permits_cities_follow_the_day(browser: "Browser", portal: str) -> None:
    cast.staff()
    Region.objects.filter(code=BARAT).update(closed=DAY)
    visit = Visit(browser, portal, viewport=PHONE)
    visit.log_in("dian")
    follows(visit, "/pantauan/", "id_city", BARAT)
    chosen_and_gone(visit, "id_city", BARAT, index=-1)
    visit.done()
