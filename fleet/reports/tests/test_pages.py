"""The pages of the daily report, by plain form and as the script asks them: same rules, same answers."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.acts import Act
from accounts.tests import cast
from fleet.models import Trip, VanReport
from fleet.reports.approval import approve_report, return_report
from fleet.reports.body import IDLE, ReportBody
from fleet.schedule.trips import cancel_trip
from fleet.tests.stops import GROGOL, PALMERIAM, body, send, stands, stop, van
from recording.tests.pages import logged_in, rows, words
from recording.tests.world import DAY, KAPUK, NOON

pytestmark = pytest.mark.usefixtures("at_noon")
JSON = {"HTTP_ACCEPT": "application/json"}


def post(client: Client, trip: Trip, *, script: bool = False, **fields: Any) -> Any:
    typed = {"expected": "0", "kind": "served"} | fields
    return client.post(f"/laporan/{trip.pk}/", typed, **(JSON if script else {}))  # type: ignore[arg-type]


def give_back(trip: Trip, reason: str = "periksa lagi") -> None:
    return_report(act=Act(cast.staff(), NOON, "page"), trip=trip.pk, version=1, reason=reason)


@pytest.mark.parametrize("script", [False, True], ids=["form", "script"])
@pytest.mark.parametrize(
    ("fields", "status", "sentence", "ktp"),
    [
        ({"record": "20"}, "taken", "perekaman 20", 20),
        ({"record": "1", "kia": "31"}, "taken", "KIA terbit 31", 1),
        ({"moves": "3"}, "taken", "layanan lain 3", None),  # not planned, and given all the same
        ({"record": "", "kia": ""}, 400, "paling sedikit satu layanan, atau tekan Nihil", None),
        ({"record": "-3"}, 400, "Jumlah tidak boleh negatif", None),
        ({"record": "3,5"}, 400, "bukan bilangan bulat", None),
        ({"record": "1.000"}, 400, "melebihi 320", None),
        ({"record": "dua"}, 400, "angka", None),
        ({"record": "9" * 30}, 400, "", None),
        ({"record": "4", "elsewhere_ktp": "5"}, 400, "tidak mungkin melebihi seluruhnya, 4", None),
        ({"kind": "nihil"}, "taken", "Nihil: tidak ada yang datang", 0),
        ({"kind": "nihil", "record": "3"}, 400, "Kosongkan untuk Nihil", None),
        ({"kind": "idle"}, 400, "Pilih alasan", None),
        ({"kind": "idle", "idle_reason": "weather"}, "taken", "Tidak beroperasi: Banjir atau cuaca", None),
        ({"kind": "idle", "idle_reason": "hilang"}, 400, "", None),
        ({"record": "3", "obstacles": "NIK 3173011234567890"}, 400, "NIK", None),
        ({"record": "3", "obstacles": "x" * 501}, 400, "500", None),
        ({"record": "3", "device": "x" * 41}, 400, "Kunci kiriman tidak sah", None),
        ({"record": "3", "expected": "99999999"}, "taken", "perekaman 3", 3),
    ],
    ids=str,
)
def test_form_and_script_get_the_same_answer(
    fields: dict[str, str], status: Any, sentence: str, ktp: int | None, script: bool
) -> None:
    trip, client = stop(van()), logged_in(cast.head_barat())
    answer = post(client, trip, script=script, **fields)
    if status == "taken" and not script:
        assert answer.status_code == 302
        said = words(client.get("/laporan/"))
    else:
        assert answer.status_code == (200 if status == "taken" else status)
        said = answer.content.decode() if not script else " ".join(map(str, answer.json().values()))
    assert sentence in said
    assert stands(trip) == ktp
    assert VanReport.objects.exists() == (status == "taken")


@pytest.mark.parametrize("script", [False, True], ids=["form", "script"])
def test_a_question_is_answered_with_a_tick(script: bool) -> None:
    trip, client = stop(van()), logged_in(cast.head_barat())
    answer = post(client, trip, script=script, record="150")
    if script:
        assert (answer.status_code, answer.json()["status"]) == (422, "questions")
        assert answer.json()["questions"][0]["text"].startswith("150 perekaman lebih dari 120, yang biasa untuk 2 alat")
    else:
        assert answer.status_code == 400
        assert "150 perekaman lebih dari 120" in words(answer)
        assert 'name="confirmed" value="many:150"' in answer.content.decode()
        assert 'value="150"' in answer.content.decode(), "what was typed stays"
    assert stands(trip) is None
    post(client, trip, script=script, record="150", confirmed="many:150")
    assert stands(trip) == 150


def test_an_answered_question_stays_answered() -> None:
    """Of two questions one is ticked: the page asks the other, and brings the first answer along."""
    same_van = van()
    send(stop(same_van, day=DAY - timedelta(days=1)), body(150), confirmed=["many:150"])
    trip, client = stop(same_van), logged_in(cast.head_barat())
    codes = re.findall(r'type="checkbox" name="confirmed" value="([^"]+)"', post(client, trip, record="150").content.decode())
    assert len(codes) == 2
    page = post(client, trip, record="150", confirmed=codes[0]).content.decode()
    assert f'type="hidden" name="confirmed" value="{codes[0]}"' in page
    assert re.findall(r'type="checkbox" name="confirmed" value="([^"]+)"', page) == codes[1:]
    assert post(client, trip, record="150", confirmed=codes).status_code == 302


def test_a_fresh_form_answers_no_question() -> None:
    stop(van())
    page = logged_in(cast.head_barat()).get("/laporan/").content.decode()
    assert 'name="device"' in page
    assert 'name="confirmed"' not in page


@pytest.mark.parametrize("script", [False, True], ids=["form", "script"])
def test_of_two_who_report_the_second_sees_both(script: bool) -> None:
    trip = stop(van())
    send(trip, body(20), by=cast.head_barat())
    answer = post(logged_in(cast.staff()), trip, script=script, record="25")
    assert answer.status_code == 409
    if script:
        assert answer.json()["theirs"] == {"headline": "perekaman 20", "version": 1}
    else:
        assert "Sudah dilaporkan orang lain" in words(answer)
        assert "perekaman 20" in words(answer)
        assert 'value="25"' in answer.content.decode()
    assert stands(trip) == 20


def test_pressing_twice_without_a_script_is_one_report() -> None:
    trip, client = stop(van()), logged_in(cast.head_barat())
    assert [post(client, trip, record="20").status_code for _ in range(2)] == [302, 302]
    assert VanReport.objects.get().version == 1


def test_the_day_page_lists_returned_reports_first() -> None:
    bus, other = van(), van("B 2 PKD")
    late, today = stop(bus, day=DAY - timedelta(days=2), place="Balai RW 01"), stop(bus, place="Pasar Kapuk")
    done, returned = (stop(other, GROGOL, place="Puskesmas"), stop(other, day=DAY - timedelta(days=1), place="SMAN 33"))
    stop(van("B 3 PKD", "31.75"), PALMERIAM, place="Timur")
    stop(bus, day=DAY + timedelta(days=1), place="RPTRA")
    send(done, body(9))
    send(returned, body(8), now=NOON)
    give_back(returned, "angka tertukar")
    answer = logged_in(cast.head_barat()).get("/laporan/")
    said = words(answer)
    assert "3 laporan ditunggu" in said
    order = [said.index(place) for place in ("SMAN 33", "Pasar Kapuk", "Puskesmas", "Balai RW 01", "RPTRA")]
    assert order == sorted(order)
    assert "Dikembalikan oleh Dian Dinas: angka tertukar" in said
    assert "Timur" not in said.replace("Jakarta Timur", "")
    assert answer["X-Keep-Offline"] == str(cast.head_barat().pk)
    assert "no-store" in answer["Cache-Control"]
    assert today.pk != late.pk


def test_no_page_carries_an_id_of_a_sending() -> None:
    """A page out of a cache would bring an old one along, and with it overwrite a report."""
    trip = stop(van())
    for address in ("/laporan/", f"/laporan/{trip.pk}/"):
        page = logged_in(cast.head_barat()).get(address).content.decode()
        assert f'name="device" id="t{trip.pk}_device"' in page
        assert 'name="device" value' not in page


def test_all_read_a_report_the_agency_decides() -> None:
    trip = stop(van())
    send(trip, body(20, 4, elsewhere_ktp=2, not_found={"moved": 3}, obstacles="listrik padam"), by=cast.head_barat())
    said = words(logged_in(cast.reader()).get(f"/laporan/{trip.pk}/"))
    for part in ("perekaman 20, KIA terbit 4", "Tidak terekam: Pindah 3", "listrik padam", "Versi 1, dikirim Budi Barat"):
        assert part in said
    assert "Keputusan Dinas" not in said
    assert "Kirim laporan" not in said
    staff = logged_in(cast.staff())
    assert "Keputusan Dinas" in words(staff.get(f"/laporan/{trip.pk}/"))
    decide = f"/laporan/{trip.pk}/putusan/"
    assert staff.post(decide, {"act": "approve", "version": "1"}).status_code == 302
    assert VanReport.objects.get().status == "approved"
    staff.post(decide, {"act": "return", "version": "1", "reason": ""})
    assert "Tulis apa yang harus diperbaiki" in words(staff.get(f"/laporan/{trip.pk}/"))
    staff.post(decide, {"act": "return", "version": "1", "reason": "angka tertukar"})
    assert VanReport.objects.get().status == "returned"
    head = logged_in(cast.head_barat())
    assert head.post(decide, {"act": "approve", "version": "1"}).status_code == 403
    assert "Laporan B 1 PKD dikembalikan: angka tertukar" in words(head.get("/"))


def test_counts_of_a_report_link_to_their_history() -> None:
    trip = stop(van())
    send(trip, body(20, 4))
    client = logged_in(cast.staff())
    page = client.get(f"/laporan/{trip.pk}/").content.decode()
    address = f"/riwayat/{KAPUK}/KTP/2021-11-25/trip-{trip.pk}/"
    assert address in page
    assert f"Laporan mobil nomor {trip.pk}" in words(client.get(address))


def test_a_locked_day_says_why() -> None:
    old, cancelled = stop(van(), day=DAY - timedelta(days=4)), stop(van("B 2 PKD"))
    cancel_trip(act=Act(cast.staff(), NOON, "page"), number=cancelled.pk, reason="banjir")
    client = logged_in(cast.head_barat())
    assert "Hari Minggu, 21 November 2021 sudah ditutup" in words(client.get(f"/laporan/{old.pk}/"))
    assert "Jadwal ini dibatalkan: banjir. Laporannya tidak diterima." in words(client.get(f"/laporan/{cancelled.pk}/"))
    assert post(client, old, script=True, record="3").status_code == 400
    assert post(client, cancelled, script=True, record="3").status_code == 409


def test_a_correction_after_approval_shows_both_versions() -> None:
    trip = stop(van())
    send(trip, body(20), by=cast.head_barat())
    approve_report(act=Act(cast.staff(), NOON, "page"), trip=trip.pk, version=1)
    client = logged_in(cast.head_barat())
    assert "Perbaikan menjadi versi baru dan perlu disetujui lagi" in words(client.get(f"/laporan/{trip.pk}/"))
    post(client, trip, record="18", expected="1", reason="terhitung dua kali")
    said = words(client.get(f"/laporan/{trip.pk}/"))
    assert "Semua versi Versi 2 · perekaman 18 Budi Barat" in said
    assert "terhitung dua kali" in said
    assert "Versi 1 · perekaman 20" in said


def test_the_group_message_holds_every_number() -> None:
    trip = stop(van())
    send(trip, body(1_20, 14, lines={"birth": 3}, obstacles="listrik padam", not_found={"moved": 6}), confirmed=[])
    page = logged_in(cast.head_barat()).get(f"/laporan/{trip.pk}/").content.decode()
    text = page.partition(f'id="pesan-{trip.pk}"')[2].partition(">")[2].partition("</textarea>")[0]
    for part in (
        "B 1 PKD",
        "Kamis, 25 November 2021, Kantor RW 05, Kelurahan Kapuk",
        "Perekaman (17+): 120",
        "KIA terbit: 14",
        "Akta kelahiran: 3",
        "Tidak terekam: Pindah: 6",
        "Keterangan: listrik padam",
    ):
        assert part in text


def test_a_report_of_another_city_is_refused() -> None:
    trip = stop(van("B 3 PKD", "31.75"), PALMERIAM)
    for who, reads, sends in ((cast.head_barat, 200, 403), (cast.reader_barat, 404, 404), (cast.staff_jabar, 404, 404)):
        client = logged_in(who())
        assert client.get(f"/laporan/{trip.pk}/").status_code == reads
        assert post(client, trip, record="3").status_code == sends
    assert stands(trip) is None


def test_a_script_without_log_in_is_redirected() -> None:
    """The script sees the redirect, keeps the report and asks to log in."""
    trip = stop(van())
    answer = post(logged_in(None), trip, script=True, record="3")
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/masuk/")
    assert stands(trip) is None


def test_an_idle_van_is_told_and_not_held() -> None:
    trip = stop(van())
    send(trip, ReportBody(IDLE, idle_reason="damage"))
    said = words(logged_in(cast.staff()).get("/pantauan/"))
    assert "Semua 1 laporan sudah masuk" in said
    assert rows(logged_in(cast.staff()).get("/pantauan/"), "Laporan yang ditunggu") == [
        ["B 1 PKD", "Kapuk Kantor RW 05", "tepat waktu"]
    ]
    assert stands(trip) is None


def test_more_stops_take_no_more_queries() -> None:
    client = logged_in(cast.head_barat())
    asked = []
    for number in range(1, 6):
        send(stop(van(f"B {number} PKD")), body(number))
        stop(van(f"B {number}0 PKD"), GROGOL)
        if number in (1, 5):
            client.get("/laporan/")
            with CaptureQueriesContext(connection) as captured:
                client.get("/laporan/")
            asked.append(len(captured))
    assert asked == [12, 12]


def test_a_coming_stop_says_so() -> None:
    tomorrow, planned = (stop(van(), day=DAY + timedelta(days=1)), stop(van("B 2 PKD"), GROGOL, published=False))
    client = logged_in(cast.head_barat())
    assert "Hari layanan belum tiba; lapor pada harinya." in words(client.get(f"/laporan/{tomorrow.pk}/"))
    assert "belum diterbitkan" in words(client.get(f"/laporan/{planned.pk}/"))


@pytest.mark.parametrize("script", [False, True], ids=["form", "script"])
def test_a_moved_stop_is_not_reported_elsewhere(script: bool) -> None:
    trip, client = stop(van()), logged_in(cast.head_barat())
    seen = trip.token
    Trip.objects.filter(pk=trip.pk).update(village=GROGOL)
    answer = post(client, trip, script=script, record="20", stop=seen)
    assert answer.status_code == 409
    assert "sekarang B 1 PKD di Kantor RW 05, Grogol" in answer.content.decode()
    assert not VanReport.objects.exists()
    trip.refresh_from_db()
    post(client, trip, script=script, record="20", stop=trip.token)
    assert stands(trip) == 20


def test_a_report_is_sent_by_its_writer_only() -> None:
    """The queue of a browser tells whose it is; somebody else's log-in is asked to make room."""
    trip = stop(van())
    answer = post(logged_in(cast.staff()), trip, script=True, record="20", user=str(cast.head_barat().pk))
    assert (answer.status_code, answer.json()["status"]) == (401, "login")
    assert not VanReport.objects.exists()
    post(logged_in(cast.head_barat()), trip, script=True, record="20", user=str(cast.head_barat().pk))
    assert VanReport.objects.get().by == cast.head_barat()


@pytest.mark.parametrize("number", ["0", "999999999", "9" * 25])
def test_a_report_of_no_trip_is_not_found(number: str) -> None:
    client = logged_in(cast.staff())
    assert client.get(f"/laporan/{number}/").status_code == 404
    told = client.post(f"/laporan/{number}/", {"record": "3"}, **JSON)  # type: ignore[arg-type]
    assert (told.status_code, told.json()["status"]) == (404, "refused")
    assert "Isian tetap tersimpan di perangkat Anda" in told.json()["message"]
    decide = client.post(f"/laporan/{number}/putusan/", {"act": "approve", "version": "1"})
    assert decide.status_code == 404


def test_the_front_page_counts_missing_reports() -> None:
    client = logged_in(cast.head_barat())
    assert "laporan mobil ditunggu" not in words(client.get("/"))
    today = stop(van())
    stop(van("B 2 PKD"), GROGOL, day=DAY - timedelta(days=1))
    stop(van("B 3 PKD", "31.75"), PALMERIAM)
    page = client.get("/")
    assert "2 laporan mobil ditunggu B 1 PKD · hari ini, 08.00–12.00 Kantor RW 05, Kapuk Isi laporan B 2 PKD · Rab" in words(
        page
    )
    assert f'href="/laporan/{today.pk}/"' in page.content.decode()
    assert "laporan mobil ditunggu" not in words(logged_in(cast.staff()).get("/")), "the agency decides"


@pytest.mark.usefixtures("at_noon")
def test_what_the_portal_wrote_is_by_sistem() -> None:
    trip = stop(van())
    send(trip)
    page = words(logged_in(cast.staff()).get(f"/laporan/{trip.pk}/"))
    assert "Sistem," in page
