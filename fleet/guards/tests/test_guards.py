"""The database keeps the rules of the schedule by itself, on both engines: each is tried with plain SQL."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db import Error, connection, transaction

from accounts.acts import Act
from accounts.rights import SYSTEM
from dukcapil.tests.processes import together
from fleet.guards import rules
from fleet.models import Trip, Van, VanAbsence, VanRequest
from fleet.reports.permits import permit_entry
from fleet.tests.plans import GROGOL, PALMERIAM, TIMUR, cancel, past, plan, report, stop, van, without_hours_guards
from recording.tests.world import BARAT, DAY, KAPUK, NOON, after

small_world = pytest.mark.usefixtures("small_world")
Value = str | int | bool | None
KELURAHAN, BASE, ABSENT, RETIRED = rules.TRIP_RULES
(HAS_TRIPS,) = rules.ABSENCE_RULES
(LATER_TRIPS,) = rules.RETIRE_RULES
(UNREPORTED,) = rules.CANCEL_RULES
TWICE = "(?i)unique"
(OVERLAPS,) = rules.HOURS_RULES
LATER: dict[str, Value] = {"opens": "13:00:00", "closes": "14:00:00"}
PARTS = ("morning", "midday", "afternoon", "evening")


def on(days: int) -> str:
    """That many days after DAY, as SQL."""
    return (DAY + timedelta(days=days)).isoformat()


def execute(sql: str, *params: Value) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


def insert(table: str, **row: Value) -> None:
    """One row, by plain SQL."""
    names, marks = ", ".join(row), ", ".join(["%s"] * len(row))
    assert execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", *row.values()) == 1


def update(table: str, number: int, **row: Value) -> None:
    """Some columns of one row, by plain SQL."""
    names = ", ".join(f"{name} = %s" for name in row)
    assert execute(f"UPDATE {table} SET {names} WHERE id = %s", *row.values(), number) == 1


def trip(**more: Value) -> None:
    """A stop of Barat's van tomorrow morning, unless `more` says otherwise."""
    usual: dict[str, Value] = {
        "van_id": van().pk,
        "day": on(1),
        "session": "morning",
        "village_id": KAPUK,
        "place": "RW 05",
        "opens": "08:00:00",
        "closes": "12:00:00",
        "services": "[]",
        "status": "planned",
        "reason": "",
        "announced": False,
        "pinned": False,
    }
    insert("fleet_trip", **usual | more)


def absence(number: int, first: int, last: int | None, **more: Value) -> None:
    ends = None if last is None else on(last)
    insert("fleet_vanabsence", van_id=number, first_day=on(first), last_day=ends, kind="damage", note="", **more)


def refused(rule: str, act: Callable[[], object]) -> None:
    """The database itself says no, and says which rule it keeps."""
    with pytest.raises(Error, match=rule), transaction.atomic():
        act()


def newest() -> Trip:
    return Trip.objects.order_by("-pk")[0]


# A van is in one place at a time


@small_world
@pytest.mark.parametrize("second", [*PARTS, "full"])
@pytest.mark.parametrize("first", [*PARTS, "full"])
def test_a_van_has_one_trip_per_session(first: str, second: str) -> None:
    trip(session=first)
    if first != second and "full" not in (first, second):
        trip(session=second, **LATER)
        assert Trip.objects.count() == 2
        return
    refused(TWICE, partial(trip, session=second, village_id=GROGOL, status="held", **LATER))
    trip(session=second, day=on(2), **LATER)
    refused(TWICE, partial(update, "fleet_trip", newest().pk, day=on(1)))
    trip(session=second, status="cancelled", reason="Banjir", **LATER)
    refused(TWICE, partial(update, "fleet_trip", newest().pk, status="published"))
    assert Trip.objects.standing().filter(day=on(1)).count() == 1


HOURS: list[tuple[str, str, bool]] = [
    ("06:00:00", "08:00:00", True),
    ("12:00:00", "12:01:00", True),
    ("07:00:00", "08:00:01", False),
    ("11:59:59", "13:00:00", False),
    ("09:00:00", "09:01:00", False),
    ("06:00:00", "20:00:00", False),
    ("08:00:00", "12:00:00", False),
]


@small_world
@pytest.mark.parametrize(("opens", "closes", "free"), HOURS)
def test_a_van_has_one_trip_per_hour(opens: str, closes: str, free: bool) -> None:
    """Whatever its sessions are called: on insertion, when hours or day change, and when a cancelled one comes back."""
    trip()
    hours: dict[str, Value] = {"session": "evening", "opens": opens, "closes": closes}
    if free:
        trip(**hours)
        return
    refused(OVERLAPS, partial(trip, **hours))
    trip(session="evening", opens="18:00:00", closes="21:00:00")
    refused(OVERLAPS, partial(update, "fleet_trip", newest().pk, opens=opens, closes=closes))
    trip(**hours | {"day": on(2)})
    refused(OVERLAPS, partial(update, "fleet_trip", newest().pk, day=on(1), session="midday"))
    trip(**hours | {"session": "midday", "status": "cancelled", "reason": "Banjir"})
    refused(OVERLAPS, partial(update, "fleet_trip", newest().pk, status="planned"))
    trip(**hours | {"van_id": van(BARAT, "B 7 ABC").pk})
    assert Trip.objects.standing().filter(day=on(1)).count() == 3


@small_world
def test_trips_that_overlap_already_are_kept() -> None:
    """From before the migration: it passes, they may be published, held and cancelled, and moved apart only."""
    with without_hours_guards():
        trip()
        trip(session="midday", opens="11:00:00", closes="15:00:00")
    number = newest().pk
    for change in (
        {"place": "Balai"},
        {"status": "published"},
        {"opens": "11:00:00"},
        {"status": "cancelled", "reason": "Banjir"},
    ):
        update("fleet_trip", number, **change)
        assert Trip.objects.filter(pk=number, **change).exists()
    refused(OVERLAPS, partial(update, "fleet_trip", number, status="planned"))
    assert Trip.objects.get(pk=number).status == "cancelled"
    update("fleet_trip", number, status="planned", opens="12:00:00")
    assert [(stop.opens.hour, stop.closes.hour) for stop in Trip.objects.standing().order_by("opens")] == [(8, 12), (12, 15)]


@small_world
@pytest.mark.parametrize(
    "free",
    [{"day": on(2)}, {"session": "evening", **LATER}, {"status": "cancelled", "reason": "Banjir"}, {"van_id": 0}],
    ids=str,
)
def test_other_days_sessions_and_vans_are_free(free: dict[str, Value]) -> None:
    other = van(BARAT, "B 7 ABC").pk
    trip()
    for _ in range(2 if "status" in free else 1):
        trip(**free | ({"van_id": other} if "van_id" in free else {}))
    assert Trip.objects.standing().count() == 1 + ("status" not in free)


# Where and when a trip stands

# What breaks which rule, within the limits of the fixture below.
WRONG: list[tuple[str, dict[str, Value]]] = [
    (KELURAHAN, {"village_id": "31.73.01"}),
    (KELURAHAN, {"village_id": BARAT}),
    (KELURAHAN, {"village_id": "31"}),
    (BASE, {"village_id": PALMERIAM}),
    (BASE, {"village_id": "31.71.01.1001"}),
    (ABSENT, {"day": on(5)}),
    (ABSENT, {"day": on(6)}),
    (ABSENT, {"day": on(7)}),
    (RETIRED, {"day": on(9)}),
    (RETIRED, {"day": on(99)}),
]


@pytest.fixture
def limits(small_world: None) -> None:
    """Barat's van is absent from the 5th to the 7th day from now, and retired on the 9th."""
    absence(van().pk, 5, 7)
    Van.objects.update(retired=on(9))


@pytest.mark.usefixtures("limits")
@pytest.mark.parametrize(("rule", "wrong"), WRONG, ids=str)
def test_a_trip_that_breaks_a_rule_is_refused(rule: str, wrong: dict[str, Value]) -> None:
    for status in ("planned", "published", "held"):
        refused(rule, partial(trip, status=status, **wrong))
    trip()
    refused(rule, partial(update, "fleet_trip", newest().pk, **wrong))
    trip(status="cancelled", reason="Banjir", **LATER, **wrong)
    refused(rule, partial(update, "fleet_trip", newest().pk, status="planned"))
    assert sorted(Trip.objects.values_list("status", flat=True)) == ["cancelled", "planned"]


@pytest.mark.usefixtures("limits")
@pytest.mark.parametrize("day", [1, 4, 8])
def test_a_trip_beside_absence_and_retirement_is_written(day: int) -> None:
    trip(day=on(day))
    trip(day=on(2), session="evening", **LATER)
    update("fleet_trip", newest().pk, day=on(day))
    assert Trip.objects.filter(day=on(day)).count() == 2


@small_world
def test_a_trip_stays_within_its_vans_base() -> None:
    trip()
    refused(BASE, partial(update, "fleet_trip", newest().pk, van_id=van(TIMUR).pk))
    update("fleet_trip", newest().pk, van_id=van("31").pk)
    assert newest().van_id == van("31").pk


@small_world
@pytest.mark.parametrize(
    ("rule", "wrong"),
    [
        ("trip_ends_after_it_begins", {"closes": "08:00"}),
        ("trip_ends_after_it_begins", {"closes": "07:59"}),
        ("trip_is_cancelled_with_a_reason", {"status": "cancelled"}),
        ("trip_in_a_known_session", {"session": "night"}),
        ("trip_in_a_known_session", {"session": ""}),
        ("trip_in_a_known_status", {"status": "lost"}),
    ],
    ids=str,
)
def test_hours_sessions_states_and_reasons_are_checked(rule: str, wrong: dict[str, Value]) -> None:
    refused(rule, partial(trip, **wrong))
    trip()
    refused(rule, partial(update, "fleet_trip", newest().pk, **wrong))
    assert Trip.objects.get().status == "planned"


@small_world
@pytest.mark.parametrize("change", [{"status": "held"}, {"place": "Balai"}, {"pinned": True}], ids=str)
def test_old_trips_survive_the_move_of_their_van(change: dict[str, Value]) -> None:
    old = past()
    update("fleet_van", old.van_id, base_id=TIMUR)
    update("fleet_trip", old.pk, **change)
    assert Trip.objects.filter(pk=old.pk, **change).exists()
    refused(BASE, partial(update, "fleet_trip", old.pk, day=on(1)))
    refused(BASE, partial(update, "fleet_trip", old.pk, village_id=GROGOL))
    update("fleet_trip", old.pk, status="cancelled", reason="Mutasi")
    refused(BASE, partial(update, "fleet_trip", old.pk, status="held"))


@small_world
@pytest.mark.parametrize("kind", ["served", "idle"])
def test_a_trip_with_a_report_is_not_cancelled(kind: str) -> None:
    told = past()
    report(told)
    execute("UPDATE fleet_vanreport SET kind = %s", kind)
    cancelled = partial(update, "fleet_trip", told.pk, status="cancelled", reason="Banjir")
    refused(UNREPORTED, cancelled)
    update("fleet_trip", told.pk, status="published", reason="lain")
    assert Trip.objects.get().status == "published"


# Absences and the end of a van, from their side


@small_world
@pytest.mark.parametrize(("kind", "answer"), [("served", False), ("nihil", False), ("idle", True)])
def test_an_absence_is_written_over_an_idle_trip(kind: str, answer: bool) -> None:
    told = past()
    report(told)
    execute("UPDATE fleet_vanreport SET kind = %s", kind)
    if answer:
        absence(told.van_id, -1, 0)
    else:
        refused(HAS_TRIPS, partial(absence, told.van_id, -1, 0))
    assert VanAbsence.objects.count() == answer


@small_world
@pytest.mark.parametrize(
    ("first", "last", "answer"), [(1, 1, False), (0, 1, False), (1, 5, False), (-9, 9, False), (-3, 0, True), (2, 2, True)]
)
def test_an_absence_is_not_written_over_a_trip(first: int, last: int, answer: bool) -> None:
    trip()
    number = van().pk
    absence(number, 20, 21)
    moved = partial(update, "fleet_vanabsence", VanAbsence.objects.get().pk, first_day=on(first), last_day=on(last))
    if answer:
        absence(number, first, last)
        moved()
        assert VanAbsence.objects.filter(first_day=on(first), last_day=on(last)).count() == 2
        return
    refused(HAS_TRIPS, partial(absence, number, first, last))
    refused(HAS_TRIPS, moved)
    assert VanAbsence.objects.get().first_day.isoformat() == on(20)
    cancel(newest())
    absence(number, first, last)
    moved()
    absence(van(BARAT, "B 7 ABC").pk, first, last)


@small_world
@pytest.mark.parametrize(
    ("from_hour", "last", "answer"),
    [(None, None, False), ("08:00:00", None, False), ("08:00:01", None, True), ("08:00:01", 2, True), (None, 1, False)],
)
def test_an_absence_may_begin_late_and_stay(from_hour: str | None, last: int | None, answer: bool) -> None:
    """Tomorrow's stop opens at 08.00; from both sides, and for a stop whose hours or day change."""
    number = van().pk
    write = partial(absence, number, 1, last, from_hour=from_hour)
    if not answer:
        trip()
        refused(HAS_TRIPS, write)
        cancel(newest())
        write()
        refused(ABSENT, trip)
        return
    write()
    trip()
    stood = newest().pk
    refused(ABSENT, partial(update, "fleet_trip", stood, opens="08:30:00"))
    refused(ABSENT, partial(trip, session="evening", opens="13:00:00", closes="14:00:00"))
    refused(ABSENT, partial(update, "fleet_trip", stood, day=on(2)))
    only = VanAbsence.objects.get().pk
    refused(HAS_TRIPS, partial(update, "fleet_vanabsence", only, from_hour=None))
    update("fleet_vanabsence", only, last_day=on(1))
    trip(day=on(2))
    refused(HAS_TRIPS, partial(update, "fleet_vanabsence", only, last_day=None))
    assert Trip.objects.standing().count() == 2


@small_world
def test_an_absence_does_not_end_before_it_begins() -> None:
    number = van().pk
    refused("absence_ends_after_it_begins", partial(absence, number, 3, 2))
    absence(number, 3, 3)
    only = VanAbsence.objects.get().pk
    refused("absence_ends_after_it_begins", partial(update, "fleet_vanabsence", only, last_day=on(2)))
    assert VanAbsence.objects.get().last_day == DAY + timedelta(days=3)


@small_world
@pytest.mark.parametrize(("day", "answer"), [(0, False), (1, False), (2, True)])
def test_a_van_with_later_trips_is_not_retired(day: int, answer: bool) -> None:
    trip()
    number = van().pk
    if not answer:
        refused(LATER_TRIPS, partial(update, "fleet_van", number, retired=on(day)))
        assert Van.objects.get().retired is None
        cancel(newest())
    update("fleet_van", number, retired=on(day))
    update("fleet_van", number, retired=None)
    assert Van.objects.get().retired is None


# The other constraints of vans, papers and requests


@small_world
@pytest.mark.parametrize("sets", [0, 7])
def test_a_van_has_one_to_six_sets(sets: int) -> None:
    refused("van_has_one_to_six_sets", partial(insert, "fleet_van", plate="B 7 ABC", base_id=BARAT, sets=sets))
    refused("van_has_one_to_six_sets", partial(update, "fleet_van", van().pk, sets=sets))
    assert Van.objects.get().sets == 2


@small_world
def test_plates_and_papers_are_unique() -> None:
    number, other = van().pk, van(TIMUR).pk
    insert("fleet_vanpaper", van_id=number, kind="stnk", expires=on(0))
    insert("fleet_vanpaper", van_id=number, kind="kir", expires=on(0))
    insert("fleet_vanpaper", van_id=other, kind="stnk", expires=on(0))
    refused(TWICE, partial(insert, "fleet_vanpaper", van_id=number, kind="stnk", expires=on(9)))
    refused(TWICE, partial(insert, "fleet_van", plate="B 1001 PKD", base_id=BARAT, sets=2))
    assert Van.objects.count() == 2


def request(status: str = "open", trip_id: int | None = None, session: str = "morning") -> None:
    insert(
        "fleet_vanrequest",
        day=on(1),
        session=session,
        village_id=KAPUK,
        place="SMA 33",
        why="pemula",
        status=status,
        at=NOON.isoformat(),
        answer="",
        trip_id=trip_id,
    )


@small_world
def test_open_requests_and_their_trips_are_unique() -> None:
    request()
    refused(TWICE, request)
    for status in ("refused", "withdrawn", "refused"):
        request(status)
    request(session="evening")
    trip()
    request("granted", newest().pk)
    refused(TWICE, partial(request, "granted", newest().pk))
    assert VanRequest.objects.filter(status="open").count() == 2
    assert VanRequest.objects.exclude(trip=None).count() == 1


# What is never rewritten


def rows(table: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        return list(cursor.fetchall())


@pytest.fixture
def history(small_world: None) -> None:
    """One version of a report and one permit; nothing of them is left to be checked at the commit."""
    report(past())
    permit_entry(act=Act(SYSTEM, NOON, "page"), city=BARAT, day=DAY - timedelta(days=9), expires=after(1), reason="Banjir")
    connection.check_constraints()


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("table", rules.APPEND_ONLY)
def test_versions_and_permits_are_append_only(table: str) -> None:
    verbs = ["UPDATE {0} SET id = id", "UPDATE {0} SET reason = 'lain'", "DELETE FROM {0}"]
    verbs += ["INSERT INTO {0} SELECT * FROM {0}", *["TRUNCATE {0}"] * (connection.vendor == "postgresql")]
    before = rows(table)
    assert len(before) == 1
    for verb in verbs:
        refused(f"{table} is append-only", partial(execute, verb.format(table)))
    assert rows(table) == before


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("same", ["id", "device", "number", None])
def test_a_version_takes_the_place_of_no_other(same: str | None) -> None:
    other = {"id": "id + 1", "device": "'other'", "number": "number + 1"}
    if same:
        other[same] = same
    names = "report_id, digest, body, at, by_id, door, reason"
    copied = (
        f"INSERT INTO fleet_reportversion ({', '.join(other)}, {names}) "
        f"SELECT {', '.join(other.values())}, {names} FROM fleet_reportversion"
    )
    if same:
        refused("fleet_reportversion is append-only", partial(execute, copied))
    else:
        execute(copied)
    assert len(rows("fleet_reportversion")) == (1 if same else 2)


if connection.vendor == "sqlite":  # PostgreSQL has no REPLACE

    @pytest.mark.usefixtures("history")
    @pytest.mark.parametrize("table", rules.APPEND_ONLY)
    def test_history_is_not_replaced_either(table: str) -> None:
        """Nor from a shell, which does not ask for the delete triggers to fire as our connections do."""
        before = rows(table)
        for fire in ("OFF", "ON"):
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA recursive_triggers = {fire}")
            refused("is append-only", partial(execute, f"REPLACE INTO {table} SELECT * FROM {table}"))
        assert rows(table) == before


@pytest.mark.usefixtures("db")
def test_every_guard_stands_after_all_migrations() -> None:
    """SQLite drops a table's triggers when a migration rebuilds it: that must create them again."""
    query = (
        "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        found = {(name, table) for name, table in cursor.fetchall() if table.startswith("fleet_")}
    verbs = ["update", "delete"] + ["truncate"] * (connection.vendor == "postgresql")
    wanted = {
        (name, table) for name, (table, *_rest) in (rules.GUARDS | rules.HOURS_GUARDS | rules.OPEN_ABSENCE_GUARDS).items()
    }
    assert found == wanted | {(f"{t}_{verb}", t) for t in rules.APPEND_ONLY for verb in verbs}


# Two at the same moment, behind the services' backs


def _held_open(act: Callable[[], object]) -> None:
    """Done at once, but committed only a while later."""
    with transaction.atomic():
        act()
        time.sleep(0.8)


def _meanwhile(act: Callable[[], object]) -> None:
    time.sleep(0.3)
    act()


@pytest.mark.usefixtures("committed_world")
@pytest.mark.parametrize("trip_first", [True, False])
@pytest.mark.parametrize("other", ["absence", "retired"])
def test_simultaneous_trip_and_absence_see_each_other(other: str, trip_first: bool) -> None:
    number = van().pk
    forbids: Callable[[], object] = partial(update, "fleet_van", number, retired=on(0))
    if other == "absence":
        forbids = partial(absence, number, 0, 3)
    acts: list[Callable[[], object]] = [partial(trip, van_id=number), forbids]
    first, second = acts if trip_first else acts[::-1]
    assert sorted(together(partial(_held_open, first), partial(_meanwhile, second))) == [0, 1]
    forbidden = VanAbsence.objects.count() + Van.objects.exclude(retired=None).count()
    assert Trip.objects.count() + forbidden == 1


@pytest.mark.usefixtures("committed_world")
def test_simultaneous_trips_of_an_hour_see_each_other() -> None:
    number = van().pk
    first = partial(trip, van_id=number)
    second = partial(trip, van_id=number, session="evening", opens="11:00:00", closes="13:00:00")
    assert together(partial(_held_open, first), partial(_meanwhile, second)) == [0, 1]
    assert Trip.objects.get().session == "morning"


@pytest.mark.usefixtures("committed_world")
def test_a_trip_written_during_a_move_is_checked() -> None:
    number = van().pk
    moving = partial(_held_open, partial(update, "fleet_van", number, base_id=TIMUR))
    assert together(moving, partial(_meanwhile, partial(trip, van_id=number))) == [0, 1]
    assert not Trip.objects.exists()


@small_world
def test_what_the_services_write_passes_every_guard() -> None:
    assert plan(stop()).status == "planned"
