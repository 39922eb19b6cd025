"""Many stops and reports in one act leave what one after the other would: the road of the example's vans."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.forms.models import model_to_dict

from accounts.acts import Act
from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil.errors import Conflict, NotAllowed, Refused
from fleet.models import ReportVersion, Trip
from fleet.reports.approval import approve_reports
from fleet.reports.body import IDLE, ReportBody
from fleet.reports.services import ReportInput, send_reports
from fleet.schedule.trips import TripInput, plan_trips
from fleet.tests.stops import GROGOL, PALMERIAM, approve, body, send, stands, stop, van
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
    sent = [(trip, ReportInput(told, f"hp-{trip.pk}")) for trip, told in zip(together, TOLD, strict=True)]
    approve_reports(act=ACT, reports=send_reports(act=ACT, reports=sent))
    expected = left_by(one_by_one)
    for row in expected:
        if isinstance(row, dict) and row.get("confirmed"):
            row["confirmed"] = []  # nothing is asked about many
    assert left_by(together) == expected
    assert trail(together) == trail(one_by_one)


def planned(by: Any) -> None:
    plan_trips(act=Act(by, NOON, "page"), trips=[TripInput(van().pk, DAY, "morning", KAPUK, "RW 01")])


def sent(by: Any) -> None:
    send_reports(act=Act(by, NOON, "page"), reports=[(stop(van()), ReportInput(body(), "hp-1"))])


def approved(by: Any) -> None:
    approve_reports(act=Act(by, NOON, "page"), reports=[send(stop(van())).report])


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
    with pytest.raises(Conflict):
        plan_trips(act=ACT, trips=[TripInput(other.pk, DAY, "morning", PALMERIAM, "RW 01"), *twice])
    assert not Trip.objects.exists()
    assert not AuditEntry.objects.filter(action="trip.plan").exists()


def test_one_impossible_report_refuses_all() -> None:
    trips = [stop(van()), stop(van("B 2 PKD"), GROGOL, day=DAY - timedelta(days=1))]
    with pytest.raises(Refused, match="melebihi"):
        send_reports(act=ACT, reports=[(trips[0], ReportInput(body(), "hp-1")), (trips[1], ReportInput(body(9_000), "hp-2"))])
    assert (ReportVersion.objects.count(), CountChange.objects.count()) == (0, 0)
