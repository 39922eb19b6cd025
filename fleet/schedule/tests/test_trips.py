"""One trip: planning, changing, cancelling and pinning it; what is refused, and who may."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

import pytest

from accounts.models import User
from accounts.tests import cast
from dukcapil.errors import Conflict, NotAllowed, NotFound, Refused
from dukcapil.tests.processes import together
from fleet.models import Service, Session, Trip, Van, VanAbsence
from fleet.schedule.trips import TripInput
from fleet.tests.plans import (
    GROGOL,
    NAMES,
    PALMERIAM,
    PLATES,
    TIMUR,
    TOMORROW,
    VILLAGES,
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
from recording.models import AuditEntry, Region
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON

small_world = pytest.mark.usefixtures("small_world")


# Planning


@small_world
def test_a_planned_trip_has_the_hours_of_its_session_the_usual_services_and_one_entry_in_the_trail() -> None:
    trip = plan(stop(place="  RW 05 "))
    trip.refresh_from_db()
    assert (trip.van.plate, trip.day, trip.session, trip.village_id) == (PLATES[BARAT], TOMORROW, "morning", KAPUK)
    assert (trip.place, trip.opens, trip.closes) == ("RW 05", time(8), time(12))
    assert trip.services == ["record_first", "record", "kia", "replacement"]
    assert (trip.status, trip.announced, trip.pinned, trip.reason) == ("planned", False, False, "")
    assert trip.city == BARAT
    entry = AuditEntry.objects.get(action="trip.plan")
    assert (entry.subject, entry.door, entry.at, entry.by) == (PLATES[BARAT], "page", NOON, None)
    assert entry.details == {
        "trip": trip.pk,
        "day": "2021-11-26",
        "session": "morning",
        "village": KAPUK,
        "place": "RW 05",
        "reason": "",
    }


@small_world
@pytest.mark.parametrize(
    ("session", "usual", "given"),
    [
        ("morning", (time(8), time(12)), {"opens": time(9)}),
        ("midday", (time(12), time(15)), {"closes": time(14)}),
        ("afternoon", (time(15), time(18)), {"opens": time(15, 30), "closes": time(17)}),
        ("evening", (time(18), time(21)), {"opens": time(19)}),
        ("full", (time(8), time(15)), {"opens": time(0)}),
    ],
)
def test_hours_that_are_given_replace_those_of_the_session_one_by_one(
    session: str, usual: tuple[time, time], given: dict[str, Any]
) -> None:
    without = plan(stop(TOMORROW, session))
    with_hours = plan(stop(TOMORROW + timedelta(days=1), session, **given))
    assert (without.opens, without.closes) == usual
    assert (with_hours.opens, with_hours.closes) == (given.get("opens", usual[0]), given.get("closes", usual[1]))


@small_world
def test_planning_the_same_again_is_the_same_trip_and_one_entry_in_the_trail() -> None:
    numbers = {plan(stop(place=place)).pk for place in ("RW 05", " RW 05", "RW 05\n")}
    assert numbers == {Trip.objects.get().pk}
    assert acts("trip.") == [("trip.plan", PLATES[BARAT])]


@small_world
def test_a_trip_that_was_cancelled_may_be_planned_anew() -> None:
    first = cancel(plan())
    second = plan()
    assert second.pk != first.pk
    assert [each.status for each in Trip.objects.order_by("pk")] == ["cancelled", "planned"]


@small_world
@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"village": PALMERIAM}, "village", "PKD milik Kota Administrasi Jakarta Barat; tidak"),
        ({"village": "31.73.01"}, "village", "Pilih kelurahannya"),
        ({"village": BARAT}, "village", "Pilih kelurahannya"),
        ({"village": "31.73.01.9999"}, "village", "Pilih kelurahannya"),
        ({"village": ""}, "village", "Pilih kelurahannya"),
        ({"day": YESTERDAY}, "day", "Hari itu sudah lewat"),
        ({"day": date(2020, 1, 1)}, "day", "Hari itu sudah lewat"),
        ({"day": DAY + timedelta(days=367)}, "day", "paling jauh satu tahun ke depan"),
        ({"place": ""}, "place", "Tulis tempatnya"),
        ({"place": "  \n"}, "place", "Tulis tempatnya"),
        ({"place": "rumah 3173010101900001"}, "place", "Hapus angka 16 digit"),
        ({"place": "RW\x00 05"}, "place", "tanda yang tidak dapat disimpan"),
        ({"place": "x" * 121}, "place", "Paling panjang 120 huruf"),
        ({"session": "night"}, "session", "Pilih sesinya"),
        ({"session": ""}, "session", "Pilih sesinya"),
        ({"services": []}, "services", "Pilih paling sedikit satu layanan"),
        ({"services": ["kia", "passport"]}, "services", "Pilih paling sedikit satu layanan"),
        ({"opens": time(12), "closes": time(8)}, "closes", "Jam selesai harus sesudah jam mulai"),
        ({"opens": time(9), "closes": time(9)}, "closes", "Jam selesai harus sesudah jam mulai"),
        ({"opens": time(13)}, "closes", "Jam selesai harus sesudah jam mulai"),
    ],
    ids=str,
)
def test_a_wrong_stop_is_refused_at_its_field_when_planned_and_when_changed(
    wrong: dict[str, Any], field: str, sentence: str
) -> None:
    right = stop()
    kept = plan(replace(right, session="evening"))
    before = stored(kept)
    bad = replace(right, **wrong)
    for act in (partial(plan, bad), partial(change, kept, bad)):
        with pytest.raises(Refused, match=sentence) as refused:
            act()
        assert (refused.value.field, refused.value.status) == (field, 400)
    assert (Trip.objects.count(), stored(kept), len(acts("trip."))) == (1, before, 1)


@small_world
@pytest.mark.parametrize(
    ("limits", "answer"),
    [
        ({"closed": YESTERDAY}, False),
        ({"closed": DAY}, False),
        ({"closed": TOMORROW}, True),
        ({"opened": TOMORROW}, True),
        ({"opened": TOMORROW + timedelta(days=1)}, False),
    ],
    ids=str,
)
def test_a_stop_goes_only_to_a_kelurahan_that_is_open_on_its_day(limits: dict[str, date], answer: bool) -> None:
    Region.objects.filter(code=KAPUK).update(**limits)
    if answer:
        assert plan().village_id == KAPUK
        return
    with pytest.raises(Refused, match="Kelurahan itu tutup pada hari itu") as refused:
        plan()
    assert refused.value.field == "village"
    assert not Trip.objects.exists()


@small_world
@pytest.mark.parametrize(
    ("moment", "answer"),
    [("2021-11-24T23:59+07:00", True), ("2021-11-25T16:59+00:00", True), ("2021-11-25T17:00+00:00", False)],
)
def test_a_stop_may_be_planned_until_its_day_is_over_in_jakarta(moment: str, answer: bool) -> None:
    act = partial(plan, stop(DAY), now=datetime.fromisoformat(moment))
    if answer:
        assert act().day == DAY
        return
    with pytest.raises(Refused, match="sudah lewat"):
        act()


@small_world
def test_a_stop_may_be_planned_one_year_ahead() -> None:
    assert plan(stop(DAY + timedelta(days=366))).status == "planned"


@small_world
@pytest.mark.parametrize("base", [BARAT, TIMUR, DKI])
@pytest.mark.parametrize("village", VILLAGES)
def test_a_van_of_a_sudin_stays_in_its_city_and_one_of_the_agency_in_its_province(base: str, village: str) -> None:
    wanted = stop(village=village, van=van(base).pk)
    if village.startswith(f"{base}."):
        assert plan(wanted).village_id == village
        return
    with pytest.raises(Refused, match=f"milik {NAMES[base]}; tidak dijadwalkan di wilayah lain") as refused:
        plan(wanted)
    assert refused.value.field == "village"


# Whether the van is free


@small_world
@pytest.mark.parametrize("second", Session.values)
@pytest.mark.parametrize("first", Session.values)
def test_a_van_is_in_one_place_in_each_session_and_a_full_day_takes_them_all(first: str, second: str) -> None:
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
def test_another_day_another_van_or_a_cancelled_trip_leaves_the_session_free(free: str) -> None:
    other = plan(stop(session="full", place="RW 01"))
    if free == "cancelled":
        cancel(other)
    day = TOMORROW + timedelta(days=free == "another day")
    number = van(BARAT, "B 7 ABC").pk if free == "another van" else van().pk
    assert plan(stop(day, "morning", van=number)).status == "planned"


@small_world
@pytest.mark.parametrize(
    ("first", "last", "free"),
    [(-1, -1, True), (-1, 0, False), (0, 0, False), (-3, 3, False), (0, 5, False), (1, 1, True)],
)
def test_a_van_that_is_absent_goes_nowhere_on_both_ends_and_between(first: int, last: int, free: bool) -> None:
    VanAbsence.objects.create(
        van=van(),
        kind="maintenance",
        first_day=TOMORROW + timedelta(days=first),
        last_day=TOMORROW + timedelta(days=last),
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
def test_a_van_that_is_retired_goes_nowhere_from_that_day_on(days: int, free: bool) -> None:
    wanted = stop()
    Van.objects.update(retired=TOMORROW + timedelta(days=days))
    if free:
        assert plan(wanted).day == TOMORROW
        return
    with pytest.raises(Conflict, match="B 1001 PKD sudah tidak dipakai pada hari itu") as refused:
        plan(wanted)
    assert refused.value.field == "van"


@pytest.mark.usefixtures("committed_world")
def test_a_stop_that_eight_plan_at_the_same_moment_is_one_trip() -> None:
    wanted = stop(session="full")
    assert together(*[partial(plan, wanted)] * 8) == [0] * 8
    assert (Trip.objects.count(), acts("trip.")) == (1, [("trip.plan", PLATES[BARAT])])


@pytest.mark.usefixtures("committed_world")
def test_of_eight_stops_of_one_van_and_session_at_the_same_moment_one_is_planned() -> None:
    wanted = [stop(place=f"RW {number}") for number in range(8)]
    assert sorted(together(*(partial(plan, each) for each in wanted))) == [0] + [1] * 7
    assert Trip.objects.count() == 1


# Changing and moving


@small_world
def test_a_changed_trip_is_as_wanted_and_the_same_change_again_changes_nothing() -> None:
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
def test_a_moved_trip_keeps_its_session_place_hours_and_services() -> None:
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
def test_a_trip_is_not_moved_where_it_could_not_be_planned(where: str, kind: type[Refused], field: str) -> None:
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
def test_a_trip_is_not_in_its_own_way_when_it_becomes_a_full_day() -> None:
    trip = plan()
    assert change(trip, stop(session="full")).session == "full"


@small_world
@pytest.mark.parametrize("moved", ["van", "day", "session"])
def test_a_pinned_trip_is_not_moved_until_it_is_released(moved: str) -> None:
    trip = pin(plan())
    there: dict[str, Any] = {"van": van(BARAT, "B 7 ABC").pk, "day": DAY, "session": "evening"}
    wanted = stop(**{moved: there[moved]})
    before = stored(trip)
    with pytest.raises(Conflict, match="Jadwal ini disematkan"):
        change(trip, wanted)
    assert stored(trip) == before
    pin(trip, False)
    change(trip, wanted)
    assert getattr(Trip.objects.get(), "van_id" if moved == "van" else moved) == there[moved]


@small_world
def test_the_place_the_kelurahan_the_hours_and_the_services_of_a_pinned_trip_may_change() -> None:
    trip = pin(plan())
    change(trip, stop(village=GROGOL, place="Balai", opens=time(9), services=["kia"]))
    trip.refresh_from_db()
    assert (trip.village_id, trip.place, trip.opens, trip.services, trip.pinned) == (
        GROGOL,
        "Balai",
        time(9),
        ["kia"],
        True,
    )


@small_world
@pytest.mark.parametrize("state", ["cancelled", "reported"])
def test_a_trip_that_was_cancelled_or_reported_is_neither_changed_nor_moved(state: str) -> None:
    trip = published(plan(stop(DAY)))
    sentence = "sudah dibatalkan. Buat jadwal baru" if state == "cancelled" else "sudah punya laporan"
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
def test_a_trip_of_a_day_that_is_over_is_neither_changed_moved_nor_cancelled() -> None:
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


# Cancelling and pinning


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
    assert [pin(trip, pinned).pinned for pinned in (False, True, True, False, False)] == [
        False,
        True,
        True,
        False,
        False,
    ]
    assert [action for action, _plate in acts("trip.")] == ["trip.plan", "trip.pin", "trip.release"]
    assert not Trip.objects.get().pinned


# Who may: a van of the own city (Barat), of another city, of the agency but in the own city.
WHO: list[tuple[Callable[[], User], tuple[type[Refused] | None, ...]]] = [
    (cast.admin, (None, None, None)),
    (cast.staff, (None, None, None)),
    (cast.head_barat, (None, NotAllowed, NotAllowed)),
    (cast.head_timur, (NotAllowed, None, NotAllowed)),
    (cast.reader, (NotAllowed, NotAllowed, NotAllowed)),
    (cast.reader_barat, (NotAllowed, NotFound, NotFound)),
    (cast.api_barat, (NotAllowed, NotFound, NotFound)),
    (cast.staff_jabar, (NotFound, NotFound, NotFound)),
    (cast.disabled, (NotFound, NotFound, NotFound)),
]


@small_world
@pytest.mark.parametrize(("who", "answers"), WHO, ids=lambda x: getattr(x, "__name__", None))
def test_a_trip_is_planned_by_those_of_its_vans_base(
    who: Callable[[], User], answers: tuple[type[Refused] | None, ...]
) -> None:
    by = who()
    for base, village, answer in zip((BARAT, TIMUR, DKI), (KAPUK, PALMERIAM, KAPUK), answers, strict=True):
        wanted = stop(village=village, van=van(base).pk)
        if answer is None:
            plan(wanted, by=by)
        else:
            with pytest.raises(answer):
                plan(wanted, by=by)
    assert Trip.objects.count() == answers.count(None)


@small_world
@pytest.mark.parametrize(("who", "answers"), WHO, ids=lambda x: getattr(x, "__name__", None))
def test_a_trip_is_changed_moved_pinned_and_cancelled_by_those_of_its_vans_base(
    who: Callable[[], User], answers: tuple[type[Refused] | None, ...]
) -> None:
    by = who()
    for base, village, answer in zip((BARAT, TIMUR, DKI), (KAPUK, PALMERIAM, KAPUK), answers, strict=True):
        wanted = stop(village=village, van=van(base).pk)
        trip = plan(wanted)
        before = stored(trip)
        for act in (
            partial(change, trip, replace(wanted, place="Balai"), by=by),
            partial(move, trip, trip.van_id, DAY, by=by),
            partial(pin, trip, by=by),
            partial(cancel, trip, by=by),
        ):
            if answer is None:
                act()
            else:
                with pytest.raises(answer):
                    act()
        assert (stored(trip) == before) is (answer is not None)
        assert Trip.objects.get(pk=trip.pk).status == ("cancelled" if answer is None else "planned")


@small_world
def test_a_trip_that_is_not_there_is_not_found() -> None:
    trip = Trip(pk=4711)
    number = van().pk
    for act in (
        partial(change, trip, stop()),
        partial(move, trip, number, DAY),
        partial(pin, trip),
        partial(cancel, trip),
    ):
        with pytest.raises(NotFound, match="Jadwal itu tidak ditemukan"):
            act()
    with pytest.raises(NotFound, match="Mobil itu tidak ditemukan"):
        plan(stop(van=4711))


@small_world
def test_every_service_may_be_offered() -> None:
    assert plan(stop(services=Service.values)).services == Service.values
