"""The days on which a van cannot go out."""

from collections.abc import Callable
from datetime import time, timedelta
from functools import partial

import pytest

from accounts.acts import Act
from accounts.rights import SYSTEM
from dukcapil.errors import Conflict, NotFound, Refused
from dukcapil.tests.processes import together
from fleet.models import Trip, VanAbsence
from fleet.reports.body import ReportBody
from fleet.reports.services import ReportInput, send_report
from fleet.tests.plans import PLATES, TOMORROW, absent, acts, back, cancel, past, plan, report, stop, stored, van
from recording.models import AuditEntry
from recording.tests.world import BARAT, DAY, NOON

small_world = pytest.mark.usefixtures("small_world")


def absences() -> list[tuple[int, int | None]]:
    """First and last day of each, counted from DAY."""
    days = [(row.first_day, row.last_day) for row in VanAbsence.objects.all()]
    return [((first - DAY).days, (last - DAY).days if last else None) for first, last in days]


@small_world
@pytest.mark.parametrize("day", [0, 1, 2])
def test_trips_on_these_days_refuse_an_absence(day: int) -> None:
    trip = plan(stop(DAY + timedelta(days=day)))
    with pytest.raises(Conflict, match="1 jadwal mobil ini masih berlaku pada hari-hari itu") as refused:
        absent(trip.van_id, 0, 2)
    assert refused.value.field == "first_day"
    assert (absences(), Trip.objects.get().status, acts("van.absent")) == ([], "planned", [])


# Stops of the first day from 08.00 to 12.00 and of the third, and an absence from the second hour named on
HOURS: list[tuple[time | None, int | None, int]] = [
    (None, 0, 1),
    (None, None, 2),
    (time(8), None, 2),
    (time(8, 1), None, 1),
    (time(12), 2, 1),
    (time(12), 1, 0),
    (time(12), 0, 0),
]


@small_world
@pytest.mark.parametrize(("from_hour", "last", "hit"), HOURS)
def test_an_absence_hits_from_its_hour_on(from_hour: time | None, last: int | None, hit: int) -> None:
    for day in (0, 2):
        plan(stop(DAY + timedelta(days=day)))
    absence = VanAbsence(van=van(), first_day=DAY, from_hour=from_hour, kind="damage")
    absence.last_day = None if last is None else DAY + timedelta(days=last)
    stops = list(Trip.objects.standing())
    assert sum(absence.holds(each.day, each.opens) for each in stops) == hit
    assert Trip.objects.during(absence).count() == hit
    if hit:
        with pytest.raises(Conflict):
            absent(van().pk, 0, last, from_hour=from_hour)
    else:
        absent(van().pk, 0, last, from_hour=from_hour)
        assert [(row.from_hour, row.kind) for row in VanAbsence.objects.all()] == [(from_hour, "damage")]


@small_world
def test_an_open_absence_ends_when_told() -> None:
    number = van().pk
    absence = absent(number, 0, None)
    with pytest.raises(Conflict, match="tidak siap hari itu"):
        plan(stop(DAY + timedelta(days=300), van=number))
    with pytest.raises(Refused, match="Paling lama satu tahun"):
        back(absence.pk, 367)
    back(absence.pk, 2)
    assert absences() == [(0, 2)]
    assert plan(stop(DAY + timedelta(days=3), van=number)).status == "planned"


@small_world
@pytest.mark.parametrize("which", ["before", "after", "cancelled", "another van"])
def test_other_trips_do_not_refuse_an_absence(which: str) -> None:
    number = van().pk
    if which == "another van":
        plan(stop(DAY + timedelta(days=2), van=van(BARAT, "B 7 ABC").pk))
    else:
        trip = plan(stop(DAY + timedelta(days={"before": 0, "after": 4, "cancelled": 2}[which])))
        if which == "cancelled":
            cancel(trip)
    absent(number, 1, 3)
    assert absences() == [(1, 3)]


@small_world
def test_an_absence_leaves_its_trail() -> None:
    absence = absent(van().pk, 1, 2, note=" Rem blong ", from_hour=time(13))
    assert (absence.note, absence.by, absences()) == ("Rem blong", None, [(1, 2)])
    entry = AuditEntry.objects.get(action="van.absent")
    details = {"first": "2021-11-26", "last": "2021-11-27", "from": "13:00", "kind": "damage"}
    assert (entry.subject, entry.details) == (PLATES[BARAT], details)


@small_world
@pytest.mark.parametrize(("told", "answer"), [("nothing", False), ("served", False), ("idle", True)])
def test_a_past_absence_needs_idle_days(told: str, answer: bool) -> None:
    trip = past()
    if told == "served":
        report(trip)
    elif told == "idle":
        idle = ReportBody("idle", idle_reason="damage")
        send_report(act=Act(SYSTEM, NOON, "page"), trip=trip.pk, report=ReportInput(idle, "d"))
    before = stored(trip)
    if answer:
        absent(trip.van_id, -1, 2)
    else:
        with pytest.raises(Conflict, match="1 jadwal"):
            absent(trip.van_id, -1, 2)
    assert (absences(), stored(trip)) == ([(-1, 2)] if answer else [], before)


@small_world
def test_the_same_absence_again_changes_nothing() -> None:
    number = van().pk
    first = absent(number, 1, 2, note="Rem")
    again = absent(number, 1, 2, note="lain")
    assert (again.pk, again.note) == (first.pk, "Rem")
    assert len(acts("van.absent")) == VanAbsence.objects.count() == 1


@small_world
@pytest.mark.parametrize(
    ("last", "kind", "note", "field", "sentence"),
    [
        (-1, "damage", "", "last_day", "Hari terakhir sebelum hari pertama"),
        (367, "damage", "", "last_day", "Paling lama satu tahun"),
        (1, "holiday", "", "kind", "Pilih sebabnya"),
        (1, "", "", "kind", "Pilih sebabnya"),
        (1, "lent", "NIK 3173010101900001", "note", "16 digit"),
        (1, "lent", "x" * 201, "note", "Paling panjang 200 huruf"),
    ],
)
def test_a_wrong_absence_is_refused_at_its_field(last: int, kind: str, note: str, field: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence) as refused:
        absent(van().pk, 0, last, kind, note)
    assert refused.value.field == field
    assert absences() == []


@small_world
@pytest.mark.parametrize(("kind", "last"), [("damage", 0), ("maintenance", 1), ("lent", 366)])
def test_an_absence_lasts_one_day_to_a_year(kind: str, last: int) -> None:
    assert absent(van().pk, 0, last, kind).kind == kind
    assert absences() == [(0, last)]


@small_world
@pytest.mark.parametrize(
    ("last", "left", "told"), [(5, [(1, 3)], 0), (3, [(1, 3)], 0), (2, [(1, 2)], 1), (1, [(1, 1)], 1), (0, [], 1), (-9, [], 1)]
)
def test_an_absence_ends_early_or_disappears(last: int, left: list[tuple[int, int]], told: int) -> None:
    absence = absent(van().pk, 1, 3)
    back(absence.pk, last)
    assert (absences(), len(acts("van.back"))) == (left, told)
    if left:
        back(absence.pk, last)
        assert (absences(), len(acts("van.back"))) == (left, told)
        return
    with pytest.raises(NotFound, match="Catatan itu sudah tidak ada"):
        back(absence.pk, last)


@small_world
def test_a_returned_van_may_be_planned_again() -> None:
    number = van().pk
    absence = absent(number, 0, 3)
    with pytest.raises(Conflict):
        plan(stop(van=number))
    back(absence.pk, 0)
    assert plan(stop(van=number)).day == TOMORROW


@pytest.mark.usefixtures("committed_world")
def test_simultaneous_trip_and_absence_never_both_stand() -> None:
    number = van().pk
    works: list[Callable[[], object]] = [partial(absent, number, 0, 3), partial(plan, stop(van=number))]
    assert 0 in together(*works * 3)
    assert VanAbsence.objects.count() + Trip.objects.count() == 1
