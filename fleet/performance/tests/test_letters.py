"""The pictures of the fleet on a phone: letters that can be read, and nothing cut off."""

from typing import TYPE_CHECKING

import pytest

from accounts.tests import cast
from dukcapil.tests.visits import Visit
from fleet.tests.stops import fleet_pages
from recording.tests.letters import SMALLEST_LETTERS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("committed_world")]
INSIDE = """(picture) => [...document.querySelectorAll(`${picture} text`)].every((text) => {
  const box = text.getBoundingClientRect(), frame = text.ownerSVGElement.getBoundingClientRect();
  return box.left >= frame.left - 1 && box.right <= frame.right + 1;
})"""


@pytest.mark.parametrize("width", [320, 390])
def test_letters_of_pictures_have_eleven_pixels(browser: "Browser", portal: str, width: int) -> None:
    fleet_pages()
    visit = Visit(browser, portal, viewport={"width": width, "height": 844})
    visit.log_in(cast.staff().username)
    addresses = {"/pantauan/": ".day-chart", "/kinerja/": ".bars", "/kinerja/?menurut=tempat&rentang=30": ".bars"}
    for address, picture in addresses.items():
        visit.page.goto(address)
        assert 11 <= visit.page.evaluate(SMALLEST_LETTERS, picture) < 20, address
        assert visit.page.evaluate(INSIDE, picture), address
    visit.done()
