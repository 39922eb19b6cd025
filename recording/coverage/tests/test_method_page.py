"""The page of methods: every definition, what is missing, and the ledger proved on demand."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.rights import SYSTEM
from accounts.tests import cast
from recording.coverage.definitions import definitions
from recording.coverage.services import run_due
from recording.models import Document
from recording.tests.pages import logged_in, rows, words
from recording.tests.world import DAY, KAPUK, NOON, count, target, write


@pytest.fixture
def story(at_noon: None) -> None:
    target(100, KAPUK)
    target(10, "31.71.01.1001")
    write(count(30, day=DAY - timedelta(days=1)), count(0, "31.75.01.1004", day=DAY - timedelta(days=2)))
    run_due(by=SYSTEM, now=NOON)


@pytest.mark.usefixtures("story")
def test_every_definition_has_an_address_of_its_own() -> None:
    html = logged_in(cast.reader()).get("/metode/").content.decode()
    for name, term, _meaning in definitions(Document.KTP):
        assert html.count(f'id="arti-{name}"') == 1
        assert term in html
    assert html.count('id="arti-capaian-kia"') == 1
    assert "wajib KIA (di bawah 17 tahun" in html


@pytest.mark.usefixtures("story")
def test_what_is_missing_is_told_by_level() -> None:
    page = words(logged_in(cast.reader()).get("/metode/"))
    assert "Kota/kabupaten: 1 dari 3 tanpa target, 1 dengan target tetapi belum ada laporan." in page
    assert "Kelurahan: 4 dari 6 tanpa target, 1 dengan target tetapi belum ada laporan." in page
    own = words(logged_in(cast.reader_barat()).get("/metode/"))
    assert "Kecamatan: 1 dari 2 tanpa target, 0 dengan target" in own
    assert "Jakarta Pusat" not in own


@pytest.mark.usefixtures("story")
def test_unreported_days_are_dashes_not_zeros() -> None:
    page = logged_in(cast.reader()).get("/metode/")
    found = {row[0]: row[1:] for row in rows(page, "Orang per hari kerja")}
    assert found["Jakarta Barat"] == [*["–"] * 9, "30", "9"]
    assert found["Jakarta Timur"] == [*["–"] * 8, "0", "–", "9"]
    assert found["Jakarta Pusat"] == [*["–"] * 10, "10"]


@pytest.mark.usefixtures("story")
def test_a_night_names_its_run_or_none() -> None:
    nights = rows(logged_in(cast.reader()).get("/metode/"), "Perhitungan malam per hari")
    assert len(nights) == 14
    assert nights[0] == ["Rab, 24 Nov 2021", "nomor 1", "Kam, 25 Nov 2021 pukul 12.00 WIB"]
    assert nights[1] == ["Sel, 23 Nov 2021", "belum dihitung", "–"]


@pytest.mark.parametrize(("who", "status"), [(cast.staff, 302), (cast.admin, 302), (cast.head_barat, 403), (cast.reader, 403)])
@pytest.mark.usefixtures("story")
def test_the_ledger_check_is_for_entitled_readers(who: Callable[[], User], status: int) -> None:
    client = logged_in(who())
    assert ("Periksa jejak audit sekarang" in words(client.get("/metode/"))) is (status == 302)
    answer = client.post("/metode/periksa-buku/")
    assert answer.status_code == status
    if status == 302:
        page = words(client.get(answer["Location"]))
        assert "Jejak audit cocok: 2 perubahan berjumlah tepat sama dengan 2 hitungan." in page


@pytest.mark.usefixtures("at_noon")
def test_before_the_first_run_the_rules_stand() -> None:
    page = words(logged_in(cast.staff()).get("/metode/"))
    assert "Kosong bukan nol" in page
    assert "Belum ada angka" in page


@pytest.mark.usefixtures("story")
def test_the_page_asks_nine_times() -> None:
    client = logged_in(cast.staff())
    client.get("/metode/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/metode/")
    assert len(captured) == 9
