"""The course of a figure is the same from the sums as from the ledger, whatever was summed when."""

import os
import signal
from datetime import date, datetime, timedelta
from itertools import pairwise, product

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.acts import Act
from accounts.rights import SYSTEM
from dukcapil.tests.processes import fork, join, together
from recording.coverage import ledger_sums, services
from recording.coverage.breakdown import FigureBreakdown, figure_breakdown
from recording.coverage.ledger_sums import sum_ledger
from recording.coverage.runs import runs_for
from recording.coverage.services import recompute_coverage, run_due
from recording.coverage.voiding import void_run
from recording.ledger.services import return_counts, undo_posting
from recording.models import CoverageFigure, CoverageRun, Door, LedgerSpan, LedgerSum, Period
from recording.regions.services import RegionRow, load_regions
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON, YEARS_LATER, after, count, period, write

CENGKARENG, NEW = "31.73.01", "31.73.02.1009"
TABLES = ("recording_ledgerspan", "recording_ledgersum")


def run(day: date = DAY, now: datetime = NOON) -> CoverageRun:
    return recompute_coverage(by=SYSTEM, day=day, now=now)


def as_pages_read(number: int) -> CoverageRun:
    """The run with its summed position."""
    runs = runs_for(number, YEARS_LATER)
    assert runs
    return runs.shown


def behind(code: str, of: CoverageRun, document: str = "KTP", during: Period | None = None) -> FigureBreakdown:
    return figure_breakdown(code, of, None, document=document, period=during or period())


moves = st.lists(
    st.tuples(
        st.sampled_from(["write", "write", "correct", "return", "undo", "run", "run", "void", "next day", "split"]),
        st.sampled_from([0, 1, 2, 330]),
        st.integers(0, 50),
        st.sampled_from([KAPUK, "31.71.01.1002", CENGKARENG, BARAT, DKI]),
        st.sampled_from(["loket", "mobil", "trip-7", "trip-8"]),
        st.sampled_from(["KTP", "KIA"]),
    ),
    max_size=8,
)
Moves = list[tuple[str, int, int, str, str, str]]


def play(moves: Moves) -> None:
    """Do the moves. "split" loads one more kelurahan, in which people are recorded at once."""
    today = 0
    for move, back, people, code, source, document in moves:
        day, act = DAY + timedelta(days=today - back), Act(SYSTEM, after(today), Door.COMMAND)
        one = count(people, code, day=day, source=source, document=document)
        if move == "next day":
            today += 1
        elif move == "run":
            recompute_coverage(by=SYSTEM, day=day, now=act.now)
        elif move == "void" and (newest := CoverageRun.objects.last()):
            void_run(act=act, number=newest.number, reason="uji")
        elif move == "return":
            return_counts(act=act, keys=[one.key], reason="x")
        elif move == "split":
            load_regions(act=act, rows=[RegionRow(NEW, "Baru")])
            write(count(people, NEW, day=day), now=act.now)
        else:
            posting = write(one, now=act.now).posting
            if move == "undo" and posting:
                undo_posting(act=act, posting=posting.pk, reason="x")


def check_every_course() -> None:
    periods = list(Period.objects.all())
    for plain in CoverageRun.objects.all():
        summed = as_pages_read(plain.number)
        places = [(DKI, "KTP"), (DKI, "KIA"), (CENGKARENG, "KTP"), (KAPUK, "KTP")]
        for (code, document), during in product(places, periods):
            course = behind(code, summed, document, during)
            assert course == behind(code, plain, document, during)
            figures = CoverageFigure.objects.filter(run=plain, region=code, document=document, period=during)
            recorded = sum(figures.values_list("recorded", flat=True))
            assert (sum(course.days.values()), sum(course.sources.values())) == (recorded, recorded)


@pytest.mark.usefixtures("small_world")
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=moves, since=moves, longest=st.sampled_from([1, 3, 1_000]))
def test_sums_and_ledger_tell_the_same_course(before: Moves, since: Moves, longest: int) -> None:
    """Of runs from before there were sums, half way through summing, and afterwards."""
    with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger_sums, "MAX_CHANGES", longest)
        patch.setattr(services, "sum_ledger", lambda **_limit: None)
        play([*before, ("run", 0, 0, DKI, "loket", "KTP")])
        sum_ledger(max_spans=2)
        check_every_course()
        patch.setattr(services, "sum_ledger", sum_ledger)
        play([*since, ("run", 0, 0, DKI, "loket", "KTP")])
        check_every_course()
        transaction.set_rollback(True)


@pytest.mark.usefixtures("small_world")
def test_every_run_ends_a_span() -> None:
    for people in (10, 11, 12):
        write(count(people), reason="hitung ulang")
        done = as_pages_read(run().number)
        assert done.summed_position == done.ledger_position
    assert LedgerSpan.objects.count() == 3
    run(DAY - timedelta(days=1))
    assert LedgerSpan.objects.count() == 3, "the ledger has not grown"


@pytest.mark.usefixtures("small_world")
def test_the_sums_are_read_for_large_regions() -> None:
    """Seen by a row that no ledger has."""
    write(count(10))
    done = run()
    for code in (DKI, CENGKARENG, KAPUK):
        LedgerSum.objects.create(region_id=code, document="KTP", day=DAY, source="kabar", until=done.ledger_position, people=5)
    told = {code: sum(behind(code, as_pages_read(done.number)).days.values()) for code in (DKI, CENGKARENG, KAPUK)}
    assert told == {DKI: 15, CENGKARENG: 15, KAPUK: 10}
    assert set(LedgerSum.objects.exclude(source="kabar").values_list("region", flat=True)) == {DKI, BARAT, CENGKARENG}


@pytest.mark.usefixtures("small_world")
def test_by_hand_few_spans_are_summed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an upgrade leaves is the night's, also of one without a run that is due."""
    monkeypatch.setattr(ledger_sums, "MAX_CHANGES", 1)
    monkeypatch.setattr(services, "MAX_SPANS_BY_HAND", 2)
    run_due(by=SYSTEM, now=NOON)
    write(*(count(1, day=DAY - timedelta(days=number)) for number in range(5)))
    done = run()
    assert LedgerSpan.objects.count() == 2
    assert run_due(by=SYSTEM, now=NOON) == []
    assert LedgerSpan.objects.count() == 5
    assert as_pages_read(done.number).summed_position == done.ledger_position


@pytest.mark.usefixtures("committed_world")
def test_two_processes_sum_each_span_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_sums, "MAX_CHANGES", 1)
    monkeypatch.setattr(services, "sum_ledger", lambda **_limit: None)
    write(*(count(1, day=DAY - timedelta(days=number)) for number in range(30)))
    done = run()
    assert together(sum_ledger, sum_ledger, sum_ledger) == [0, 0, 0]
    spans = list(LedgerSpan.objects.order_by("until").values_list("after", "until"))
    assert spans[0][0] == 0
    assert all(former[1] == span[0] for former, span in pairwise(spans))
    assert behind(DKI, as_pages_read(done.number)) == behind(DKI, done)
    assert LedgerSum.objects.filter(region=DKI).count() == 30


@pytest.mark.usefixtures("committed_world")
def test_a_killed_summing_leaves_the_course_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    write(count(10))
    reached, tell = os.pipe()
    real = ledger_sums._sum

    def stand_still(after: int, until: int) -> None:
        with transaction.atomic():
            real(after, until)
            os.write(tell, b".")
            signal.pause()

    def work() -> None:
        monkeypatch.setattr(ledger_sums, "_sum", stand_still)
        run()

    child = fork(work)
    os.read(reached, 1)
    os.kill(child, signal.SIGKILL)
    assert join([child]) == [-signal.SIGKILL]
    assert not LedgerSpan.objects.exists()
    killed = as_pages_read(CoverageRun.objects.get().number)
    assert (killed.summed_position, behind(DKI, killed).days) == (0, {DAY: 10})
    sum_ledger()
    again = as_pages_read(killed.number)
    assert (again.summed_position, behind(DKI, again).days) == (killed.ledger_position, {DAY: 10})


def refused(sql: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize("table", TABLES)
def test_what_is_summed_stays_so(table: str) -> None:
    write(count(10))
    run()
    refused(f"UPDATE {table} SET until = until")
    refused(f"DELETE FROM {table}")
    if connection.vendor == "sqlite":
        refused(f"REPLACE INTO {table} SELECT * FROM {table}")


@pytest.mark.usefixtures("small_world")
def test_two_spans_never_begin_together() -> None:
    write(count(10))
    run()
    refused("INSERT INTO recording_ledgerspan (until, after) VALUES (1000000, 0)")


if connection.vendor == "sqlite":  # PostgreSQL plans by what the tables hold

    def test_only_the_span_of_the_ledger_is_read(small_world: None) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # of a few regions: SQLite begins with the smaller table unless it is told not to
            cursor.execute(f"EXPLAIN QUERY PLAN {ledger_sums.SUMS}", [9, 0, 9])
            plan = [row[-1] for row in cursor.fetchall()]
        assert "SEARCH c USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)" in plan
