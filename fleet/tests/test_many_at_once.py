"""Many stops and reports in one act leave what one after the other would: the road of the example's vans."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext

from accounts.acts import Act
from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil.errors import Conflict, NotAllowed, NotFound, Refused, Unconfirmed
from fleet.models import ReportVersion, Trip, VanReport
from fleet.reports.approval import approve_reports
from fleet.reports.body import IDLE, ReportBody
from fleet.reports.services import ReportInput, send_reports
from fleet.schedule.trips import TripInput, plan_trips
from fleet.tests.stops import GROGOL, PALMERIAM, approve, body, give_back, send, stands, stop, van
from fleet.vans.absences import add_absence
from recording.models import AuditEntry, CountChange
from recording.tests.world import DAY, KAPUK, NOON

pytestmark = pytest.mark.usefixtures("small_world")
ACT = Act(SYSTEM, NOON, "page")
TOLD = [body(20, 4, elsewhere_ktp=3, not_found={"moved": 2}), body(0), ReportBody(IDLE, idle_reason="damage")]


def left_by(trips: list[Trip]) -> list[Any]:
    """What the stops, their reports and versions, the ledger and the trail hold, without names of rows and vans."""
    rows: list[Any] = []
    for trip in trips:
        trip.refresh_from_db()
        report = trip.report
        rows.append(model_to_dict(trip, exclude=["id", "van"]) | {"announced": trip.announced})
        rows.append(model_to_dict(report, exclude=["trip", "source"]) | {"source": report.source == f"trip-{trip.pk}"})
        rows += [(line.service, line.people) for line in report.lines.order_by("service")]
        rows += [(line.reason, line.people) for line in report.not_found.all()]
        rows += [model_to_dict(version, exclude=["id", "report", "device"]) for version in report.versions.all()]
        rows += [stands(trip), stands(trip, "KIA")]
    return rows


def reports_of(trips: list[Trip], last: int = 20) -> dict[int, ReportInput]:
    """One report of each stop; that of the last one tells of `last` recordings."""
    return {trip.pk: ReportInput(body(last if trip is trips[-1] else 20), f"hp-{trip.pk}") for trip in trips}


def trail(trips: list[Trip]) -> list[tuple[str, str]]:
    numbers = {trip.pk for trip in trips}
    entries = AuditEntry.objects.filter(details__trip__in=numbers).order_by("action", "pk")
    return [(entry.action, entry.details.get("day", "")) for entry in entries]


def test_many_leave_what_one_by_one_leaves() -> None:
    villages = [KAPUK, GROGOL, "31.73.01.1001"]
    one_by_one = [stop(van(f"B 1{n} PKD"), village) for n, village in enumerate(villages)]
    for trip, told in zip(one_by_one, TOLD, strict=True):
        send(trip, told, confirmed=["zero"])
        approve(trip)
    together = plan_trips(
        act=ACT,
        trips=[TripInput(van(f"B 2{n} PKD").pk, DAY, "morning", code, "Kantor RW 05") for n, code in enumerate(villages)],
    )
    Trip.objects.filter(pk__in=[trip.pk for trip in together]).update(status="published", announced=True)
    reports = {trip.pk: ReportInput(told, f"hp-{trip.pk}") for trip, told in zip(together, TOLD, strict=True)}
    sent = send_reports(act=ACT, reports=reports)
    approve_reports(act=ACT, versions={one.report.pk: one.report.version for one in sent})
    expected = left_by(one_by_one)
    for row in expected:
        if isinstance(row, dict) and row.get("confirmed"):
            row["confirmed"] = []  # nothing is asked about many
    assert left_by(together) == expected
    assert trail(together) == trail(one_by_one)


def planned(by: Any) -> None:
    plan_trips(act=Act(by, NOON, "page"), trips=[TripInput(van().pk, DAY, "morning", KAPUK, "RW 01")])


def sent(by: Any) -> None:
    send_reports(act=Act(by, NOON, "page"), reports={stop(van()).pk: ReportInput(body(), "hp-1")})


def approved(by: Any) -> None:
    approve_reports(act=Act(by, NOON, "page"), versions={send(stop(van())).report.pk: 1})


@pytest.mark.parametrize("write", [planned, sent, approved])
def test_the_right_is_asked_for_many(write: Callable[[Any], None]) -> None:
    with pytest.raises(NotAllowed):
        write(cast.head_timur())
    assert not AuditEntry.objects.filter(action="report.approved").exists()
    assert Trip.objects.count() == (0 if write is planned else 1)
    assert CountChange.objects.count() == (1 if write is approved else 0)


def test_a_plan_is_taken_whole_or_not() -> None:
    bus, other = van(), van("B 2 PKD", "31.75")
    twice = [TripInput(bus.pk, DAY, "morning", village, "RW 01") for village in (KAPUK, GROGOL)]
    with pytest.raises(Conflict, match="sudah ada di RW 01, Kapuk"):
        plan_trips(act=ACT, trips=[TripInput(other.pk, DAY, "morning", PALMERIAM, "RW 01"), *twice])
    assert not Trip.objects.exists()
    assert not AuditEntry.objects.filter(action="trip.plan").exists()


def test_one_impossible_report_refuses_all() -> None:
    trips = [stop(van()), stop(van("B 2 PKD"), GROGOL, day=DAY - timedelta(days=1))]
    with pytest.raises(Refused, match="melebihi"):
        send_reports(act=ACT, reports=reports_of(trips, 9_000))
    assert (ReportVersion.objects.count(), CountChange.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"day": DAY - timedelta(days=1)}, "sudah lewat"),
        ({"day": DAY + timedelta(days=400)}, "paling jauh"),
        ({"village": PALMERIAM}, "tidak dijadwalkan di wilayah lain"),
        ({"village": "31.73.01"}, "Pilih kelurahannya"),
        ({"session": "night"}, "Pilih sesinya"),
        ({"services": ["massage"]}, "satu layanan"),
        ({"place": " "}, "Tulis tempatnya"),
        ({"day": DAY + timedelta(days=1)}, "tidak siap hari itu"),
    ],
)
def test_each_stop_of_a_plan_is_checked(changes: dict[str, Any], sentence: str) -> None:
    bus = van()
    tomorrow = DAY + timedelta(days=1)
    add_absence(act=ACT, van=bus.pk, first_day=tomorrow, last_day=tomorrow, kind="damage")
    right = TripInput(bus.pk, DAY, "morning", KAPUK, "RW 01")
    with pytest.raises(Refused, match=sentence):
        plan_trips(act=ACT, trips=[right, replace(right, **{"session": "afternoon"} | changes)])
    assert not Trip.objects.exists()


def queries_of_a_day(number: int, day: date) -> list[int]:
    """How many queries planning, reporting and approving take for this many vans."""
    places = [TripInput(van(f"B {n} PKD").pk, day, "morning", KAPUK, "RW 05") for n in range(100, 100 + number)]
    with CaptureQueriesContext(connection) as planning:
        trips = plan_trips(act=ACT, trips=places)
    Trip.objects.filter(day=day).update(status="published", announced=True)
    with CaptureQueriesContext(connection) as reporting:
        send_reports(act=Act(SYSTEM, NOON + timedelta(days=10), "page"), reports=reports_of(trips))
    with CaptureQueriesContext(connection) as approving:
        approve_reports(act=ACT, versions={trip.pk: 1 for trip in trips})
    return [len(taken) for taken in (planning, reporting, approving)]


def test_many_take_no_more_queries_than_two() -> None:
    first, second = (DAY + timedelta(days=ahead) for ahead in (8, 9))
    assert queries_of_a_day(12, second) == queries_of_a_day(2, first)


def test_a_stop_at_other_hours_is_another() -> None:
    """It is no repetition: the van is there already, and the plan says so."""
    trip = TripInput(van().pk, DAY, "morning", KAPUK, "RW 01")
    (first,) = plan_trips(act=ACT, trips=[trip])
    with pytest.raises(Conflict):
        plan_trips(act=ACT, trips=[replace(trip, closes=time(11))])
    assert plan_trips(act=ACT, trips=[trip]) == [first]


def test_stops_of_one_plan_need_travel_time() -> None:
    bus = van()
    near = [TripInput(bus.pk, DAY, session, code, "RW 01") for session, code in (("morning", KAPUK), ("midday", GROGOL))]
    with pytest.raises(Unconfirmed) as asked:
        plan_trips(act=ACT, trips=near)
    confirmed = [question.code for question in asked.value.questions]
    planned = plan_trips(act=ACT, trips=near, confirmed=confirmed)
    assert plan_trips(act=ACT, trips=near) == planned, "the same again"
    assert Trip.objects.count() == 2


def closed(trip: Trip) -> None:
    Trip.objects.filter(pk=trip.pk).update(day=DAY - timedelta(days=4))


def unpublished(trip: Trip) -> None:
    Trip.objects.filter(pk=trip.pk).update(status="planned")


def cancelled(trip: Trip) -> None:
    Trip.objects.filter(pk=trip.pk).update(status="cancelled", reason="banjir")


def reported(trip: Trip) -> None:
    send(trip, body(21))


def to_come(trip: Trip) -> None:
    Trip.objects.filter(pk=trip.pk).update(day=DAY + timedelta(days=1))


@pytest.mark.parametrize(
    ("befalls", "sentence"),
    [
        (closed, "sudah ditutup"),
        (unpublished, "belum diterbitkan"),
        (cancelled, "dibatalkan"),
        (to_come, "belum tiba"),
        (reported, "sudah melaporkan"),
    ],
)
def test_each_of_many_reports_is_checked(befalls: Callable[[Trip], object], sentence: str) -> None:
    trips = [stop(van()), stop(van("B 2 PKD"), GROGOL)]
    befalls(trips[1])
    before = ReportVersion.objects.count()
    with pytest.raises(Refused, match=sentence):
        send_reports(act=ACT, reports=reports_of(trips))
    assert ReportVersion.objects.count() == before


@pytest.mark.parametrize(("version", "decided", "sentence"), [(2, approve, "baru saja"), (1, give_back, "dikembalikan")])
def test_what_changed_is_not_approved(version: int, decided: Callable[[Trip], object], sentence: str) -> None:
    trips = [stop(van()), stop(van("B 2 PKD"), GROGOL)]
    for trip in trips:
        send(trip)
    decided(trips[1])
    with pytest.raises(Conflict, match=sentence):
        approve_reports(act=ACT, versions={trips[0].pk: 1, trips[1].pk: version})
    assert VanReport.objects.get(pk=trips[0].pk).status == "sent"


def test_many_reports_sent_again_change_nothing() -> None:
    reports = reports_of([stop(van()), stop(van("B 2 PKD"), GROGOL)])
    first, *others = list(reports)
    send_reports(act=ACT, reports={first: reports[first]})
    assert [one.repeated for one in send_reports(act=ACT, reports=reports)] == [True, False]
    assert [one.repeated for one in send_reports(act=ACT, reports=reports)] == [True, True]
    assert ReportVersion.objects.count() == len([first, *others])


def test_the_stops_of_a_van_share_its_limit() -> None:
    bus = van()
    trips = [stop(bus), stop(bus, GROGOL, session="afternoon")]
    with pytest.raises(Refused, match="melebihi 320"):
        send_reports(act=ACT, reports=reports_of(trips, 301))
    send_reports(act=ACT, reports=reports_of(trips, 300))


def test_a_number_of_no_row_is_not_found() -> None:
    with pytest.raises(NotFound):
        approve_reports(act=ACT, versions={10**30: 1})


def test_each_correction_keeps_its_reason() -> None:
    trips = {stop(van()): "salah baca", stop(van("B 2 PKD"), GROGOL): "salah tulis"}
    for trip in trips:
        send(trip)
    send_reports(act=ACT, reports={trip.pk: ReportInput(body(3), f"hp-{trip.pk}", 1, (), why) for trip, why in trips.items()})
    reasons = CountChange.objects.filter(posting__reason__in=trips.values()).values_list("region", "posting__reason")
    assert set(reasons) == {(trip.village_id, why) for trip, why in trips.items()}
