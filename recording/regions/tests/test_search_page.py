"""The search for a region: the page without any script, the suggestions, and who sees what."""

import re
from datetime import date
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from accounts.acts import Act
from accounts.rights import SYSTEM
from accounts.tests import cast
from recording.models import Door, FormerName, Region
from recording.regions.search import _indexes, _last_load, region_index
from recording.regions.services import RegionRow, load_regions
from recording.tests import world
from recording.tests.pages import logged_in, words
from recording.tests.world import DAY, KAPUK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


def leads_to(client: Client, query: str) -> str:
    answer = client.get(f"/cari/?{query}")
    return answer["Location"] if answer.status_code == 302 else f"{answer.status_code}"


def offered(client: Client, query: str) -> list[str]:
    page = client.get(f"/cari/saran/?{query}").content.decode()
    return re.findall(r'data-value="[^"]*\(([0-9.]+)\)"', page)


@pytest.mark.parametrize(
    ("query", "address"),
    [
        ("q=kapuk", f"/wilayah/{KAPUK}/"),
        ("q=kap", f"/wilayah/{KAPUK}/"),  # the only one that was found
        ("q=cengkareng", "/wilayah/31.73.01/"),  # so called, although another begins so
        ("q=kapuk+lama", f"/wilayah/{KAPUK}/"),
        ("q=3173011004", f"/wilayah/{KAPUK}/"),
        ("q=Kapuk+(31.73.01.1004)", f"/wilayah/{KAPUK}/"),
        ("q=31.73", "/wilayah/31.73/"),
        ("q=kapuk&ke=/kinerja/?wilayah=%7Bkode%7D", f"/kinerja/?wilayah={KAPUK}"),
        ("q=kapuk&ke=//lain.id/%7Bkode%7D", f"/wilayah/{KAPUK}/"),
        ("q=kapuk&ke=/%5Clain.id/%7Bkode%7D", f"/wilayah/{KAPUK}/"),
        ("q=kapuk&ke=https://lain.id/%7Bkode%7D", f"/wilayah/{KAPUK}/"),
        ("q=gambir", "200"),
        ("q=kapok", "200"),
        ("q=", "200"),
    ],
)
def test_what_is_clear_leads_straight_there(query: str, address: str) -> None:
    FormerName.objects.create(region_id=KAPUK, name="Kapuk Lama", last_day=date(2021, 2, 28))
    assert leads_to(logged_in(cast.staff()), query) == address


@pytest.mark.parametrize(
    ("page", "there"),
    [
        ("/wilayah/31/catatan/?dokumen=KIA", f"/wilayah/{KAPUK}/catatan/?dokumen=KIA"),
        ("/kinerja/?rentang=30", "/kinerja/?rentang=30&"),  # and what else was chosen there
        ("/pantauan/?hari=2021-11-24", f"/pantauan/?wilayah={KAPUK}&hari=2021-11-24"),
    ],
)
def test_a_page_opens_for_another_region(page: str, there: str) -> None:
    client = logged_in(cast.staff())
    to = re.search(r'name="ke" value="([^"]+)"', client.get(page).content.decode())
    assert to
    assert leads_to(client, urlencode({"q": "kapuk", "ke": unescape(to[1])})).startswith(there)
    assert client.get(there).status_code == 200


def test_what_is_unclear_is_chosen_from() -> None:
    page = words(logged_in(cast.staff()).get("/cari/?q=gambir"))
    assert "Gambir Kecamatan · Jakarta Pusat Gambir Kelurahan · Gambir, Jakarta Pusat" in page
    page = words(logged_in(cast.staff()).get("/cari/?q=kapok"))
    assert "Tidak ada yang bernama “kapok”. Mungkin yang dimaksud: Kapuk Kelurahan · Cengkareng, Jakarta Barat" in page
    page = words(logged_in(cast.staff()).get("/cari/?q=atlantis"))
    assert "Tidak ada wilayah yang mirip “atlantis” Periksa ejaannya" in page


def test_a_nik_is_neither_searched_nor_repeated() -> None:
    client = logged_in(cast.staff())
    page = client.get("/cari/?q=3173010101010001")
    assert "bukan NIK" in words(page)
    assert "3173010101010001" not in page.content.decode().replace(page.wsgi_request.get_full_path(), "")
    assert offered(client, "q=3173010101010001") == []


def test_a_former_name_and_a_closing_are_told() -> None:
    FormerName.objects.create(region_id=KAPUK, name="Rawa Lama", last_day=date(2021, 2, 28))
    Region.objects.filter(code=KAPUK).update(closed=DAY)
    page = words(logged_in(cast.staff()).get("/cari/saran/?q=rawa"))
    assert "Kapuk Kelurahan · Cengkareng, Jakarta Barat · dulu Rawa Lama · ditutup Kam, 25 Nov 2021" in page


@pytest.mark.parametrize(
    ("who", "query", "found"),
    [
        (cast.staff, "q=palme", ["31.75.01.1004"]),
        (cast.head_barat, "q=palme", ["31.75.01.1004"]),  # who reads the province finds all of it
        (cast.reader_barat, "q=palme", []),
        (cast.reader_barat, "q=31.75", []),
        (cast.reader_barat, "q=kapuk", [KAPUK]),
        (cast.staff_jabar, "q=kapuk", []),
        (cast.head_barat, "q=palme&untuk=catat", []),  # and writes for the own city only
        (cast.head_barat, "q=kap&untuk=catat", [KAPUK]),
        (cast.staff, "q=daerah+khusus&untuk=catat", []),
        (cast.reader, "q=kapuk&untuk=catat", []),
    ],
)
def test_nobody_finds_more_than_they_may_see(who: Any, query: str, found: list[str]) -> None:
    assert offered(logged_in(who()), query) == found


def test_each_page_has_the_box() -> None:
    page = logged_in(cast.reader()).get("/angka/").content.decode()
    assert 'action="/cari/"' in page
    assert 'data-finder="/cari/saran/"' in page
    assert "/cari/" not in Client().get("/masuk/").content.decode()


def test_the_index_is_read_anew_after_a_load(settings: Any) -> None:
    settings.KEPT_SECONDS = 60
    _indexes.forget()
    _last_load.forget()
    staff = cast.staff()
    first = region_index(staff)
    assert region_index(cast.reader()) is first  # both see the province
    assert KAPUK in region_index(cast.reader_barat()).regions
    rows = [RegionRow(code, "Kapuk Baru" if code == KAPUK else name) for code, name in world.REGIONS]
    load_regions(act=Act(SYSTEM, world.NOON, Door.COMMAND), rows=rows)
    _last_load.forget()  # a second later
    hits = region_index(staff).called("Kapuk")
    assert [(hit.region.name, hit.spelling) for hit in hits] == [("Kapuk Baru", "Kapuk")]
    _indexes.forget()
    _last_load.forget()
