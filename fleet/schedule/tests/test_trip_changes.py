"""Changing, moving, cancelling and pinning a trip."""

from collections.abc import Callable
from datetime import time, timedelta
from functools import partial
from typing import Any

import pytest

from dukcapil.errors import Conflict, Refused
from fleet.models import Trip, Van, VanAbsence
from fleet.schedule.trips import TripInput
from fleet.tests.plans import (
    GROGOL,
    PLATES,
    TIMUR,
    TOMORROW,
    YESTERDAY,
    acts,
    cancel,
    change,
    move,
    past,
    pin,
    plan,
    published,
    report,
    stop,
    stored,
    van,
)
from recording.models import AuditEntry
from recording.tests.world import BARAT, DAY, KAPUK

small_world = pytest.mark.usefixtures("small_world")


@small_world
def test_a_change_is_made_once() -> None:
    trip = published(plan())
    wanted = TripInput(
        van(BARAT, "B 7 ABC").pk,
        TOMORROW + timedelta(days=2),
        "evening",
        GROGOL,
        "Pasar",
        time(18, 30),
        time(20),
        ["birth", "kia"],
    )
    assert [change(trip, wanted).pk for _ in range(3)] == [trip.pk] * 3
    trip.refresh_from_db()
    hours = (trip.opens, trip.closes)
    assert (trip.van_id, trip.day, trip.session, trip.village_id, trip.place, *hours, trip.services) == (
        wanted.van,
        wanted.day,
        "evening",
        GROGOL,
        "Pasar",
        time(18, 30),
        time(20),
        ["birth", "kia"],
    )
    assert trip.status == "published"
    assert acts("trip.") == [("trip.plan", PLATES[BARAT]), ("trip.change", "B 7 ABC")]


@small_world
def test_a_moved_trip_keeps_everything_else() -> None:
    trip = plan(stop(session="midday", opens=time(12, 30), closes=time(14), services=["kia"]))
    other = van(BARAT, "B 7 ABC").pk
    for _ in range(2):
        move(trip, other, DAY)
    trip.refresh_from_db()
    assert (trip.van_id, trip.day, trip.session, trip.village_id, trip.place) == (other, DAY, "midday", KAPUK, "RW 05")
    assert (trip.opens, trip.closes, trip.services) == (time(12, 30), time(14), ["kia"])
    assert len(acts("trip.change")) == 1


@small_world
@pytest.mark.parametrize(
    ("where", "kind", "field"),
    [
        ("van of another city", Refused, "village"),
        ("busy", Conflict, "session"),
        ("absent", Conflict, "van"),
        ("retired", Conflict, "van"),
        ("past", Refused, "day"),
    ],
)
def test_a_trip_is_moved_like_it_is_planned(where: str, kind: type[Refused], field: str) -> None:
    trip, other, day = plan(), van(BARAT, "B 7 ABC"), TOMORROW + timedelta(days=1)
    if where == "busy":
        plan(stop(day, "full", van=other.pk))
    elif where == "absent":
        VanAbsence.objects.create(van=other, first_day=day, last_day=day, kind="damage")
    elif where == "retired":
        Van.objects.filter(pk=other.pk).update(retired=day)
    number = van(TIMUR).pk if where == "van of another city" else other.pk
    before = stored(trip)
    with pytest.raises(Refused) as refused:
        move(trip, number, YESTERDAY if where == "past" else day)
    assert (type(refused.value), refused.value.field) == (kind, field)
    assert stored(trip) == before


@small_world
def test_a_trip_is_not_in_its_own_way() -> None:
    trip = plan()
    assert change(trip, stop(session="full")).session == "full"


@small_world
@pytest.mark.parametrize("moved", ["van", "day", "session"])
def test_a_pinned_trip_moves_only_once_released(moved: str) -> None:
    trip = pin(plan())
    there: dict[str, Any] = {"van": van(BARAT, "B 7 ABC").pk, "day": DAY, "session": "evening"}
    wanted = stop(**{moved: there[moved]})
    before = stored(trip)
    with pytest.raises(Conflict, match="Jadwal ini dikunci"):
        change(trip, wanted)
    assert stored(trip) == before
    pin(trip, False)
    change(trip, wanted)
    assert getattr(Trip.objects.get(), "van_id" if moved == "van" else moved) == there[moved]


@small_world
def test_other_fields_of_a_pinned_trip_may_change() -> None:
    trip = pin(plan())
    change(trip, stop(village=GROGOL, place="Balai", opens=time(9), services=["kia"]))
    trip.refresh_from_db()
    assert (trip.village_id, trip.place, trip.opens, trip.services, trip.pinned) == (GROGOL, "Balai", time(9), ["kia"], True)


@small_world
@pytest.mark.parametrize("state", ["cancelled", "reported"])
def test_a_cancelled_or_reported_trip_stays(state: str) -> None:
    trip = published(plan(stop(DAY)))
    sentence = "sudah dibatalkan. Jadwalkan lagi dahulu" if state == "cancelled" else "sudah punya laporan"
    if state == "cancelled":
        cancel(trip)
    else:
        report(trip)
    before, trail = stored(trip), len(acts("trip."))
    for act in (
        partial(change, trip, stop(DAY, place="Balai")),
        partial(move, trip, trip.van_id, TOMORROW),
        partial(move, trip, van(BARAT, "B 7 ABC").pk, DAY),
    ):
        with pytest.raises(Conflict, match=sentence):
            act()
    assert (stored(trip), len(acts("trip."))) == (before, trail)


@small_world
def test_a_trip_of_a_past_day_stays() -> None:
    trip = past()
    before = stored(trip)
    acts_of_it: list[tuple[Callable[[], Trip], type[Refused]]] = [
        (partial(change, trip, stop(place="Balai")), Conflict),
        (partial(change, trip, stop(YESTERDAY, place="Balai")), Refused),
        (partial(move, trip, trip.van_id, DAY), Conflict),
        (partial(cancel, trip), Conflict),
    ]
    for act, kind in acts_of_it:
        with pytest.raises(kind, match="sudah lewat"):
            act()
    assert stored(trip) == before


@small_world
def test_a_cancelled_trip_stays_with_its_first_reason() -> None:
    trip = published(plan())
    for reason in (" Banjir di RW 05 ", "lain", "Banjir di RW 05"):
        cancel(trip, reason)
    trip.refresh_from_db()
    assert (trip.status, trip.reason) == ("cancelled", "Banjir di RW 05")
    entry = AuditEntry.objects.get(action="trip.cancel")
    assert (entry.subject, entry.details["reason"]) == (PLATES[BARAT], "Banjir di RW 05")


@small_world
@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("", "Tulis alasan pembatalan"),
        (" \t", "Tulis alasan pembatalan"),
        ("atas nama 3173010101900001", "Hapus angka 16 digit"),
        ("x" * 201, "Paling panjang 200 huruf"),
    ],
)
def test_a_trip_is_cancelled_with_a_reason_only(reason: str, sentence: str) -> None:
    trip = plan()
    with pytest.raises(Refused, match=sentence) as refused:
        cancel(trip, reason)
    assert refused.value.field == "reason"
    assert stored(trip) == stored(plan())


@small_world
def test_a_trip_with_a_report_is_not_cancelled() -> None:
    trip = published(plan(stop(DAY)))
    report(trip)
    with pytest.raises(Conflict, match="sudah punya laporan, jadi tidak diubah lagi"):
        cancel(trip)
    assert Trip.objects.get().status == "held"


@small_world
def test_pinning_and_releasing_are_told_once_each() -> None:
    trip = plan()
    assert [pin(trip, pinned).pinned for pinned in (False, True, True, False, False)] == [False, True, True, False, False]
    assert [action for action, _plate in acts("trip.")] == ["trip.plan", "trip.pin", "trip.release"]
    assert not Trip.objects.get().pinned
