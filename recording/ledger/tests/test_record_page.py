"""The form for one count: bad input is told at its field and kept, and nothing of it is saved."""

import re
import uuid
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import DatabaseError
from django.test import Client

from accounts.acts import Act
from accounts.models import User
from accounts.rights import SYSTEM
from accounts.tests import cast
from recording.ledger.selectors import check_ledger
from recording.ledger.services import record_count, return_counts
from recording.models import CountChange, DailyCount, Door, FormerName, Posting, Region
from recording.tests import world
from recording.tests.pages import Answer, logged_in, value, words, wrong
from recording.tests.world import BARAT, DAY, KAPUK, NOON, count, write

pytestmark = pytest.mark.usefixtures("at_noon")
FORM = f"/catat/?wilayah={KAPUK}&dokumen=KTP&tanggal=2021-11-25&sumber=loket"
NIK = "3173010101010001"
LONG = "x" * 10_000


def typed(**changes: str) -> dict[str, str]:
    """What a person sends: a good count of 31 people in Kapuk, but for the changes."""
    good = {
        "region": f"Kapuk ({KAPUK})",
        "document": "KTP",
        "day": "2021-11-25",
        "source": "loket",
        "people": "31",
        "reason": "",
        "seen": "",
        "key": uuid.uuid4().hex,
    }
    return good | changes


def send(client: Client, **changes: str) -> Answer:
    return client.post("/catat/", typed(**changes))


def nothing_is_saved() -> bool:
    return not (DailyCount.objects.exists() or Posting.objects.exists() or CountChange.objects.exists())


# What is good


@pytest.mark.parametrize(
    ("changes", "people"),
    [
        ({}, 31),
        ({"people": "31.000"}, 31_000),
        ({"people": "31,000"}, 31_000),
        ({"people": " 1 250 "}, 1_250),
        ({"people": "0"}, 0),
        ({"people": "nihil"}, 0),
        ({"region": "3173011004"}, 31),
        ({"region": " kel. KAPUK "}, 31),
        ({"day": "25/11/2021"}, 31),
    ],
)
def test_what_a_person_means_is_stored(changes: dict[str, str], people: int) -> None:
    assert send(logged_in(cast.head_barat()), **changes).status_code == 302
    assert world.value() == people
    posting = Posting.objects.get()
    assert (posting.by, posting.door, posting.reason) == (cast.head_barat(), Door.PAGE, "")
    assert posting.at - NOON < timedelta(minutes=5)


@pytest.mark.parametrize(("day", "name"), [("2021-02-28", "Kapuk Lama"), ("2021-03-01", "Kapuk")])
def test_suggestions_have_the_names_of_the_day(day: str, name: str) -> None:
    FormerName.objects.create(region_id=KAPUK, name="Kapuk Lama", last_day=date(2021, 2, 28))
    page = logged_in(cast.head_barat()).get(f"/cari/saran/?untuk=catat&q={KAPUK}&hari={day}")
    assert f'data-value="{name} ({KAPUK})"' in page.content.decode()


@pytest.mark.parametrize("code", [BARAT, "31.73.01", KAPUK])
def test_a_count_may_be_below_the_province(code: str) -> None:
    send(logged_in(cast.head_barat()), region=code)
    assert world.value(code) == 31


def test_after_saving_the_form_keeps_its_choices() -> None:
    client = logged_in(cast.head_barat())
    page = client.post("/catat/", typed(people="31.000", document="KIA", source="mobil"), follow=True)
    assert "Tersimpan: 31.000 orang di Kapuk (31.73.01.1004). Lihat riwayatnya" in words(page)
    assert f'href="/riwayat/{KAPUK}/KIA/2021-11-25/mobil/"' in page.content.decode()
    assert (value(page, "document"), value(page, "source"), value(page, "day")) == ("KIA", "mobil", "2021-11-25")
    assert (value(page, "region"), value(page, "people")) == ("", "")
    assert "Tersimpan" not in words(client.get("/catat/"))


def test_saving_the_stored_value_writes_nothing() -> None:
    write(count(31))
    page = logged_in(cast.head_barat()).post("/catat/", typed(), follow=True)
    assert "Sudah tercatat 31 orang di Kapuk (31.73.01.1004); tidak ada yang berubah." in words(page)
    assert CountChange.objects.count() == 1


def test_a_stored_count_is_corrected_with_a_reason() -> None:
    record_count(act=Act(cast.staff(), NOON, Door.PAGE), count=count(1_250))
    client = logged_in(cast.head_barat())
    form = client.get(FORM)
    assert "Sudah tercatat 1.250 orang oleh Dian Dinas, Kamis, 25 November 2021 pukul 12.00 WIB." in words(form)
    assert (value(form, "region"), value(form, "people")) == (f"Kapuk ({KAPUK})", "1250")
    page = client.post("/catat/", typed(people="1.260", reason="hitung ulang", seen=value(form, "seen")), follow=True)
    assert "Diubah menjadi 1.260 orang" in words(page)
    assert list(CountChange.objects.order_by("pk").values_list("delta", flat=True)) == [1_250, 10]


# What is not


SENTENCE = "Isian ini wajib diisi."
BAD: list[tuple[dict[str, str], str, str]] = [
    ({"region": "31.73.01.1999"}, "region", "Kode wilayah 31.73.01.1999 tidak dikenal."),
    (
        {"region": "Daerah Khusus Ibukota Jakarta (31)"},
        "region",
        "Pilih wilayah di bawah provinsi: kota/kabupaten, kecamatan, atau kelurahan.",
    ),
    ({"region": "Gambir"}, "region", "“Gambir” ada lebih dari satu. Pilih yang dimaksud, atau tulis kodenya."),
    ({"region": "Atlantis"}, "region", "Tidak ada wilayah bernama “Atlantis”. Periksa ejaannya, atau tulis kodenya."),
    ({"region": "3173010"}, "region", "Kode BPS terdeteksi"),
    ({"region": "31.7"}, "region", "bukan kode wilayah"),
    ({"region": ""}, "region", SENTENCE),
    ({"region": LONG}, "region", "paling banyak 120 karakter"),
    ({"region": NIK}, "region", "Kode wilayah terlalu panjang"),
    ({"region": "Kapuk\x00"}, "region", "Karakter"),
    ({"region": "Cideng (31.71.01.1002)"}, "region", "sudah tutup pada tanggal itu: hari terakhirnya Rabu, 24 November 2021."),
    ({"people": "-5"}, "people", "Jumlah tidak boleh negatif."),
    ({"people": "−5"}, "people", "Jumlah tidak boleh negatif."),
    ({"people": "1,5"}, "people", "bukan bilangan bulat"),
    ({"people": "0.5"}, "people", "bukan bilangan bulat"),
    ({"people": "51,67%"}, "people", "adalah persentase"),
    ({"people": "banyak"}, "people", "bukan jumlah orang"),
    ({"people": "31.00"}, "people", "bukan bilangan bulat"),
    ({"people": "9.999.999.999"}, "people", "terlalu besar"),
    ({"people": NIK}, "people", "portal tidak menyimpan NIK"),
    ({"people": ""}, "people", "Kosong berarti belum ada data; tulis 0 bila nihil."),
    ({"people": "  "}, "people", "Kosong berarti belum ada data; tulis 0 bila nihil."),
    ({"people": "-"}, "people", "Kosong berarti belum ada data; tulis 0 bila nihil."),
    ({"people": LONG}, "people", "bukan jumlah orang"),
    ({"people": "3\x00"}, "people", "bukan jumlah orang"),
    ({"day": "2021-11-26"}, "day", "Tanggal pelayanan belum tiba; paling akhir hari ini."),
    ({"day": "26/11/2021"}, "day", "Tanggal pelayanan belum tiba"),
    ({"day": "9999-12-31"}, "day", "Tanggal pelayanan belum tiba"),
    ({"day": "2019-12-31"}, "day", "Tanggal itu mendahului periode pertama, 2020"),
    ({"day": "0001-01-01"}, "day", "Tanggal itu mendahului periode pertama"),
    ({"day": "2021-02-30"}, "day", "Tanggal tidak sah. Tulis seperti 25/11/2021."),
    ({"day": "11/25/2021"}, "day", "Tanggal tidak sah."),
    ({"day": "kemarin"}, "day", "Tanggal tidak sah."),
    ({"day": LONG}, "day", "Tanggal tidak sah."),
    ({"day": ""}, "day", SENTENCE),
    ({"document": "SIM"}, "document", "SIM"),
    ({"document": ""}, "document", SENTENCE),
    ({"source": "pasar"}, "source", "pasar"),
    ({"reason": f"warga {NIK}"}, "reason", "Hapus angka 16 digit: portal tidak menyimpan NIK."),
    ({"reason": LONG}, "reason", "paling banyak 500 karakter"),
    ({"reason": "a\x00b"}, "reason", "Karakter"),
]


@pytest.mark.parametrize(("changes", "field", "sentence"), BAD, ids=[f"{f}: {c[f][:30]}" if f in c else f for c, f, _ in BAD])
def test_bad_input_is_told_and_kept_as_typed(changes: dict[str, str], field: str, sentence: str) -> None:
    Region.objects.filter(code="31.71.01.1002").update(closed=DAY - timedelta(days=1))
    data = typed(**changes)
    page = logged_in(cast.staff()).post("/catat/", data)
    assert page.status_code == 400
    assert list(wrong(page)) == [field]
    assert sentence in wrong(page)[field]
    assert NIK not in wrong(page)[field]
    assert f"Belum tersimpan: ada yang perlu diperbaiki {wrong(page)[field]}" in words(page)
    kept = {name: value(page, name).replace("\r\n", "\n") for name in ("region", "day", "people", "reason", "key")}
    assert kept == {name: data[name] for name in kept}
    assert nothing_is_saved()


def test_everything_wrong_is_told_at_once() -> None:
    page = send(logged_in(cast.staff()), region="Atlantis", day="kemarin", people="-1", reason=NIK * 40)
    assert set(wrong(page)) == {"region", "day", "people", "reason"}
    assert set(wrong(logged_in(cast.staff()).post("/catat/", {}))) == {"region", "document", "day", "source", "people"}
    assert nothing_is_saved()


def test_a_correction_without_a_reason_is_refused() -> None:
    write(count(10))
    client = logged_in(cast.head_barat())
    page = send(client, people="12", seen=value(client.get(FORM), "seen"))
    assert (page.status_code, list(wrong(page))) == (400, ["reason"])
    assert "Sudah tercatat 10. Untuk mengubahnya menjadi 12, tulis alasan." in wrong(page)["reason"]
    assert (world.value(), value(page, "people")) == (10, "12")


@pytest.mark.parametrize("changes", [{"key": "k" * 81}, {"key": "k\x00"}, {"seen": "\x00"}])
def test_errors_in_hidden_fields_stand_above(changes: dict[str, str]) -> None:
    page = send(logged_in(cast.head_barat()), **changes)
    assert (page.status_code, wrong(page)) == (400, {})
    assert re.search(r"ada yang perlu diperbaiki .*[Kk]arakter", words(page))
    assert nothing_is_saved()


# Whose city it is


@pytest.mark.parametrize(
    ("who", "code", "status", "sentence"),
    [
        (cast.head_timur, KAPUK, 403, "Wilayah 31.73.01.1004 di luar kewenangan Anda."),
        (cast.head_barat, "31.75.01.1004", 403, "Wilayah 31.75.01.1004 di luar kewenangan Anda."),
        (cast.head_barat, "Palmeriam", 403, "di luar kewenangan Anda."),
        (cast.head_barat, "32.73.01.1001", 404, "Wilayah 32.73.01.1001 tidak ditemukan."),
    ],
)
def test_another_jurisdiction_is_refused_at_the_field(who: Callable[[], User], code: str, status: int, sentence: str) -> None:
    page = send(logged_in(who()), region=code)
    assert (page.status_code, list(wrong(page))) == (status, ["region"])
    assert sentence in wrong(page)["region"]
    assert value(page, "people") == "31"
    assert nothing_is_saved()


@pytest.mark.parametrize("who", [cast.reader, cast.reader_barat])
def test_one_who_may_write_nothing_gets_no_form(who: Callable[[], User]) -> None:
    client = logged_in(who())
    for page in (client.get("/catat/"), send(client)):
        assert (page.status_code, "Akun Anda tidak berwenang" in words(page)) == (403, True)
    assert nothing_is_saved()


def test_writing_needs_a_log_in_and_csrf_token() -> None:
    assert send(logged_in(None)).status_code == 302
    client = logged_in(cast.head_barat())
    client.handler.enforce_csrf_checks = True
    assert send(client).status_code == 403
    assert nothing_is_saved()


def test_suggestions_are_open_villages_of_the_own_jurisdiction() -> None:
    Region.objects.filter(code="31.73.01.1001").update(closed=DAY - timedelta(days=1))
    Region.objects.filter(code="31.73.02.1001").update(opened=DAY)
    client = logged_in(cast.head_barat())
    for day, offered in ((DAY, [KAPUK, "31.73.02.1001"]), (DAY - timedelta(days=1), ["31.73.01.1001", KAPUK])):
        page = client.get(f"/cari/saran/?untuk=catat&q=31&hari={day}").content.decode()
        assert re.findall(r'data-value="[^"]*\((31.{11})\)"', page) == offered


# Twice, and two at once


def test_a_form_sent_twice_is_one_posting() -> None:
    client = logged_in(cast.head_barat())
    data = typed()
    pages = [client.post("/catat/", data, follow=True) for _ in range(2)]
    assert ["Tersimpan: 31 orang di Kapuk" in words(page) for page in pages] == [True, True]
    assert (Posting.objects.count(), CountChange.objects.count()) == (1, 1)


def test_resending_a_form_undoes_no_later_correction() -> None:
    client = logged_in(cast.head_barat())
    data = typed()
    client.post("/catat/", data)
    write(count(40))
    assert client.post("/catat/", data).status_code == 302
    assert world.value() == 40


def test_a_resent_form_with_another_number_is_told() -> None:
    """The way back in the browser, another number, and Save: the key is the old one."""
    client = logged_in(cast.head_barat())
    data = typed()
    client.post("/catat/", data)
    told = client.post("/catat/", data | {"people": "32"})
    assert (told.status_code, "sudah dipakai untuk isi lain" in words(told)) == (409, True)
    assert "diubah orang lain" not in words(told)
    assert (value(told, "people"), world.value()) == ("32", 31)
    saved = client.post("/catat/", sent_again(told) | {"reason": "salah ketik"})
    assert (saved.status_code, world.value()) == (302, 32)


def sent_again(page: Answer) -> dict[str, str]:
    """Everything that stands in the form, as the browser would send it."""
    return {name: value(page, name) for name in typed()}


def test_the_second_writer_is_told_and_may_resave() -> None:
    write(count(10))
    first, second = logged_in(cast.staff()), logged_in(cast.head_barat())
    seen = value(first.get(FORM), "seen")
    assert value(second.get(FORM), "seen") == seen
    assert send(first, people="1.200", reason="hitung ulang", seen=seen).status_code == 302
    told = send(second, people="15", reason="salah baca", seen=seen)
    assert told.status_code == 409
    assert "Dian Dinas baru saja mengubah catatan ini menjadi 1.200. Periksa, lalu simpan lagi." in wrong(told)["people"]
    assert "Yang Anda tulis 15 Yang tersimpan sekarang 1.200 Dian Dinas, Kamis, 25 November 2021" in words(told)
    assert (value(told, "people"), value(told, "reason"), world.value()) == ("15", "salah baca", 1_200)
    assert send(second, people="15", reason="salah baca", seen=seen).status_code == 409, "an old page stays old"
    assert second.post("/catat/", sent_again(told)).status_code == 302
    assert (world.value(), check_ledger().mismatches) == (15, 0)


def test_two_first_writers_of_a_count_conflict() -> None:
    first, second = logged_in(cast.staff()), logged_in(cast.head_barat())
    send(first, people="10")
    told = send(second, people="11")
    assert (told.status_code, world.value()) == (409, 10)
    assert "Dian Dinas" in wrong(told)["people"]
    saved = second.post("/catat/", sent_again(told) | {"reason": "hitung ulang"})
    assert (saved.status_code, world.value()) == (302, 11)


def test_a_count_returned_meanwhile_is_told() -> None:
    write(count(10))
    client = logged_in(cast.head_barat())
    seen = value(client.get(FORM), "seen")
    return_counts(act=Act(cast.staff(), NOON, Door.PAGE), keys=[count(0).key], reason="keliru")
    told = send(client, people="12", reason="x", seen=seen)
    assert (told.status_code, world.value()) == (409, None)
    assert "Yang tersimpan sekarang –" in words(told)
    assert client.post("/catat/", sent_again(told)).status_code == 302
    assert world.value() == 12


@pytest.mark.usefixtures("unlucky")
def test_a_write_failing_midway_leaves_nothing() -> None:
    """The posting is stored first; when the count then fails, both are gone."""
    client = logged_in(cast.head_barat())
    with pytest.raises(DatabaseError):
        send(client, people="13")
    assert nothing_is_saved()
    assert send(client, people="12").status_code == 302
    assert world.value() == 12


# The address


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("tanggal=kemarin", 404),
        ("tanggal=2021-02-30", 404),
        ("tanggal=", 404),
        (f"tanggal={LONG}", 404),
        ("wilayah=31.99", 404),
        ("wilayah=", 404),
        (f"wilayah={LONG}", 404),
        ("wilayah=32", 404),
        ("wilayah=31.73%00", 400),
        ("tanggal=%00", 400),
        ("dokumen=SIM&sumber=pasar", 200),
        ("wilayah=31", 200),
        ("tanggal=2035-01-01", 200),
        ("tanggal=0001-01-01", 200),
        (f"wilayah={KAPUK}&dokumen=KTP&sumber=loket&tanggal=9999-12-31", 200),
    ],
)
def test_nonsense_in_the_address_is_never_an_error(query: str, status: int) -> None:
    page = logged_in(cast.admin()).get(f"/catat/?{query}")
    assert page.status_code == status
    if status == 404:
        assert re.search("tidak (sah|ditemukan)", words(page))


def test_a_form_is_uncached_with_its_own_key() -> None:
    client = logged_in(cast.head_barat())
    pages = [client.get("/catat/") for _ in range(2)]
    assert "no-store" in pages[0]["Cache-Control"]
    keys = {value(page, "key") for page in pages}
    assert (len(keys), {len(key) for key in keys}) == (2, {32})


def test_the_form_opens_only_for_own_regions() -> None:
    assert logged_in(cast.head_timur()).get(f"/catat/?wilayah={KAPUK}").status_code == 403


def test_no_count_of_the_province_is_asked() -> None:
    form = logged_in(cast.staff()).get("/catat/?wilayah=31")
    assert value(form, "region") == ""


def test_a_returned_count_is_not_called_stored() -> None:
    write(count(10))
    return_counts(act=Act(SYSTEM, NOON, Door.PAGE), keys=[count(0).key], reason="keliru")
    assert "Sudah tercatat" not in words(logged_in(cast.head_barat()).get(FORM))
