"""Sudden death in the middle of a run: the former figures stay whole, while it lasts and after it."""

import os
import signal
from datetime import date, datetime
from typing import Any

import pytest

from accounts.rights import SYSTEM
from dukcapil import clock
from dukcapil.tests.processes import fork, join
from recording.coverage import services as runs
from recording.coverage.runs import runs_for
from recording.models import CoverageFigure, CoverageRun, JobDay
from recording.tests.world import BARAT, DAY, DKI, KAPUK, YEARS_LATER, count, target, write

FIRST_NIGHT = datetime(2021, 11, 25, 0, 20, tzinfo=clock.JAKARTA)
SECOND_NIGHT = datetime(2021, 11, 26, 0, 20, tzinfo=clock.JAKARTA)
PLACES = 4  # the village and what lies above it


def figures(run: CoverageRun) -> dict[str, int]:
    return dict(CoverageFigure.objects.filter(run=run).values_list("region", "recorded"))


@pytest.mark.usefixtures("committed_world")
@pytest.mark.parametrize("step", ["_sum", "_write"])
def test_a_run_killed_before_its_commit_never_was(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    target(1_000, KAPUK)
    write(count(10, day=date(2021, 11, 24)))
    (former,) = runs.run_due(by=SYSTEM, now=FIRST_NIGHT)
    write(count(7, day=DAY))
    reached, tell = os.pipe()
    real = getattr(runs, step)

    def stand_still(*args: Any) -> Any:
        real(*args)  # "_write": the run and all its figures are written, and not committed
        os.write(tell, b".")
        signal.pause()

    def work() -> None:
        monkeypatch.setattr(runs, step, stand_still)
        runs.run_due(by=SYSTEM, now=SECOND_NIGHT)

    child = fork(work)
    os.read(reached, 1)
    before = {DKI: 10, BARAT: 10, "31.73.01": 10, KAPUK: 10}
    try:
        assert (runs_for(None, YEARS_LATER), figures(former)) == ((former, None, former), before), (
            "while the other one is at it"
        )
    finally:
        os.kill(child, signal.SIGKILL)
        assert join([child]) == [-signal.SIGKILL]
    assert (list(CoverageRun.objects.all()), figures(former)) == ([former], before)
    assert CoverageFigure.objects.count() == PLACES
    assert runs.due_days(SECOND_NIGHT) == [DAY]
    (second,) = runs.run_due(by=SYSTEM, now=SECOND_NIGHT)
    assert (second.number, second.as_of) == (former.number + 1, DAY)
    assert figures(second) == dict.fromkeys(before, 17)
    assert figures(former) == before
    assert JobDay.objects.count() == 2
