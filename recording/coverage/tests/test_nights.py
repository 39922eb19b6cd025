"""Thirty nights, two schedulers at once, sudden deaths: each day exactly one run, on both engines."""

import random
from datetime import date, datetime, timedelta
from functools import partial

import pytest
from django.db.models import Count

from accounts.rights import SYSTEM
from dukcapil.clock import JAKARTA
from dukcapil.tests.processes import fork, join, kill_after
from recording.coverage import services as runs
from recording.coverage.freshness import freshness
from recording.models import CoverageFigure, CoverageRun, JobDay, JobFailure
from recording.tests.world import DKI, KAPUK, NOON, count, target, write

FIRST = date(2021, 11, 1)
NIGHTS = 30


def at(day: date, hour: int, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=JAKARTA)


def recorded(day: date) -> int:
    return CoverageFigure.objects.get(run__as_of=day, region=DKI, document="KTP", period__name="2021").recorded


@pytest.mark.usefixtures("committed_world")
def test_two_schedulers_and_crashes_run_days_once() -> None:
    target(1_000, KAPUK)
    chance = random.Random(31)
    deaths = 0
    runs.run_due(by=SYSTEM, now=at(FIRST, 0, 20))  # the night before: from here on nothing may be missed
    for night in range(NIGHTS):
        day = FIRST + timedelta(days=night)
        write(count(10, day=day), now=at(day, 16, 0))
        now = at(day + timedelta(days=1), 0, 20)
        children = [fork(partial(runs.run_due, by=SYSTEM, now=now)) for _ in range(2)]
        for child in children:
            if chance.random() < 0.45:
                kill_after(child, chance.uniform(0.0, 0.06))
        deaths += sum(code < 0 for code in join(children))
    runs.run_due(by=SYSTEM, now=at(FIRST + timedelta(days=NIGHTS), 0, 30))
    days = [FIRST + timedelta(days=night) for night in range(-1, NIGHTS)]
    assert deaths >= 5
    assert list(JobDay.objects.order_by("day").values_list("day", flat=True)) == days
    assert list(CoverageRun.objects.values_list("as_of", flat=True)) == days
    assert list(CoverageRun.objects.order_by("number").values_list("number", flat=True)) == list(range(1, 32))
    sizes = CoverageFigure.objects.values("run").annotate(rows=Count("region")).values_list("rows", flat=True)
    assert set(sizes) == {4}, "a run has all of its figures or does not exist"
    assert [recorded(day) for day in days[1:]] == [10 * night for night in range(1, NIGHTS + 1)]


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (at(date(2021, 11, 10), 0, 14), []),
        (at(date(2021, 11, 10), 0, 15), [date(2021, 11, 9)]),
        (at(date(2021, 11, 10), 23, 59), [date(2021, 11, 9)]),
        (at(date(2021, 11, 12), 9, 0), [date(2021, 11, 9), date(2021, 11, 10), date(2021, 11, 11)]),
    ],
)
def test_missed_nights_are_caught_up(now: datetime, due: list[date], small_world: None) -> None:
    runs.run_due(by=SYSTEM, now=at(date(2021, 11, 9), 0, 15))
    assert runs.due_days(now) == due


def test_the_first_run_is_of_the_last_day(small_world: None) -> None:
    done = runs.run_due(by=SYSTEM, now=at(date(2021, 11, 9), 8, 0))
    assert [run.as_of for run in done] == [date(2021, 11, 8)]
    assert runs.run_due(by=SYSTEM, now=at(date(2021, 11, 9), 8, 5)) == []


def test_nothing_is_due_before_a_period_is_defined(db: None) -> None:
    assert runs.run_due(by=SYSTEM, now=at(date(2021, 11, 9), 8, 0)) == []
    assert not CoverageRun.objects.exists()


def test_a_failed_night_is_due_until_success(small_world: None, monkeypatch: pytest.MonkeyPatch) -> None:
    runs.run_due(by=SYSTEM, now=at(date(2021, 11, 9), 0, 15))
    night = at(date(2021, 11, 10), 0, 15)
    with monkeypatch.context() as broken:
        broken.setattr(runs.run_sql, "FIGURES", "INSERT INTO no_such_table SELECT 1 WHERE 1 = %s")
        with pytest.raises(Exception, match="no_such_table"), runs.transaction.atomic():
            runs._run(by=SYSTEM, day=date(2021, 11, 9), now=night, nightly=True)
        runs._record_failure(date(2021, 11, 9), night, ValueError("disk full"))
    assert freshness(night).failure == "ValueError: disk full"
    assert runs.due_days(night) == [date(2021, 11, 9)]
    runs.run_due(by=SYSTEM, now=night + timedelta(minutes=5))
    assert freshness(night + timedelta(minutes=5)).failure == ""
    assert JobFailure.objects.count() == 1


@pytest.mark.usefixtures("committed_world")
def test_run_due_stores_and_raises_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs.run_sql, "FIGURES", "INSERT INTO no_such_table SELECT 1 WHERE 1 = %s")
    with pytest.raises(Exception, match="no_such_table"):
        runs.run_due(by=SYSTEM, now=at(date(2021, 11, 9), 0, 15))
    assert "no_such_table" in JobFailure.objects.get().error
    assert not CoverageRun.objects.exists()


@pytest.mark.parametrize(("hours", "stale"), [(26, False), (26.1, True)])
def test_pages_turn_red_after_twenty_six_hours(hours: float, stale: bool, small_world: None) -> None:
    night = at(date(2021, 11, 9), 0, 15)
    runs.run_due(by=SYSTEM, now=night)
    assert freshness(night + timedelta(hours=hours)).stale is stale


def test_a_simultaneous_success_hides_no_failure(small_world: None) -> None:
    """A catch-up does several days at one moment: the first may succeed and the second fail."""
    night = at(date(2021, 11, 9), 0, 15)
    runs.run_due(by=SYSTEM, now=night)
    runs._record_failure(date(2021, 11, 9), night, ValueError("disk full"))
    assert freshness(night).failure == "ValueError: disk full"


@pytest.mark.parametrize(("hours", "stale"), [(26, False), (26.1, True)])
def test_a_missing_first_night_turns_red(hours: float, stale: bool, small_world: None) -> None:
    """The period of the small world was defined at noon."""
    assert freshness(NOON + timedelta(hours=hours)).stale is stale
