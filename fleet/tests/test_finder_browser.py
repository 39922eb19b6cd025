"""Finding a region by keyboard, by finger and without any script: in the head, while planning, and while recording."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from accounts.tests import cast
from dukcapil.tests.visits import Visit
from fleet.models import Trip
from fleet.tests.stops import van
from recording.models import DailyCount, FormerName, Region
from recording.tests.world import DAY, KAPUK

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("committed_world")]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
OPTIONS = "#id_village-saran [role=option]"


def visit_of(browser: "Browser", portal: str, who: str, **options: object) -> Visit:
    visit = Visit(browser, portal, **options)
    visit.log_in(who)
    return visit


def test_a_slash_and_three_letters_lead_there(browser: "Browser", portal: str) -> None:
    cast.staff()
    visit = visit_of(browser, portal, "dian", viewport=DESK)
    page = visit.page
    page.keyboard.press("/")
    page.keyboard.type("kap")
    page.keyboard.press("Enter")  # at once, before any suggestion could come
    page.wait_for_url(f"{portal}/wilayah/{KAPUK}/")
    page.goto("/catat/")
    page.focus("#id_people")
    page.keyboard.type("1/2")  # typed elsewhere it is a character
    assert page.input_value("#id_people") == "1/2"
    visit.done()


def test_arrows_choose_and_escape_closes(browser: "Browser", portal: str) -> None:
    cast.staff()
    FormerName.objects.create(region_id=KAPUK, name="Gambir Lama", last_day=DAY - timedelta(days=300))
    visit = visit_of(browser, portal, "dian", viewport=DESK)
    page = visit.page
    page.keyboard.press("/")
    page.keyboard.type("gambir")
    page.wait_for_selector("#cari-saran [role=option] >> nth=2")
    box = page.locator("#cari")
    assert box.get_attribute("aria-activedescendant") == "cari-saran-0"
    assert "Kapuk Kelurahan · Cengkareng, Jakarta Barat · dulu Gambir Lama" in visit.text("#cari-saran")
    page.keyboard.press("Escape")
    assert (box.get_attribute("aria-expanded"), box.input_value()) == ("false", "gambir")
    page.keyboard.press("ArrowDown")
    page.wait_for_selector("#cari-saran:not([hidden])")
    page.keyboard.press("ArrowUp")
    assert box.get_attribute("aria-activedescendant") == "cari-saran-2"
    page.keyboard.press("Enter")
    page.wait_for_url(f"{portal}/wilayah/{KAPUK}/")
    visit.done()


def test_on_a_phone_the_box_is_a_page(browser: "Browser", portal: str) -> None:
    cast.staff()
    visit = visit_of(browser, portal, "dian", viewport=PHONE, has_touch=True)
    visit.page.tap(".head-search-link")
    visit.page.wait_for_url(f"{portal}/cari/")
    assert visit.page.evaluate("document.activeElement.id") == "q"
    visit.page.keyboard.type("kapuk")
    visit.page.tap("#q-saran [role=option]")
    visit.page.wait_for_url(f"{portal}/wilayah/{KAPUK}/")
    visit.done()


def test_a_stop_is_planned_by_keyboard(browser: "Browser", portal: str) -> None:
    cast.head_barat()
    van()
    visit = visit_of(browser, portal, "budi", viewport=DESK)
    page = visit.page
    page.goto("/jadwal/tambah/?hari=2021-11-26")
    page.focus("#id_village")
    page.wait_for_selector(OPTIONS)
    assert "Kapuk Kelurahan · Cengkareng, Jakarta Barat sisa 9.000" in visit.text(f"{OPTIONS} >> nth=0")  # most remaining
    assert page.locator("#id_village").get_attribute("aria-activedescendant") is None  # nothing unasked
    page.keyboard.type("gro")
    page.wait_for_selector(f"{OPTIONS}[data-value^=Grogol]")
    page.keyboard.press("Enter")
    assert page.input_value("#id_village") == "Grogol (31.73.02.1001)"
    page.keyboard.press("Tab")
    page.keyboard.type("RPTRA Melati")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{portal}/jadwal/?**")
    assert list(Trip.objects.values_list("village", "place")) == [("31.73.02.1001", "RPTRA Melati")]
    visit.done()


def test_suggestions_follow_the_day(browser: "Browser", portal: str) -> None:
    cast.head_barat()
    van()
    Region.objects.filter(code=KAPUK).update(closed=DAY)
    visit = visit_of(browser, portal, "budi", viewport=PHONE)
    for address, field in (("/catat/", "id_region"), ("/jadwal/tambah/", "id_village"), ("/jadwal/permintaan/", "id_village")):
        visit.page.goto(address)
        for day, offered in ((DAY, True), (DAY + timedelta(days=1), False)):
            visit.page.fill("#id_day", day.isoformat())
            visit.page.fill(f"#{field}", "")
            visit.page.locator(f"#{field}").press_sequentially("kapuk")
            visit.until(f"document.querySelector('#{field}-saran + [role=status]').textContent.trim() !== ''")
            count = f"document.querySelectorAll('#{field}-saran:not([hidden]) [role=option]').length"
            visit.until(f"({count} > 0) === {str(offered).lower()}")
    visit.done()


def test_without_script_names_and_codes_are_read(browser: "Browser", portal: str) -> None:
    cast.staff()
    van()
    visit = visit_of(browser, portal, "dian", viewport=PHONE, java_script_enabled=False)
    page = visit.page
    page.goto("/cari/")
    page.fill("#q", "gambir")
    visit.follow("main form button")
    visit.follow("text=Gambir Kecamatan")
    assert page.url == f"{portal}/wilayah/31.71.01/"
    page.goto("/catat/")
    page.fill("#id_region", "Gambir")
    page.fill("#id_people", "7")
    visit.follow("main form button")
    assert "“Gambir” ada lebih dari satu. Pilih yang dimaksud, atau tulis kodenya." in visit.text()
    page.check("[value='Gambir (31.71.01.1001)']")
    visit.follow("main form button")
    assert "Tersimpan: 7 orang di Gambir (31.71.01.1001)." in visit.text()
    assert DailyCount.objects.filter(region="31.71.01.1001", people=7).count() == 1
    page.goto("/jadwal/tambah/?hari=2021-11-26")
    page.fill("#id_village", "kapok")
    page.fill("#id_place", "RPTRA")
    visit.follow("main form button")
    assert "Tidak ada Kelurahan bernama “kapok”" in visit.text()
    page.check(f"[value='Kapuk ({KAPUK})']")
    visit.follow("main form button")
    assert Trip.objects.get().village_id == KAPUK
    visit.done()


@pytest.mark.parametrize(("language", "words"), [("id", "Jumat, 26 November 2021"), ("en", "Friday, 26 November 2021")])
def test_the_day_in_words_follows(browser: "Browser", portal: str, language: str, words: str) -> None:
    cast.head_barat()
    van()
    visit = visit_of(browser, portal, "budi", viewport=PHONE)
    visit.context.add_cookies([{"name": "django_language", "value": language, "url": portal}])
    visit.page.goto("/jadwal/tambah/?hari=2021-11-25")
    shown = visit.page.locator("[data-day-of=id_day]")
    server_made = shown.inner_text()
    visit.page.fill("#id_day", "2021-11-26")
    assert shown.inner_text() == words
    visit.page.fill("#id_day", "2021-11-25")
    assert shown.inner_text() == server_made  # the script says it as the server does
    visit.page.fill("#id_day", "")
    assert shown.inner_text() == ""
    visit.done()
