"""The pages of coverage: the exact figures of every level for every role, and a sentence for every bad address."""

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil.testing import shared_worlds
from recording.coverage.services import recompute_coverage, run_due
from recording.models import CoverageRun, Period, Region
from recording.tests import world
from recording.tests.commands import run
from recording.tests.pages import forget_pages, logged_in, rows, words
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON, count, target, write

CENGKARENG, GROGOL, PUSAT = "31.73.01", "31.73.02", "31.71"
RECORDED = json.loads(Path(__file__).with_name("query_counts.json").read_text(encoding="utf-8"))
EVERYONE = [cast.admin, cast.staff, cast.head_barat, cast.head_timur, cast.reader, cast.api_client]


def tell_story() -> None:
    """31.000 of 60.000, in two runs: number 1 for yesterday (official), number 2 for today (provisional)."""
    target(30_000, KAPUK)
    target(10_000, "31.73.02.1001")
    target(20_000, PUSAT)
    write(count(30_000, day=DAY - timedelta(days=2)))
    run_due(by=SYSTEM, now=NOON)
    write(count(0, GROGOL), count(990, PUSAT), count(10, "31.75"), count(7, document="KIA"))
    recompute_coverage(by=SYSTEM, day=DAY, now=NOON)


OWN_WORLDS = {"story": tell_story}


@pytest.fixture
def story(at_noon: None) -> None:
    shared_worlds.given("story")


FIGURES = {
    DKI: (
        "31.000 dari 60.000 51,67% tertinggal 23.082 dari rencana 51,67% dari target sisa 29.000",
        [
            [
                "Jakarta Pusat",
                "",
                "4,95%",
                "990",
                "20.000",
                "19.010",
                "−17.037 rencana 18.027",
                "732",
                "990",
                "0/1",
                "tertinggal",
            ],
            [
                "Jakarta Barat",
                "",
                "75,00%",
                "30.000",
                "40.000",
                "10.000",
                "−6.054 rencana 36.054",
                "385",
                "0",
                "1/2",
                "tertinggal",
            ],
            ["Jakarta Timur", "", "–", "10", "–", "–", "–", "–", "10", "0/1", "belum ada target"],
        ],
    ),
    BARAT: (
        "30.000 dari 40.000 75,00% tertinggal 6.054 dari rencana 75,00% dari target sisa 10.000",
        [
            ["Grogol Petamburan", "", "0%", "0", "10.000", "10.000", "−9.013 rencana 9.013", "385", "0", "0/1", "tertinggal"],
            ["Cengkareng", "", "100%", "30.000", "30.000", "0", "+2.959 rencana 27.041", "0", "–", "1/2", "tuntas"],
        ],
    ),
    CENGKARENG: (
        "30.000 dari 30.000 100% tuntas 100% dari target sisa 0",
        [
            ["Kapuk", "", "100%", "30.000", "30.000", "0", "+2.959 rencana 27.041", "0", "–", "tuntas"],
            ["Cengkareng Barat", "", "–", "–", "–", "–", "–", "–", "–", "belum ada target"],
        ],
    ),
    KAPUK: ("30.000 dari 30.000 100% tuntas 100% dari target sisa 0", []),
    "31.75": (
        "10 orang belum ada target Belum ada target, jadi tidak ada persentase.",
        [["Matraman", "", "–", "–", "–", "–", "–", "–", "–", "0/1", "belum ada target"]],
    ),
}
DONE = {
    DKI: "Kota/kabupaten tuntas 0 dari 3",
    BARAT: "Kecamatan tuntas 1 dari 2",
    CENGKARENG: "Kelurahan tuntas 1 dari 2",
    KAPUK: "Kelurahan adalah tingkat terbawah",
    "31.75": "Kecamatan tuntas 0 dari 1",
}
NAMES = dict(world.REGIONS)


@pytest.mark.parametrize("code", FIGURES)
@pytest.mark.parametrize("who", EVERYONE, ids=lambda who: who.__name__)
@pytest.mark.usefixtures("story")
def test_every_role_reads_the_same_figures(who: Callable[[], User], code: str) -> None:
    page = logged_in(who()).get(f"/wilayah/{code}/")
    headline, children = FIGURES[code]
    assert page.status_code == 200
    assert f"Capaian target · Perekaman KTP-el 2021 {headline}" in words(page)
    assert DONE[code] in words(page)
    assert rows(page, f"di {NAMES[code]}") == children
    assert "Sementara keadaan per Kamis, 25 November 2021 · nomor 2" in words(page)
    assert "Perhitungan malam terakhir Kam, 25 Nov 2021 pukul 12.00 WIB" in words(page)


@pytest.mark.parametrize("who", EVERYONE, ids=lambda who: who.__name__)
@pytest.mark.usefixtures("story")
def test_the_front_page_is_the_own_region(who: Callable[[], User]) -> None:
    """A head lands on the own city, from which the way leads up to the province; the others see all that they may."""
    page = logged_in(who()).get("/")
    own = {"head_barat": "30.000 dari 40.000 75,00%", "head_timur": "10 orang belum ada target"}
    assert own.get(who.__name__, "31.000 dari 60.000 51,67%") in words(page)
    if who.__name__ in own:
        assert 'href="/wilayah/31/?dokumen=KTP"' in page.content.decode()


@pytest.mark.usefixtures("story")
def test_a_city_reader_sees_only_that_city() -> None:
    client = logged_in(cast.reader_barat())
    front = client.get("/")
    assert "30.000 dari 40.000 75,00%" in words(front)
    assert "Daerah Khusus" not in words(front)
    for code in (DKI, PUSAT, "31.75.01", "31.99"):
        page = client.get(f"/wilayah/{code}/")
        assert (page.status_code, f"Wilayah {code} tidak ditemukan." in words(page)) == (404, True)
        assert "990" not in words(page)


@pytest.mark.parametrize("address", ["/", "/wilayah/31/", "/wilayah/31.99/", "/wilayah/31.73/catatan/", "/catat/"])
@pytest.mark.usefixtures("story")
def test_a_visitor_is_sent_to_log_in(address: str) -> None:
    page = logged_in(None).get(address)
    assert (page.status_code, page["Location"].partition("?")[0]) == (302, "/masuk/")


@pytest.mark.parametrize(
    ("who", "buttons"),
    [
        (cast.admin, {"Catat angka", "Hitung sekarang"}),
        (cast.staff, {"Catat angka", "Hitung sekarang"}),
        (cast.head_barat, {"Catat angka"}),
        (cast.head_timur, set()),
        (cast.reader, set()),
        (cast.reader_barat, set()),
        (cast.api_client, {"Catat angka"}),
    ],
)
@pytest.mark.usefixtures("story")
def test_a_page_offers_only_what_is_allowed(who: Callable[[], User], buttons: set[str]) -> None:
    shown = words(logged_in(who()).get(f"/wilayah/{BARAT}/").content.decode().partition("<main")[2])
    assert {each for each in ("Catat angka", "Hitung sekarang") if each in shown} == buttons


@pytest.mark.usefixtures("story")
def test_the_difference_is_explained_in_parts() -> None:
    page = logged_in(cast.reader()).get("/")
    assert "Bertambah 1.000 orang dari hari sebelumnya" in words(page)
    assert "Bertambah 1.000 orang dari hari sebelumnya Baru +1.000 pelayanan hari itu" in words(page)
    assert "· dibandingkan dengan nomor 1 , Rab, 24 Nov 2021" in words(page)


@pytest.mark.usefixtures("story")
def test_an_old_run_is_marked_as_old() -> None:
    page = logged_in(cast.reader()).get("/wilayah/31/?run=1")
    assert "Ini bukan angka terbaru, melainkan nomor 1, keadaan per Rabu, 24 November 2021. Lihat angka terbaru" in words(page)
    assert "30.000 dari 60.000 50,00% tertinggal 23.917 dari rencana 50,00% dari target sisa 30.000" in words(page)
    assert "Angka resmi keadaan per Rabu, 24 November 2021 · nomor 1" in words(page)
    assert rows(page, "di Daerah Khusus")[0] == [
        "Jakarta Pusat",
        "",
        "–",
        "–",
        "20.000",
        "20.000",
        "– rencana 17.972",
        "741",
        "–",
        "0/1",
        "belum ada laporan",
    ]
    assert 'href="/wilayah/31.73/?dokumen=KTP&amp;run=1"' in page.content.decode()
    newest = logged_in(cast.reader()).get("/wilayah/31/?run=2")
    assert "Ini bukan angka terbaru" not in words(newest)


@pytest.mark.usefixtures("story")
def test_each_document_and_period_has_own_figures() -> None:
    client = logged_in(cast.reader())
    cards = client.get("/wilayah/31/?dokumen=KIA")
    assert "Capaian target · KIA terbit 2021 7 orang belum ada target" in words(cards)
    former = client.get("/wilayah/31/?periode=2020")
    assert "Capaian target · Perekaman KTP-el 2020 – belum ada target" in words(former)


@pytest.mark.usefixtures("story")
def test_a_surplus_is_shown_and_hides_no_gap() -> None:
    write(count(45_000, day=DAY - timedelta(days=2)))
    recompute_coverage(by=SYSTEM, day=DAY, now=NOON)
    page = logged_in(cast.reader()).get(f"/wilayah/{BARAT}/")
    assert "45.000 dari 40.000 112,50% melebihi target +5.000 112,50% dari target 5.000 di atas target" in words(page)
    assert "Di wilayah yang belum tuntas masih tersisa 10.000 orang." in words(page)
    assert 'class="bar-fill" width="100%"' in page.content.decode(), "the bar is cut, the number is not"


@pytest.mark.usefixtures("story")
def test_coverage_of_the_eligible_is_never_mixed_in() -> None:
    target(200_000, BARAT, kind="stock", opening=150_000)
    recompute_coverage(by=SYSTEM, day=DAY, now=NOON)
    page = words(logged_in(cast.reader()).get(f"/wilayah/{BARAT}/"))
    assert "Cakupan dari wajib KTP 90,00% · 180.000 dari 200.000" in page
    assert "30.000 dari 40.000 75,00% tertinggal" in page


@pytest.mark.usefixtures("story")
def test_a_target_unlike_its_childrens_sum_shows_versions() -> None:
    target(50_000, BARAT)
    target(45_000, BARAT, since=date(2021, 8, 1))
    target(44_000, BARAT, since=date(2021, 12, 1))
    recompute_coverage(by=SYSTEM, day=DAY, now=NOON)
    page = logged_in(cast.reader()).get(f"/wilayah/{BARAT}/")
    assert "30.000 dari 45.000 66,67%" in words(page)
    assert "Target wilayah ini ditetapkan 45.000, sedangkan jumlah target wilayah di bawahnya 40.000." in words(page)
    versions = rows(page, "Semua versi target")
    assert [row[0] for row in versions] == ["Target periode v3 belum berlaku", "Target periode v2 berlaku", "Target periode v1"]
    assert [row[1] for row in versions] == ["44.000", "45.000", "50.000"]


@pytest.mark.usefixtures("story")
def test_a_closed_region_is_marked_with_its_figures() -> None:
    Region.objects.filter(code=KAPUK).update(closed=DAY - timedelta(days=1))
    client = logged_in(cast.reader())
    assert "Wilayah ini tutup; hari terakhirnya Rabu, 24 November 2021." in words(client.get(f"/wilayah/{KAPUK}/"))
    assert rows(client.get(f"/wilayah/{CENGKARENG}/"), "di Cengkareng")[0][0] == "Kapuk (tutup)"


@pytest.mark.usefixtures("at_noon")
def test_an_empty_page_says_what_to_do() -> None:
    client = logged_in(cast.staff())
    assert "Belum pernah dihitung" in words(client.get("/"))
    assert client.get("/wilayah/31.99/").status_code == 404
    Period.objects.all().delete()
    recompute_coverage(by=SYSTEM, day=DAY, now=NOON)
    assert "Belum ada periode" in words(client.get("/"))


# Computing by hand


@pytest.mark.parametrize(
    ("who", "status"),
    [(cast.admin, 302), (cast.staff, 302), (cast.head_barat, 403), (cast.reader, 403), (cast.api_client, 403)],
)
@pytest.mark.usefixtures("story")
def test_who_may_compute_by_hand(who: Callable[[], User], status: int) -> None:
    write(count(1))
    page = logged_in(who()).post("/hitung-ulang/")
    assert page.status_code == status
    assert CoverageRun.objects.count() == (3 if status == 302 else 2)
    if status == 302:
        assert CoverageRun.objects.get(number=3).by == who()


@pytest.mark.usefixtures("story")
def test_computing_twice_by_hand_gives_one_run() -> None:
    write(count(1))
    client = logged_in(cast.staff())
    for sentence in ("Perhitungan nomor 3 siap.", "Tidak ada yang berubah; perhitungan nomor 3 tetap berlaku."):
        page = client.post("/hitung-ulang/", {"wilayah": "31.73", "dokumen": "KIA"}, follow=True)
        assert sentence in words(page)
        assert page.redirect_chain[-1][0] == "/wilayah/31.73/?dokumen=KIA"
    assert client.post("/hitung-ulang/", {"wilayah": "x"})["Location"] == "/"
    assert CoverageRun.objects.count() == 3
    assert client.get("/hitung-ulang/").status_code == 405


# Bad addresses


LONG = "x" * 10_000
BAD = [
    ("/wilayah/31.99/", "Wilayah 31.99 tidak ditemukan."),
    ("/wilayah/3173/", "Wilayah 3173 tidak ditemukan."),
    ("/wilayah/bukan-kode/", "Wilayah bukan-kode tidak ditemukan."),
    ("/wilayah/31.73%ff/", "tidak ditemukan."),
    ("/wilayah/%ed%a0%80/", "tidak ditemukan."),
    ("/wilayah/31'--/", "tidak ditemukan."),
    (f"/wilayah/{LONG}/", "tidak ditemukan."),
    ("/wilayah/31/?dokumen=SIM", "Dokumen SIM tidak dikenal; pilih KTP atau KIA."),
    ("/wilayah/31/?dokumen=", "tidak dikenal; pilih KTP atau KIA."),
    ("/wilayah/31/?dokumen=ktp", "Dokumen ktp tidak dikenal"),
    ("/wilayah/31/?dokumen=<script>alert(1)</script>", "Dokumen <script>alert(1)</script> tidak dikenal"),
    ("/wilayah/31/?periode=2035", "Periode 2035 tidak ada."),
    ("/wilayah/31/?periode=", "Periode tidak ada."),
    (f"/wilayah/31/?periode={LONG}", "tidak ada."),
    ("/wilayah/31/?run=3", "Perhitungan nomor 3 tidak ada."),
    ("/wilayah/31/?run=0", "Perhitungan nomor 0 tidak ada."),
    ("/wilayah/31/?run=-1", "Perhitungan nomor -1 tidak ada."),
    ("/wilayah/31/?run=1.0", "Perhitungan nomor 1.0 tidak ada."),
    ("/wilayah/31/?run=999999999", "tidak ada."),
    ("/wilayah/31/?run=9999999999999999999999", "tidak ada."),
    ("/wilayah/31/?run=", "Perhitungan nomor tidak ada."),
    ("/wilayah/31/?run=%EF%BC%91", "tidak ada."),
    ("/tidak-ada/", "Halaman ini tidak ada."),
]


@pytest.mark.parametrize(("address", "sentence"), BAD, ids=[address[:50] for address, _ in BAD])
@pytest.mark.usefixtures("story")
def test_a_bad_address_answers_404_in_words(address: str, sentence: str) -> None:
    page = logged_in(cast.admin()).get(address)
    assert page.status_code == 404
    assert sentence in words(page.content.decode().partition("<main")[2])
    assert b"<script>alert" not in page.content
    assert len(words(page)) < 25_000


@pytest.mark.parametrize("address", ["/wilayah/31.73%00/", "/wilayah/31/?dokumen=%00", "/wilayah/31/?periode=2021%00"])
@pytest.mark.usefixtures("story")
def test_a_nul_in_the_address_answers_400(address: str) -> None:
    page = logged_in(cast.admin()).get(address)
    assert (page.status_code, "Permintaan tidak dapat diproses" in words(page)) == (400, True)


@pytest.mark.parametrize("extra", ["utm=1", "halaman=x", "run=2&run=1", "dokumen=SIM&dokumen=KTP"])
@pytest.mark.usefixtures("story")
def test_repeated_or_unknown_parameters_are_no_error(extra: str) -> None:
    assert logged_in(cast.reader()).get(f"/wilayah/31/?{extra}").status_code == 200


# Queries


WORK_QUERIES = 11  # for what waits for the staff, which a running server asks at most once a second
WITH_WORK = ("front page", "province")
PAGES = {
    "front page": "/",
    "province": f"/wilayah/{DKI}/",
    "city": f"/wilayah/{BARAT}/",
    "district": f"/wilayah/{CENGKARENG}/",
    "village": f"/wilayah/{KAPUK}/",
    "city, KIA": f"/wilayah/{BARAT}/?dokumen=KIA",
    "province, a run by number": f"/wilayah/{DKI}/?run=2",
    "counts of a province": f"/wilayah/{DKI}/catatan/",
    "history of a count": f"/riwayat/{KAPUK}/KTP/2021-11-23/loket/",
    "form, empty": "/catat/",
    "form, of a stored count": f"/catat/?wilayah={KAPUK}&dokumen=KTP&tanggal=2021-11-23&sumber=loket",
}


def queries(page: str) -> int:
    client = logged_in(cast.staff())
    client.get(PAGES[page])  # the first request of a log-in writes down when it was made
    forget_pages()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(PAGES[page]).status_code == 200
    return len(captured)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.usefixtures("story")
def test_a_page_asks_at_most_its_recorded_queries(page: str) -> None:
    """More regions, rows and runs, the same number of queries; another number is a change of query_counts.json."""
    few = queries(page)
    run("load_regions")
    write(*(count(1, code) for code in Region.objects.values_list("code", flat=True)))
    recompute_coverage(by=SYSTEM, day=DAY, now=NOON)
    if connection.vendor == "postgresql":
        # What a running server does by itself within a minute: without it a page is planned for empty tables, and read
        # for half a minute.
        connection.cursor().execute("ANALYZE")
    assert (few, queries(page)) == (RECORDED[page], RECORDED[page])
    assert RECORDED[page] - (WORK_QUERIES if page in WITH_WORK else 0) <= 8


@pytest.mark.usefixtures("story")
def test_a_cached_page_asks_five_queries() -> None:
    client = logged_in(cast.staff())
    for address, work in ((f"/wilayah/{BARAT}/", 0), ("/", WORK_QUERIES)):
        client.get(address)
        built = client.get(address)
        with CaptureQueriesContext(connection) as captured:
            again = client.get(address)
        assert len(captured) == 5 + work, address
        assert words(again) == words(built)


@pytest.mark.usefixtures("story")
def test_a_cached_page_matches_state_language_and_right() -> None:
    client = logged_in(cast.staff())
    assert "31.000 dari 60.000" in words(client.get("/"))
    client.cookies["django_language"] = "en"
    assert "31,000" in words(client.get("/"))
    del client.cookies["django_language"]
    assert "Hitung sekarang" not in words(logged_in(cast.reader()).get("/"))
    assert "Daerah Khusus" in words(client.get(f"/wilayah/{BARAT}/"))
    assert "Daerah Khusus" not in words(logged_in(cast.reader_barat()).get(f"/wilayah/{BARAT}/"))
    target(50_000, BARAT, since=DAY + timedelta(days=5))
    assert "50.000" in words(client.get(f"/wilayah/{BARAT}/")), "a planned target is told before the next run"
    write(count(1))
    recompute_coverage(by=SYSTEM, day=DAY, now=NOON)
    assert "31.001 dari 60.000" in words(client.get("/"))


@pytest.mark.usefixtures("story")
def test_todays_and_weekly_counts_stand_beside_the_sum() -> None:
    page = words(logged_in(cast.reader()).get("/"))
    assert "Kam, 25 Nov 1.000 · 7 hari terakhir 31.000" in page
    assert "Belum ada catatan untuk Kamis" not in page
    city = words(logged_in(cast.reader()).get(f"/wilayah/{BARAT}/"))
    assert "Kam, 25 Nov 0 · 7 hari terakhir 30.000" in city
    assert "Belum ada catatan untuk Kamis, 25 November 2021: Cengkareng." in city
    assert "Kam, 25 Nov – · 7 hari terakhir 30.000" in words(logged_in(cast.reader()).get(f"/wilayah/{KAPUK}/"))


@pytest.mark.usefixtures("story")
def test_the_pace_is_held_against_what_is_required() -> None:
    page = words(logged_in(cast.reader()).get("/"))
    assert "Tercapai sekitar 22 Desember bila laju tetap" in page
    assert "Perlu per hari kerja 1.116 sisa 26 hari kerja Laju sekarang 1.550,0 20 hari kerja terakhir" in page
    assert "Target 30.000 sudah tercapai" in words(logged_in(cast.reader()).get(f"/wilayah/{KAPUK}/"))
    assert "Kurang 17.723 bila laju tetap" in words(logged_in(cast.reader()).get(f"/wilayah/{PUSAT}/"))
    assert "Belum ada target untuk dikejar" in words(logged_in(cast.reader()).get("/wilayah/31.75/"))


@pytest.mark.usefixtures("story")
def test_gaps_are_ordered_by_people_or_percent() -> None:
    write(count(19_000, PUSAT, day=DAY - timedelta(days=1)))
    recompute_coverage(by=SYSTEM, day=DAY, now=NOON)
    client = logged_in(cast.reader())
    gaps = {how: words(client.get(f"/wilayah/{DKI}/?kurang={how}")) for how in ("", "persen", "x")}
    by_people = "Sisa 10.000, terbanyak Orang Persen Jakarta Barat 30.000 dari 40.000 · 75,00% 10.000 Jakarta Pusat"
    by_percent = "Paling tertinggal Orang Persen Jakarta Barat 30.000 dari 40.000 · sisa 10.000 75,00% Jakarta Pusat"
    assert [by_people in gaps[""], by_people in gaps["x"], by_percent in gaps["persen"]] == [True] * 3
    assert "Kecamatan: Grogol Petamburan 10.000" in gaps[""]
    assert "terbanyak" not in words(client.get(f"/wilayah/{KAPUK}/")), "nothing lies below"


@pytest.mark.usefixtures("story")
def test_a_figures_sources_lead_to_entries_and_changes() -> None:
    write(count(5, source="mobil"), count(20, source="trip-7"), count(7, f"{GROGOL}.1001", source="trip-12"))
    recompute_coverage(by=SYSTEM, day=DAY, now=NOON)
    client = logged_in(cast.reader())
    page = client.get(f"/wilayah/{BARAT}/")
    assert "Dari mana angkanya Loket layanan 30.000 Mobil keliling 32 Jumlahnya" in words(page)
    address = unescape(re.search(r'href="([^"]*sumber=mobil[^"]*)"', page.content.decode())[1])  # type: ignore[index]
    entries = client.get(address)
    assert [row[1:4] for row in rows(entries, "Catatan")] == [
        ["Kapuk 31.73.01.1004", "Mobil keliling", "5"],
        ["Kapuk 31.73.01.1004", "Laporan mobil nomor 7", "20"],
        ["Grogol 31.73.02.1001", "Laporan mobil nomor 12", "7"],
    ]
    assert f"/riwayat/{KAPUK}/KTP/2021-11-25/mobil/" in entries.content.decode()


def test_every_recorded_number_is_of_a_page() -> None:
    assert list(RECORDED) == list(PAGES)


@pytest.mark.usefixtures("story")
def test_a_stock_target_explains_the_summed_target() -> None:
    sentence = "Target wilayah ini adalah jumlah target kecamatan di bawahnya."
    target(90_000, BARAT, kind="stock")
    write(count(1))
    recompute_coverage(by=SYSTEM, day=DAY, now=NOON)
    client = logged_in(cast.reader())
    assert sentence in words(client.get("/wilayah/31.73/"))
    assert sentence not in words(client.get(f"/wilayah/{KAPUK}/"))
