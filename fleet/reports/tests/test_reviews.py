"""Waiting reports beside former visits: from real stops and reports, in a fixed number of queries."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.acts import Act
from accounts.rights import SYSTEM
from accounts.tests import cast
from fleet.models import Trip, Van
from fleet.reports.body import nihil
from fleet.reports.flags import Usual
from fleet.reports.reviews import Review, waiting_days, waiting_reviews
from fleet.tests.stops import GROGOL, PALMERIAM, approve, body, give_back, send, stop, van
from recording.public import Source, record_counts
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON, count

pytestmark = pytest.mark.usefixtures("small_world")
YIELDS = [30, 32, 35, 38, 40, 42, 45]


def visited(of: Van, village: str = KAPUK, yields: list[int] = YIELDS, kia: int | None = None) -> None:
    """Former visits on the days before yesterday, approved, each in its own day's time."""
    for back, people in enumerate(yields, 2):
        trip = stop(of, village, day=DAY - timedelta(days=back))
        send(trip, body(people, kia), now=NOON - timedelta(days=back), confirmed=[f"yield:{people}"])
        approve(trip)


def reviews(code: str = DKI) -> dict[int, Review]:
    return {each.report.pk: each for each in waiting_reviews(SYSTEM, code)}


def codes(trip: Trip) -> list[str]:
    return [flag.code for flag in reviews()[trip.pk].flags]


def test_a_report_is_beside_its_former_visits() -> None:
    bus, other = van(), van("B 2 PKD")
    visited(bus)
    visited(other, GROGOL, [10, 12, 14], kia=5)
    trip = stop(other)
    send(trip, body(36, 6))
    ktp, kia = reviews()[trip.pk].yields
    assert (ktp.people, ktp.place, ktp.van) == (36, Usual(7, 38, 33, 41), Usual(3, 12, 11, 13))
    assert (kia.people, kia.place, kia.van) == (6, Usual(0), Usual(3, 5, 5, 5))
    assert reviews()[trip.pk].flags == []


def test_only_visits_before_the_day_count() -> None:
    """What waits itself is a visit for those after it; a returned report is none, nor is a day on which nobody came."""
    bus = van()
    days = [stop(bus, day=DAY - timedelta(days=back)) for back in (3, 2, 1, 0)]
    for trip, told in zip(days, [body(10), nihil(["record"]), body(20), body(30)], strict=True):
        send(trip, told, now=NOON - (DAY - trip.day))
    assert [reviews()[trip.pk].yields[0].place.visits for trip in days] == [0, 1, 1, 2]
    give_back(days[0])
    assert [reviews()[trip.pk].yields[0].place.visits for trip in days[1:]] == [0, 0, 1]


@pytest.mark.parametrize(
    ("told", "expected"),
    [(body(36), []), (body(90), ["above"]), (body(5), ["below"]), (nihil(["record", "kia"]), ["nobody"])],
    ids=str,
)
def test_what_is_far_from_usual_stands_out(told: Any, expected: list[str]) -> None:
    bus = van()
    visited(bus)
    trip = stop(bus)
    send(trip, told, confirmed=["yield:90"])
    assert [code for code in codes(trip) if code != "confirmed"] == expected


def test_a_late_report_says_how_late() -> None:
    trip = stop(van(), day=DAY - timedelta(days=2))
    send(trip)
    (flag,) = reviews()[trip.pk].flags
    assert str(flag) == "Terlambat: pertama dikirim 2 hari sesudah harinya."


def test_counts_beside_it_stand_out() -> None:
    record_counts(act=Act(SYSTEM, NOON, "import"), counts=[count(12, day=DAY, source=Source.VAN)])
    trip, elsewhere = stop(van()), stop(van("B 2 PKD"), GROGOL)
    send(trip, confirmed=["entered:12"])
    send(elsewhere)
    assert codes(trip) == ["entered", "confirmed"]
    assert codes(elsewhere) == []


def test_what_waits_is_listed_by_day() -> None:
    late, today = stop(van(), day=DAY - timedelta(days=1)), stop(van("B 2 PKD"), GROGOL)
    timur, approved = stop(van("B 3 PKD", "31.75"), PALMERIAM), stop(van("B 4 PKD"))
    for trip in (today, timur, approved, late):
        send(trip, now=NOON)
    approve(approved)
    assert list(reviews()) == [late.pk, today.pk, timur.pk]
    assert list(reviews(BARAT)) == [late.pk, today.pk]
    assert waiting_days(SYSTEM, DKI) == [(late.day, 1), (DAY, 2)]
    assert [each.report.pk for each in waiting_reviews(SYSTEM, DKI, late.day)] == [late.pk]
    assert waiting_reviews(cast.head_barat(), DKI) == []
    assert waiting_days(cast.reader(), DKI) == []


def test_many_reports_take_as_many_queries(django_assert_num_queries: Any) -> None:
    for number in range(1, 7):
        bus = van(f"B {number} PKD")
        visited(bus, (KAPUK, GROGOL)[number % 2], [20, 30, 40])
        send(stop(bus, (KAPUK, GROGOL)[number % 2]), body(33))
        if number in (1, 6):
            with django_assert_num_queries(8):
                assert len(waiting_reviews(SYSTEM, DKI)) == number
