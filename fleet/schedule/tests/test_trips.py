"""Planning a trip: the usual values, what is refused, and who may plan and change it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

import pytest

from accounts.models import User
from accounts.tests import cast
from dukcapil.errors import NotAllowed, NotFound, Refused
from fleet.models import Service, Trip
from fleet.tests.plans import (
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
    pin,
    plan,
    stop,
    stored,
    van,
)
from recording.models import AuditEntry, Region
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON

small_world = pytest.mark.usefixtures("small_world")


# Planning


@small_world
def test_a_planned_trip_has_the_usual_values() -> None:
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
def test_given_hours_replace_those_of_the_session(session: str, usual: tuple[time, time], given: dict[str, Any]) -> None:
    without = plan(stop(TOMORROW, session))
    with_hours = plan(stop(TOMORROW + timedelta(days=1), session, **given))
    assert (without.opens, without.closes) == usual
    assert (with_hours.opens, with_hours.closes) == (given.get("opens", usual[0]), given.get("closes", usual[1]))


@small_world
def test_planning_the_same_again_is_one_trip() -> None:
    numbers = {plan(stop(place=place)).pk for place in ("RW 05", " RW 05", "RW 05\n")}
    assert numbers == {Trip.objects.get().pk}
    assert acts("trip.") == [("trip.plan", PLATES[BARAT])]


@small_world
def test_a_cancelled_trip_may_be_planned_anew() -> None:
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
def test_a_wrong_stop_is_refused_at_its_field(wrong: dict[str, Any], field: str, sentence: str) -> None:
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
def test_a_stop_needs_an_open_kelurahan(limits: dict[str, date], answer: bool) -> None:
    Region.objects.filter(code=KAPUK).update(**limits)
    if answer:
        assert plan().village_id == KAPUK
        return
    with pytest.raises(Refused, match=r"sudah tutup|belum ada") as refused:
        plan()
    assert refused.value.field == "village"
    assert not Trip.objects.exists()


@small_world
@pytest.mark.parametrize(
    ("moment", "answer"),
    [("2021-11-24T23:59+07:00", True), ("2021-11-25T16:59+00:00", True), ("2021-11-25T17:00+00:00", False)],
)
def test_planning_ends_with_the_day_in_jakarta(moment: str, answer: bool) -> None:
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
def test_a_van_stays_within_its_base(base: str, village: str) -> None:
    wanted = stop(village=village, van=van(base).pk)
    if village.startswith(f"{base}."):
        assert plan(wanted).village_id == village
        return
    with pytest.raises(Refused, match=f"milik {NAMES[base]}; tidak dijadwalkan di wilayah lain") as refused:
        plan(wanted)
    assert refused.value.field == "village"


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
def test_the_vans_base_plans_its_trips(who: Callable[[], User], answers: tuple[type[Refused] | None, ...]) -> None:
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
def test_the_vans_base_changes_its_trips(who: Callable[[], User], answers: tuple[type[Refused] | None, ...]) -> None:
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
def test_a_missing_trip_is_not_found() -> None:
    trip = Trip(pk=4711)
    number = van().pk
    for act in (partial(change, trip, stop()), partial(move, trip, number, DAY), partial(pin, trip), partial(cancel, trip)):
        with pytest.raises(NotFound, match="Jadwal itu tidak ditemukan"):
            act()
    with pytest.raises(NotFound, match="Mobil itu tidak ditemukan"):
        plan(stop(van=4711))


@small_world
def test_every_service_may_be_offered() -> None:
    assert plan(stop(services=Service.values)).services == Service.values
