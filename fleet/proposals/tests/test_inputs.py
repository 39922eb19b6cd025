"""What is known when a proposal is planned: days, vans, stops that stay, and what reports and figures tell of each place."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.rights import SYSTEM
from accounts.tests import cast
from fleet.models import Trip
from fleet.planning.yields import Visit
from fleet.proposals.explaining import outlooks, refused_requests
from fleet.proposals.histories import PastVisit, spread_evenly
from fleet.proposals.inputs import service_days, situation_of, surroundings
from fleet.proposals.situation import KnownPlace, StandingStop
from fleet.proposals.tests.world import (
    AGENCY,
    CENGKARENG,
    EAST,
    MONDAY,
    ONE,
    OWN_WORLDS,
    TIMUR,
    TWO,
    asked,
    bus,
    by,
    question,
    ready,
    stops_of,
    worked,
)
from fleet.schedule.requests import RequestInput, ask_for_van, grant_request
from fleet.schedule.trips import TripInput
from fleet.tests.plans import GROGOL, PALMERIAM, absent, cancel, pin, plan
from fleet.tests.stops import body, give_back, send, stop
from fleet.vans.services import set_quota
from recording.coverage.services import recompute_coverage
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON, count, write

pytestmark = pytest.mark.usefixtures("city")
__all__ = ["OWN_WORLDS"]
ONE_DAY = timedelta(days=1)
TUESDAY = MONDAY + ONE_DAY


def places(**more: Any) -> dict[str, KnownPlace]:
    return {place.code: place for place in situation_of(question(**more), today=DAY).places}


def stops(**more: Any) -> list[StandingStop]:
    return list(surroundings(question(**more), DAY).stops)


def away(plate: str, **more: Any) -> set[str]:
    (found,) = (van.away for van in surroundings(question(**more), DAY).vans if van.plate == plate)
    return set(found)


@pytest.mark.parametrize(
    ("first_day", "days", "saturdays", "numbers"),
    [
        (date(2021, 11, 29), 7, False, {"29": 1, "30": 2, "01": 3, "02": 4, "03": 5}),
        (date(2021, 11, 29), 8, True, {"29": 1, "30": 2, "01": 3, "02": 4, "03": 5, "04": 5, "06": 6}),
        (date(2021, 11, 27), 3, True, {"27": 0, "29": 1}),
        (date(2021, 12, 24), 5, False, {"24": 1, "27": 2, "28": 3}),
    ],
)
def test_days_are_counted_in_working_days(first_day: date, days: int, saturdays: bool, numbers: dict[str, int]) -> None:
    """A Saturday has the number of the working day before it."""
    found = service_days(question(first_day, days, saturdays=saturdays))
    assert {day.day[-2:]: day.number for day in found} == numbers


def test_a_history_tells_gap_visits_and_others() -> None:
    """Kapuk: target 400, 100 recorded at the counter before the first visit, 58 by it, 7 at the counter since."""
    write(count(7, KAPUK, day=DAY - timedelta(days=2)))
    known = places()[KAPUK]
    assert (known.target, known.recorded) == (400, 158), "the run is of before the seven"
    assert (known.history.paper_gap, known.history.elsewhere) == (300, 0)
    assert known.history.visits == (Visit(58, 3, full=False),)
    assert (known.history.capacity, known.last_day) == (120, "2021-11-05")


def recomputed() -> None:
    recompute_coverage(by=SYSTEM, day=DAY - timedelta(days=1), now=NOON)


def test_who_was_recorded_elsewhere_since_counts() -> None:
    write(count(7, KAPUK, day=DAY - timedelta(days=2)), count(5, CENGKARENG, day=DAY - timedelta(days=30)))
    recomputed()
    known = places()
    assert (known[KAPUK].history.paper_gap, known[KAPUK].history.elsewhere) == (300, 7)
    assert (known[CENGKARENG].history.paper_gap, known[CENGKARENG].history.elsewhere) == (45, 0)


def test_nothing_before_the_first_visit_is_nothing() -> None:
    """Palmeriam: nobody was ever recorded there; Cengkareng Barat: 150 at the counter, before its visit of 12."""
    trip = stop(bus(EAST), PALMERIAM, day=DAY - timedelta(days=9))
    send(trip, body(25), now=NOON - timedelta(days=9))
    recomputed()
    known = places(region=TIMUR)[PALMERIAM]
    assert (known.recorded, known.history.paper_gap, known.history.elsewhere) == (25, 500, 0)
    assert places()[CENGKARENG].history.paper_gap == 50


@pytest.mark.parametrize(
    ("told", "befalls", "visit"),
    [
        (body(120), None, Visit(120, 0, full=True)),
        (body(119, elsewhere_ktp=4), None, Visit(115, 0, full=False)),
        (body(0), None, Visit(0, 0, full=False)),
        (body(None, 9), None, None),
        (body(20), give_back, None),
        (body(20, not_found={"moved": 3, "died": 2, "unknown": 9}), None, Visit(20, 5, full=False)),
    ],
)
def test_what_a_report_tells_of_a_visit(told: Any, befalls: Callable[[Trip], object] | None, visit: Visit | None) -> None:
    """A full van could take no more; one that recorded nobody was there; one without recordings or returned tells nothing."""
    trip = stop(bus(TWO), CENGKARENG)
    send(trip, told, confirmed=["zero", "many:120", "yield:120", "yield:119", "yield:115"])
    if befalls:
        befalls(trip)
    assert places()[CENGKARENG].history.visits[1:] == ((visit,) if visit else ())


def test_a_place_is_closed_near_stops_that_stay() -> None:
    """Three days before the first day, and a pinned stop on the second Thursday."""
    stop(bus(ONE), KAPUK, day=DAY)
    pin(stop(bus(TWO), GROGOL, day=date(2021, 12, 9)))
    closed = situation_of(question(), today=DAY).closed_days()
    assert sorted(day[-2:] for day in closed[KAPUK]) == ["01", "29", "30"]
    assert sorted(day[-2:] for day in closed[GROGOL]) == ["03", "06", "07", "08", "09", "10"]
    assert not closed[CENGKARENG]


def kia_only(trip: Trip) -> None:
    Trip.objects.filter(pk=trip.pk).update(services=["kia"])


def twice_that_day(trip: Trip) -> None:
    stop(trip.van, CENGKARENG, day=trip.day, session="afternoon")


def two_at_one_place(trip: Trip) -> None:
    stop(bus(TWO), trip.village_id, day=trip.day, place="RW 11")


def requested(trip: Trip) -> None:
    request = ask_for_van(act=by(), request=RequestInput(trip.day, "full", GROGOL, "SMAN 33", "pemula"))
    granted = grant_request(act=by(), number=request.pk, van=bus(AGENCY).pk)
    Trip.objects.filter(pk=granted.pk).update(van=bus(TWO), village=trip.village_id)
    trip.delete()


def leaves_early(trip: Trip) -> None:
    absent(trip.van_id, 5, 5, from_hour=time(15))


def nothing(_trip: Trip) -> None:
    pass


@pytest.mark.parametrize(
    ("befalls", "fixed"),
    [
        (nothing, False),
        (pin, True),
        (kia_only, True),
        (twice_that_day, True),
        (two_at_one_place, True),
        (requested, True),
        (leaves_early, True),
    ],
)
def test_which_stops_nobody_moves(befalls: Callable[[Trip], object], fixed: bool) -> None:
    befalls(stop(bus(ONE), KAPUK, day=TUESDAY))
    found = [row for row in stops() if row.day == TUESDAY.isoformat()]
    assert {row.fixed for row in found} == {fixed}
    busy = away(ONE) | away(TWO)
    assert busy == ({TUESDAY.isoformat()} if fixed else set()), "its van has no time for another"


def test_a_crew_on_its_way_goes_on() -> None:
    stop(bus(ONE), KAPUK)
    stop(bus(TWO), GROGOL, published=False)
    assert {row.village: row.fixed for row in stops(first_day=DAY)} == {KAPUK: True, GROGOL: False}
    assert {row.fixed for row in surroundings(question(DAY), DAY - timedelta(days=1)).stops} == {False}


def test_a_saturday_stop_stays_unless_asked() -> None:
    saturday = date(2021, 12, 4)
    stop(bus(ONE), KAPUK, day=saturday)
    assert [row.fixed for row in stops()] == [True]
    assert [row.fixed for row in stops(saturdays=True)] == [False]


def test_absent_and_retired_vans_are_away() -> None:
    absent(bus(ONE).pk, 5, 6)
    assert sorted(away(ONE)) == ["2021-11-30", "2021-12-01"]
    type(bus(TWO)).objects.filter(plate=TWO).update(retired=date(2021, 12, 9))
    assert sorted(away(TWO)) == ["2021-12-09", "2021-12-10"]


@pytest.mark.parametrize(
    ("of", "plates"),
    [
        (question(), [ONE, TWO]),
        (question(agency=True), [ONE, TWO, AGENCY]),
        (question(region=TIMUR), [EAST]),
        (question(region=DKI), [ONE, TWO, EAST, AGENCY]),
    ],
)
def test_which_vans_are_planned(of: Any, plates: list[str]) -> None:
    assert [van.plate for van in surroundings(of, DAY).vans] == plates


def test_no_van_is_sent_where_none_is_foreseen() -> None:
    """Jakarta Pusat has neither van nor quota here, as Kepulauan Seribu, where no van drives."""
    assert surroundings(question(region=DKI), DAY).cities == (BARAT, TIMUR)
    set_quota(act=by(), base="31.71", vans=1)
    assert surroundings(question(region=DKI), DAY).cities == ("31.71", BARAT, TIMUR)


def test_a_promised_stop_called_off_is_met() -> None:
    """Although two other kelurahan are worth more that day, on which two vans go."""
    assert CENGKARENG not in {code for code, _day in stops_of(ready(question(days=1)))}
    request = ask_for_van(act=by(), request=RequestInput(MONDAY, "full", CENGKARENG, "SMAN 33", "pemula"))
    cancel(grant_request(act=by(), number=request.pk, van=bus(AGENCY).pk), "Mobil rusak")
    assert CENGKARENG in {code for code, _day in stops_of(ready(question(days=1)))}


def test_a_draft_never_held_is_no_visit() -> None:
    yesterday = plan(TripInput(bus(ONE).pk, DAY - ONE_DAY, "morning", KAPUK, "RW 05"), now=NOON - ONE_DAY)
    plan(TripInput(bus(TWO).pk, DAY + ONE_DAY, "morning", GROGOL, "RW 05"))
    near = surroundings(question(), DAY).stops
    assert {row.village for row in near} == {GROGOL}
    Trip.objects.filter(pk=yesterday.pk).update(status="published")
    assert {row.village for row in surroundings(question(), DAY).stops} == {GROGOL, KAPUK}


def test_a_request_that_is_not_met_says_why() -> None:
    monday = RequestInput(MONDAY, "full", CENGKARENG, "SMAN 33", "pemula")
    request = ask_for_van(act=by(cast.head_barat()), request=monday)
    proposal = ready(question(days=1))
    (refused,) = refused_requests(proposal)
    assert (refused.request, refused.why) == (request, "mobilnya lebih berguna di tempat lain")
    assert 0 < refused.expected < 15
    assert refused.cost
    assert refused.cost > 10
    assert [(region.code, day) for region, day in refused.displaced] == [(GROGOL, MONDAY)]
    met = ready(question(days=2))
    assert (CENGKARENG, TUESDAY.isoformat()) in stops_of(met)
    assert len(refused_requests(met)) == 1


def test_what_if_is_told_per_city() -> None:
    proposal = ready(question(days=5))
    told = {(row.kind, row.city.code if row.city else ""): row for row in outlooks(proposal)}
    assert told.keys() == {("out", BARAT), ("lend", BARAT)}
    scarce = {row.kind: row for row in outlooks(ready(question(days=1)))}
    assert scarce["lend"].people == 7, "Cengkareng Barat, the third of three"
    assert scarce["out"].people == -25, "Grogol, the second"
    assert scarce["lend"].sentence == "Satu mobil lagi di Kota Administrasi Jakarta Barat setiap hari"
    assert {row.kind for row in outlooks(ready(question(days=6)))} == {"out", "lend", "saturday"}
    province = outlooks(ready(question(region=DKI, days=1)))
    assert {(row.kind, row.people) for row in province} == {("out", None), ("lend", None)}


def queries(region: str) -> int:
    with CaptureQueriesContext(connection) as taken:
        situation_of(question(region=region), today=DAY)
    return len(taken)


def test_queries_do_not_grow_with_places() -> None:
    assert queries(DKI) - 1 <= queries(TIMUR) <= 16, "the province asks for quotas as well"


def test_a_day_without_vans_leaves_the_rest() -> None:
    for plate in (ONE, TWO):
        absent(bus(plate).pk, 4, 4)
    assert "2021-11-29" not in {day for _code, day in stops_of(ready())}


def test_nobody_left_is_an_empty_plan() -> None:
    """Where nothing remains, no stop is proposed, and nothing fails."""
    write(*(count(900, code, day=DAY - timedelta(days=39)) for code in (KAPUK, GROGOL, CENGKARENG)), reason="uji")
    recomputed()
    proposal = worked(asked())
    assert (proposal.status, stops_of(proposal)) == ("ready", [])


@pytest.mark.parametrize(
    ("elsewhere", "days", "shares"), [(90, (0, 10, 20), [0, 30, 60]), (7, (0, 15, 30), [0, 3, 7]), (5, (30,), [0]), (5, (), [])]
)
def test_others_are_spread_over_the_days(elsewhere: int, days: tuple[int, ...], shares: list[int]) -> None:
    first = DAY - timedelta(days=30)
    visits = [PastVisit(first + timedelta(days=number), 10, 0, full=False) for number in days]
    assert spread_evenly(elsewhere, visits, DAY) == shares
