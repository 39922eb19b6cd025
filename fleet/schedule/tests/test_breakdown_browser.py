"""A broken van's two stops, moved by a head on a phone: the actions are counted, so that they stay few."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from accounts.tests import cast
from dukcapil.tests.visits import Visit
from fleet.models import Trip, VanAbsence
from fleet.tests.stops import GROGOL, stop, van
from recording.tests.world import DAY

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
