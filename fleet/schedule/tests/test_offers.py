"""What is offered for a stop whose van cannot come is exactly what the database takes."""

from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import Error, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts.rights import SYSTEM
from accounts.tests import cast
from fleet.models import Session, Trip, Van, VanAbsence
from fleet.schedule.offers import Offers, offers_for
from fleet.schedule.trips import HOURS
from fleet.tests.plans import GROGOL, PALMERIAM, TIMUR, TOMORROW, absent, plan, stop, van
from recording.models import Region
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON

pytestmark = pytest.mark.usefixtures("small_world")
ALL_DAYS = [DAY + timedelta(days=n) for n in range(4)]
KEDAUNG = "31.73.01.1001"


def second() -> Van:
    return van(BARAT, "B 2001 PKD")


def offers(trip: Trip, absence: VanAbsence | None = None, *, now: datetime = NOON, by: Any = SYSTEM) -> Offers:
    return offers_for(by, [trip], now, absence)[trip.pk]


def marks(found: Offers) -> list[tuple[str, str]]:
    state = lambda offer: "absent" if offer.absent else "free" if offer.free else "taken"  # noqa: E731
    return [(offer.van.plate, state(offer)) for offer in found.vans]


days = st.sampled_from(ALL_DAYS)
hours = st.sampled_from([time(7), time(8), time(10), time(12), time(13), time(15), time(18), time(20)])
absences = st.tuples(st.integers(0, 3), days, st.none() | hours, st.none() | st.integers(0, 2))
stops = st.tuples(st.integers(0, 3), days, st.sampled_from(Session.values), hours, hours, st.sampled_from([KAPUK, GROGOL]))


def accepted(act: Any) -> bool:
    """Whether the database itself takes it."""
    try:
        with transaction.atomic():
            act()
    except Error:
        return False
    return True


def scene(away: list[Any], others: list[Any], retired: date | None) -> tuple[list[Van], Trip]:
    """A stop of the first of four vans, and whatever of the rest the database takes."""
    vans = [van(), second(), van(BARAT, "B 2002 PKD"), van(DKI)]
    trip = plan(stop(ALL_DAYS[1]))
    for number, first, from_hour, lasts in away:
        last = None if lasts is None else first + timedelta(days=lasts)
        fields = {"van": vans[number], "first_day": first, "from_hour": from_hour, "last_day": last, "kind": "damage"}
        accepted(partial(VanAbsence.objects.create, **fields))
    for number, day, session, opens, closes, village in others:
        fields = {"van": vans[number], "day": day, "session": session, "opens": opens, "closes": closes}
        accepted(partial(Trip.objects.create, **fields, village_id=village, place="RW 09"))
    accepted(partial(Van.objects.filter(pk=vans[1].pk).update, retired=retired))
    return vans, trip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(absences, max_size=4), st.lists(stops, max_size=10), st.none() | days)
@example([], [(1, ALL_DAYS[1], "evening", time(10), time(13), KAPUK)], None)
@example([(1, ALL_DAYS[1], time(8), None), (2, ALL_DAYS[1], time(10), None)], [], None)
@example([(1, ALL_DAYS[0], None, 0), (2, ALL_DAYS[0], time(20), 1)], [], ALL_DAYS[2])
def test_offered_is_what_the_database_takes(away: list[Any], others: list[Any], retired: date | None) -> None:
    with transaction.atomic():
        vans, trip = scene(away, others, retired)
        found = {offer.van.pk for offer in offers(trip).vans if offer.free}
        for each in vans:
            with transaction.atomic():
                taken = accepted(partial(Trip.objects.filter(pk=trip.pk).update, van=each))
                transaction.set_rollback(True)
            assert taken == (each.pk in found), each
        transaction.set_rollback(True)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(absences, max_size=4), st.lists(stops, max_size=10))
def test_every_offered_time_is_taken_by_the_database(away: list[Any], others: list[Any]) -> None:
    with transaction.atomic():
        _vans, trip = scene(away, others, None)
        for slot in offers(trip).slots:
            opens, closes = slot.hours
            fields = {"van": slot.van, "day": slot.day, "session": slot.session, "opens": opens, "closes": closes}
            with transaction.atomic():
                assert accepted(partial(Trip.objects.filter(pk=trip.pk).update, **fields)), slot
                transaction.set_rollback(True)
        transaction.set_rollback(True)


def test_each_van_is_marked_and_explained() -> None:
    trip = plan()
    second()
    plan(stop(van=van(BARAT, "B 2002 PKD").pk, village=GROGOL))
    absent(van(BARAT, "B 2003 PKD").pk, 0, None)
    van(TIMUR)
    absence = VanAbsence(van=trip.van, first_day=TOMORROW, kind="damage")
    found = offers(trip, absence)
    assert marks(found) == [("B 2001 PKD", "free"), ("B 2003 PKD", "absent"), ("B 2002 PKD", "taken")]
    assert [str(offer.refusal) for offer in found.vans[1:]] == [
        "Mobil B 2003 PKD tidak siap hari itu: Rusak.",
        "Mobil B 2002 PKD sudah ada di RW 05, Grogol, pada sesi itu.",
    ]
    assert found.best == f"van:{second().pk}"


def test_the_nearest_van_comes_first() -> None:
    """One that is in the kelurahan, in the kecamatan, in the city; a van of another base; one without time to drive."""
    trip = plan()
    places = {"B 2001 PKD": GROGOL, "B 2002 PKD": KAPUK, "B 2003 PKD": KEDAUNG}
    for plate, village in places.items():
        plan(stop(van=van(BARAT, plate).pk, session="evening", village=village))
    van(BARAT, "B 2004 PKD")
    plan(stop(van=van(BARAT, "B 2005 PKD").pk, session="midday", village=GROGOL))
    agency = van(DKI)
    found = offers(trip, VanAbsence(van=trip.van, first_day=TOMORROW, kind="damage"))
    order = ["B 2002 PKD", "B 2003 PKD", "B 2001 PKD", "B 2004 PKD", agency.plate, "B 2005 PKD"]
    assert [offer.van.plate for offer in found.vans] == order
    assert [len(offer.questions) for offer in found.vans] == [0, 0, 0, 0, 0, 1]
    assert [offer.nearest and offer.nearest[0] for offer in found.vans] == [None, 360, 360, None, None, 0]


def test_vans_of_others_are_shown_and_not_open() -> None:
    trip, agency = plan(), van(DKI)
    found = offers(trip, by=cast.head_barat())
    of_agency = next(offer for offer in found.vans if offer.van == agency)
    assert (of_agency.free, of_agency.open, of_agency.own_base) == (True, False, False)
    assert found.vans_to_plan == [trip.van]
    assert next(offer for offer in offers(trip, by=cast.staff()).vans if offer.van == agency).open


def test_the_next_free_times_are_offered() -> None:
    """The own session first of all days, and others; the broken van itself from the day on which it is back."""
    trip = plan()
    absence = VanAbsence(van=trip.van, first_day=TOMORROW, last_day=TOMORROW, kind="damage")
    found = [(slot.day, slot.session, slot.van) for slot in offers(trip, absence).slots]
    assert found == [
        (TOMORROW + timedelta(days=1), "morning", trip.van),
        (TOMORROW + timedelta(days=1), "midday", trip.van),
        (TOMORROW + timedelta(days=1), "afternoon", trip.van),
        (TOMORROW + timedelta(days=2), "morning", trip.van),
        (TOMORROW + timedelta(days=2), "midday", trip.van),
        (TOMORROW + timedelta(days=3), "morning", trip.van),
    ]
    other = second()
    same_day = [(slot.session, slot.van) for slot in offers(trip, absence).slots if slot.day == TOMORROW]
    assert same_day == [("midday", other), ("afternoon", other)]


def test_a_closed_kelurahan_is_not_postponed_to() -> None:
    trip = plan()
    second()
    Region.objects.filter(code=KAPUK).update(closed=TOMORROW)
    assert {slot.day for slot in offers(trip).slots} == {TOMORROW}


def test_a_time_that_is_over_is_not_offered() -> None:
    trip = plan(stop(DAY, "evening"))
    second()
    now = datetime.combine(DAY, time(19), NOON.tzinfo)
    assert all(slot.day > DAY for slot in offers(trip, now=now).slots)


def test_a_full_day_stays_a_full_day() -> None:
    trip = plan(stop(session="full"))
    found = offers(trip).slots
    assert {slot.session for slot in found} == {"full"}
    assert {slot.hours for slot in found} == {HOURS["full"]}


def test_more_stops_take_no_more_queries() -> None:
    costs = []
    for count in (1, 6):
        numbers = [plan(stop(DAY + timedelta(days=10 * count + n))).pk for n in range(count)]
        trips = list(Trip.objects.filter(pk__in=numbers).select_related("van__base", "village"))
        second()
        with CaptureQueriesContext(connection) as queries:
            assert len(offers_for(SYSTEM, trips, NOON)) == count
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 4


def test_a_stop_elsewhere_gets_no_van_of_here() -> None:
    trip = plan(stop(van=van(TIMUR).pk, village=PALMERIAM))
    van()
    assert [offer.van.base_id for offer in offers(trip).vans] == [TIMUR]
