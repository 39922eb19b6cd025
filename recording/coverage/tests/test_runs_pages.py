"""The list of runs and two of them side by side: every run as it was."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.acts import Act
from accounts.rights import SYSTEM
from accounts.tests import cast
from recording.coverage.services import recompute_coverage, run_due
from recording.coverage.voiding import void_run
from recording.models import CoverageRun, Door
from recording.tests import world
from recording.tests.pages import logged_in, rows, words
from recording.tests.world import BARAT, DAY, KAPUK, NOON, count, target, write


@pytest.fixture
def story(at_noon: None) -> None:
    """Number 1 for yesterday (30 of 100), number 2 for today (41 of 120)."""
    target(100, KAPUK)
    write(count(30, day=DAY - timedelta(days=1)))
    run_due(by=SYSTEM, now=NOON)
    write(count(11))
    target(120, KAPUK, since=DAY)
    recompute_coverage(by=SYSTEM, day=DAY, now=NOON)


@pytest.mark.usefixtures("story")
def test_every_run_is_listed_newest_first() -> None:
    page = logged_in(cast.reader()).get("/angka/")
    assert rows(page, "Perhitungan") == [
        ["Kam, 25 Nov 2021", "2", "Sementara", "41 dari 120", "34,17%", "+11 mengapa?", "Kam, 25 Nov 2021 pukul 12.00 WIB"],
        ["Rab, 24 Nov 2021", "1", "Angka resmi", "30 dari 100", "30,00%", "–", "Kam, 25 Nov 2021 pukul 12.00 WIB"],
    ]
    assert 'href="/wilayah/31/?dokumen=KTP&amp;run=1"' in page.content.decode()
    assert 'href="/wilayah/31/perubahan/?dokumen=KTP&amp;sampai=2"' in page.content.decode()
    assert rows(logged_in(cast.reader()).get("/angka/?dokumen=KIA"), "Perhitungan")[0][3:6] == ["–", "–", "–"]


@pytest.mark.usefixtures("story")
def test_only_runs_that_count_are_official() -> None:
    """Nor are others compared unasked: one that is void, one of a day to come, and one of today as if it were over."""
    act = Act(SYSTEM, NOON, Door.COMMAND)
    for number, days in ((3, 2), (4, 0), (5, -1), (6, 3)):
        official = {"status": "official", "ledger_position": 0, "audit_position": 0, "finished_at": NOON}
        CoverageRun.objects.create(number=number, as_of=DAY + timedelta(days=days), **official)
    for number in (5, 6):
        void_run(act=act, number=number, reason="dua kali")
    assert [run.number for run in CoverageRun.objects.credible(DAY).newest_first()] == [2, 1]
    client = logged_in(cast.reader())
    for address in ("/angka/banding/?a=1&b=3", "/wilayah/31/perubahan/?dari=1&sampai=3"):
        assert "Harinya belum lewat keadaan per Sabtu, 27 November 2021" in words(client.get(address))
    page = client.get("/angka/")
    assert [(row[1], row[2]) for row in rows(page, "Perhitungan")] == [
        ("6", "Tidak berlaku dua kali"),
        ("3", "Harinya belum lewat"),
        ("4", "Harinya belum lewat"),
        ("2", "Sementara"),
        ("5", "Tidak berlaku dua kali"),
        ("1", "Angka resmi"),
    ]
    text = page.content.decode()
    assert text.count("status-done") == 1
    assert re.findall(r'<option value="(\d)" selected>', text) == ["1", "2"]
    assert "nomor 5 · Rab, 24 Nov 2021 · Tidak berlaku" in words(page)


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize(
    ("number", "meaning", "term"),
    [(1, "Angka resmi: Dihitung sesudah harinya", "resmi"), (2, "Sementara: Dihitung sebelum harinya", "sementara")],
)
def test_a_status_is_explained(number: int, meaning: str, term: str) -> None:
    """On paper, and one tap away on the screen."""
    client = logged_in(cast.reader())
    assert words(client.get(f"/wilayah/31/cetak/?run={number}")).count(": Dihitung se") == 1
    assert meaning in words(client.get(f"/wilayah/31/cetak/?run={number}"))
    assert f'href="#arti-{term}"' in client.get(f"/wilayah/31/?run={number}").content.decode()
    assert f'href="/metode/#arti-{term}"' in client.get(f"/wilayah/31/unduh/?run={number}").content.decode()


@pytest.mark.usefixtures("story")
def test_a_reader_of_a_city_sees_the_city() -> None:
    page = logged_in(cast.reader_barat()).get("/angka/")
    assert "Kota Administrasi Jakarta Barat" in words(page)
    assert 'href="/wilayah/31.73/?dokumen=KTP&amp;run=2"' in page.content.decode()


@pytest.mark.usefixtures("story")
def test_a_day_opens_its_run() -> None:
    client = logged_in(cast.reader())
    assert client.get("/angka/?tanggal=2021-11-24")["Location"] == "/wilayah/31/?dokumen=KTP&run=1"
    assert client.get("/angka/?tanggal=2021-11-25&dokumen=KIA")["Location"] == "/wilayah/31/?dokumen=KIA&run=2"
    assert client.get("/angka/?tanggal=kemarin").status_code == 404


@pytest.mark.usefixtures("story")
def test_two_runs_stand_side_by_side() -> None:
    client = logged_in(cast.reader())
    page = client.get("/angka/banding/?a=1&b=2&wilayah=31.73")
    assert "Rab, 24 Nov 2021 – Kam, 25 Nov 2021 Selisih +11 orang" in words(page)
    assert rows(page, "Dua angka") == [
        ["Cengkareng", "30 dari 100", "30,00%", "41 dari 120", "34,17%", "+11"],
        ["Grogol Petamburan", "–", "–", "–", "–", "0"],
    ]
    back = client.get("/angka/banding/?a=2&b=1")
    assert "−11 orang" in words(back)
    assert "dengan dirinya sendiri" in words(client.get("/angka/banding/?a=2&b=2"))
    assert "nomor 1" in words(page)
    assert "nomor 2" in words(page)


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/angka/banding/", "Pilih dua angka untuk dibandingkan"),
        ("/angka/banding/?a=1", "Pilih dua angka"),
        ("/angka/banding/?a=1&b=9", "Perhitungan nomor 9 tidak ada."),
        ("/angka/banding/?a=x&b=2", "Perhitungan nomor x tidak ada."),
        ("/angka/banding/?a=1&b=2&wilayah=31.99", "Wilayah 31.99 tidak ditemukan."),
        ("/angka/banding/?a=1&b=2&periode=1999", "Periode 1999 tidak ada."),
        ("/angka/?dokumen=SIM", "Dokumen SIM tidak dikenal"),
    ],
)
@pytest.mark.usefixtures("story")
def test_a_bad_address_answers_404_with_a_sentence(address: str, sentence: str) -> None:
    page = logged_in(cast.admin()).get(address)
    assert (page.status_code, sentence in words(page)) == (404, True)


@pytest.mark.usefixtures("story")
def test_a_city_reader_sees_no_other_citys_runs() -> None:
    client = logged_in(cast.reader_barat())
    assert client.get("/angka/banding/?a=1&b=2&wilayah=31.71").status_code == 404
    assert client.get(f"/angka/banding/?a=1&b=2&wilayah={BARAT}").status_code == 200


@pytest.mark.usefixtures("at_noon")
def test_before_the_first_run_it_says_when() -> None:
    assert "Belum ada perhitungan." in words(logged_in(cast.staff()).get("/angka/"))


@pytest.mark.parametrize(("address", "number"), [("/angka/", 7), ("/angka/banding/?a=1&b=2", 8)])
@pytest.mark.usefixtures("story")
def test_the_pages_ask_as_often_as_recorded(address: str, number: int) -> None:
    client = logged_in(cast.staff())
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    assert len(captured) == number
    world.write(count(1))
