"""The pages behind a figure: the counts of a region, and the history of one of them."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from accounts.acts import Act
from accounts.models import User
from accounts.rights import SYSTEM
from accounts.tests import cast
from recording.ledger.count_pages import ROWS_PER_PAGE
from recording.ledger.services import record_count, return_counts, undo_posting
from recording.models import Door
from recording.tests.pages import logged_in, rows, words
from recording.tests.world import BARAT, DAY, KAPUK, NOON, after, count, write

pytestmark = pytest.mark.usefixtures("at_noon")
COUNTS = f"/wilayah/{BARAT}/catatan/"
HISTORY = f"/riwayat/{KAPUK}/KTP/2021-11-25/loket/"
READERS = [cast.admin, cast.staff, cast.head_barat, cast.head_timur, cast.reader, cast.reader_barat, cast.api_client]


def test_the_list_includes_every_region_below() -> None:
    record_count(act=Act(cast.head_barat(), after(hours=-1), Door.PAGE), count=count(1_250))
    write(count(0, BARAT, source="mobil", day=DAY - timedelta(days=1)), count(9, "31.75"), count(3, document="KIA"))
    found = rows(logged_in(cast.reader()).get(COUNTS))
    assert [line[:5] for line in found] == [
        ["Kam, 25 Nov 2021", "Kapuk 31.73.01.1004", "Loket layanan", "1.250", "Budi Barat Kam, 25 Nov 2021 pukul 11.00 WIB"],
        [
            "Rab, 24 Nov 2021",
            "Kota Administrasi Jakarta Barat 31.73",
            "Mobil keliling",
            "0",
            "Sistem Kam, 25 Nov 2021 pukul 12.00 WIB",
        ],
    ]
    cards = rows(logged_in(cast.reader()).get(f"{COUNTS}?dokumen=KIA"))
    assert [line[3] for line in cards] == ["3"]


def link(page: Any, words: str) -> str:
    """The address of the button with these words; "" without one."""
    found = re.search(rf'<a class="button"[^>]* href="([^"]*)">(?:\s|<svg.*?</svg>)*{words}', page.content.decode(), re.DOTALL)
    return unescape(found[1]) if found else ""


def test_a_long_list_has_links_both_ways() -> None:
    write(*(count(1, day=DAY - timedelta(days=back)) for back in range(2 * ROWS_PER_PAGE + 1)))
    client = logged_in(cast.reader())
    first = client.get(COUNTS)
    second = client.get(link(first, "Lebih lama"))
    last = client.get(link(second, "Lebih lama"))
    assert [len(rows(page)) for page in (first, second, last)] == [ROWS_PER_PAGE, ROWS_PER_PAGE, 1]
    assert (link(first, "Lebih baru"), link(last, "Lebih lama"), link(last, "Terlama")) == ("", "", "")
    assert rows(client.get(link(last, "Lebih baru"))) == rows(second)
    assert rows(client.get(link(second, "Lebih baru"))) == rows(first)
    assert rows(client.get(link(last, "Terbaru"))) == rows(first)
    oldest = rows(client.get(link(first, "Terlama")))
    assert (len(oldest), oldest[-1]) == (ROWS_PER_PAGE, rows(last)[-1])


def test_a_list_begins_at_a_chosen_day() -> None:
    write(*(count(1, day=DAY - timedelta(days=back)) for back in range(ROWS_PER_PAGE + 10)))
    client = logged_in(cast.reader())
    page = client.get(COUNTS, {"mulai": (DAY - timedelta(days=20)).isoformat()})
    assert (len(rows(page)), rows(page)[0][0]) == (ROWS_PER_PAGE - 10, "Jum, 5 Nov 2021")
    assert 'name="mulai" type="date" required value="2021-11-05"' in page.content.decode()
    assert rows(client.get(link(page, "Lebih baru"))) == rows(client.get(COUNTS))


@pytest.mark.parametrize(
    "odd", ["0", "x", "", "2021-02-30", "٢", "2021-11-25,31.73", "a,b,c", ",,", "2021-11-25,,", "1" * 5_000, "2021-11-25,a,b,c"]
)
@pytest.mark.parametrize("name", ["mulai", "sebelum", "halaman"])
def test_a_nonsense_place_shows_the_first_page(name: str, odd: str) -> None:
    write(count(1))
    page = logged_in(cast.reader()).get(COUNTS, {name: odd})
    assert (page.status_code, len(rows(page))) == (200, 1)


def test_a_day_before_all_entries_is_empty() -> None:
    write(count(1))
    page = logged_in(cast.reader()).get(COUNTS, {"mulai": "2001-01-01"})
    assert (page.status_code, rows(page)) == (200, [])
    assert link(page, "Terbaru")


def test_a_history_tells_every_change_and_why() -> None:
    record_count(act=Act(cast.head_barat(), after(hours=-3), Door.PAGE), count=count(10))
    mistaken = record_count(act=Act(cast.staff(), after(hours=-2), Door.COMMAND), count=count(1_210), reason="hitung ulang")
    assert mistaken.new == 1_210
    posting = write(count(5), now=after(hours=-1), reason="salah baca").posting
    assert posting
    undo_posting(act=Act(cast.staff(), NOON, Door.PAGE), posting=posting.pk, reason="keliru")
    return_counts(act=Act(SYSTEM, NOON, Door.PAGE), keys=[count(0).key], reason="laporan dikembalikan")
    page = logged_in(cast.reader()).get(HISTORY)
    assert "Riwayat catatan Kapuk" in words(page)
    assert "Nilai sekarang – ditarik kembali; belum ada nilai" in words(page)
    assert [line[1:6] for line in rows(page)] == [
        ["Sistem", "Halaman", "1.210 → –", "−1.210", "Laporan dikembalikan: laporan dikembalikan"],
        ["Dian Dinas", "Halaman", "5 → 1.210", "+1.205", "Pembatalan: keliru"],
        ["Sistem", "Perintah", "1.210 → 5", "−1.205", "Pencatatan: salah baca"],
        ["Dian Dinas", "Perintah", "10 → 1.210", "+1.200", "Pencatatan: hitung ulang"],
        ["Budi Barat", "Halaman", "– → 10", "+10", "Pencatatan"],
    ]
    assert rows(page)[4][0] == "Kam, 25 Nov 2021 pukul 09.00 WIB"


def test_typed_text_is_escaped() -> None:
    write(count(1), reason="<b>tebal</b> & 'kutip'")
    page = logged_in(cast.reader()).get(HISTORY)
    assert "<b>tebal</b> & 'kutip'" in words(page)
    assert b"<b>tebal" not in page.content


@pytest.mark.parametrize("who", READERS, ids=lambda who: who.__name__)
def test_a_city_reader_reads_no_other_citys_counts(who: Callable[[], User]) -> None:
    write(count(7), count(8, "31.75"))
    client = logged_in(who())
    assert [line[3] for line in rows(client.get(COUNTS))] == ["7"]
    assert client.get(HISTORY).status_code == 200
    elsewhere = client.get("/wilayah/31.75/catatan/"), client.get("/riwayat/31.75/KTP/2021-11-25/loket/")
    expected = 404 if who is cast.reader_barat else 200
    assert [page.status_code for page in elsewhere] == [expected] * 2


@pytest.mark.parametrize(
    ("who", "offered"), [(cast.head_barat, True), (cast.staff, True), (cast.head_timur, False), (cast.reader, False)]
)
def test_only_entitled_users_are_offered_a_correction(who: Callable[[], User], offered: bool) -> None:
    write(count(7))
    client = logged_in(who())
    assert ("Koreksi catatan ini" in words(client.get(HISTORY))) is offered
    assert ("/catat/?wilayah=" in client.get(COUNTS).text) is offered


LONG = "x" * 10_000
BAD = [
    ("/wilayah/31.99/catatan/", "Wilayah 31.99 tidak ditemukan."),
    ("/wilayah/bukan-kode/catatan/", "Wilayah bukan-kode tidak ditemukan."),
    (f"/wilayah/{LONG}/catatan/", "tidak ditemukan."),
    (f"{COUNTS}?dokumen=SIM", "Dokumen SIM tidak dikenal; pilih KTP atau KIA."),
    ("/riwayat/31.99/KTP/2021-11-25/loket/", "Wilayah 31.99 tidak ditemukan."),
    (f"/riwayat/{KAPUK}/SIM/2021-11-25/loket/", "Dokumen SIM tidak dikenal"),
    (f"/riwayat/{KAPUK}/KTP/25-11-2021/loket/", "Tanggal “25-11-2021” tidak sah; tulis seperti 2021-11-25."),
    (f"/riwayat/{KAPUK}/KTP/2021-02-30/loket/", "tidak sah"),
    (f"/riwayat/{KAPUK}/KTP/kemarin/loket/", "tidak sah"),
    (f"/riwayat/{KAPUK}/KTP/{LONG}/loket/", "tidak sah"),
    (f"/riwayat/{KAPUK}/KTP/2021-11-25/pasar/", "Tidak ada catatan untuk wilayah, dokumen, tanggal"),
    (f"/riwayat/{KAPUK}/KTP/9999-12-31/loket/", "Tidak ada catatan"),
    (f"/riwayat/{KAPUK}/KTP/0001-01-01/loket/", "Tidak ada catatan"),
    (f"/riwayat/{KAPUK}/KTP/2021-11-25/{LONG}/", "Tidak ada catatan"),
    (f"/riwayat/{KAPUK}/KTP/2021-11-25/%ed%a0%80/", "Tidak ada catatan"),
]


@pytest.mark.parametrize(("address", "sentence"), BAD, ids=[address[:60] for address, _ in BAD])
def test_a_bad_address_answers_404_in_words(address: str, sentence: str) -> None:
    write(count(1))
    page = logged_in(cast.admin()).get(address)
    assert page.status_code == 404
    assert sentence in words(page.content.decode().partition("<main")[2])


@pytest.mark.parametrize("address", [f"/riwayat/{KAPUK}%00/KTP/2021-11-25/loket/", f"/riwayat/{KAPUK}/KTP/2021-11-25/%00/"])
def test_a_byte_that_no_text_holds_answers_400(address: str) -> None:
    assert logged_in(cast.admin()).get(address).status_code == 400


@pytest.mark.parametrize("address", [COUNTS, HISTORY])
def test_these_pages_are_for_reading_only(address: str) -> None:
    write(count(1))
    assert logged_in(cast.admin()).post(address).status_code == 405


def test_the_form_corrects_no_count_of_another_source() -> None:
    """The form would not know the source, and enter the people a second time."""
    write(count(10, source="puskesmas"), count(5))
    browser = logged_in(cast.admin())
    for source, offered in (("puskesmas", False), ("loket", True)):
        page = browser.get(f"/riwayat/{KAPUK}/KTP/{DAY}/{source}/").content.decode()
        assert ("Koreksi catatan ini" in page) is offered
