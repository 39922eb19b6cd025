"""Targets in a real browser: a revision takes five actions, a split tells its difference while it is typed."""

from typing import TYPE_CHECKING

import pytest

from accounts.tests import cast
from dukcapil.tests.visits import Visit
from recording.models import Target
from recording.tests import world

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("committed_world")]
PHONE = {"width": 390, "height": 844}
MAX_ACTIONS = 5


class Person:
    """Somebody who presses and types; each is one action."""

    def __init__(self, visit: Visit) -> None:
        self.visit, self.actions = visit, 0

    def press(self, control: str) -> None:
        self.actions += 1
        self.visit.follow(control)

    def type(self, field: str, text: str) -> None:
        self.actions += 1
        self.visit.page.fill(field, text)


@pytest.mark.parametrize("java_script", [True, False])
def test_a_revision_takes_five_actions(browser: "Browser", portal: str, java_script: bool) -> None:
    """From the page of the region, on a phone, without the admin."""
    cast.staff()
    visit = Visit(browser, portal, viewport=PHONE, java_script_enabled=java_script)
    visit.log_in("dian")
    visit.page.goto(f"/wilayah/{world.KAPUK}/")
    person = Person(visit)
    person.press("text=Ubah target")
    person.type("#id_people", "40.326")
    person.type("#id_source", "SK 21/2021")
    person.press("text=Periksa")
    assert "40.000 → menjadi 40.326 +326" in visit.text("#pratinjau")
    person.press("text=Simpan target")
    assert person.actions <= MAX_ACTIONS
    assert "menjadi 40.326 mulai Kamis, 25 November 2021" in visit.text(".notice-good")
    assert "v2 berlaku" in visit.text("section[aria-labelledby=target-judul]")
    assert world.versions(world.KAPUK) == [40_000, 40_326]
    visit.done()


def test_the_difference_follows_what_is_typed(browser: "Browser", portal: str) -> None:
    cast.staff()
    visit = Visit(browser, portal, viewport=PHONE)
    visit.log_in("dian")
    page = visit.page
    page.goto("/wilayah/31.73/target/bagi/")
    page.select_option("#id_depth", "villages")
    page.fill("#id_total", "50.000")
    page.fill("#id_source", "SK 22/2021")
    visit.follow("text=Buat usulan")
    visit.follow("text=Lanjutkan ke kelurahan")
    page.click("text=Cengkareng >> nth=0")
    page.fill(f"[name='people-{world.KAPUK}']", "49.990")
    assert "Jumlah 49.990 dari 50.000 · kurang 10" in visit.text(".split-foot")
    page.fill("[name='people-31.73.01.1001']", "10")
    assert "pas dengan total" in visit.text(".split-foot")
    visit.follow(".split-foot button[value=check]")
    visit.follow(".split-foot button[value=save]")
    assert "3 target di Kota Administrasi Jakarta Barat disimpan" in visit.text(".notice-good")
    assert Target.objects.get(region="31.73.01.1001").people == 10
    visit.done()
