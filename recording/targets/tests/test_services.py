"""Periods and targets: versions that are never overwritten, each with a source and the day it is in force from."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection

from accounts.acts import Act
from accounts.rights import SYSTEM, Actor
from accounts.tests import cast
from dukcapil.errors import Conflict, NotAllowed, NotFound, Refused, RefusedRows
from recording.coverage.figures import region_coverage
from recording.coverage.runs import runs_for
from recording.coverage.services import recompute_coverage
from recording.models import FIRST_KTP_EL, AuditEntry, CoverageFigure, CoverageRun, Door, Period, Region, Target
from recording.parsing.numbers import MAX_PEOPLE
from recording.targets.selectors import periods_with_targets, versions_on
from recording.targets.services import TargetInput, TargetOutcome, define_period, set_target, set_targets
from recording.tests.world import BARAT, DAY, KAPUK, NOON, YEARS_LATER, after, count, period, target, versions, write

pytestmark = pytest.mark.usefixtures("small_world")
CENGKARENG = "31.73.01"
GOOD = TargetInput(BARAT, "KTP", "2021", 500, "SK 12/2021", date(2021, 1, 1))


def put(wanted: TargetInput, *, by: Actor = SYSTEM) -> TargetOutcome:
    return set_target(act=Act(by, NOON, Door.PAGE), target=wanted)


def trail() -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(action="target.set").order_by("pk"))


def run(day: date = DAY) -> CoverageRun:
    return recompute_coverage(by=SYSTEM, day=day, now=after(1))


def figure(code: str, day: date = DAY) -> CoverageFigure:
    return CoverageFigure.objects.get(run=run(day), region=code, document="KTP", period=period())


def test_a_revision_adds_a_version_beside_the_old() -> None:
    put(GOOD)
    before = Target.objects.values().get()
    revised = put(replace(GOOD, people=400, source="SK 99/2021", effective_from=date(2021, 8, 1)))
    assert revised == TargetOutcome(BARAT, "KTP", "changed", 2, 500, 400)
    assert Target.objects.values().get(version=1) == before
    assert versions(BARAT) == [500, 400]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, "unchanged"),
        ({"source": " SK 12/2021 "}, "unchanged"),
        ({"people": 501}, "changed"),
        ({"source": "SK 13/2021"}, "changed"),
        ({"effective_from": date(2021, 1, 2)}, "changed"),
        ({"kind": "stock", "opening": 3}, "new"),
        ({"document": "KIA"}, "new"),
        ({"period": "2020", "effective_from": date(2020, 1, 1)}, "new"),
        ({"region": KAPUK}, "new"),
    ],
)
def test_only_what_differs_becomes_a_version(change: dict[str, object], status: str) -> None:
    put(GOOD)
    assert put(replace(GOOD, **change)).status == status  # type: ignore[arg-type]
    assert Target.objects.count() == (1 if status == "unchanged" else 2)
    assert len(trail()) == Target.objects.count(), "one row of the trail for each act, none for no act"


def test_sending_a_target_twice_leaves_one_version() -> None:
    outcomes = [put(replace(GOOD, expected=0)) for _ in range(2)]
    assert [(outcome.status, outcome.version) for outcome in outcomes] == [("new", 1), ("unchanged", 1)]
    assert versions(BARAT) == [500]


def test_decrees_count_by_their_date_in_any_order() -> None:
    target(100, KAPUK)
    target(80, KAPUK, since=date(2021, 8, 1))
    target(90, KAPUK, since=date(2021, 6, 1))  # written down last, superseded in August all the same
    days = [date(2021, 5, 31), date(2021, 6, 1), date(2021, 7, 31), date(2021, 8, 1), DAY]
    assert [figure(KAPUK, day).target for day in days] == [100, 90, 90, 80, 80]
    shown = versions_on(periods_with_targets(KAPUK, "KTP")[period()], date(2021, 5, 31))
    assert [(each.row.version, each.in_force) for each in shown] == [(3, False), (2, False), (1, True)]


def test_of_one_effective_date_the_newest_version_counts() -> None:
    target(80, KAPUK, since=date(2021, 8, 1))
    target(100, KAPUK)
    target(85, KAPUK, since=date(2021, 8, 1))
    target(110, KAPUK)
    assert [figure(KAPUK, day).target for day in (date(2021, 7, 31), date(2021, 8, 1))] == [110, 85]


@pytest.mark.parametrize(
    ("since", "superseded_from"),
    [(date(2021, 1, 1), date(2021, 6, 1)), (date(2021, 6, 1), date(2021, 8, 1)), (date(2021, 8, 1), None)],
)
def test_a_superseded_version_says_since_when(since: date, superseded_from: date | None) -> None:
    target(80, KAPUK, since=date(2021, 8, 1))
    target(70, KAPUK, since=date(2021, 6, 1))
    put(replace(GOOD, region=KAPUK, source="SK 7", people=75, effective_from=date(2021, 6, 1)))
    outcome = put(replace(GOOD, region=KAPUK, effective_from=since))
    by = {date(2021, 6, 1): "SK 7", date(2021, 8, 1): "SK 1/2021", None: ""}[superseded_from]
    assert (outcome.superseded_from, outcome.superseded_by) == (superseded_from, by)


def test_a_known_decree_sent_again_is_no_version() -> None:
    put(GOOD)
    put(replace(GOOD, people=400, effective_from=date(2021, 8, 1)))
    again = put(GOOD)
    assert (again.status, again.version, again.superseded_from) == ("unchanged", 1, date(2021, 8, 1))
    assert versions(BARAT) == [500, 400]


def test_an_older_decree_is_compared_within_its_day() -> None:
    put(replace(GOOD, effective_from=date(2021, 8, 1)))
    outcome = put(replace(GOOD, people=400))
    assert (outcome.status, outcome.version, outcome.old, outcome.new) == ("changed", 2, None, 400)


def test_a_target_that_begins_tomorrow_is_none_today() -> None:
    target(100, KAPUK, since=DAY + timedelta(days=1))
    write(count(1))
    assert figure(KAPUK).target is None


def test_a_withdrawal_is_a_version_without_people() -> None:
    target(30, KAPUK)
    target(500, CENGKARENG)
    assert put(TargetInput(CENGKARENG, "KTP", "2021", None, "Surat 7", date(2021, 8, 1))).new is None
    assert figure(CENGKARENG, date(2021, 7, 31)).target == 500
    assert figure(CENGKARENG).target == 30
    target(600, CENGKARENG, since=date(2021, 8, 1))
    assert versions(CENGKARENG) == [500, None, 600]
    assert figure(CENGKARENG).target == 600


def test_a_target_unlike_its_childrens_sum_is_told() -> None:
    target(100, KAPUK)
    target(50, "31.73.01.1001")
    target(500, CENGKARENG)
    run()
    found_runs = runs_for(None, YEARS_LATER)
    assert found_runs
    found = region_coverage(by=SYSTEM, code=CENGKARENG, document="KTP", period=period(), runs=found_runs)
    assert (found.figure.target, found.children_target) == (500, 150)
    below = region_coverage(by=SYSTEM, code=KAPUK, document="KTP", period=period(), runs=found_runs)
    assert (below.figure.target, below.children_target) == (100, None)


def test_a_stock_target_leaves_the_task_target_alone() -> None:
    target(1_000, BARAT, kind="stock", opening=900)
    target(60, BARAT)
    write(count(50))
    found = figure(BARAT)
    assert (found.target, found.eligible, found.opening, found.recorded) == (60, 1_000, 900, 50)


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"region": "31.99"}, "region", "tidak dikenal"),
    ({"region": "31.73\x00"}, "region", "tidak dikenal"),
    ({"period": "2035"}, "period", "belum ditetapkan"),
    ({"document": "SIM"}, "document", "pilih KTP atau KIA"),
    ({"kind": "stok"}, "kind", "pilih task atau stock"),
    ({"source": "  "}, "source", "Tulis sumber"),
    ({"source": "x" * 201}, "source", "Paling panjang 200"),
    ({"source": "SK\x00"}, "source", "tidak dapat disimpan"),
    ({"source": "warga 3173010101010001"}, "source", "NIK"),
    ({"people": -1}, "people", "antara 0"),
    ({"people": MAX_PEOPLE + 1}, "people", "antara 0"),
    ({"people": None}, "people", "Belum ada target yang dapat dicabut"),
    ({"kind": "stock", "opening": -1}, "opening", "antara 0"),
    ({"kind": "stock", "opening": MAX_PEOPLE + 1}, "opening", "antara 0"),
    ({"opening": 5}, "opening", "hanya untuk wajib KTP"),
    ({"effective_from": date(2022, 1, 1)}, "effective_from", "sesudah periode 2021 berakhir"),
    ({"effective_from": date(1900, 1, 1)}, "effective_from", "KTP-el baru ada sejak Selasa, 23 Juni 2009. Periksa tahunnya."),
]


@pytest.mark.parametrize(("change", "field", "words"), BAD)
def test_bad_input_is_refused_at_its_field(change: dict[str, object], field: str, words: str) -> None:
    bad = replace(GOOD, **change)  # type: ignore[arg-type]
    with pytest.raises(Refused, match=words) as refused:
        put(bad)
    assert refused.value.field == field
    assert "3173010101010001" not in str(refused.value)
    with pytest.raises(RefusedRows) as rows:
        set_targets(act=Act(SYSTEM, NOON, Door.PAGE), targets=[replace(GOOD, region=KAPUK), bad])
    assert [index for index, _ in rows.value.errors] == [1]
    assert not Target.objects.exists()
    assert trail() == []


def test_all_bad_rows_are_told_at_once() -> None:
    with pytest.raises(RefusedRows, match=f"{len(BAD)} baris ditolak") as refused:
        set_targets(
            act=Act(SYSTEM, NOON, Door.PAGE),
            targets=[*(replace(GOOD, **change) for change, _, _ in BAD), replace(GOOD, region=KAPUK)],
        )
    assert [problem.field for _, problem in refused.value.errors] == [field for _, field, _ in BAD]
    outcomes = set_targets(
        act=Act(cast.staff(), NOON, Door.PAGE), targets=[GOOD, replace(GOOD, region=KAPUK, source="SK 1/2021")]
    )
    assert [outcome.status for outcome in outcomes] == ["new", "new"]
    (act,) = trail()
    assert (act.subject, act.by, act.door, act.at) == ("2", cast.staff(), "page", NOON)
    assert act.details == {"sources": ["SK 1/2021", "SK 12/2021"]}


def test_a_target_twice_in_a_batch_is_refused() -> None:
    with pytest.raises(RefusedRows) as refused:
        set_targets(act=Act(SYSTEM, NOON, Door.PAGE), targets=[GOOD, replace(GOOD, people=7)])
    assert [(index, problem.field) for index, problem in refused.value.errors] == [(1, "region")]


def test_a_region_closed_by_then_takes_no_target() -> None:
    Region.objects.filter(code=KAPUK).update(closed=date(2021, 6, 30))
    put(replace(GOOD, region=KAPUK, effective_from=date(2021, 6, 30)))
    with pytest.raises(Refused, match="tutup"):
        put(replace(GOOD, region=KAPUK, effective_from=date(2021, 7, 1)))
    Region.objects.filter(code=CENGKARENG).update(opened=date(2021, 1, 1))
    put(replace(GOOD, region=CENGKARENG, effective_from=date(2020, 12, 1)))  # decreed before, in force with the period
    Region.objects.filter(code=CENGKARENG).update(opened=date(2021, 3, 1))
    with pytest.raises(Refused, match="belum ada"):
        put(replace(GOOD, region=CENGKARENG, effective_from=date(2020, 1, 1)))


def test_a_writer_who_saw_an_older_version_conflicts() -> None:
    put(GOOD)
    put(replace(GOOD, people=400, expected=1))
    with pytest.raises(Conflict, match="baru saja direvisi") as told:
        put(replace(GOOD, people=450, expected=1))
    assert (told.value.status, told.value.field) == (409, "people")
    with pytest.raises(Conflict):
        put(replace(GOOD, people=450, expected=0))
    assert versions(BARAT) == [500, 400]
    assert put(replace(GOOD, people=450, expected=2)).version == 3


@pytest.mark.parametrize(
    ("who", "code", "answer"),
    [
        (cast.admin, BARAT, None),
        (cast.staff, BARAT, None),
        (cast.head_barat, BARAT, NotAllowed),
        (cast.head_timur, BARAT, NotAllowed),
        (cast.reader, BARAT, NotAllowed),
        (cast.api_client, BARAT, NotAllowed),
        (cast.reader_barat, "31.75", NotFound),
        (cast.staff, "32.01", NotFound),
    ],
)
def test_who_may_set_a_target(who, code: str, answer: type[Refused] | None) -> None:  # type: ignore[no-untyped-def]
    wanted = replace(GOOD, region=code)
    if answer is None:
        assert put(wanted, by=who()).status == "new"
        assert Target.objects.get().by == who()
        return
    with pytest.raises(answer):
        put(wanted, by=who())
    with pytest.raises((NotAllowed, NotFound)):
        set_targets(act=Act(who(), NOON, Door.PAGE), targets=[replace(GOOD, region=KAPUK), wanted])
    assert not Target.objects.exists()


def test_a_dry_run_answers_and_writes_nothing() -> None:
    (outcome,) = set_targets(act=Act(SYSTEM, NOON, Door.COMMAND), targets=[GOOD], dry_run=True)
    assert (outcome.status, outcome.version) == ("new", 1)
    assert (Target.objects.count(), trail()) == (0, [])


def test_no_target_is_written_without_its_trail() -> None:
    with connection.cursor() as cursor:
        connection.check_constraints()  # PostgreSQL alters no table that still has checks to do
        cursor.execute("ALTER TABLE recording_auditentry RENAME TO lost")
        with pytest.raises(DatabaseError):
            put(GOOD)
        cursor.execute("ALTER TABLE lost RENAME TO recording_auditentry")
    assert (Target.objects.count(), trail()) == (0, [])


# Periods


def define(name: str, first: date, last: date, by: Actor = SYSTEM) -> Period:
    return define_period(act=Act(by, NOON, Door.PAGE), name=name, first_day=first, last_day=last)


def test_a_period_is_defined_once_with_a_trail() -> None:
    made = define("2022", date(2022, 1, 1), date(2022, 12, 31), cast.staff())
    assert define(" 2022 ", date(2022, 1, 1), date(2022, 12, 31)) == made
    (act,) = AuditEntry.objects.filter(action="period.define", subject="2022")
    assert (act.by, act.details) == (cast.staff(), {"first_day": "2022-01-01", "last_day": "2022-12-31"})
    assert define("2009", FIRST_KTP_EL, date(2009, 12, 31)).first_day == FIRST_KTP_EL


@pytest.mark.parametrize(
    ("name", "first", "last", "field", "words"),
    [
        ("", date(2022, 1, 1), date(2022, 12, 31), "name", "Beri nama"),
        ("x" * 41, date(2022, 1, 1), date(2022, 12, 31), "name", "Paling panjang 40"),
        ("2022", date(2022, 2, 1), date(2022, 1, 31), "last_day", "mendahului"),
        ("2022", date(22, 1, 1), date(2022, 12, 31), "first_day", "KTP-el baru ada sejak Selasa, 23 Juni 2009"),
        ("2022", date(2021, 12, 31), date(2022, 12, 31), "first_day", "bertumpuk dengan periode 2021"),
        ("2021", date(2021, 1, 1), date(2021, 11, 30), "name", "sudah ada dengan tanggal lain"),
    ],
)
def test_a_bad_period_is_refused_at_its_field(name: str, first: date, last: date, field: str, words: str) -> None:
    before = AuditEntry.objects.count()
    with pytest.raises(Refused, match=words) as refused:
        define(name, first, last)
    assert refused.value.field == field
    assert (Period.objects.count(), AuditEntry.objects.count()) == (2, before)


@pytest.mark.parametrize("who", [cast.head_barat, cast.reader, cast.api_client])
def test_who_may_not_define_a_period(who) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(NotAllowed):
        define("2022", date(2022, 1, 1), date(2022, 12, 31), who())
    assert not Period.objects.filter(name="2022").exists()


def test_a_closed_regions_target_can_be_withdrawn() -> None:
    """Else it would stay in the sum of the region above, beside that of the region it was merged into."""
    target(100, KAPUK)
    Region.objects.filter(code=KAPUK).update(closed=date(2021, 6, 30))
    with pytest.raises(Refused, match="tutup"):
        target(120, KAPUK, since=date(2021, 7, 1))
    target(None, KAPUK, since=date(2021, 7, 1))
    assert versions(KAPUK) == [100, None]
