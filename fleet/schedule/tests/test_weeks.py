"""A week of a base at once: publishing it, and copying it to the next."""

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest

from accounts.acts import Act
from accounts.models import User
from accounts.rights import SYSTEM, Actor
from accounts.tests import cast
from dukcapil.errors import Conflict, NotAllowed, NotFound, Refused
from dukcapil.tests.processes import together
from fleet.models import ScheduleAct, Trip, TripStatus, Van, VanAbsence
from fleet.schedule.weeks import CopiedWeek, copy_week, publish_week
from fleet.tests.plans import GROGOL, PALMERIAM, TIMUR, cancel, past, plan, report, stop, van
from recording.models import AuditEntry, Region
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON, after

small_world = pytest.mark.usefixtures("small_world")
MONDAY, SUNDAY = date(2021, 11, 22), date(2021, 11, 28)  # of the week of DAY, a Thursday
NEXT, WEEK = date(2021, 11, 29), timedelta(days=7)


def publish(monday: date = MONDAY, base: str = BARAT, *, by: Actor = SYSTEM) -> int:
    return publish_week(act=Act(by, NOON, "page"), base=base, monday=monday)


def copy(monday: date = NEXT, base: str = BARAT, *, by: Actor = SYSTEM, days: int = 0) -> CopiedWeek:
    return copy_week(act=Act(by, after(days), "page"), base=base, monday=monday)


def week_of(monday: date) -> list[tuple[date, str, str, str]]:
    found = Trip.objects.filter(day__range=(monday, monday + timedelta(days=6)), status="planned")
    return list(found.order_by("day", "opens").values_list("day", "session", "village", "place"))


def on_each_day(first: date = date(2021, 11, 21), days: int = 9) -> None:
    """A planned stop of Barat's van from the Sunday before the week to the Monday after it."""
    for number in range(days):
        plan(stop(first + timedelta(days=number)), now=after(-30))


# Publishing


@small_world
@pytest.mark.parametrize(
    ("monday", "first", "last"),
    [
        (MONDAY, DAY, SUNDAY),  # this week: from today
        (NEXT, NEXT, NEXT),
        (NEXT + WEEK, None, None),
        (MONDAY - WEEK, None, None),  # it is over
    ],
    ids=str,
)
def test_publishing_covers_today_to_sunday(monday: date, first: date | None, last: date | None) -> None:
    on_each_day()
    number = publish(monday)
    days = list(Trip.objects.filter(status="published").order_by("day").values_list("day", flat=True))
    wanted = [first + timedelta(days=n) for n in range((last - first).days + 1)] if first and last else []
    assert (days, number) == (wanted, len(wanted))


@small_world
def test_publishing_again_publishes_nothing() -> None:
    on_each_day()
    assert [publish() for _ in range(3)] == [4, 0, 0]
    entry = AuditEntry.objects.get(action="trip.publish")
    assert (entry.subject, entry.details) == (BARAT, {"monday": "2021-11-22", "trips": 4})
    assert Trip.objects.filter(announced=True).count() == 4


@small_world
def test_only_what_is_planned_is_published() -> None:
    sessions = ("morning", "midday", "afternoon", "evening")
    for session, status in zip(sessions, ("planned", "published", "held", "cancelled"), strict=True):
        trip = plan(stop(DAY, session))
        Trip.objects.filter(pk=trip.pk).update(status=status, reason="uji")
    assert publish() == 1
    found = dict(Trip.objects.values_list("session", "status"))
    assert found == dict(zip(sessions, ("published", "published", "held", "cancelled"), strict=True))


@small_world
@pytest.mark.parametrize("base", [BARAT, TIMUR, DKI])
def test_only_the_vans_of_that_base_are_published(base: str) -> None:
    for other, village in ((BARAT, KAPUK), (TIMUR, PALMERIAM), (DKI, KAPUK)):
        plan(stop(village=village, van=van(other).pk))
    assert publish(base=base) == 1
    assert list(Trip.objects.filter(status="published").values_list("van__base", flat=True)) == [base]


@small_world
@pytest.mark.parametrize(("limits", "number"), [({"closed": DAY}, None), ({"opened": SUNDAY}, None), ({"closed": SUNDAY}, 2)])
def test_a_closed_kelurahan_is_not_published(limits: dict[str, date], number: int | None) -> None:
    for day, village in ((DAY + timedelta(days=1), KAPUK), (SUNDAY, GROGOL)):
        plan(stop(day, village=village))
    Region.objects.filter(code=KAPUK).update(**limits)
    if number:
        assert publish() == number
        return
    place = "Jadwal B 1001 PKD (Rencana) di RW 05, 31.73.01.1004 Kapuk, pada Jumat, 26 November 2021"
    with pytest.raises(Conflict, match="Minggu ini belum diterbitkan") as refused:
        publish()
    assert place in str(refused.value)
    assert set(Trip.objects.values_list("status", "announced")) == {("planned", False)}
    Trip.objects.filter(village=KAPUK).update(village=GROGOL)
    assert publish() == 2


@pytest.mark.usefixtures("committed_world")
def test_eight_simultaneous_publications_are_one() -> None:
    on_each_day()
    assert together(*[publish] * 8) == [0] * 8
    assert AuditEntry.objects.filter(action="trip.publish").count() == 1
    assert Trip.objects.filter(status=TripStatus.PUBLISHED).count() == 4


# Copying


@small_world
def test_a_copied_stop_keeps_everything_but_its_week() -> None:
    past(MONDAY, place="Balai")
    plan(stop(SUNDAY, "evening", GROGOL, "Pasar", opens=time(19), closes=time(20), services=["kia", "birth"]))
    assert copy() == CopiedWeek(2, [])
    assert week_of(NEXT) == [(NEXT, "morning", KAPUK, "Balai"), (SUNDAY + WEEK, "evening", GROGOL, "Pasar")]
    last = Trip.objects.get(day=SUNDAY + WEEK)
    assert (last.opens, last.closes, last.services) == (time(19), time(20), ["kia", "birth"])
    assert (last.van_id, last.pinned) == (van().pk, False)


@small_world
def test_only_the_week_before_is_copied() -> None:
    on_each_day()
    Trip.objects.filter(day=NEXT).delete()
    assert copy() == CopiedWeek(7, [])
    assert [day for day, *_rest in week_of(NEXT)] == [NEXT + timedelta(days=n) for n in range(7)]


@small_world
def test_every_stop_but_cancelled_ones_is_copied() -> None:
    plan(stop(DAY, "morning"))
    past(DAY, session="midday")
    report(past(DAY, session="afternoon"))
    cancel(plan(stop(DAY, "evening")))
    assert copy() == CopiedWeek(3, [])
    assert [session for _day, session, *_rest in week_of(NEXT)] == ["morning", "midday", "afternoon"]


@small_world
@pytest.mark.parametrize("base", [BARAT, TIMUR, DKI])
def test_only_the_bases_own_stops_are_copied(base: str) -> None:
    for other, village in ((BARAT, KAPUK), (TIMUR, PALMERIAM), (DKI, KAPUK)):
        plan(stop(village=village, van=van(other).pk))
    assert copy(base=base) == CopiedWeek(1, [])
    assert Trip.objects.get(day__gte=NEXT).van.base_id == base


@small_world
def test_copying_again_plans_nothing_more() -> None:
    on_each_day(MONDAY, 7)
    assert [copy() for _ in range(3)] == [CopiedWeek(7, []), CopiedWeek(0, []), CopiedWeek(0, [])]
    assert Trip.objects.count() == 14
    assert AuditEntry.objects.filter(action="trip.plan", details__day__gte="2021-11-29").count() == 7
    assert ScheduleAct.objects.filter(kind="copy").count() == 1


@small_world
def test_past_days_are_left_out_silently() -> None:
    on_each_day(MONDAY, 7)
    assert copy(days=7) == CopiedWeek(4, [])  # the Thursday of the week that is copied to
    assert [day for day, *_rest in week_of(NEXT)] == [DAY + WEEK + timedelta(days=n) for n in range(4)]


@small_world
@pytest.mark.parametrize(
    ("why", "sentence"),
    [
        ("busy", "Mobil B 1001 PKD sudah ada di Balai, Grogol, pada sesi itu."),
        ("full day", "Mobil B 1001 PKD sudah ada di Balai, Grogol, pada sesi itu."),
        ("absent", "Mobil B 1001 PKD tidak siap hari itu: Rusak."),
        ("closed", "Wilayah Kapuk (31.73.01.1004) sudah tutup pada tanggal itu: hari terakhirnya Minggu, 28 November 2021."),
    ],
)
def test_a_stop_without_room_is_skipped(why: str, sentence: str) -> None:
    plan(stop(DAY))
    plan(stop(SUNDAY, village=GROGOL))
    if why in ("busy", "full day"):
        plan(stop(DAY + WEEK, "full" if why == "full day" else "morning", GROGOL, "Balai"))
    elif why == "absent":
        VanAbsence.objects.create(van=van(), first_day=DAY + WEEK, last_day=DAY + WEEK, kind="damage")
    else:
        Region.objects.filter(code=KAPUK).update(closed=SUNDAY)
    before = Trip.objects.count()
    copied = copy()
    assert (copied.planned, [str(each.why) for each in copied.skipped]) == (1, [sentence])
    assert Trip.objects.count() == before + 1
    assert Trip.objects.get(day=SUNDAY + WEEK).village_id == GROGOL


@small_world
@pytest.mark.parametrize(("days", "planned"), [(3, 0), (7, 0), (8, 1), (99, 1)])
def test_a_retired_van_is_not_copied(days: int, planned: int) -> None:
    plan(stop(DAY))
    Van.objects.update(retired=DAY + timedelta(days=days))
    sentence = "Mobil B 1001 PKD sudah tidak dipakai pada hari itu."
    copied = copy()
    assert (copied.planned, [str(each.why) for each in copied.skipped]) == (planned, [] if planned else [sentence])


@pytest.mark.usefixtures("committed_world")
def test_four_simultaneous_copies_are_one() -> None:
    on_each_day(MONDAY, 7)
    assert together(*[copy] * 4) == [0] * 4
    assert Trip.objects.count() == 14


# Who may: the base Barat, Timur, the province
@small_world
@pytest.mark.parametrize(
    ("who", "answers"),
    [
        (cast.admin, (None, None, None)),
        (cast.staff, (None, None, None)),
        (cast.head_barat, (None, NotAllowed, NotAllowed)),
        (cast.head_timur, (NotAllowed, None, NotAllowed)),
        (cast.reader, (NotAllowed, NotAllowed, NotAllowed)),
        (cast.reader_barat, (NotAllowed, NotFound, NotFound)),
        (cast.api_barat, (NotAllowed, NotFound, NotFound)),
        (cast.staff_jabar, (NotFound, NotFound, NotFound)),
        (cast.disabled, (NotFound, NotFound, NotFound)),
    ],
    ids=lambda x: getattr(x, "__name__", None),
)
def test_the_base_publishes_and_copies_its_weeks(who: Callable[[], User], answers: tuple[type[Refused] | None, ...]) -> None:
    by = who()
    bases = ((BARAT, KAPUK), (TIMUR, PALMERIAM), (DKI, KAPUK))
    for (base, village), answer in zip(bases, answers, strict=True):
        plan(stop(village=village, van=van(base).pk))
        if answer is None:
            assert (publish(base=base, by=by), copy(base=base, by=by)) == (1, CopiedWeek(1, []))
            continue
        with pytest.raises(answer):
            publish(base=base, by=by)
        with pytest.raises(answer):
            copy(base=base, by=by)
    written = answers.count(None)
    assert Trip.objects.filter(status="published").count() == written
    assert Trip.objects.count() == 3 + written


@small_world
def test_whatever_day_is_named_its_week_is_meant() -> None:
    """The week of Thursday 25 November 2021 ends on Sunday the 28th."""
    trips = [plan(stop(DAY + timedelta(days=ahead))) for ahead in (3, 4)]
    assert publish(DAY) == 1
    assert [Trip.objects.get(pk=trip.pk).status for trip in trips] == ["published", "planned"]
    copied = copy(DAY + timedelta(days=7))
    assert (copied.planned, Trip.objects.filter(day=DAY + timedelta(days=10)).count()) == (1, 1)
