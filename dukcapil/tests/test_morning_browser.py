"""The morning in a real browser: what the head of an agency asks at seven is answered without scrolling."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from accounts.tests import cast
from dukcapil.tests.visits import Visit
from fleet.tests.stops import stop, van
from recording.tests.world import DAY

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("committed_world")]
SCREENS = [{"width": 390, "height": 844}, {"width": 1280, "height": 900}]
MAX_FIRST_NUMBER = 300  # pixels from the top, on a phone
ANSWERS = {
    "how many of how many": ".strip .big",
    "ahead of or behind plan": ".strip .status",
    "where most are missing": ".gaps ol",
    "the pace": "#laju-pagi",
    "who has not reported": "#melapor-judul",
    "what changed": "#perubahan-judul",
}


@pytest.mark.parametrize("who", ["dian", "budi"])
def test_every_answer_stands_on_one_screen(browser: "Browser", portal: str, who: str) -> None:
    cast.staff(), cast.head_barat()
    stop(van(), day=DAY - timedelta(days=1))
    for size in SCREENS:
        visit = Visit(browser, portal, viewport=size)
        visit.log_in(who)
        visit.page.goto("/")
        for answer, selector in ANSWERS.items():
            box = visit.page.locator(selector).first.bounding_box()
            assert box, answer
            assert box["height"] > 0, answer
            assert box["y"] + box["height"] <= size["height"], answer
        first = visit.page.locator("main .strip").bounding_box()
        assert first
        assert size["width"] > 390 or first["y"] < MAX_FIRST_NUMBER
        visit.done()


def test_percent_and_people_change_places(browser: "Browser", portal: str) -> None:
    """With and without a script; the address keeps the choice."""
    cast.reader()
    for scripts in (True, False):
        visit = Visit(browser, portal, viewport=SCREENS[1], java_script_enabled=scripts)
        visit.log_in("rina")
        assert "Sisa" in visit.text("#kurang-judul")
        visit.page.click(".gaps >> text=Persen")
        visit.page.locator("#kurang-judul", has_text="Paling tertinggal").wait_for()
        assert "kurang=persen" in visit.page.url
        visit.done()
