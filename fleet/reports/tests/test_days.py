"""Which days may be reported: open ones, returned reports, and permits of the agency."""

from datetime import date, timedelta
from typing import Any

import pytest

from accounts.acts import Act
from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil.errors import Conflict, NotFound, Refused
from fleet.models import EntryPermit, Trip, VanReport
from fleet.reports.approval import return_report
from fleet.reports.permits import permit_entry
from fleet.reports.selectors import trips_to_report
from fleet.schedule.trips import cancel_trip
from fleet.tests.stops import PALMERIAM, body, send, stop, van
from recording.models import AuditEntry, DailyCount
from recording.tests.world import BARAT, DAY, NOON, after

small_world = pytest.mark.usefixtures("small_world")


@small_world
@pytest.mark.parametrize(
    ("back", "open_"), [(-1, False), (0, True), (3, True), (4, False)], ids=["tomorrow", "today", "3 back", "4 back"]
)
def test_a_day_is_open_for_three_days_after(back: int, open_: bool) -> None:
    trip = stop(van(), day=DAY - timedelta(days=back))
    if open_:
        assert send(trip).report.version == 1
        return
    with pytest.raises(Refused, match=r"belum tiba|sudah ditutup"):
        send(trip)
    assert (VanReport.objects.count(), DailyCount.objects.count()) == (0, 0)


@small_world
def test_a_permit_opens_one_day_of_one_city() -> None:
    old = DAY - timedelta(days=9)
    barat, timur = stop(van(), day=old), stop(van("B 2 PKD", "31.75"), PALMERIAM, day=old)
    for _ in range(2):
        permit_entry(act=Act(cast.staff(), NOON, "page"), city=BARAT, day=old, expires=after(hours=6), reason="banjir")
    assert (EntryPermit.objects.count(), AuditEntry.objects.filter(action="report.permit").count()) == (1, 1)
    for closed, now in ((timur, NOON), (barat, after(hours=6))):
        with pytest.raises(Refused, match="sudah ditutup"):
            send(closed, now=now)
    assert send(barat, now=after(hours=5)).report.version == 1


@small_world
@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"day": DAY}, "day"), ({"expires": NOON}, "until"), ({"expires": after(days=61)}, "until"), ({"reason": " "}, "reason")],
)
def test_a_permit_that_makes_no_sense_is_refused(wrong: dict[str, Any], field: str) -> None:
    asked: dict[str, Any] = {"city": BARAT, "day": date(2021, 11, 1), "expires": after(hours=1), "reason": "banjir"}
    with pytest.raises(Refused) as refused:
        permit_entry(act=Act(SYSTEM, NOON, "page"), **asked | wrong)
    assert (refused.value.field, EntryPermit.objects.count()) == (field, 0)


@small_world
def test_an_unpublished_trip_takes_no_report() -> None:
    planned, cancelled, gone = (stop(van(f"B {n} PKD"), published=n != 1) for n in (1, 2, 3))
    cancel_trip(act=Act(SYSTEM, NOON, "page"), number=cancelled.pk, reason="banjir")
    Trip.objects.filter(pk=gone.pk).delete()
    for trip, problem, sentence in (
        (planned, Conflict, "belum diterbitkan"),
        (cancelled, Conflict, "dibatalkan: banjir"),
        (gone, NotFound, "Isian tetap tersimpan di perangkat Anda"),
    ):
        with pytest.raises(problem, match=sentence):
            send(trip)
    assert (VanReport.objects.count(), DailyCount.objects.count()) == (0, 0)


@small_world
def test_a_late_return_leaves_three_days() -> None:
    trip = stop(van())
    send(trip, body(20))
    return_report(act=Act(SYSTEM, after(days=9), "page"), trip=trip.pk, version=1, reason="periksa")
    assert [each.pk for each in trips_to_report(SYSTEM, BARAT, DAY + timedelta(days=12), after(days=12))] == [trip.pk]
    with pytest.raises(Refused, match="sudah ditutup"):
        send(trip, body(21), expected=1, now=after(days=13))
    assert send(trip, body(21), expected=1, now=after(days=12)).report.version == 2
