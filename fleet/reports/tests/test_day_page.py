"""The page of the day: what it costs, in which order it stands, and the text of a day."""

import gzip
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.tests import cast
from fleet.reports.body import IDLE, ReportBody
from fleet.reports.text import day_message
from fleet.tests.stops import GROGOL, PALMERIAM, body, give_back, send, stop, van
from recording.tests.pages import logged_in, words
from recording.tests.world import DAY, KAPUK, NOON

pytestmark = pytest.mark.usefixtures("at_noon")
MAX_BYTES = 60_000  # of the page and all that it loads, as it goes over the line


def office_of_vans(vans: int, days: int = 8) -> None:
    """So many vans of two Sudin and the agency, each with a stop on each day from today."""
    places = [("31.73", KAPUK), ("31.75", PALMERIAM), ("31", GROGOL)]
    for number in range(vans):
        base, village = places[number % 3]
        own = van(f"B {number + 1} PKD", base)
        for day in range(days):
            trip = stop(own, village, day=DAY + timedelta(days=day))
            if day == 0 and number % 2:
                send(trip, body(number, 4, obstacles="listrik padam sebentar"))


def on_the_wire(page: str) -> int:
    """Bytes of the page and of its styles and scripts, compressed."""
    names = [re.sub(r"\.[0-9a-f]{12}\.", ".", name) for name in re.findall(r'(?:src|href)="/static/([^"]+)"', page)]
    files = [Path(str(finders.find(name))).read_bytes() for name in set(names)]
    return sum(len(gzip.compress(content)) for content in (page.encode(), *files))


@pytest.mark.parametrize(("who", "forms"), [(cast.staff, 0), (cast.head_barat, 6)], ids=["staff", "head"])
def test_the_page_stays_light(who: Any, forms: int) -> None:
    office_of_vans(17)
    page = logged_in(who()).get("/laporan/").content.decode()
    assert on_the_wire(page) <= MAX_BYTES
    assert len(re.findall(r'data-report="[1-9]', page)) == forms
    assert page.count('data-report="0"') == 1


@pytest.mark.parametrize("who", [cast.staff, cast.head_barat], ids=["staff", "head"])
def test_more_vans_take_no_more_queries(who: Any) -> None:
    client, asked = logged_in(who()), []
    for first in (0, 6):
        for number in range(first, first + 6):
            own = van(f"B {number + 1} PKD", ("31.73", "31.75", "31")[number % 3])
            trip = stop(own, (KAPUK, PALMERIAM, GROGOL)[number % 3])
            stop(own, (KAPUK, PALMERIAM, GROGOL)[number % 3], day=DAY + timedelta(days=1))
            if number % 2:
                send(trip, body(number))
        client.get("/laporan/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/laporan/")
        asked.append(len(captured))
    assert asked[0] == asked[1]


def order_of(user: User, *plates: str) -> list[str]:
    said = words(logged_in(user).get("/laporan/"))
    return sorted(plates, key=said.index)


def test_own_vans_stand_before_those_of_others() -> None:
    stop(van("B 1 PKD", "31"), GROGOL, session="morning")
    stop(van("B 2 PKD", "31.73"), GROGOL, session="afternoon")
    assert order_of(cast.head_barat(), "B 1 PKD", "B 2 PKD") == ["B 2 PKD", "B 1 PKD"]
    assert order_of(cast.staff(), "B 1 PKD", "B 2 PKD") == ["B 1 PKD", "B 2 PKD"]


def test_the_agency_reads_a_list_by_sudin() -> None:
    send(stop(van("B 1 PKD")), body(20))
    returned = stop(van("B 2 PKD"), GROGOL)
    send(returned, body(8))
    give_back(returned, reason="angka tertukar")
    stop(van("B 3 PKD", "31.75"), PALMERIAM)
    stop(van("B 9 PKD", "31"), PALMERIAM)
    said = words(logged_in(cast.staff()).get("/laporan/"))
    order = [
        said.index(part)
        for part in ("Mobil Dinas", "B 9 PKD", "Jakarta Barat 1 ditunggu", "Jakarta Timur 1 ditunggu", "B 3 PKD")
    ]
    assert order == sorted(order)
    for part in ("3 laporan ditunggu", "Perekaman 20", "Diterima Dinas pukul 12.00", "angka tertukar"):
        assert part in said


def test_a_receipt_names_number_version_and_time() -> None:
    late, mended = stop(van(), day=DAY - timedelta(days=1)), stop(van("B 2 PKD"), GROGOL)
    send(mended, body(20))
    send(mended, body(21), expected=1, reason="hitung ulang")
    said = words(logged_in(cast.head_barat()).get("/laporan/"))
    assert f"Diterima Dinas pukul 12.00 · nomor {mended.pk}/2" in said
    sent = logged_in(cast.head_barat()).post(
        f"/laporan/{late.pk}/",
        {"record": "9", "expected": "0", "kind": "served", "device": "uji-terlambat"},
        headers={"accept": "application/json"},
    )
    assert f"Diterima Dinas Kam, 25 Nov 2021 pukul 12.00 WIB · nomor {late.pk}" in words(sent.json()["card"])


def test_the_text_tells_every_stop_and_the_sum() -> None:
    stops = [stop(van(f"B {number} PKD"), GROGOL) for number in range(1, 6)]
    send(stops[0], body(20, 4, obstacles="listrik padam"))
    send(stops[1], ReportBody(IDLE, idle_reason="damage"))
    send(stops[2], body(30))
    send(stops[3], body(9))
    give_back(stops[3])
    for each in stops:
        each.refresh_from_db()
    assert day_message("Jakarta Barat", DAY, stops).splitlines() == [
        "*Laporan mobil keliling Jakarta Barat*",
        "Kamis, 25 November 2021",
        "• B 1 PKD, Grogol: perekaman 20, KIA terbit 4 (listrik padam)",
        "• B 2 PKD, Grogol: Tidak beroperasi: Mobil rusak",
        "• B 3 PKD, Grogol: perekaman 30",
        "• B 4 PKD, Grogol: belum melapor",
        "• B 5 PKD, Grogol: belum melapor",
        "*Jumlah*: 3 dari 5 laporan masuk, perekaman 50, KIA terbit 4",
    ]


def test_a_day_without_reports_has_no_zeros() -> None:
    assert day_message("Jakarta Barat", DAY, [stop(van())]).endswith("*Jumlah*: 0 dari 1 laporan masuk")


def test_the_script_is_told_what_stands() -> None:
    trip, client = stop(van()), logged_in(cast.head_barat())
    ask = {"headers": {"accept": "application/json"}}
    assert client.get(f"/laporan/{trip.pk}/", **ask).json() == {"version": 0, "counts": False}  # type: ignore[arg-type]
    send(trip, body(20), by=cast.staff())
    told = client.get(f"/laporan/{trip.pk}/", **ask).json()  # type: ignore[arg-type]
    assert (told["version"], told["counts"], told["headline"]) == (1, True, "perekaman 20")
    assert f"nomor {trip.pk}" in words(told["card"])
    give_back(trip)
    assert client.get(f"/laporan/{trip.pk}/", **ask).json()["counts"] is False  # type: ignore[arg-type]
    reader = logged_in(cast.reader()).get(f"/laporan/{trip.pk}/", **ask)  # type: ignore[arg-type]
    assert "card" not in reader.json()


def test_the_page_says_the_portals_moment() -> None:
    answer = logged_in(cast.head_barat()).get("/laporan/")
    assert datetime.fromisoformat(answer["X-Portal-Now"]) - NOON < timedelta(minutes=1)
    assert 'data-now="2021-11-25T12:00' in answer.content.decode()
