"""A broken van's two stops, moved by a head on a phone: the actions are counted, so that they stay few."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from accounts.acts import Act
from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil.tests.visits import Visit
from fleet.models import Trip, VanAbsence
from fleet.schedule.breakdowns import StopAnswer, record_breakdown
from fleet.tests.stops import GROGOL, stop, van
from fleet.vans.absences import checked_absence
from recording.tests.world import DAY, NOON

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("committed_world")]
PHONE = {"width": 390, "height": 844}
TOMORROW = DAY + timedelta(days=1)
MOST_ACTIONS = 6


def test_two_stops_are_moved_in_few_actions(browser: "Browser", portal: str) -> None:
    """From the stop that cannot be held: each stop gets another van than the one proposed, and one press stores it all."""
    cast.head_barat()
    bus, second, third = van(), van("B 2 PKD"), van("B 3 PKD")
    first, evening = stop(bus, day=TOMORROW), stop(bus, GROGOL, day=TOMORROW, session="evening")
    visit = Visit(browser, portal, viewport=PHONE)
    visit.log_in("budi")
    page = visit.page
    page.goto(f"/jadwal/{first.pk}/")
    actions = ["open", "first stop", "second stop", "save"]
    visit.follow("text=Mobil tidak beroperasi")
    page.check(f"input[name='stop-{first.pk}-choice'][value='van:{third.pk}']")
    page.check(f"input[name='stop-{evening.pk}-choice'][value='van:{second.pk}']")
    visit.follow(".save-bar button")
    assert len(actions) <= MOST_ACTIONS
    assert "tetap berjalan, dengan mobil B 3 PKD." in visit.text()
    visit.done()
    assert dict(Trip.objects.values_list("pk", "van__plate")) == {first.pk: "B 3 PKD", evening.pk: "B 2 PKD"}
    assert VanAbsence.objects.get().van == bus


def test_the_list_follows_the_days(browser: "Browser", portal: str) -> None:
    """Until further notice hits what comes later too, without a press; what was chosen stays chosen."""
    cast.head_barat()
    bus = van()
    van("B 2 PKD")
    first, later = stop(bus, day=TOMORROW), stop(bus, day=TOMORROW + timedelta(days=9))
    visit = Visit(browser, portal, viewport=PHONE)
    visit.log_in("budi")
    page = visit.page
    page.goto(f"/jadwal/mobil/{bus.pk}/tidak-beroperasi/?hari=2021-11-26")
    assert "1 titik terkena" in visit.text()
    page.check(f"input[name='stop-{first.pk}-choice'][value='cancel']")
    page.fill(f"input[name='stop-{first.pk}-reason']", "Ban pecah")
    page.check("input[value='open']")
    page.locator(f"#stop-{later.pk}-judul").wait_for()
    assert "2 titik terkena" in visit.text()
    assert page.is_checked(f"input[name='stop-{first.pk}-choice'][value='cancel']")
    visit.follow(".save-bar button")
    visit.done()
    first.refresh_from_db()
    assert (first.status, first.reason) == ("cancelled", "Ban pecah")
    assert VanAbsence.objects.get().last_day is None


def test_one_press_shares_a_text_once(browser: "Browser", portal: str) -> None:
    """The browser of these tests has no other application to share with: what would be shared is kept instead."""
    cast.head_barat()
    trip = stop(van(), day=TOMORROW)
    absence = checked_absence(by=SYSTEM, van=trip.van_id, first_day=TOMORROW, last_day=TOMORROW, kind="damage")
    answers = {trip.pk: StopAnswer(reason="Ban pecah")}
    act = record_breakdown(act=Act(SYSTEM, NOON, "page"), absence=absence, answers=answers)
    visit = Visit(browser, portal, viewport=PHONE)
    visit.context.add_init_script("window.shared = []; navigator.share = async ({ text }) => { window.shared.push(text); };")
    visit.log_in("budi")
    page = visit.page
    page.goto(f"/jadwal/tidak-beroperasi/{act.pk}/")
    page.click("text=Bagikan")
    assert page.evaluate("window.shared") == [page.input_value("#kabar-1")]
    visit.done()
