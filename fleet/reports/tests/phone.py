"""What tests do on the page of the day: fill in, press, and wait for what the phone says."""

from typing import TYPE_CHECKING, Any

from dukcapil.tests.visits import Visit
from fleet.models import Trip
from fleet.tests.office import Office
from fleet.tests.stops import GROGOL, stop, van
from recording.tests.world import KAPUK

if TYPE_CHECKING:
    from playwright.sync_api import Page

PHONE = {"width": 390, "height": 844}
PATIENCE = 60_000  # milliseconds: the script tries again by itself after 5, 10, 20 seconds
SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
EXPECTED = ("409", "422", "400:", "404", "ERR_CONNECTION", "ERR_INTERNET", "Failed to fetch")  # what the tests cause themselves


def three_stops() -> list[Trip]:
    """Of today, each of a van of its own."""
    return [stop(van(f"B {number} PKD"), GROGOL if number == 2 else KAPUK) for number in (1, 2, 3)]


def on_a_slow_line(visit: Visit) -> Any:
    """The phone is on slow 3G from now on; answers the line, for what else shall be slow."""
    line = visit.context.new_cdp_session(visit.page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW_3G)
    return line


def card(page: "Page", trip: Trip) -> Any:
    return page.locator(f"#t{trip.pk}")


def fill(page: "Page", trip: Trip, record: str, **other: str) -> None:
    if "elsewhere_ktp" in other:
        page.click(f"#form-{trip.pk} summary:has-text('luar domisili')")
    for name, value in {"record": record, **other}.items():
        page.fill(f"#t{trip.pk}_{name}", value)


def press(page: "Page", trip: Trip, kind: str = "served") -> None:
    if kind == "nihil":
        page.click(f"#form-{trip.pk} summary:has-text('Nihil')")
    page.click(f"#form-{trip.pk} button[value={kind}]")


def taken(page: "Page", trip: Trip) -> None:
    card(page, trip).locator(".receipt").wait_for()


def waits_for(visit: Visit, words: str) -> None:
    visit.page.locator("[data-kept]", has_text=words).wait_for()


def nothing_waits(page: "Page") -> None:
    page.locator("[data-kept]").first.wait_for(state="detached")


def line_is_back(page: "Page") -> None:
    """What a browser says when it has a line again; without it the script tries again by itself, seconds later."""
    page.evaluate("dispatchEvent(new Event('online'))")


PAGE_IS_KEPT = "async () => Boolean(await caches.match('/laporan/'))"
WAITS = "Tersimpan di ponsel ini; terkirim sendiri begitu ada sinyal."


def installed(visit: Visit) -> None:
    """The page of the day is kept: the service worker has seen it come."""
    visit.until(PAGE_IS_KEPT)


def send_into_the_dark(phone: Visit, office: Office, trip: Trip) -> None:
    """20 recordings are sent while the server is away: they wait on the device."""
    phone.page.goto("/laporan/")
    installed(phone)
    office.stop()
    fill(phone.page, trip, "20")
    press(phone.page, trip)
    waits_for(phone, WAITS)
