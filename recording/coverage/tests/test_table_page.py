"""The page "Tabel": any level in one table, sorted, filtered and side by side."""

import gzip
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil.testing import shared_worlds
from recording.coverage.services import recompute_coverage
from recording.models import Region
from recording.tests.commands import run
from recording.tests.pages import Answer, forget_pages, logged_in, rows, words
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON, count, target, write

GROGOL, GAMBIR, PALMERIAM = "31.73.02.1001", "31.71.01.1001", "31.75.01.1004"
TABLE = f"/wilayah/{DKI}/tabel/"


def tell_story() -> None:
    """300 of 1.000, all of it in kelurahan; Kapuk is beyond its target, Palmeriam has none, Gambir never reported."""
    target(100, KAPUK)
    target(500, GROGOL)
    target(400, GAMBIR)
    yesterday = DAY - timedelta(days=1)
    write(count(130, day=yesterday), count(150, GROGOL, day=yesterday), count(5, GROGOL), count(15, PALMERIAM))
    write(count(40, document="KIA"), count(2, GROGOL, document="KIA"))
    recompute_coverage(by=SYSTEM, day=DAY, now=NOON)


OWN_WORLDS = {"story": tell_story}


@pytest.fixture(autouse=True)
def story(at_noon: None) -> None:
    shared_worlds.given("story")


def names(page: Answer) -> list[str]:
    return [row[0].split(" Cengkareng, ")[0].split(" Jakarta ")[0] for row in rows(page)]


def table(query: str = "", who: Callable[[], User] = cast.reader, code: str = DKI) -> Answer:
    page: Answer = logged_in(who()).get(f"/wilayah/{code}/tabel/{query}")
    assert page.status_code == 200
    return page


def test_a_row_tells_all_of_a_region() -> None:
    found = {row[0]: row[1:] for row in rows(table("?tingkat=kelurahan"))}
    assert found["Grogol Grogol Petamburan, Jakarta Barat"] == ("31,00%|155|500|345|450|−295|14|5|–|tertinggal".split("|"))
    assert found["Kapuk Cengkareng, Jakarta Barat"] == "130,00%|130|100|0|90|+40|0|–|–|melebihi target".split("|")
    assert found["Gambir Gambir, Jakarta Pusat"] == "–|–|400|400|360|–|16|–|–|belum ada laporan".split("|")
    assert found["Palmeriam Matraman, Jakarta Timur"] == "–|15|–|–|–|–|–|15|–|belum ada target".split("|")


@pytest.mark.parametrize(
    ("code", "query", "level", "number"),
    [
        (DKI, "", "Kecamatan", 4),
        (DKI, "?tingkat=kota", "Kota/kabupaten", 3),
        (DKI, "?tingkat=kelurahan", "Kelurahan", 6),
        (BARAT, "", "Kelurahan", 3),
        (BARAT, "?tingkat=kecamatan", "Kecamatan", 2),
        ("31.73.01", "", "Kelurahan", 2),
    ],
)
def test_every_level_below_is_one_table(code: str, query: str, level: str, number: int) -> None:
    page = table(query, code=code)
    assert len(rows(page, f"{level} di ")) == number


def test_a_kelurahan_has_nothing_below() -> None:
    assert "Kelurahan adalah tingkat terbawah" in words(table(code=KAPUK))


def test_the_order_stands_in_the_address() -> None:
    page = table("?tingkat=kelurahan&urut=rekam&kota=31.73")
    assert names(page) == ["Kapuk", "Grogol Grogol Petamburan,", "Cengkareng Barat"]
    html = page.content.decode()
    head = re.search(r'<th scope="col" class="number"\s+aria-sort="ascending">(.*?)</th>', html, re.DOTALL)
    assert head is not None
    assert words(head[1]) == "Sudah rekam ↑"
    links = {name: unescape(url) for name, url in re.findall(r'id="urut-(\w+)" href="([^"]*)"', html)}
    assert links["rekam"].endswith("?dokumen=KTP&tingkat=kelurahan&urut=-rekam&kota=31.73")
    assert links["sisa"].endswith("?dokumen=KTP&tingkat=kelurahan&kota=31.73"), "the usual order needs no word"
    assert html.count("aria-sort") == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("cari=kapuk", ["Kapuk"]),
        ("cari=KEL.+gambir", ["Gambir Gambir,"]),
        ("cari=31.75", ["Palmeriam Matraman,"]),
        ("cari=barat", ["Cengkareng Barat"]),
        ("kota=31.75", ["Palmeriam Matraman,"]),
        ("status=melebihi", ["Kapuk"]),
        ("status=belum-lapor", ["Gambir Gambir,"]),
        ("status=tertinggal&kota=31.73", ["Grogol Grogol Petamburan,"]),
        ("status=tuntas", []),
        ("cari=%C2%BF", []),
    ],
)
def test_rows_are_filtered(query: str, found: list[str]) -> None:
    page = table(f"?tingkat=kelurahan&{query}")
    assert names(page) == found
    assert ("Tidak ada wilayah yang cocok" in words(page)) is (not found)


def foot(page: Answer) -> list[list[str]]:
    body = re.search(r"<tfoot>(.*?)</tfoot>", page.content.decode(), re.DOTALL)
    assert body
    lines = re.findall(r"<tr\b.*?</tr>", body[1], re.DOTALL)
    return [[words(cell) for cell in re.findall(r"<t[hd]\b.*?</t[hd]>", line, re.DOTALL)] for line in lines]


def test_totals_are_the_regions_own() -> None:
    grogol = table(code="31.73.02")
    assert foot(grogol) == ["Grogol Petamburan|31,00%|155|500|345|450|−295|14|5|–|tertinggal".split("|")]
    whole = table("?tingkat=kelurahan")
    assert foot(whole) == [
        "Jumlah 6 Kelurahan|30,00%|300|1.000|745|901|−601|29|20|–|".split("|"),
        "Daerah Khusus Ibukota Jakarta|30,00%|300|1.000|700|901|−601|27|20|–|tertinggal".split("|"),
    ]
    assert "Sisa per Kelurahan lebih besar: kelebihan di satu wilayah tidak mengurangi" in words(whole)


def test_filtered_rows_are_summed_beside_the_region() -> None:
    assert [line[:4] for line in foot(table("?tingkat=kelurahan&kota=31.73"))] == [
        ["Jumlah 3 dari 6 Kelurahan", "47,50%", "285", "600"],
        ["Daerah Khusus Ibukota Jakarta", "30,00%", "300", "1.000"],
    ]


def test_a_difference_to_the_region_is_explained() -> None:
    target(1_200, DKI)
    write(count(25, BARAT))
    recompute_coverage(by=SYSTEM, day=DAY, now=NOON)
    page = words(table("?tingkat=kelurahan"))
    assert "25 orang dicatat langsung di atas tingkat Kelurahan" in page
    assert "Target Daerah Khusus Ibukota Jakarta 1.200, sedangkan jumlah target Kelurahan 1.000." in page


def test_both_documents_stand_beside_each_other() -> None:
    page = table("?dokumen=semua&tingkat=kelurahan&urut=-rekam_kia")
    found = rows(page)
    assert found[0][1:] == ["130,00%", "130", "100", "0", "–", "40", "–", "–"]
    assert found[1][1:] == ["31,00%", "155", "500", "345", "–", "2", "–", "–"]
    assert foot(page)[-1][1:] == ["30,00%", "300", "1.000", "700", "–", "42", "–", "–"]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("urut=kode", "Tabel tidak dapat diurutkan menurut “kode”."),
        ("urut=sisa_kia", "Tabel tidak dapat diurutkan"),
        ("tingkat=rw", "Tingkat “rw” tidak ada di bawah wilayah ini."),
        ("tingkat=provinsi", "Tingkat “provinsi” tidak ada"),
        ("status=x", "Status “x” tidak dikenal."),
        ("kota=31.99", "Wilayah 31.99 tidak ditemukan."),
        ("dokumen=SIM", "Dokumen SIM tidak dikenal"),
    ],
)
def test_nonsense_answers_404_with_a_sentence(query: str, sentence: str) -> None:
    page = logged_in(cast.reader()).get(f"{TABLE}?{query}")
    assert (page.status_code, sentence in words(page)) == (404, True)


def test_regions_of_any_level_stand_side_by_side() -> None:
    page = table(f"?banding={BARAT},{KAPUK},31.71")
    found = {row[0]: row[1:] for row in rows(page, "berdampingan")}
    assert found["Sudah rekam"] == ["285", "130", "–"]
    assert found["Target"] == ["600", "100", "400"]
    assert found["Sisa"] == ["315", "0", "400"]
    assert found["Dari rencana"] == ["−255", "+40", "–"]
    assert found["25 Nov"] == ["5", "–", "–"]


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        (["kapuk", "31.71"], f"{KAPUK},31.71"),
        (["jakbar,3171"], "31.73,31.71"),
        (["31.73", "31.73"], "31.73"),
        (["31.73", "31.71", ""], "31.73,31.71"),
        (["palmeriam", "", " 31 "], f"{PALMERIAM},31"),
    ],
)
def test_typed_names_become_codes(typed: list[str], codes: str) -> None:
    page = logged_in(cast.reader()).get(TABLE, {"banding": typed})
    assert page.status_code == 302
    assert page["Location"].endswith(f"banding={codes}")


@pytest.mark.parametrize(
    ("asked", "sentence", "shown"),
    [
        ("31.73,31.99", "Wilayah 31.99 tidak ditemukan.", 1),
        ("31.73,entah", "Tidak ada wilayah bernama “entah”. Periksa ejaannya, atau tulis kodenya.", 1),
        ("31.73,gambir", "“gambir” ada lebih dari satu. Pilih yang dimaksud, atau tulis kodenya. Gambir, Kecamatan", 1),
        ("31.7", "“31.7” bukan kode wilayah.", 0),
        ("31,31.71,31.73,31.75,31.71.01,31.73.01,31.73.02", "Paling banyak enam wilayah berdampingan", 6),
    ],
)
def test_bad_regions_get_a_sentence(asked: str, sentence: str, shown: int) -> None:
    page = table(f"?banding={asked}")
    assert sentence in words(page)
    assert len(rows(page, "berdampingan")[0][1:] if shown else rows(page, "berdampingan")) == shown


def test_a_reader_of_one_city_sees_only_it() -> None:
    client = logged_in(cast.reader_barat())
    assert client.get(TABLE).status_code == 404
    own = client.get(f"/wilayah/{BARAT}/tabel/?tingkat=kecamatan")
    assert [row[0] for row in rows(own)] == ["Grogol Petamburan", "Cengkareng"]
    beside = client.get(f"/wilayah/{BARAT}/tabel/?banding={BARAT},31.71,gambir")
    said = words(beside)
    assert "Wilayah 31.71 tidak ditemukan." in said
    assert "Tidak ada wilayah bernama “gambir”." in said
    assert len(rows(beside, "berdampingan")[0]) == 2


def test_a_head_reads_the_whole_province() -> None:
    assert len(rows(table("?tingkat=kelurahan", cast.head_barat))) == 6


def test_first_pages_children_sort_too() -> None:
    page = logged_in(cast.reader()).get(f"/wilayah/{DKI}/?urut=-rekam")
    assert [row[0] for row in rows(page, "di ")] == ["Jakarta Barat", "Jakarta Timur", "Jakarta Pusat"]
    bad = logged_in(cast.reader()).get(f"/wilayah/{DKI}/?urut=takrekam")
    assert (bad.status_code, "Tabel tidak dapat diurutkan menurut “takrekam”." in words(bad)) == (404, True)


QUERIES = {"": 9, "?tingkat=kelurahan": 9, "?dokumen=semua": 10, "?dokumen=KIA": 8, "?banding=31.71,31.73": 9}


@pytest.mark.parametrize("query", QUERIES)
def test_a_table_asks_the_same_for_every_size(query: str) -> None:
    client = logged_in(cast.reader())
    client.get(TABLE)
    asked = []
    for _size in ("small", "whole"):
        forget_pages()
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"{TABLE}{query}").status_code == 200
        asked.append(len(captured))
        run("load_regions")
    assert asked == [QUERIES[query]] * 2


def test_all_kelurahan_take_60_kb() -> None:
    run("load_regions")
    write(
        *(
            count(number, code)
            for number, code in enumerate(Region.objects.filter(level="village").values_list("pk", flat=True))
        )
    )
    recompute_coverage(by=SYSTEM, day=DAY, now=NOON)
    page = logged_in(cast.reader()).get(f"{TABLE}?tingkat=kelurahan", headers={"accept-encoding": "gzip"})
    assert len(rows(type("Page", (), {"content": gzip.decompress(page.content)})())) >= 267
    assert len(page.content) <= 60_000


def test_a_table_is_built_once() -> None:
    client = logged_in(cast.reader())
    client.get(f"{TABLE}?urut=nama")
    built = client.get(f"{TABLE}?urut=nama")
    with CaptureQueriesContext(connection) as captured:
        again = client.get(f"{TABLE}?urut=nama")
    assert len(captured) == 5
    assert words(again) == words(built)
    assert names(client.get(f"{TABLE}?urut=-nama")) == names(built)[::-1]
