"""Who has not reported, and the five numbers of a day: from real stops and reports."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.acts import Act
from accounts.rights import SYSTEM
from accounts.tests import cast
from fleet.models import EntryPermit
from fleet.reports.approval import return_report
from fleet.reports.watch import days_until, expected_reports, five_numbers, matrix, punctuality
from fleet.schedule.trips import cancel_trip
from fleet.tests.stops import GROGOL, body, day_of_stops, send, stop, van
from recording.tests.pages import logged_in, rows, words
from recording.tests.world import BARAT, DAY, DKI, NOON, after

at_noon = pytest.mark.usefixtures("at_noon")
YESTERDAY = DAY - timedelta(days=1)


@at_noon
@pytest.mark.parametrize(
    ("code", "numbers"),
    [(DKI, (6, 5, 5, 3, 2)), (BARAT, (5, 4, 4, 3, 2)), ("31.75", (1, 1, 1, 0, 0)), ("31.71", (0, 0, 0, 0, 0))],
)
def test_the_five_numbers_are_different_things(code: str, numbers: tuple[int, ...]) -> None:
    day_of_stops()
    (found,) = five_numbers(SYSTEM, code, [DAY])
    assert (found.registered, found.ready, found.scheduled, found.held, found.reached) == numbers


@at_noon
def test_a_retired_van_counts_until_its_last_day() -> None:
    day_of_stops()
    before, on = five_numbers(SYSTEM, DKI, [YESTERDAY, DAY])
    assert (before.registered, on.registered) == (7, 6)


@at_noon
def test_five_numbers_of_many_days_are_three_queries(django_assert_num_queries: Any) -> None:
    day_of_stops()
    with django_assert_num_queries(3):
        assert len(five_numbers(SYSTEM, DKI, days_until(DAY, 30))) == 30


@at_noon
def test_published_stops_expect_reports() -> None:
    one, two = van("B 1 PKD"), van("B 2 PKD")
    send(stop(one, day=YESTERDAY), body(5), now=after(days=-1))  # on its day
    send(stop(two, day=YESTERDAY), body(6))  # the day after
    stop(van("B 3 PKD"), day=YESTERDAY)  # nobody reported
    stop(one)  # today, still to come
    returned = stop(two)
    send(returned, body(9))
    return_report(act=Act(SYSTEM, NOON, "page"), trip=returned.pk, version=1, reason="periksa")
    stop(one, GROGOL, session="evening", published=False)
    cancel_trip(act=Act(SYSTEM, NOON, "page"), number=stop(van("B 4 PKD")).pk, reason="banjir")
    stop(two, day=DAY + timedelta(days=1))
    found = expected_reports(SYSTEM, DKI, YESTERDAY, DAY + timedelta(days=3), DAY)
    assert [(each.trip.day, each.trip.van.plate, each.state) for each in found] == [
        (YESTERDAY, "B 1 PKD", "on_time"),
        (YESTERDAY, "B 2 PKD", "late"),
        (YESTERDAY, "B 3 PKD", "missing"),
        (DAY, "B 1 PKD", "waiting"),
        (DAY, "B 2 PKD", "returned"),
    ]
    sums = punctuality(found)
    assert (sums.expected, sums.came, sums.missing) == (5, 2, 3)  # a returned one is missing until it is corrected
    table = {row.van.plate: [[each.state for each in cell] for cell in row.cells] for row in matrix(found, [YESTERDAY, DAY])}
    assert table == {"B 1 PKD": [["on_time"], ["waiting"]], "B 2 PKD": [["late"], ["returned"]], "B 3 PKD": [["missing"], []]}


@at_noon
def test_the_page_links_to_each_report() -> None:
    day_of_stops()
    page = logged_in(cast.staff()).get("/pantauan/")
    said = words(page)
    assert "1 dari 5 belum melapor" in said
    assert "Mobil terdaftar 6 Mobil siap 5 Titik terjadwal 5 Titik terlaksana 3 Kelurahan terjangkau 2" in said
    assert ["B 3 PKD", "Grogol Kantor RW 05", "ditunggu"] in rows(page, "Laporan yang ditunggu")
    assert "4 laporan menunggu persetujuan" in said
    head = words(logged_in(cast.head_timur()).get("/pantauan/?wilayah=31.75"))
    assert "Semua 1 laporan sudah masuk" in head
    assert "menunggu persetujuan" not in head
    assert logged_in(cast.reader_barat()).get("/pantauan/?wilayah=31.75").status_code == 404


@at_noon
@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("hari=2021-11-24", 200),
        ("hari=2021-11-26", 400),
        ("hari=kemarin", 400),
        ("hari=1000-01-01", 400),
        ("wilayah=31.99", 404),
        ("wilayah=%00", 400),
        ("hari=", 400),
    ],
)
def test_a_wrong_day_or_region_gets_a_sentence(asked: str, status: int) -> None:
    assert logged_in(cast.staff()).get(f"/pantauan/?{asked}").status_code == status


@at_noon
def test_a_closed_day_is_opened_from_the_page() -> None:
    client = logged_in(cast.staff())
    wrong = client.post("/pantauan/", {"city": BARAT, "day": "2021-11-01", "until": "2021-11-25", "reason": ""})
    assert wrong.status_code == 400
    far = client.post("/pantauan/", {"city": BARAT, "day": "2021-11-01", "until": "9999-12-30", "reason": "banjir"})
    assert "di luar jangkauan" in words(far)
    late = client.post("/pantauan/", {"city": BARAT, "day": "2021-11-01", "until": "2022-02-01", "reason": "banjir"})
    assert "paling lama 60 hari" in words(late)
    asked = {"city": BARAT, "day": "2021-11-01", "until": "2021-11-25", "reason": "banjir"}
    assert client.post("/pantauan/", asked).status_code == 302
    permit = EntryPermit.objects.get()
    assert (permit.city_id, permit.day, permit.expires) == (BARAT, date(2021, 11, 1), after(hours=12))
    assert "boleh melaporkan Sen, 1 Nov 2021" in words(client.get("/pantauan/"))


@at_noon
def test_more_vans_take_no_more_queries() -> None:
    client, asked = logged_in(cast.staff()), []
    for number in range(1, 7):
        send(stop(van(f"B {number} PKD"), day=DAY - timedelta(days=number % 2)), body(number))
        if number in (2, 6):
            client.get("/pantauan/")
            with CaptureQueriesContext(connection) as captured:
                client.get("/pantauan/")
            asked.append(len(captured))
    assert asked == [13, 13]
