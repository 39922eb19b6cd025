"""A van is in one place at a time, and goes nowhere while it is absent or after it was retired."""

from datetime import timedelta
from functools import partial

import pytest

from dukcapil.errors import Conflict
from dukcapil.tests.processes import together
from fleet.models import Session, Trip, Van, VanAbsence
from fleet.tests.plans import GROGOL, PLATES, TOMORROW, acts, cancel, plan, stop, van
from recording.tests.world import BARAT

small_world = pytest.mark.usefixtures("small_world")


@small_world
@pytest.mark.parametrize("second", Session.values)
@pytest.mark.parametrize("first", Session.values)
def test_a_van_is_in_one_place_per_session(first: str, second: str) -> None:
    plan(stop(session=first, place="RW 01"))
    wanted = stop(session=second, village=GROGOL, place="RW 02")
    if first != second and "full" not in (first, second):
        assert plan(wanted).session == second
        return
    with pytest.raises(Conflict, match=r"B 1001 PKD sudah ada di RW 01, Kapuk, pada sesi itu") as refused:
        plan(wanted)
    assert refused.value.field == "session"
    assert Trip.objects.get().session == first


@small_world
@pytest.mark.parametrize("free", ["another day", "another van", "cancelled"])
def test_other_trips_leave_the_session_free(free: str) -> None:
    other = plan(stop(session="full", place="RW 01"))
    if free == "cancelled":
        cancel(other)
    day = TOMORROW + timedelta(days=free == "another day")
    number = van(BARAT, "B 7 ABC").pk if free == "another van" else van().pk
    assert plan(stop(day, "morning", van=number)).status == "planned"


@small_world
@pytest.mark.parametrize(
    ("first", "last", "free"), [(-1, -1, True), (-1, 0, False), (0, 0, False), (-3, 3, False), (0, 5, False), (1, 1, True)]
)
def test_an_absent_van_goes_nowhere(first: int, last: int, free: bool) -> None:
    VanAbsence.objects.create(
        van=van(), kind="maintenance", first_day=TOMORROW + timedelta(days=first), last_day=TOMORROW + timedelta(days=last)
    )
    if free:
        assert plan().day == TOMORROW
        return
    with pytest.raises(Conflict, match="B 1001 PKD tidak siap hari itu: Perawatan") as refused:
        plan()
    assert refused.value.field == "van"
    assert not Trip.objects.exists()


@small_world
@pytest.mark.parametrize(("days", "free"), [(-1, False), (0, False), (1, True)])
def test_a_retired_van_goes_nowhere_from_that_day(days: int, free: bool) -> None:
    wanted = stop()
    Van.objects.update(retired=TOMORROW + timedelta(days=days))
    if free:
        assert plan(wanted).day == TOMORROW
        return
    with pytest.raises(Conflict, match="B 1001 PKD sudah tidak dipakai pada hari itu") as refused:
        plan(wanted)
    assert refused.value.field == "van"


@pytest.mark.usefixtures("committed_world")
def test_eight_simultaneous_plans_are_one_trip() -> None:
    wanted = stop(session="full")
    assert together(*[partial(plan, wanted)] * 8) == [0] * 8
    assert (Trip.objects.count(), acts("trip.")) == (1, [("trip.plan", PLATES[BARAT])])


@pytest.mark.usefixtures("committed_world")
def test_of_eight_simultaneous_stops_one_is_planned() -> None:
    wanted = [stop(place=f"RW {number}") for number in range(8)]
    assert sorted(together(*(partial(plan, each) for each in wanted))) == [0] + [1] * 7
    assert Trip.objects.count() == 1
