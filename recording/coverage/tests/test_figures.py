"""Composed reads: the proof of the ledger, pages of counts, coverage of a region in a run, and freshness."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from accounts.acts import Act
from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil.errors import NotFound
from recording.coverage.answers import coverage_answer
from recording.coverage.changes import Difference
from recording.coverage.figures import (
    RegionCoverage,
    change_since_previous,
    period_for,
    plain_figure,
    region_coverage,
    run_figures,
)
from recording.coverage.freshness import Freshness, freshness, readiness
from recording.coverage.runs import runs_for
from recording.coverage.services import recompute_coverage, run_due
from recording.guards import postgresql, sqlite
from recording.ledger.selectors import LedgerCheck, check_ledger, history
from recording.ledger.services import return_counts
from recording.models import CoverageRun, JobFailure, Period, Region
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON, YEARS_LATER, after, count, period, target, write

pytestmark = pytest.mark.usefixtures("small_world")
CENGKARENG, PUSAT, TIMUR = "31.73.01", "31.71", "31.75"
CHANGE = "UPDATE recording_countchange SET {} WHERE region_id = '" + KAPUK + "'"
NOBODY_SOMEWHERE = """
    INSERT INTO recording_countchange (region_id, document, day, source, new_people, delta, posting_id)
    SELECT '31.75', document, day, source, 0, 0, posting_id FROM recording_countchange WHERE region_id = '31.73'
"""  # a change of a count that is not there, by which no sum is another one


# The ledger's proof


@pytest.mark.parametrize(
    ("tampering", "mismatches"),
    [
        ("UPDATE recording_dailycount SET people = people + 1 WHERE region_id = '31.73'", 1),
        ("UPDATE recording_dailycount SET people = NULL", 2),
        (CHANGE.format("delta = delta + 1"), 1),
        (CHANGE.format("new_people = 9, delta = 9 - old_people") + " AND old_people = 1", 1),
        (CHANGE.format("new_people = 2, delta = 2 - COALESCE(old_people, 0)"), 1),  # the sum is right, the chain is not
        (CHANGE.format("old_people = 2, delta = 1") + " AND old_people = 1", 1),
        ("UPDATE recording_countchange SET old_people = 0 WHERE region_id = '31.73'", 1),  # its first change begins at none
        (CHANGE.format("old_people = 0") + " AND old_people IS NULL", 1),
        (
            CHANGE.format("delta = delta + CASE WHEN old_people IS NULL THEN 1 ELSE -1 END"),
            1,
        ),  # the sum is right, its parts not
        (NOBODY_SOMEWHERE, 1),
        ("UPDATE recording_dailycount SET people = 0", 2),
        ("UPDATE recording_countchange SET region_id = '31.75'", 3),  # of a count that is not there, and the two
        ("DELETE FROM recording_countchange WHERE region_id = '31.73'", 1),
        ("DELETE FROM recording_countchange WHERE old_people IS NULL", 2),
        ("DELETE FROM recording_dailycount WHERE region_id = '31.73'", 1),
        ("DELETE FROM recording_dailycount", 2),
    ],
)
def test_any_tampering_past_the_guards_is_found(tampering: str, mismatches: int) -> None:
    write(count(1), count(2, BARAT))
    write(count(3))
    assert check_ledger() == LedgerCheck(2, 3, 0)
    guards = sqlite if connection.vendor == "sqlite" else postgresql
    connection.check_constraints()
    with connection.cursor() as cursor:
        for statement in guards.DROP:
            cursor.execute(statement)
        cursor.execute(tampering)
    assert check_ledger().mismatches == mismatches


def test_an_empty_ledger_is_clean() -> None:
    assert check_ledger() == LedgerCheck(0, 0, 0)


def test_a_returned_count_is_no_mismatch() -> None:
    write(count(5))
    return_counts(act=Act(SYSTEM, NOON, "page"), keys=[count(0).key], reason="keliru")
    assert check_ledger() == LedgerCheck(1, 2, 0)


def test_a_history_tells_each_change_newest_first() -> None:
    write(count(1), reason="")
    write(count(3), reason="hitung ulang")
    write(count(8, source="mobil"))
    changes = history(SYSTEM, KAPUK, "KTP", DAY, "loket")
    told = [(each.old_people, each.new_people, each.delta, each.posting.reason) for each in changes]
    assert told == [(1, 3, 2, "hitung ulang"), (None, 1, 1, "")]
    assert history(SYSTEM, KAPUK, "KIA", DAY, "loket") == []


# Coverage


def covered(code: str, number: int | None = None, document: str = "KTP") -> RegionCoverage:
    found = runs_for(number, YEARS_LATER)
    assert found
    return region_coverage(by=SYSTEM, code=code, document=document, period=period(), runs=found)


def run(day: date = DAY, days_later: int = 0) -> CoverageRun:
    return recompute_coverage(by=SYSTEM, day=day, now=after(days_later))


def test_worst_children_come_first_targetless_last() -> None:
    target(100, BARAT)
    target(10, PUSAT)
    write(count(40, BARAT), count(11, PUSAT), count(99, TIMUR))
    run()
    found = covered(DKI)
    assert [(child.code, child.percent) for child in found.children] == [
        (BARAT, Decimal("40.00")),
        (PUSAT, Decimal("110.00")),
        (TIMUR, None),
    ]
    assert (found.done, found.without_target, found.children_target) == (1, 1, 110)
    assert (found.figure.recorded, found.figure.target, found.figure.percent) == (150, 110, Decimal("136.36"))


def test_those_with_an_equal_percentage_come_by_code() -> None:
    for code in (TIMUR, PUSAT, BARAT):
        target(10, code)
    run()
    assert [child.code for child in covered(DKI).children] == [PUSAT, BARAT, TIMUR]


def test_a_full_city_may_hold_districts_below_100() -> None:
    target(50, CENGKARENG)
    target(50, "31.73.02")
    write(count(90, CENGKARENG), count(10, "31.73.02"))
    run()
    found = covered(BARAT)
    assert (found.figure.percent, found.done, len(found.children)) == (Decimal("100.00"), 1, 2)
    assert (found.figure.remaining, sum(child.remaining or 0 for child in found.children)) == (0, 40)


def test_ancestors_come_from_the_province_down() -> None:
    write(count(1))
    run()
    found = covered(KAPUK)
    assert [figure.code for figure in found.ancestors] == [DKI, BARAT, CENGKARENG]
    assert found.children == []
    assert [child.code for child in covered(CENGKARENG).children] == ["31.73.01.1001", KAPUK]


def test_no_entry_is_missing_and_nihil_is_zero() -> None:
    target(10, BARAT)
    write(count(0, PUSAT))
    run()
    entries = {child.code: (child.recorded, child.entries) for child in covered(DKI).children}
    assert entries == {BARAT: (0, 0), PUSAT: (0, 1), TIMUR: (0, 0)}


@pytest.mark.parametrize(
    ("closed", "counted", "shown"),
    [(DAY, False, True), (DAY - timedelta(days=1), False, False), (DAY - timedelta(days=1), True, True), (None, False, True)],
)
def test_a_closed_region_with_figures_is_listed(closed: date | None, counted: bool, shown: bool) -> None:
    if counted:
        write(count(1, day=DAY - timedelta(days=9)))
    Region.objects.filter(code=KAPUK).update(closed=closed)
    run()
    assert (KAPUK in {child.code for child in covered(CENGKARENG).children}) is shown


@pytest.mark.parametrize("code", ["31.99", "31.73.99", "99", "31.73\x00", "bukan-kode", ""])
def test_an_unknown_region_has_no_coverage(code: str) -> None:
    run()
    with pytest.raises(NotFound):
        covered(code)
    with pytest.raises(NotFound):
        plain_figure(SYSTEM, code)


def test_a_city_reader_sees_no_other_region() -> None:
    run()
    found = runs_for(None, YEARS_LATER)
    assert found
    for code in (DKI, TIMUR):
        with pytest.raises(NotFound):
            region_coverage(by=cast.reader_barat(), code=code, document="KTP", period=period(), runs=found)
    mine = region_coverage(by=cast.reader_barat(), code=CENGKARENG, document="KTP", period=period(), runs=found)
    assert [figure.code for figure in mine.ancestors] == [BARAT]


def test_queries_do_not_grow_with_regions(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    run()
    found, wanted = runs_for(None, YEARS_LATER), period()
    assert found
    for code in (DKI, KAPUK):
        with django_assert_num_queries(1):
            region_coverage(by=SYSTEM, code=code, document="KTP", period=wanted, runs=found)


# Which run, which period


def test_without_any_run_there_is_none_to_show() -> None:
    assert runs_for(None, YEARS_LATER) is None
    assert runs_for(7, YEARS_LATER) is None


def test_the_previous_run_is_of_an_earlier_day() -> None:
    older, first = run(DAY - timedelta(days=1)), run()
    write(count(1))
    newest = run()
    assert runs_for(None, YEARS_LATER) == runs_for(newest.number, YEARS_LATER) == (newest, older, newest)
    assert runs_for(first.number, YEARS_LATER) == (first, older, newest)
    assert runs_for(older.number, YEARS_LATER) == (older, None, newest)
    with pytest.raises(NotFound, match="nomor 99 tidak ada"):
        runs_for(99, YEARS_LATER)


def test_a_past_day_computed_later_is_not_previous() -> None:
    today = run()
    past = run(DAY - timedelta(days=5))
    assert past.number > today.number
    assert runs_for(None, YEARS_LATER) == (today, None, today), "the difference must read forward"


def test_only_a_previous_run_gives_a_difference() -> None:
    write(count(5, day=DAY - timedelta(days=1)))
    run(DAY - timedelta(days=1))
    assert change_since_previous(covered(DKI), "KTP", period()) is None
    write(count(7))
    run()
    assert change_since_previous(covered(DKI), "KTP", period()) == Difference(new=7)


@pytest.mark.parametrize(
    ("name", "day", "found"),
    [
        (None, DAY, "2021"),
        (None, date(2020, 12, 31), "2020"),
        (None, date(2021, 1, 1), "2021"),
        (None, date(2035, 1, 1), "2021"),
        (None, date(2019, 1, 1), "2020"),
        ("2020", DAY, "2020"),
    ],
)
def test_a_period_is_chosen_by_name_or_day(name: str | None, day: date, found: str) -> None:
    chosen = period_for(list(Period.objects.all()), name, day)
    assert chosen
    assert chosen.name == found


@pytest.mark.parametrize("name", ["2035", "", "2021 ", "x" * 10_000, "\x00"])
def test_an_unknown_period_is_not_found(name: str) -> None:
    with pytest.raises(NotFound):
        period_for(list(Period.objects.all()), name, DAY)
    assert period_for([], None, DAY) is None


def test_json_has_integers_and_percentages_as_strings() -> None:
    target(3, BARAT)
    write(count(2, BARAT), count(4, PUSAT))
    done = run()
    figures = run_figures(done, "KTP", period(), ["city"])
    answer = coverage_answer(done, figures, "KTP", "2021")
    assert answer["results"] == [
        {
            "region": PUSAT,
            "name": "Kota Administrasi Jakarta Pusat",
            "level": "city",
            "document": "KTP",
            "period": "2021",
            "recorded": 4,
            "target": None,
            "percent": None,
            "remaining": None,
        },
        {
            "region": BARAT,
            "name": "Kota Administrasi Jakarta Barat",
            "level": "city",
            "document": "KTP",
            "period": "2021",
            "recorded": 2,
            "target": 3,
            "percent": "66.67",
            "remaining": 1,
        },
        {
            "region": "31.75",
            "name": "Kota Administrasi Jakarta Timur",
            "level": "city",
            "document": "KTP",
            "period": "2021",
            "recorded": 0,
            "target": None,
            "percent": None,
            "remaining": None,
        },
    ]


# Freshness


def test_before_the_first_night_nothing_is_stale() -> None:
    assert freshness(NOON) == Freshness(None, stale=False)
    assert readiness(NOON) == "ok"


@pytest.mark.parametrize(("hours", "stale"), [(0, False), (26, False), (26.01, True)])
def test_figures_are_stale_after_26_hours(hours: float, stale: bool) -> None:
    run_due(by=SYSTEM, now=NOON)
    assert freshness(after(hours=hours)) == Freshness(NOON, stale)
    assert readiness(after(hours=hours)) == ("stale" if stale else "ok")


def fail(at: float) -> None:
    JobFailure.objects.create(job="coverage", day=DAY, at=after(hours=at), error=f"gagal {at}")


def test_a_failure_is_shown_until_a_later_success() -> None:
    fail(-1)
    assert freshness(NOON) == Freshness(None, stale=True, failure="gagal -1")
    assert readiness(NOON) == "failed"
    run_due(by=SYSTEM, now=NOON)
    assert freshness(NOON) == Freshness(NOON, stale=False)
    fail(1)
    fail(2)
    assert freshness(after(hours=3)) == Freshness(NOON, stale=False, failure="gagal 2")
    assert readiness(after(hours=3)) == "failed"
    run_due(by=SYSTEM, now=after(days=1))
    assert freshness(after(days=1)).failure == ""
