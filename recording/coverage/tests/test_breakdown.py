"""What lies behind a figure: the days and sources sum to it, and it is the run's, not today's."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.acts import Act
from accounts.rights import SYSTEM
from recording.coverage.breakdown import FigureBreakdown, figure_breakdown
from recording.coverage.changes import Difference
from recording.coverage.services import recompute_coverage
from recording.coverage.voiding import void_run
from recording.ledger.services import return_counts
from recording.models import CoverageFigure, CoverageRun, Door
from recording.tests import world
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON, count, target, write

pytestmark = pytest.mark.usefixtures("small_world")
YESTERDAY = DAY - timedelta(days=1)


def run(day: date = DAY) -> CoverageRun:
    return recompute_coverage(by=SYSTEM, day=day, now=NOON)


def behind(code: str, of: CoverageRun, before: CoverageRun | None = None) -> FigureBreakdown:
    return figure_breakdown(code, of, before, document="KTP", period=world.period())


def test_days_and_sources_sum_to_the_run() -> None:
    write(count(30, day=YESTERDAY), count(5), count(4, source="mobil"), count(7, "31.71.01.1001"), count(2, BARAT))
    write(count(99, day=date(2020, 12, 31)), count(50, document="KIA"))
    found = run()
    for code in (DKI, BARAT, "31.73.01", KAPUK, "31.75"):
        told = behind(code, found)
        row = CoverageFigure.objects.filter(run=found, document="KTP", period=world.period(), region=code).first()
        recorded = row.recorded if row else 0
        assert (sum(told.days.values()), sum(told.sources.values())) == (recorded, recorded)
    assert behind(BARAT, found).days == {YESTERDAY: 30, DAY: 11}
    assert behind(BARAT, found).sources == {"loket": 37, "mobil": 4}


def test_the_vans_are_one_source_whatever_told_it() -> None:
    trips = [count(8, source="trip-2840"), count(9, "31.71.01.1001", source="trip-7"), count(1, source="trip-7", day=YESTERDAY)]
    write(count(4, source="mobil"), count(2), count(3, source="jemput-bola"), count(5, source="rekap-trip-1"), *trips)
    write(count(70, document="KIA", source="trip-7"), count(60, day=date(2020, 12, 31), source="trip-7"))
    found = run()
    assert behind(DKI, found).sources == {"mobil": 22, "loket": 2, "jemput-bola": 3, "rekap-trip-1": 5}
    assert behind(BARAT, found).sources["mobil"] == 13
    taken_out = [trips[0].key, count(4, source="mobil").key]
    return_counts(act=Act(SYSTEM, NOON, Door.COMMAND), keys=taken_out, reason="dikembalikan")
    assert behind(BARAT, run()).sources["mobil"] == 1


def test_an_old_run_tells_its_old_story() -> None:
    write(count(30, day=YESTERDAY))
    first = run()
    write(count(40, day=YESTERDAY), count(1), count(9, document="KIA"), reason="hitung ulang")
    second = run()
    assert behind(KAPUK, first).days == {YESTERDAY: 30}
    assert behind(KAPUK, second, first).days == {YESTERDAY: 40, DAY: 1}
    assert behind(KAPUK, second, first).change == Difference(late=1, corrected=10)
    assert behind(KAPUK, first).change is None


def test_a_zero_is_reported_but_no_returned_count() -> None:
    write(count(0, "31.71.01.1001"), count(12), count(3, "31.75.01.1004", day=YESTERDAY))
    found = run()
    assert behind(DKI, found).today == {"31.71": 0, "31.73": 12}
    assert behind(BARAT, found).today == {"31.73.01": 12}
    assert behind(KAPUK, found).today == {}
    return_counts(act=Act(SYSTEM, NOON, Door.COMMAND), keys=[count(12).key], reason="dikembalikan")
    assert behind(DKI, run()).today == {"31.71": 0}
    assert behind(DKI, found).today == {"31.71": 0, "31.73": 12}


def test_targets_step_when_official_runs_saw_them_change() -> None:
    target(40, KAPUK)
    target(50, KAPUK, since=date(2021, 11, 23))
    days = [DAY - timedelta(days=number) for number in (3, 2, 1)]
    for day in days:
        last = run(day)
    assert behind(DKI, last).targets == [(days[0], 40), (days[1], 50)]
    assert behind("31.75", last).targets == []
    earlier = CoverageRun.objects.get(as_of=days[0])
    assert behind(DKI, earlier).targets == [(days[0], 40)]


def test_only_what_people_saw_makes_a_step() -> None:
    """A void run, one made afterwards for an earlier day, and a provisional one tell their target to nobody else."""
    first, second, third = (DAY - timedelta(days=number) for number in (3, 2, 1))
    target(40, KAPUK)
    run(first)
    target(50, KAPUK)
    void_run(act=Act(SYSTEM, NOON, Door.COMMAND), number=run(second).number, reason="keliru")
    target(40, KAPUK)
    seen = run(third)
    target(60, KAPUK)
    run(first)
    assert behind(DKI, seen).targets == [(first, 40)]
    assert behind(DKI, run(DAY)).targets == [(first, 60), (third, 40), (DAY, 60)]
    target(40, KAPUK)
    later = recompute_coverage(by=SYSTEM, day=DAY + timedelta(days=1), now=world.after(days=2))
    assert behind(DKI, later).targets == [(first, 60), (third, 40)]


def test_the_whole_story_is_one_query() -> None:
    write(count(30, day=YESTERDAY))
    first, second = run(YESTERDAY), run()
    period = world.period()
    with CaptureQueriesContext(connection) as queries:
        figure_breakdown(DKI, second, first, document="KTP", period=period)
    assert len(queries) == 1
