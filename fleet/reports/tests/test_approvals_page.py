"""The list of waiting reports by plain forms: what each button does, where it leads, and what it says."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.tests import cast
from fleet.models import Trip, VanReport
from fleet.reports.body import IDLE, ReportBody
from fleet.tests.stops import GROGOL, PALMERIAM, body, send, stop, van
from recording.tests.pages import logged_in, rows, words
from recording.tests.world import DAY

pytestmark = pytest.mark.usefixtures("at_noon")
PAGE = "/laporan/persetujuan/"


@pytest.fixture
def clerk() -> Client:
    return logged_in(cast.staff())


@pytest.fixture
def waiting(at_noon: None) -> list[Trip]:
    """Two reasonable reports of today, a late one of yesterday, and one of another city without its recordings."""
    trips = [
        stop(van()),
        stop(van("B 2 PKD"), GROGOL),
        stop(van("B 3 PKD"), day=DAY - timedelta(days=1)),
        stop(van("B 4 PKD", "31.75"), PALMERIAM),
    ]
    for trip, told in zip(trips, [body(20, 4), body(11), body(12), body(None, lines={"birth": 3})], strict=True):
        send(trip, told, by=cast.head_timur() if trip is trips[3] else cast.head_barat())
    return trips


def statuses(trips: list[Trip]) -> list[str]:
    reports = VanReport.objects.in_bulk([trip.pk for trip in trips])
    return [reports[trip.pk].status for trip in trips]


def shown(*trips: Trip, version: int = 1) -> list[str]:
    return [f"{trip.pk}:{version}" for trip in trips]


def test_reasonable_and_odd_reports_stand_apart(clerk: Client, waiting: list[Trip]) -> None:
    page = clerk.get(PAGE)
    said = words(page)
    assert "4 laporan menunggu" in said
    assert "Setujui 2 yang wajar" in said
    table = rows(page, "Laporan yang wajar")
    assert [row[0] for row in table] == [
        "Kamis, 25 November 2021",
        "B 1 PKD · Kapuk Kantor RW 05",
        "B 2 PKD · Grogol Kantor RW 05",
    ]
    assert table[1][1:4] == ["Perekaman 20 baru 1 kunjungan di sini", "KIA terbit 4 kunjungan pertama di sini", ""]
    assert "2 laporan perlu diperiksa B 3 PKD · Kapuk" in said
    assert "Terlambat: pertama dikirim 1 hari sesudah harinya." in said
    assert "Perekaman dijadwalkan, tetapi tidak diisi." in said
    assert "no-store" in page["Cache-Control"]


def test_all_reasonable_are_approved_and_undone(clerk: Client, waiting: list[Trip]) -> None:
    answer = clerk.post(PAGE, {"act": "approve", "report": shown(*waiting[:2])})
    assert (answer.status_code, answer["Location"]) == (302, f"{PAGE}?wilayah=31")
    assert statuses(waiting) == ["approved", "approved", "sent", "sent"]
    page = clerk.get(answer["Location"])
    assert "Disetujui 2 laporan. Urungkan" in words(page)
    reports = re.findall(r'type="hidden" name="report" value="([^"]+)"', page.content.decode().partition('class="undo"')[2])
    assert "Urungkan" not in words(clerk.get(PAGE)), "until the next page"
    clerk.post(PAGE, {"act": "undo", "report": reports})
    assert statuses(waiting) == ["sent"] * 4
    assert "Persetujuan 2 laporan ditarik; menunggu lagi." in words(clerk.get(PAGE))


def test_one_of_the_list_is_approved_alone(clerk: Client, waiting: list[Trip]) -> None:
    clerk.post(PAGE, {"only": shown(waiting[1]), "report": shown(*waiting[:2])})
    assert statuses(waiting) == ["sent", "approved", "sent", "sent"]
    assert "Laporan B 2 PKD, Grogol, Kam, 25 Nov 2021 disetujui. Urungkan" in words(clerk.get(PAGE))


def test_what_changed_is_left_out_by_name(clerk: Client, waiting: list[Trip]) -> None:
    send(waiting[0], body(21, 4), by=cast.head_barat(), expected=1, reason="salah hitung")
    clerk.post(PAGE, {"act": "approve", "report": shown(*waiting[:2])})
    said = words(clerk.get(PAGE))
    assert statuses(waiting) == ["sent", "approved", "sent", "sent"]
    assert "Tidak ikut disetujui, karena berubah sesudah daftar ini dibuka: B 1 PKD, Kapuk, Kam, 25 Nov 2021." in said


def test_an_odd_report_is_returned_with_fields(clerk: Client, waiting: list[Trip]) -> None:
    odd = waiting[3]
    page = clerk.get(PAGE).content.decode()
    card = page.partition(f'id="l{odd.pk}"')[2].partition("</article>")[0]
    assert re.findall(r'name="wrong" value="(\w+)" checked', card) == ["record"], "what the flag is about is ticked"
    assert 'value="Perekaman dijadwalkan, tetapi tidak diisi."' in card
    form = {"act": "return", "report": shown(odd), "wrong": ["record", "kia"]}
    clerk.post(PAGE, form | {"reason": " "})
    assert "Tulis apa yang harus diperbaiki" in words(clerk.get(PAGE))
    clerk.post(PAGE, form | {"reason": "lengkapi"})
    assert f"Laporan B 4 PKD, {odd.village.name}, Kam, 25 Nov 2021 dikembalikan" in words(clerk.get(PAGE))
    report = VanReport.objects.get(pk=odd.pk)
    assert (report.status, report.decision, report.wrong_fields) == ("returned", "lengkapi", ["record", "kia"])


def test_the_form_leads_to_the_next_report(clerk: Client, waiting: list[Trip]) -> None:
    """A browser keeps the fragment of the address that it posts to."""
    page = clerk.get(PAGE).content.decode()
    one, two, late, blank = (trip.pk for trip in waiting)
    assert f'action="{PAGE}?wilayah=31#l{late}"' in page, "after all reasonable ones the first odd one"
    assert f'formaction="{PAGE}?wilayah=31#l{two}"' in page
    assert f'action="{PAGE}?wilayah=31#l{blank}"' in page
    assert f'action="{PAGE}?wilayah=31#persetujuan"' in page, "after the last one the list"
    assert one != two


def test_a_day_of_the_list_is_kept(clerk: Client, waiting: list[Trip]) -> None:
    yesterday = (DAY - timedelta(days=1)).isoformat()
    assert "Semua hari (4) Rab, 24 Nov 2021 (1) Kam, 25 Nov 2021 (3)" in words(clerk.get(PAGE))
    page = clerk.get(f"{PAGE}?hari={yesterday}")
    assert "B 1 PKD" not in words(page)
    assert "1 laporan perlu diperiksa B 3 PKD" in words(page)
    answer = clerk.post(f"{PAGE}?hari={yesterday}", {"act": "approve", "report": shown(waiting[2])})
    assert answer["Location"] == f"{PAGE}?wilayah=31&hari={yesterday}"
    assert "Semua laporan di sini sudah diputuskan" in words(clerk.get(answer["Location"]))
    assert "B 4 PKD" not in words(clerk.get(f"{PAGE}?wilayah=31.73"))


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"act": "menari"}, 400),
        ({}, 400),
        ({"act": "approve"}, 302),
        ({"act": "approve", "report": "x"}, 404),
        ({"act": "approve", "report": "999999:1"}, 404),
        ({"act": "return", "report": "999999:1", "reason": "x"}, 404),
        ({"act": "undo", "report": "9" * 30}, 404),
    ],
    ids=str,
)
def test_a_wrong_form_gets_a_sentence(clerk: Client, form: dict[str, str], status: int) -> None:
    assert clerk.post(PAGE, form).status_code == status


def test_only_those_who_decide_see_it(waiting: list[Trip]) -> None:
    for who, status in ((cast.admin, 200), (cast.head_barat, 403), (cast.reader, 403)):
        client = logged_in(who())
        assert client.get(PAGE).status_code == status
        assert ("Persetujuan" in words(client.get("/pantauan/"))) == (status == 200)
        assert client.post(PAGE, {"act": "approve", "report": shown(waiting[1])}).status_code in (302, status)
    assert statuses(waiting) == ["sent", "approved", "sent", "sent"]


def test_an_idle_van_is_told_in_words(clerk: Client) -> None:
    send(stop(van()), ReportBody(IDLE, idle_reason="damage", obstacles="menunggu derek"))
    assert "Tidak beroperasi: Mobil rusak · menunggu derek" in words(clerk.get(PAGE))


def test_more_reports_take_no_more_queries(clerk: Client) -> None:
    asked = []
    for number in range(1, 7):
        send(stop(van(f"B {number} PKD")), body(30 + number))
        if number in (2, 6):
            clerk.get(PAGE)
            with CaptureQueriesContext(connection) as captured:
                clerk.get(PAGE)
            asked.append(len(captured))
    assert asked == [15, 15]


def returned(trip: Trip, *fields: str) -> Any:
    form = {"act": "return", "version": "1", "reason": "angka tertukar", "wrong": fields}
    return logged_in(cast.staff()).post(f"/laporan/{trip.pk}/putusan/", form)


def test_a_returned_report_shows_marked_fields(waiting: list[Trip]) -> None:
    trip, head = waiting[0], logged_in(cast.head_barat())
    returned(trip, "kia", "moved", "idle_reason")
    page = head.get(f"/laporan/{trip.pk}/")
    assert "angka tertukar Yang harus diperbaiki: KIA terbit, Tidak terekam: Pindah, Alasan tidak beroperasi." in words(page)
    assert re.search(r'<tr class="marked">\s*<th scope="row">KIA terbit</th>', page.content.decode())
    for address in (f"/laporan/{trip.pk}/", "/laporan/"):
        html = head.get(address).content.decode()
        form = html.partition(f'id="form-{trip.pk}"')[2].partition("</form>")[0]
        marked = re.findall(r'field-wrong">\s*<label for="t\d+_(\w+)"', form)
        assert marked == ["kia", "missing_moved"]
        assert f'aria-describedby="t{trip.pk}_kia_helptext"' in form
        assert form.count("Dikembalikan Dinas: angka tertukar") == 3
        assert form.count("<details open>") == 2
    said = words(head.get("/"))
    assert "Laporan B 1 PKD dikembalikan (KIA terbit, Tidak terekam: Pindah, Alasan tidak beroperasi): angka tertukar" in said


def test_an_approval_is_taken_back_by_hand(clerk: Client, waiting: list[Trip]) -> None:
    trip = waiting[0]
    decide, page = f"/laporan/{trip.pk}/putusan/", f"/laporan/{trip.pk}/"
    assert "Tarik persetujuan" not in words(clerk.get(page))
    clerk.post(decide, {"act": "approve", "version": "1"})
    assert "Tarik persetujuan" in words(clerk.get(page))
    other = logged_in(cast.admin())
    other.post(decide, {"act": "withdraw", "version": "1", "reason": ""})
    assert "Tulis alasannya" in words(other.get(page))
    other.post(decide, {"act": "withdraw", "version": "1", "reason": "angka Puskesmas tertukar"})
    assert statuses(waiting)[0] == "sent"
    assert "Persetujuan ditarik; laporan menunggu persetujuan lagi." in words(other.get(page))


def test_who_decides_sees_flags_on_the_page(clerk: Client, waiting: list[Trip]) -> None:
    page = f"/laporan/{waiting[3].pk}/"
    assert "Perekaman dijadwalkan, tetapi tidak diisi." in words(clerk.get(page))
    assert "dijadwalkan, tetapi" not in words(logged_in(cast.head_timur()).get(page))
