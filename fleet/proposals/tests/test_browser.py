"""Two weeks are proposed, changed, published and repaired by a head in a browser."""

from typing import TYPE_CHECKING

import pytest

from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil.tests.visits import Visit
from fleet.models import Proposal, ProposalStatus, Trip, Van
from fleet.proposals.tests.world import ONE, build_city, stops_of
from fleet.proposals.working import work_due
from recording.tests.world import NOON

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("committed_world")]
PHONE = {"width": 390, "height": 844}


def test_two_weeks_are_proposed_published_and_repaired(browser: "Browser", portal: str) -> None:
    cast.head_barat()
    build_city()
    visit = Visit(browser, portal, viewport=PHONE)
    visit.log_in("budi")
    visit.page.goto("/jadwal/usulan/")
    visit.follow("text=Susun usulan")
    _wait_for_plan(visit)
    assert "kunjungan ke-2, terakhir 30" in visit.text()
    first, second, third = stops_of(_newest())[:3]
    for (village, day), choice in ((first, "pin"), (second, "pin"), (third, "ban")):
        field = f"input[name='ubah:{village}:{day}']"
        visit.page.click(f"article:has({field}) summary")
        visit.page.check(f"{field}[value='{choice}']")
    visit.follow("text=Minta usulan lagi")
    _wait_for_plan(visit)
    planned = set(stops_of(_newest()))
    assert {first, second} <= planned
    assert third not in planned
    visit.follow(".save-bar .button-main")
    assert "Diterbitkan:" in visit.text()
    published = Trip.objects.filter(status="published", day__gte="2021-11-26")
    assert {(trip.village_id, trip.day.isoformat()) for trip in published} == planned
    _van_goes_out(visit)
    visit.page.goto(f"/jadwal/usulan/{_newest().pk}/")
    visit.follow(".save-bar .button-main")
    _wait_for_plan(visit)
    if visit.page.locator(".save-bar .button-main").count():
        visit.follow(".save-bar .button-main")
        assert _newest().status == ProposalStatus.PUBLISHED
    else:  # what was chosen for its stops when it went out is what the planner would do
        assert "tidak ada yang perlu diterbitkan" in visit.text()
    visit.done()
    assert _newest().repairs
    assert not Trip.objects.standing().filter(van__plate=ONE, day="2021-11-29").exists()


def _newest() -> Proposal:
    return Proposal.objects.order_by("-pk")[0]


def _wait_for_plan(visit: Visit) -> None:
    """A worker comes by, and the page shows the plan by itself."""
    visit.page.locator("[data-follow]").wait_for()
    work_due(by=SYSTEM, now=NOON)
    visit.page.locator("article.proposed").first.wait_for()


def _van_goes_out(visit: Visit) -> None:
    number = Van.objects.get(plate=ONE).pk
    visit.page.goto(f"/jadwal/mobil/{number}/tidak-beroperasi/?hari=2021-11-29")
    visit.follow(".save-bar button")
    assert "tidak beroperasi" in visit.text()
