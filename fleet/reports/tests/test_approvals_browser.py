"""A clerk at the list of waiting reports: 25 of them in few actions, in place, by keys, and without a script."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.contrib.sessions.models import Session

from accounts.tests import cast
from dukcapil.tests.visits import Visit
from fleet.models import Trip, VanReport
from fleet.tests.stops import GROGOL, body, send, stop, van
from recording.tests.world import DAY, NOON

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("committed_world")]
PAGE = "/laporan/persetujuan/"
MAX_ACTIONS = 12
SCREEN = {"width": 1280, "height": 900}


@pytest.fixture
def waiting(portal: str) -> list[Trip]:
    """19 reasonable reports of yesterday and today, and six of today in which the recordings were left blank."""
    cast.staff()
    trips = []
    for number in range(1, 20):
        day = DAY - timedelta(days=number % 2)
        trips.append(stop(van(f"B {number} PKD"), GROGOL, day=day))
        send(trips[-1], body(10 + number, 3), now=NOON - (DAY - day), by=cast.head_barat())
    for number in range(20, 26):
        trips.append(stop(van(f"B {number} PKD")))
        send(trips[-1], body(None, lines={"birth": number}), by=cast.head_barat())
    return trips


@pytest.fixture
def clerk(browser: "Browser", portal: str, waiting: list[Trip]) -> Visit:
    visit = Visit(browser, portal, viewport=SCREEN)
    visit.log_in("dian")
    visit.page.goto(PAGE)
    return visit


def standing(status: str) -> int:
    return VanReport.objects.filter(status=status).count()


def focused(visit: Visit) -> str:
    return str(visit.page.evaluate("document.activeElement.id"))


def answered(visit: Visit, act: Callable[[], object]) -> None:
    """Do it, and wait until the portal's answer stands on the page."""
    visit.page.evaluate("window.swapped = false")
    visit.page.evaluate("addEventListener('htmx:afterSettle', () => { window.swapped = true }, { once: true })")
    act()
    visit.until("() => window.swapped")


def test_25_reports_are_decided_in_few_actions(clerk: Visit, waiting: list[Trip]) -> None:
    page, actions = clerk.page, 0
    assert "25 laporan menunggu" in clerk.text("h1")
    answered(clerk, lambda: page.click("text=Setujui 19 yang wajar"))
    actions += 1
    assert (standing("approved"), standing("sent")) == (19, 6)
    assert "Disetujui 19 laporan." in clerk.text(".undo")
    for trip in waiting[19:22]:
        assert focused(clerk) == f"l{trip.pk}", "the next report, without a move"
        answered(clerk, lambda: page.keyboard.press("s"))
        actions += 1
    for trip in waiting[22:]:
        assert focused(clerk) == f"l{trip.pk}"
        page.keyboard.press("r")
        assert focused(clerk) == f"alasan-{trip.pk}"
        answered(clerk, lambda: page.keyboard.press("Enter"))
        actions += 2
    assert (standing("approved"), standing("returned"), standing("sent")) == (22, 3, 0)
    assert VanReport.objects.get(pk=waiting[22].pk).wrong_fields == ["record"]
    assert "Tidak ada yang menunggu" in clerk.text("h1")
    assert actions <= MAX_ACTIONS, actions
    clerk.done()


def test_the_list_stays_where_it_was(clerk: Visit, waiting: list[Trip]) -> None:
    page, (first, second) = clerk.page, waiting[20:22]
    page.focus(f"#l{first.pk}")
    page.evaluate(f"document.getElementById('l{first.pk}').scrollIntoView({{ behavior: 'instant' }})")
    before = page.evaluate("scrollY")
    answered(clerk, lambda: page.keyboard.press("s"))
    assert focused(clerk) == f"l{second.pk}"
    assert page.evaluate("scrollY") == before
    for key, expected in (("k", waiting[19]), ("ArrowDown", second), ("ArrowUp", waiting[19]), ("j", second)):
        page.keyboard.press(key)
        assert focused(clerk) == f"l{expected.pk}"
    answered(clerk, lambda: page.keyboard.press("u"))
    assert standing("approved") == 0
    assert page.locator(f"#l{first.pk}").is_visible()
    clerk.done()


def test_no_key_acts_while_somebody_types(clerk: Visit, waiting: list[Trip]) -> None:
    page, odd = clerk.page, waiting[19]
    page.keyboard.press("s")  # the focus is not in the list
    page.focus(f"#l{odd.pk}")
    page.keyboard.press("r")
    page.keyboard.type("sjku")
    assert page.input_value(f"#alasan-{odd.pk}") == "sjku"
    page.keyboard.press("Control+s")
    assert standing("sent") == 25
    clerk.done()


def test_the_bar_goes_after_ten_seconds(browser: "Browser", portal: str, waiting: list[Trip]) -> None:
    visit = Visit(browser, portal, viewport=SCREEN)
    visit.page.clock.install()
    visit.log_in("dian")
    visit.page.goto(PAGE)
    answered(visit, lambda: visit.page.click(f"#l{waiting[0].pk} button"))
    assert "Urungkan" in visit.text(".undo")
    visit.page.clock.run_for(9_000)
    assert visit.page.locator(".undo").is_visible()
    visit.page.clock.run_for(2_000)
    assert visit.page.locator(".undo").count() == 0
    assert standing("approved") == 1
    visit.done()


def test_plain_forms_lead_to_the_next_report(browser: "Browser", portal: str, waiting: list[Trip]) -> None:
    visit = Visit(browser, portal, viewport=SCREEN, java_script_enabled=False)
    visit.log_in("dian")
    visit.page.goto(PAGE)
    visit.follow("text=Setujui 19 yang wajar")
    assert visit.page.url.endswith(f"#l{waiting[19].pk}")
    visit.follow(f"#l{waiting[19].pk} [data-approve]")
    assert visit.page.url.endswith(f"#l{waiting[20].pk}")
    assert standing("approved") == 20
    visit.follow(".undo button")
    assert standing("approved") == 19
    visit.done()


def test_a_log_in_that_ended_is_asked_for(clerk: Visit) -> None:
    Session.objects.all().delete()
    with clerk.page.expect_navigation(url="**/masuk/**"):
        clerk.page.click("text=Setujui 19 yang wajar")
    assert standing("approved") == 0
    clerk.done()
