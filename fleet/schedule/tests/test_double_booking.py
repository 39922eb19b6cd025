"""A van is in one place at a time, and goes nowhere while it is absent or after it was retired."""

from dataclasses import replace
from datetime import time, timedelta
from functools import partial

import pytest

from dukcapil.errors import Conflict, Unconfirmed
from dukcapil.tests.processes import together
from fleet.models import Session, Trip, Van, VanAbsence
from fleet.schedule.double_booking import free_vans
from fleet.schedule.trips import HOURS as HOURS_OF
from fleet.tests.plans import GROGOL, PLATES, TOMORROW, acts, cancel, change, plan, stop, van, without_hours_guards
from recording.tests.world import BARAT, KAPUK

small_world = pytest.mark.usefixtures("small_world")


@small_world
@pytest.mark.parametrize("second", Session.values)
@pytest.mark.parametrize("first", Session.values)
def test_a_van_is_in_one_place_per_session(first: str, second: str) -> None:
    plan(stop(session=first, place="RW 01"))
    wanted = stop(session=second, place="RW 02")
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


# Hours, whatever the session is called: a first stop from 08.00 to 12.00


HOURS = [
    ((time(7), time(8)), True),  # ends when the other begins
    ((time(12), time(13)), True),
    ((time(7), time(8, 1)), False),
    ((time(11, 59), time(13)), False),
    ((time(9), time(10)), False),
    ((time(7), time(15)), False),
]


@small_world
@pytest.mark.parametrize(("hours", "free"), HOURS, ids=str)
def test_two_stops_of_a_van_share_no_hour(hours: tuple[time, time], free: bool) -> None:
    plan(stop(place="RW 01"))
    wanted = stop(session="midday", place="RW 02", opens=hours[0], closes=hours[1])
    if free:
        assert plan(wanted).opens == hours[0]
        return
    sentence = r"B 1001 PKD sudah ada di RW 01, Kapuk, pukul 08\.00–12\.00; jamnya bertumpuk"
    with pytest.raises(Conflict, match=sentence) as refused:
        plan(wanted)
    assert refused.value.field == "opens"
    later = plan(stop(session="evening", place="RW 02"))
    with pytest.raises(Conflict, match="jamnya bertumpuk"):
        change(later, stop(session="evening", place="RW 02", opens=hours[0], closes=hours[1]))
    assert list(Trip.objects.order_by("opens").values_list("opens", flat=True)) == [time(8), time(18)]


@small_world
def test_a_van_is_free_between_its_hours() -> None:
    plan(stop(opens=time(9), closes=time(13)))
    free = {session: bool(free_vans(BARAT, TOMORROW, session, HOURS_OF[session])) for session in Session.values}
    assert free == {"morning": False, "midday": False, "afternoon": True, "evening": True, "full": False}


TRAVEL = [  # a first stop in Kapuk from 08.00 to 12.00
    ((time(12), time(14)), GROGOL, 0),
    ((time(12, 29), time(14)), GROGOL, 29),
    ((time(12, 30), time(14)), GROGOL, None),
    ((time(6), time(7, 31)), GROGOL, 29),
    ((time(6), time(7, 30)), GROGOL, None),
    ((time(12), time(14)), KAPUK, None),
]


@small_world
@pytest.mark.parametrize(("hours", "village", "minutes"), TRAVEL, ids=str)
def test_little_time_to_drive_is_asked_about(hours: tuple[time, time], village: str, minutes: int | None) -> None:
    plan(stop(place="RW 01"))
    wanted = stop(session="midday", village=village, place="RW 02", opens=hours[0], closes=hours[1])
    if minutes is None:
        assert plan(wanted).village_id == village
        return
    with pytest.raises(Unconfirmed) as asked:
        plan(wanted)
    (question,) = asked.value.questions
    assert f"Hanya {minutes} menit antara RW 01, Kapuk (pukul 08.00–12.00)" in str(question)
    with pytest.raises(Unconfirmed):
        plan(wanted, confirmed=["travel:0"])
    assert plan(wanted, confirmed=[question.code]).opens == hours[0]


@small_world
def test_a_yes_is_about_one_pair_of_stops() -> None:
    plan(stop(place="RW 01"))
    wanted = stop(session="midday", village=GROGOL, place="RW 02")
    with pytest.raises(Unconfirmed) as asked:
        plan(wanted)
    codes = [question.code for question in asked.value.questions]
    with pytest.raises(Unconfirmed):
        plan(replace(wanted, opens=time(12, 5)), confirmed=codes)
    planned = plan(wanted, confirmed=codes)
    assert change(planned, replace(wanted, place="RW 03")).place == "RW 03", "its hours stay: it is not asked again"
    with pytest.raises(Unconfirmed):
        change(planned, replace(wanted, place="RW 03", opens=time(12, 10)))


@small_world
def test_a_stop_between_two_others_is_asked_twice() -> None:
    plan(stop(place="RW 01"))
    plan(stop(session="afternoon", place="RW 01"))
    with pytest.raises(Unconfirmed) as asked:
        plan(stop(session="midday", village=GROGOL))
    assert len(asked.value.questions) == 2


@small_world
def test_a_stop_that_overlaps_already_may_be_edited() -> None:
    """Written before the portal refused it: whatever does not move it is possible, and moving it apart."""
    first = plan(stop(place="RW 01"))
    second = plan(stop(session="midday", place="RW 02"))
    with without_hours_guards():
        Trip.objects.filter(pk=second.pk).update(opens=time(11))
    wanted = stop(session="midday", place="Balai", opens=time(11), closes=time(15))
    assert change(second, wanted).place == "Balai"
    assert cancel(first).status == "cancelled"
    assert change(second, replace(wanted, opens=time(10))).opens == time(10)


@pytest.mark.usefixtures("committed_world")
def test_of_eight_simultaneous_hours_one_is_planned() -> None:
    """Each in another session but at the same hour, so that the sessions say nothing."""
    sessions = ("morning", "midday", "afternoon", "evening") * 2
    wanted = [stop(session=session, place=f"RW {n}", opens=time(9), closes=time(10)) for n, session in enumerate(sessions)]
    assert sorted(together(*(partial(plan, each) for each in wanted))) == [0] + [1] * 7
    assert Trip.objects.count() == 1


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
