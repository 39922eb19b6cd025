"""Retiring and moving vans, their papers, and who may."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial

import pytest

from accounts.acts import Act
from accounts.models import User
from accounts.rights import SYSTEM, Actor
from accounts.tests import cast
from dukcapil.errors import Conflict, NotAllowed, NotFound, Refused
from dukcapil.tests.processes import together
from fleet.models import Trip, Van, VanAbsence, VanPaper
from fleet.tests.plans import (
    GROGOL,
    PALMERIAM,
    PLATES,
    TIMUR,
    TOMORROW,
    YESTERDAY,
    absent,
    acts,
    back,
    cancel,
    past,
    plan,
    published,
    report,
    stop,
    stored,
    van,
    who_may_change_a_van,
)
from fleet.vans.selectors import bases, papers_ending
from fleet.vans.services import move_van, register_van, retire_van, set_paper, set_quota
from recording.models import AuditEntry
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON, after, value

small_world = pytest.mark.usefixtures("small_world")


def retire(number: int, day: date = TOMORROW, *, by: Actor = SYSTEM) -> Van:
    return retire_van(act=Act(by, NOON, "page"), van=number, day=day)


def move(
    number: int, base: str = TIMUR, reason: str = "Mutasi", *, by: Actor = SYSTEM, now: datetime = NOON
) -> tuple[Van, int]:
    return move_van(act=Act(by, now, "page"), van=number, base=base, reason=reason)


def paper(number: int, expires: date = DAY, kind: str = "stnk", *, by: Actor = SYSTEM) -> VanPaper:
    return set_paper(act=Act(by, NOON, "page"), van=number, kind=kind, expires=expires)


# Retiring


@small_world
@pytest.mark.parametrize(("day", "trips"), [(DAY, 2), (TOMORROW, 2), (date(2021, 11, 28), 1)])
def test_a_van_with_later_trips_is_not_retired(day: date, trips: int) -> None:
    plan()
    plan(stop(date(2021, 11, 28)))
    with pytest.raises(Conflict, match=f"masih punya {trips} jadwal mulai tanggal itu") as refused:
        retire(van().pk, day)
    assert refused.value.field == "day"
    assert (Van.objects.get().retired, acts("van.retire")) == (None, [])


@small_world
def test_a_van_is_retired_after_its_last_trip() -> None:
    plan()
    cancel(plan(stop(date(2021, 11, 28))))
    for _ in range(2):
        assert retire(van().pk, date(2021, 11, 27)).retired == date(2021, 11, 27)
    assert Van.objects.get().retired == date(2021, 11, 27)
    entry = AuditEntry.objects.get(action="van.retire")
    assert (entry.subject, entry.details) == (PLATES[BARAT], {"from": "2021-11-27"})


@small_world
def test_a_retired_van_is_planned_before_that_day() -> None:
    number = van().pk
    retire(number, date(2021, 11, 27))
    assert plan(stop(van=number)).day == TOMORROW
    for day in (date(2021, 11, 27), date(2021, 12, 31)):
        with pytest.raises(Conflict, match="sudah tidak dipakai pada hari itu"):
            plan(stop(day, van=number))


@small_world
def test_former_trips_of_retired_vans_are_reported() -> None:
    trip = past()
    retire(trip.van_id, DAY)
    report(trip, people=31)
    assert value(KAPUK, day=YESTERDAY, source=f"trip-{trip.pk}") == 31


@small_world
def test_a_retired_van_counts_until_its_last_day() -> None:
    number = van().pk
    set_quota(act=Act(SYSTEM, NOON, "page"), base=BARAT, vans=1)
    last = TOMORROW
    retire(number, last + timedelta(days=1))
    for day, drift in ((last, 0), (last + timedelta(days=1), -1)):
        assert [(base.region.code, base.drift) for base in bases(SYSTEM, day)] == [(BARAT, drift)], day


@pytest.mark.usefixtures("committed_world")
def test_retiring_during_planning_leaves_no_trip() -> None:
    number = van().pk
    stops = [stop(session=session, van=number) for session in ("morning", "midday", "evening")]
    codes = together(partial(retire, number), *(partial(plan, each) for each in stops))
    retired = Van.objects.get().retired is not None
    assert retired is (codes[0] == 0)
    assert retired is not Trip.objects.exists()


# Moving


@small_world
@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [(BARAT, TIMUR, set()), (BARAT, DKI, {KAPUK, GROGOL}), (DKI, BARAT, {KAPUK, GROGOL}), (DKI, TIMUR, {PALMERIAM})],
)
def test_a_moved_van_loses_trips_outside_its_base(old: str, new: str, kept: set[str]) -> None:
    number = van(old).pk
    villages = [code for code in (KAPUK, GROGOL, PALMERIAM) if code.startswith(f"{old}.")]
    for (session, hour), village in zip({"morning": 8, "midday": 12, "evening": 18}.items(), villages, strict=False):
        opens, closes = time(hour), time(hour + 2)
        published(plan(stop(TOMORROW + timedelta(days=1), session, village, van=number, opens=opens, closes=closes)))
        plan(stop(TOMORROW, session, village, van=number, opens=opens, closes=closes))
    moved, cancelled = move(number, new, " Mutasi ")
    assert (moved.base_id, Van.objects.get().base_id) == (new, new)
    assert cancelled == 2 * (len(villages) - len(kept))
    for trip in Trip.objects.all():
        state = (trip.status == "cancelled", trip.reason)
        assert state == ((False, "") if trip.village_id in kept else (True, "Mutasi"))
    entry = AuditEntry.objects.get(action="van.move")
    assert (entry.subject, entry.details) == (PLATES[old], {"from": old, "to": new, "cancelled": cancelled, "reason": "Mutasi"})


@small_world
def test_moving_leaves_today_past_and_cancelled_trips() -> None:
    kept = [plan(stop(YESTERDAY), now=after(-30)), past(date(2021, 11, 23)), past(DAY, session="midday")]
    report(kept[2])
    kept += [plan(stop(DAY)), cancel(plan(stop()), "Banjir")]
    before = [stored(trip) for trip in kept]
    assert move(van().pk)[1] == 0
    assert [stored(trip) for trip in kept] == before


@small_world
def test_today_is_the_day_in_jakarta() -> None:
    for days in range(3):
        plan(stop(DAY + timedelta(days=days)))
    late = datetime.fromisoformat("2021-11-25T17:30+00:00")
    assert move(van().pk, now=late)[1] == 1
    found = Trip.objects.order_by("day").values_list("status", flat=True)
    assert list(found) == ["planned", "planned", "cancelled"]


@small_world
def test_former_trips_are_reported_by_their_city() -> None:
    trip = past()
    move(trip.van_id)
    with pytest.raises(NotAllowed):
        report(trip, by=cast.head_timur())
    report(trip, by=cast.head_barat(), people=41)
    found = Trip.objects.get()
    assert (found.status, found.city, found.report.by) == ("held", BARAT, cast.head_barat())
    assert value(KAPUK, day=YESTERDAY, source=f"trip-{trip.pk}") == 41


@small_world
def test_the_new_city_plans_a_moved_van() -> None:
    number = van().pk
    move(number)
    assert plan(stop(village=PALMERIAM, van=number), by=cast.head_timur()).city == TIMUR
    with pytest.raises(NotAllowed):
        plan(stop(van=number), by=cast.head_barat())
    with pytest.raises(Refused, match="milik Kota Administrasi Jakarta Timur"):
        plan(stop(van=number))


@small_world
def test_moving_changes_the_drift_of_both_bases() -> None:
    number = van().pk
    for base in (BARAT, TIMUR):
        set_quota(act=Act(SYSTEM, NOON, "page"), base=base, vans=1)
    drifts = []
    for base in (BARAT, TIMUR):
        move(number, base)
        drifts.append({each.region.code: each.drift for each in bases(SYSTEM, DAY)})
    assert drifts == [{BARAT: 0, TIMUR: -1}, {BARAT: -1, TIMUR: 0}]


@small_world
def test_moving_to_the_same_base_changes_nothing() -> None:
    trip = plan()
    assert [move(trip.van_id, base)[1] for base in (BARAT, TIMUR, TIMUR)] == [0, 1, 0]
    assert len(acts("van.move")) == 1


@small_world
@pytest.mark.parametrize(
    ("base", "reason", "field", "sentence"),
    [
        (TIMUR, " ", "reason", "Tulis alasannya"),
        (TIMUR, "NIK 3173010101900001", "reason", "16 digit"),
        (TIMUR, "x" * 201, "reason", "Paling panjang 200 huruf"),
        ("31.99", "Mutasi", "base", r"31\.99 bukan"),
        ("31.75.01", "Mutasi", "base", r"31\.75\.01 bukan"),
    ],
)
def test_a_wrong_move_is_refused_at_its_field(base: str, reason: str, field: str, sentence: str) -> None:
    trip = plan()
    with pytest.raises(Refused, match=sentence) as refused:
        move(trip.van_id, base, reason)
    assert refused.value.field == field
    assert (Van.objects.get().base_id, Trip.objects.get().status) == (BARAT, "planned")


# Papers


@small_world
def test_renewing_a_paper_keeps_the_old_day_audited() -> None:
    number = van().pk
    for expires in (DAY, DAY, date(2022, 11, 25)):
        assert paper(number, expires).expires == expires
    paper(number, DAY, "kir")
    assert list(VanPaper.objects.order_by("kind").values_list("kind", "expires")) == [
        ("kir", DAY),
        ("stnk", date(2022, 11, 25)),
    ]
    found = AuditEntry.objects.filter(action="van.paper").order_by("pk")
    assert [(entry.subject, entry.details) for entry in found] == [
        (PLATES[BARAT], {"kind": "stnk", "old": None, "new": "2021-11-25"}),
        (PLATES[BARAT], {"kind": "stnk", "old": "2021-11-25", "new": "2022-11-25"}),
        (PLATES[BARAT], {"kind": "kir", "old": None, "new": "2021-11-25"}),
    ]


@small_world
@pytest.mark.parametrize("kind", ["", "sim", "STNK"])
def test_an_unknown_paper_is_refused_at_its_field(kind: str) -> None:
    with pytest.raises(Refused, match="Pilih suratnya") as refused:
        paper(van().pk, kind=kind)
    assert refused.value.field == "kind"
    assert not VanPaper.objects.exists()


@small_world
def test_ending_papers_are_listed_most_urgent_first() -> None:
    first, second, retired = van().pk, van(TIMUR).pk, van(DKI).pk
    for number, kind, day in ((first, "stnk", 5), (first, "kir", 6), (second, "asuransi", -1), (retired, "kir", 0)):
        paper(number, DAY + timedelta(days=day), kind)
    retire(retired, DAY)
    ahead = timedelta(days=5)
    assert [each.kind for each in papers_ending(SYSTEM, DAY, ahead)] == ["asuransi", "stnk"]
    assert [each.kind for each in papers_ending(cast.reader_barat(), DAY, ahead)] == ["stnk"]


# Who may: a van of Barat, of Timur, of the agency


@small_world
@who_may_change_a_van
def test_the_base_writes_about_its_vans(who: Callable[[], User], answers: tuple[type[Refused] | None, ...]) -> None:
    by = who()
    for base, answer in zip((BARAT, TIMUR, DKI), answers, strict=True):
        number = van(base).pk
        known = absent(number, 10, 11)
        for act in (
            partial(paper, number, by=by),
            partial(absent, number, by=by),
            partial(back, known.pk, 0, by=by),
            partial(retire, number, by=by),
        ):
            if answer is None:
                act()
            else:
                with pytest.raises(answer):
                    act()
    written = answers.count(None)
    assert Van.objects.exclude(retired=None).count() == VanPaper.objects.count() == written
    assert VanAbsence.objects.filter(first_day=DAY).count() == written
    assert VanAbsence.objects.exclude(first_day=DAY).count() == 3 - written


@small_world
@pytest.mark.parametrize(
    ("who", "base", "answer"),
    [
        (cast.staff, TIMUR, None),
        (cast.head_barat, TIMUR, NotAllowed),
        (cast.head_barat, DKI, NotAllowed),
        (cast.head_timur, TIMUR, NotAllowed),
        (cast.reader, TIMUR, NotAllowed),
        (cast.reader_barat, TIMUR, NotAllowed),
        (cast.staff_jabar, TIMUR, NotFound),
    ],
    ids=lambda x: getattr(x, "__name__", None),
)
def test_moving_needs_rights_at_both_bases(who: Callable[[], User], base: str, answer: type[Refused] | None) -> None:
    act = partial(move, van().pk, base, by=who())
    if answer is None:
        act()
    else:
        with pytest.raises(answer):
            act()
    assert Van.objects.get().base_id == (base if answer is None else BARAT)


@small_world
def test_a_missing_van_is_not_found() -> None:
    register_van(act=Act(SYSTEM, NOON, "page"), plate="B 1 A", base=BARAT, sets=1)
    for act in (partial(retire, 4711), partial(move, 4711), partial(paper, 4711), partial(absent, 4711)):
        with pytest.raises(NotFound, match="Mobil itu tidak ditemukan"):
            act()
