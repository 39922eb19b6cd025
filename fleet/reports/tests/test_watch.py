"""Who has not reported, five numbers of a day, and how the vans do: from real stops and reports."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.acts import Act
from accounts.rights import SYSTEM
from accounts.tests import cast
from fleet.models import EntryPermit
from fleet.performance.selectors import by_repeat, by_session, grouped, plan_and_held, visits
from fleet.reports.approval import return_report
from fleet.reports.body import IDLE, ReportBody, nihil
from fleet.reports.day_chart import day_chart
from fleet.reports.watch import DayNumbers, days_until, expected_reports, five_numbers, matrix, punctuality
from fleet.schedule.trips import cancel_trip
from fleet.tests.stops import GROGOL, PALMERIAM, body, send, stop, van
from fleet.vans.absences import add_absence
from fleet.vans.services import retire_van
from recording.tests.pages import logged_in, rows, words
from recording.tests.world import BARAT, DAY, DKI, NOON, after

at_noon = pytest.mark.usefixtures("at_noon")
YESTERDAY = DAY - timedelta(days=1)


def a_day() -> None:
    """Six vans: one held at two stops, two at one kelurahan, one absent, one retired, one published only."""
    one, two, three = van("B 1 PKD"), van("B 2 PKD"), van("B 3 PKD")
    send(stop(one), body(10))
    send(stop(one, GROGOL, session="afternoon"), body(11))
    send(stop(two), body(12))
    stop(three, GROGOL)
    stop(three, session="afternoon", published=False)
    absent, retired, other = van("B 4 PKD"), van("B 5 PKD"), van("B 6 PKD", "31.75")
    add_absence(act=Act(SYSTEM, NOON, "page"), van=absent.pk, first_day=YESTERDAY, last_day=DAY, kind="damage")
    retire_van(act=Act(SYSTEM, NOON, "page"), van=retired.pk, day=DAY)
    send(stop(other, PALMERIAM), ReportBody(IDLE, idle_reason="crew"))
    cancelled = stop(van("B 7 PKD"), GROGOL)
    cancel_trip(act=Act(SYSTEM, NOON, "page"), number=cancelled.pk, reason="banjir")


@at_noon
@pytest.mark.parametrize(
    ("code", "numbers"),
    [(DKI, (6, 5, 5, 3, 2)), (BARAT, (5, 4, 4, 3, 2)), ("31.75", (1, 1, 1, 0, 0)), ("31.71", (0, 0, 0, 0, 0))],
)
def test_five_numbers_of_a_day_are_five_different_things(code: str, numbers: tuple[int, ...]) -> None:
    a_day()
    (found,) = five_numbers(SYSTEM, code, [DAY])
    assert (found.registered, found.ready, found.scheduled, found.held, found.reached) == numbers


@at_noon
def test_a_retired_van_counts_until_its_last_day() -> None:
    a_day()
    before, on = five_numbers(SYSTEM, DKI, [YESTERDAY, DAY])
    assert (before.registered, on.registered) == (7, 6)


@at_noon
def test_five_numbers_of_many_days_are_three_queries(django_assert_num_queries: Any) -> None:
    a_day()
    with django_assert_num_queries(3):
        assert len(five_numbers(SYSTEM, DKI, days_until(DAY, 30))) == 30


@at_noon
def test_expected_are_published_stops_and_never_fewer_than_what_came() -> None:
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
    assert (sums.expected, sums.came, sums.missing) == (5, 2, 3)  # a returned one is missing until it is mended
    table = {
        row.van.plate: [[each.state for each in cell] for cell in row.cells] for row in matrix(found, [YESTERDAY, DAY])
    }
    assert table == {
        "B 1 PKD": [["on_time"], ["waiting"]],
        "B 2 PKD": [["late"], ["returned"]],
        "B 3 PKD": [["missing"], []],
    }


@at_noon
def test_the_page_shows_the_day_and_leads_to_each_report() -> None:
    a_day()
    page = logged_in(cast.staff()).get("/pantauan/")
    said = words(page)
    assert "1 dari 5 laporan belum masuk" in said
    assert "Mobil terdaftar 6 Mobil siap 5 Titik terjadwal 5 Titik terlaksana 3 Kelurahan terjangkau 2" in said
    assert ["B 3 PKD", "Grogol Kantor RW 05", "ditunggu"] in rows(page, "Laporan yang ditunggu")
    assert "4 laporan menunggu putusan" in said
    head = words(logged_in(cast.head_timur()).get("/pantauan/?wilayah=31.75"))
    assert "Semua 1 laporan sudah masuk" in head
    assert "menunggu putusan" not in head
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
def test_a_day_or_region_that_is_none_is_answered_with_a_sentence(asked: str, status: int) -> None:
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
def test_the_page_asks_as_often_with_many_vans_as_with_few() -> None:
    client, asked = logged_in(cast.staff()), []
    for number in range(1, 7):
        send(stop(van(f"B {number} PKD"), day=DAY - timedelta(days=number % 2)), body(number))
        if number in (2, 6):
            client.get("/pantauan/")
            with CaptureQueriesContext(connection) as captured:
                client.get("/pantauan/")
            asked.append(len(captured))
    assert asked == [14, 14]


@at_noon
def test_recordings_per_visit_by_weekday_session_and_repeat_visit() -> None:
    bus = van()
    for back, people, session in (
        (6, 10, "morning"),
        (5, 20, "full"),
        (4, 31, "afternoon"),
        (3, 12, "morning"),
        (2, 8, "morning"),
    ):
        send(stop(bus, day=DAY - timedelta(days=back), session=session), body(people), now=after(days=-back))
    send(stop(bus, GROGOL, day=YESTERDAY), nihil(["record"]), now=after(days=-1))
    send(stop(bus, day=DAY), ReportBody(IDLE, idle_reason="damage"))
    returned = stop(bus, GROGOL, session="evening")
    send(returned, body(77))
    return_report(act=Act(SYSTEM, NOON, "page"), trip=returned.pk, version=1, reason="periksa")
    found = visits(SYSTEM, DKI, DAY - timedelta(days=9), DAY)
    recordings = [(visit.recordings, visit.ordinal) for visit in found]
    assert recordings == [(10, 1), (20, 2), (31, 3), (12, 4), (8, 5), (0, 1)]
    repeat = [
        (group.label, group.visits, group.recordings, group.best, str(group.per_visit)) for group in by_repeat(found)
    ]
    assert repeat == [
        ("1", 2, 10, 10, "5.0"),
        ("2", 1, 20, 20, "20.0"),
        ("3", 1, 31, 31, "31.0"),
        ("4+", 2, 20, 12, "10.0"),
    ]
    assert [(group.label, group.visits) for group in by_session(found)] == [("Pagi", 4), ("Sore", 1), ("Penuh", 1)]
    places = grouped(found, lambda visit: visit.village, lambda visit: visit.name)
    assert [(group.label, str(group.per_visit)) for group in places] == [("Kapuk", "16.2"), ("Grogol", "0.0")]
    said = words(logged_in(cast.reader()).get("/kinerja/"))
    assert "81 perekaman pada 6 kunjungan" in said
    assert words(logged_in(cast.reader()).get("/kinerja/?rentang=bukan")) == said


@at_noon
def test_plan_and_held_counts_what_people_were_told_of() -> None:
    a_day()
    never = stop(van("B 8 PKD"), published=False)
    cancel_trip(act=Act(SYSTEM, NOON, "page"), number=never.pk, reason="sopir cuti")
    found = [(kept.base, kept.announced, kept.held, kept.cancelled) for kept in plan_and_held(SYSTEM, DKI, DAY, DAY)]
    assert found == [(BARAT, 5, 3, 1), ("31.75", 1, 0, 0)]


numbers = st.builds(
    lambda scheduled, held: DayNumbers(DAY, 17, 17, scheduled, min(held, scheduled), 0),
    st.integers(0, 60),
    st.integers(0, 60),
)


@given(st.lists(numbers, min_size=1, max_size=31))
def test_the_height_of_a_bar_is_its_value_and_nothing_leaves_the_picture(days: list[DayNumbers]) -> None:
    chart = day_chart(days)
    top = chart.ticks[-1][1]
    room = chart.ground - chart.ticks[-1][0]
    for bar, day in zip(chart.bars, days, strict=True):
        assert abs(bar.height - room * day.held / top) <= 0.5
        assert bar.y + bar.height == chart.ground
        assert chart.left <= bar.x
        assert bar.x + bar.width <= chart.width
    points = [tuple(map(int, point.split(","))) for point in chart.line.split()]
    assert [x for x, _y in points] == [bar.middle for bar in chart.bars]
    for (_x, y), day in zip(points, days, strict=True):
        assert abs((chart.ground - y) - room * day.scheduled / top) <= 0.5
