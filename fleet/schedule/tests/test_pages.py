"""Pages of the schedule: the week, a stop and requests; by form, with bad input too."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.acts import Act
from accounts.models import User
from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil import clock
from fleet.models import Trip, Van, VanRequest
from fleet.schedule.weeks import fingerprint
from fleet.tests.stops import GROGOL, PALMERIAM, body, send, stop, van
from fleet.vans.services import retire_van
from recording.coverage.services import recompute_coverage
from recording.models import Region
from recording.tests import world
from recording.tests.pages import logged_in, rows, words, wrong
from recording.tests.world import DAY, KAPUK, NOON, after

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


def test_a_stop_is_planned_and_published() -> None:
    bus, client = van(), logged_in(cast.head_barat())
    answer = client.post("/jadwal/tambah/", trip_fields(bus))
    trip = Trip.objects.get()
    assert answer["Location"] == f"/jadwal/?pangkalan=31.73&hari=2021-11-26#t{trip.pk}"
    week = words(client.get("/jadwal/?pangkalan=31.73"))
    assert "Terbitkan 1 rencana" in week
    assert "Pagi · 08.00–12.00 Kapuk RPTRA rencana" in week
    client.post("/jadwal/minggu/terbitkan/?pangkalan=31.73&hari=2021-11-26", {"seen": sorted(fingerprint([trip]))})
    trip.refresh_from_db()
    assert (trip.status, trip.announced, trip.services) == ("published", True, ["record", "kia"])
    assert "1 jadwal diterbitkan." in words(client.get("/jadwal/"))


def test_a_closed_kelurahan_keeps_its_week_planned() -> None:
    trip, client = stop(van(), day=TOMORROW, published=False), logged_in(cast.head_barat())
    Region.objects.filter(code=trip.village_id).update(closed=DAY)
    address = "/jadwal/minggu/terbitkan/?pangkalan=31.73&hari=2021-11-26"
    assert "kelurahannya tidak buka hari itu." in words(client.get(address))
    answer = client.post(address, {"seen": sorted(fingerprint([trip]))})
    assert "kelurahannya tidak buka hari itu. Ubah atau batalkan dahulu." in words(answer)
    trip.refresh_from_db()
    assert trip.status == "planned"


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"place": ""}, "place", "wajib diisi"),
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
def test_an_impossible_stop_is_refused_at_its_field(fields: dict[str, str], field: str, sentence: str) -> None:
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
    Region.objects.filter(code=GROGOL).update(closed=DAY)
    gaps = rows(client.get("/jadwal/tambah/?hari=2021-11-26"), "Sisa target")
    assert (gaps[0][0], "Grogol Grogol Petamburan" in [row[0] for row in gaps]) == ("Kapuk Cengkareng", False)


def test_every_action_works_on_a_stops_page() -> None:
    bus, other = van(), van("B 2 PKD")
    trip, client = stop(bus, day=TOMORROW, published=False), logged_in(cast.head_barat())
    address = f"/jadwal/{trip.pk}/"
    client.post(address, trip_fields(bus, act="change", place="Pasar Kapuk"))
    client.post(address, {"act": "pin"})
    client.post(address, {"act": "move", "van": str(other.pk), "day": "2021-11-27"})
    trip.refresh_from_db()
    assert (trip.place, trip.pinned, trip.van, trip.day) == ("Pasar Kapuk", True, bus, TOMORROW)
    assert "dikunci. Buka kuncinya" in words(client.get("/jadwal/"))
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
    ("who", "ahead", "reported", "offered"),
    [
        (cast.head_barat, 1, False, True),
        (cast.head_barat, -1, False, False),  # it is over
        (cast.head_barat, 0, True, False),
        (cast.reader, 1, False, False),
    ],
)
def test_vans_are_searched_where_one_is_chosen(who: Callable[[], User], ahead: int, reported: bool, offered: bool) -> None:
    trip = stop(van(), day=DAY + timedelta(days=ahead))
    if reported:
        send(trip, body(10))
    client = logged_in(who())
    with CaptureQueriesContext(connection) as queries:
        page = client.get(f"/jadwal/{trip.pk}/")
    assert any("fleet_vanabsence" in query["sql"] for query in queries) == offered
    assert ("Pindahkan ke mobil lain" in words(page)) == offered
    assert "offers.js" not in page.content.decode(), "nothing beside this form follows its day"


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


@pytest.mark.parametrize(("day", "status"), [("2021-11-26", 200), ("2021-12-06", 404)])
def test_a_past_week_keeps_its_base(day: str, status: int) -> None:
    """Also after its last van was retired; a week without vans names no base."""
    bus, client = van(), logged_in(cast.head_barat())
    van("B 9 PKD", "31")
    retire_van(act=Act(SYSTEM, NOON, "page"), van=bus.pk, day=TOMORROW + timedelta(days=3))
    clock.set_demo(DAY, NOON + timedelta(days=8))
    assert client.get(f"/jadwal/?pangkalan=31.73&hari={day}").status_code == status


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
def test_a_wrong_week_gets_a_sentence(query: str, status: int) -> None:
    van()
    assert logged_in(cast.head_barat()).get(f"/jadwal/?{query}").status_code == status


def test_free_days_are_marked_and_not_forbidden() -> None:
    bus, client = van(), logged_in(cast.head_barat())
    page = client.get("/jadwal/?hari=2021-12-24")
    assert "Sab, 25 Des libur" in words(page)
    client.post("/jadwal/tambah/", trip_fields(bus, day="2021-12-25"))
    assert Trip.objects.get().day.isoformat() == "2021-12-25"


def test_who_only_reads_sees_the_week_without_buttons() -> None:
    stop(van(), day=TOMORROW)
    for who in (cast.reader, cast.head_timur):
        page = logged_in(who()).get("/jadwal/?pangkalan=31.73")
        assert "Kapuk" in words(page)
        assert "Terbitkan" not in words(page)
        assert "/jadwal/tambah/" not in page.content.decode()
    assert logged_in(cast.head_timur()).post("/jadwal/minggu/terbitkan/?pangkalan=31.73").status_code == 403
    trip = Trip.objects.get()
    assert logged_in(cast.head_timur()).post(f"/jadwal/{trip.pk}/", {"act": "pin"}).status_code == 403


def test_a_request_is_granted_on_the_page() -> None:
    agency, head, staff = van("B 9 PKD", "31"), logged_in(cast.head_barat()), logged_in(cast.staff())
    asked = {"act": "ask", "day": "2021-11-30", "session": "full", "village": GROGOL, "place": "SMAN 33", "why": "pemula"}
    assert head.post("/jadwal/permintaan/", asked | {"why": ""}).status_code == 400
    assert head.post("/jadwal/permintaan/", asked).status_code == 302
    request = VanRequest.objects.get()
    assert "1 permintaan mobil Dinas menunggu jawaban" in words(staff.get("/"))
    staff.post("/jadwal/permintaan/", {"act": "grant", "request": str(request.pk), "van": "x"})
    assert "Pilih mobil Dinas" in words(staff.get("/jadwal/permintaan/"))
    staff.post("/jadwal/permintaan/", {"act": "grant", "request": str(request.pk), "van": str(agency.pk)})
    assert "disetujui B 9 PKD" in words(head.get("/jadwal/permintaan/"))
    trip = Trip.objects.get()
    assert (trip.van, trip.status, trip.village_id) == (agency, "published", GROGOL)
    assert "B 9 PKD" in words(head.get("/jadwal/?hari=2021-11-30"))
    assert head.post("/jadwal/permintaan/", {"act": "grant", "request": str(request.pk), "van": "1"}).status_code == 403
    assert staff.post("/jadwal/permintaan/", {"act": "bogus"}).status_code == 302
