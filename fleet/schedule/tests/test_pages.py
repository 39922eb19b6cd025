"""Pages of the schedule: the week, a stop, requests, and one van; by form, with bad input too."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.rights import SYSTEM
from accounts.tests import cast
from fleet.models import Trip, Van, VanAbsence, VanPaper, VanRequest
from fleet.pages.posted import posted_number
from fleet.tests.stops import GROGOL, PALMERIAM, body, fleet_pages, send, stop, van
from recording.coverage.services import recompute_coverage
from recording.tests import world
from recording.tests.pages import logged_in, rows, words, wrong
from recording.tests.world import BARAT, DAY, KAPUK, NOON, after

pytestmark = pytest.mark.usefixtures("at_noon")
TOMORROW = DAY + timedelta(days=1)


def trip_fields(bus: Van, **other: str) -> dict[str, Any]:
    return {
        "van": str(bus.pk),
        "day": "2021-11-26",
        "session": "morning",
        "village": KAPUK,
        "place": "RPTRA",
        "services": ["record", "kia"],
    } | other


def test_a_stop_is_planned_published_and_seen_in_the_week() -> None:
    bus, client = van(), logged_in(cast.head_barat())
    answer = client.post("/jadwal/tambah/", trip_fields(bus))
    trip = Trip.objects.get()
    assert answer["Location"] == f"/jadwal/?pangkalan=31.73&hari=2021-11-26#t{trip.pk}"
    week = words(client.get("/jadwal/?pangkalan=31.73"))
    assert "Terbitkan 1 rencana" in week
    assert "Pagi · 08.00–12.00 Kapuk RPTRA rencana" in week
    client.post("/jadwal/", {"pangkalan": BARAT, "hari": "2021-11-26", "act": "publish"})
    trip.refresh_from_db()
    assert (trip.status, trip.announced, trip.services) == ("published", True, ["record", "kia"])
    assert "1 jadwal diterbitkan." in words(client.get("/jadwal/"))
    client.post("/jadwal/", {"pangkalan": BARAT, "hari": "2021-12-03", "act": "copy"})
    assert "1 jadwal disalin dari minggu lalu." in words(client.get("/jadwal/"))
    assert [each.day for each in Trip.objects.order_by("day")] == [TOMORROW, TOMORROW + timedelta(days=7)]


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"place": ""}, "place", "harus diisi"),
        ({"day": "2021-11-24"}, "day", "sudah lewat"),
        ({"day": "9999-12-31"}, "day", "satu tahun ke depan"),
        ({"day": "besok"}, "day", "tidak sah"),
        ({"session": "siang"}, "session", ""),
        ({"village": PALMERIAM}, "village", ""),
        ({"village": "31.73.01.1004\x00"}, "village", ""),
        ({"opens": "12:00", "closes": "08:00"}, "closes", "sesudah jam mulai"),
        ({"opens": "jam"}, "opens", ""),
        ({"van": "999999999999999999999"}, "van", ""),
        ({"van": "x"}, "van", ""),
        ({"place": "rumah 3173011234567890"}, "place", "NIK"),
        ({"place": "x" * 121}, "place", ""),
    ],
    ids=str,
)
def test_a_stop_that_cannot_be_is_refused_at_its_field_and_keeps_what_was_typed(
    fields: dict[str, str], field: str, sentence: str
) -> None:
    client = logged_in(cast.head_barat())
    answer = client.post("/jadwal/tambah/", trip_fields(van(), **fields))
    assert answer.status_code == 400
    assert sentence in wrong(answer)[field]
    assert not Trip.objects.exists()
    if field != "place":
        assert 'value="RPTRA"' in answer.content.decode()


def test_beside_the_form_stands_where_the_gap_is() -> None:
    world.target(1_000, KAPUK)
    world.target(400, GROGOL)
    send(stop(van(), day=DAY - timedelta(days=3)), body(24), now=after(days=-3))
    recompute_coverage(by=SYSTEM, day=DAY, now=NOON)
    client = logged_in(cast.head_barat())
    page = client.get(f"/jadwal/tambah/?kelurahan={KAPUK}&hari=2021-11-26")
    assert rows(page, "Sisa target")[:2] == [
        ["Kapuk Cengkareng", "976", "4 hari lalu", "24"],
        ["Grogol Grogol Petamburan", "400", "belum pernah", "–"],
    ]
    assert "Kapuk: sisa target 976 · kunjungan terakhir 4 hari lalu, 24 perekaman" in words(page)
    assert '<option value="Kantor RW 05">' in page.content.decode(), "places of former stops are offered"


def test_a_stop_is_changed_moved_pinned_and_called_off_on_its_page() -> None:
    bus, other = van(), van("B 2 PKD")
    trip, client = stop(bus, day=TOMORROW, published=False), logged_in(cast.head_barat())
    address = f"/jadwal/{trip.pk}/"
    client.post(address, trip_fields(bus, act="change", place="Pasar Kapuk"))
    client.post(address, {"act": "pin"})
    client.post(address, {"act": "move", "van": str(other.pk), "day": "2021-11-27"})
    trip.refresh_from_db()
    assert (trip.place, trip.pinned, trip.van, trip.day) == ("Pasar Kapuk", True, bus, TOMORROW)
    assert "disematkan. Lepaskan sematannya" in words(client.get("/jadwal/"))
    client.post(address, {"act": "release"})
    client.post(address, {"act": "move", "van": str(other.pk), "day": "2021-11-27"})
    trip.refresh_from_db()
    assert (trip.van, trip.day) == (other, TOMORROW + timedelta(days=1))
    assert "Alasan" in words(client.post(address, {"act": "cancel", "reason": ""}))
    client.post(address, {"act": "cancel", "reason": "banjir"})
    trip.refresh_from_db()
    assert (trip.status, trip.reason) == ("cancelled", "banjir")
    assert "Alasan batal: banjir" in words(client.get(address))


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"act": "bogus"}, 400),
        ({}, 400),
        ({"act": "move", "van": "x", "day": "2021-11-27"}, 302),
        ({"act": "move", "van": "1", "day": "kapan"}, 302),
        ({"act": "change"}, 400),
        ({"act": "cancel"}, 400),
    ],
    ids=str,
)
def test_nonsense_sent_to_a_stop_changes_nothing(fields: dict[str, str], status: int) -> None:
    trip = stop(van(), day=TOMORROW)
    before = Trip.objects.values().get()
    assert logged_in(cast.head_barat()).post(f"/jadwal/{trip.pk}/", fields).status_code == status
    assert Trip.objects.values().get() == before


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("pangkalan=31.75", 404),
        ("pangkalan=x", 404),
        ("hari=kapan", 400),
        ("hari=0001-01-01", 400),
        ("hari=9999-12-31", 400),
        ("hari=2021-11-26", 200),
    ],
)
def test_a_week_that_is_none_is_answered_with_a_sentence(query: str, status: int) -> None:
    van()
    assert logged_in(cast.head_barat()).get(f"/jadwal/?{query}").status_code == status


def test_free_days_are_marked_and_not_forbidden() -> None:
    bus, client = van(), logged_in(cast.head_barat())
    page = client.get("/jadwal/?hari=2021-12-24")
    assert "Sab, 25 Des 2021 libur" in words(page)
    client.post("/jadwal/tambah/", trip_fields(bus, day="2021-12-25"))
    assert Trip.objects.get().day.isoformat() == "2021-12-25"


def test_who_only_reads_sees_the_week_without_buttons() -> None:
    stop(van(), day=TOMORROW)
    for who in (cast.reader, cast.head_timur):
        page = logged_in(who()).get("/jadwal/?pangkalan=31.73")
        assert "Kapuk" in words(page)
        assert "Terbitkan" not in words(page)
        assert "/jadwal/tambah/" not in page.content.decode()
    assert logged_in(cast.head_timur()).post("/jadwal/", {"pangkalan": BARAT, "act": "publish"}).status_code == 403
    trip = Trip.objects.get()
    assert logged_in(cast.head_timur()).post(f"/jadwal/{trip.pk}/", {"act": "pin"}).status_code == 403


def test_a_sudin_asks_and_the_agency_grants_on_the_page() -> None:
    agency, head, staff = van("B 9 PKD", "31"), logged_in(cast.head_barat()), logged_in(cast.staff())
    asked = {
        "act": "ask",
        "day": "2021-11-30",
        "session": "full",
        "village": GROGOL,
        "place": "SMAN 33",
        "why": "pemula",
    }
    assert head.post("/jadwal/permintaan/", asked | {"why": ""}).status_code == 400
    assert head.post("/jadwal/permintaan/", asked).status_code == 302
    request = VanRequest.objects.get()
    assert "1 permintaan mobil Dinas menunggu jawaban" in words(staff.get("/beranda/"))
    staff.post("/jadwal/permintaan/", {"act": "grant", "request": str(request.pk), "van": "x"})
    assert "Pilih mobil Dinas" in words(staff.get("/jadwal/permintaan/"))
    staff.post("/jadwal/permintaan/", {"act": "grant", "request": str(request.pk), "van": str(agency.pk)})
    assert "disetujui B 9 PKD" in words(head.get("/jadwal/permintaan/"))
    trip = Trip.objects.get()
    assert (trip.van, trip.status, trip.village_id) == (agency, "published", GROGOL)
    assert "B 9 PKD" in words(head.get("/jadwal/?hari=2021-11-30"))
    assert head.post("/jadwal/permintaan/", {"act": "grant", "request": str(request.pk), "van": "1"}).status_code == 403
    assert staff.post("/jadwal/permintaan/", {"act": "bogus"}).status_code == 302


def test_a_van_is_registered_and_everything_of_it_kept_on_its_page() -> None:
    client = logged_in(cast.head_barat())
    assert client.post("/armada/", {"plate": "x", "base": BARAT, "sets": "2"}).status_code == 400
    client.post("/armada/", {"plate": "b 77 pkd", "base": BARAT, "sets": "2"})
    bus = Van.objects.get()
    address = f"/armada/{bus.pk}/"
    client.post(address, {"act": "paper", "kind": "kir", "expires": "2021-12-10"})
    assert VanPaper.objects.get().expires.isoformat() == "2021-12-10"
    assert "B 77 PKD · Uji berkala (KIR): Jumat, 10 Desember 2021" in words(client.get("/armada/"))
    stop(bus, day=TOMORROW)
    away = {"act": "absence", "first_day": "2021-11-26", "last_day": "2021-11-28", "kind": "damage", "note": ""}
    assert "Batalkan jadwalnya sekaligus" in words(client.post(address, away))
    client.post(address, away | {"cancel_trips": "on"})
    assert Trip.objects.get().status == "cancelled"
    client.post(address, {"act": "back", "absence": str(VanAbsence.objects.get().pk)})
    assert not VanAbsence.objects.exists()
    client.post(address, {"act": "retire", "day": "2021-12-01"})
    bus.refresh_from_db()
    assert bus.retired is not None
    for nonsense in ({"act": "bogus"}, {"act": "back", "absence": "9" * 30}, {"act": "retire", "day": "x"}):
        assert client.post(address, nonsense).status_code in (400, 404)
    assert (
        logged_in(cast.head_timur()).post(address, {"act": "paper", "kind": "kir", "expires": "2021-12-10"}).status_code
        == 403
    )


def test_every_page_of_the_fleet_asks_no_more_than_recorded() -> None:
    """An upper bound for each page, so that nobody adds a question for each row."""
    pages, client, asked = fleet_pages(), logged_in(cast.staff()), {}
    for address in pages:
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200, address
        asked[address.partition("?")[0].strip("/").partition("/")[0] or address] = len(captured)
    assert {page: number for page, number in asked.items() if number > MOST[page]} == {}


MOST = {"jadwal": 17, "laporan": 14, "pantauan": 15, "kinerja": 8, "armada": 11, "luring": 2}


@pytest.mark.parametrize(
    ("text", "found"),
    [("7", 7), ("", 0), ("x", 0), ("-7", 0), ("7.0", 0), ("٧", 0), ("9" * 17, int("9" * 17)), ("9" * 18, 0)],
)
def test_a_number_out_of_a_form_is_one_that_a_row_may_have_or_none(text: str, found: int) -> None:
    assert posted_number(text) == found
