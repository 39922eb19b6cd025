"""The planner: processor time, how far the best plan and its bound lie apart, what a check takes, and what is refused."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from random import Random
from typing import Any, NamedTuple

from benchmarks.lines import Measured
from benchmarks.plan.worlds import dki
from dukcapil.errors import Refused
from fleet.planning.building import problem_of
from fleet.planning.engine import installed_engine
from fleet.planning.greedy import greedy
from fleet.planning.plan_file import check_plan
from fleet.planning.planner import propose
from fleet.planning.problem import RECORDING, sealed
from fleet.planning.proof import check, value_of
from fleet.planning.tests.falsifying import SUBSTANCE

INSTANCES, QUICK = 100, 10
ALLOWED = {14: 2.0, 30: 5.0}  # seconds, by the days of a plan
GAP = 0.1  # recordings
FORGERIES = 20  # of each kind
NATION_SECONDS, CHECK_SECONDS = 60.0, 0.05


class Planned(NamedTuple):
    """One instance: seconds of planning and of checking, the gap in recordings, what the greedy plan lacks in percent."""

    seconds: float
    check_seconds: float
    gap: float
    greedy_lacks: float


def measure(quick: bool) -> Iterator[Measured]:
    for number_of_days in ALLOWED:
        yield from of_dki(number_of_days, [instance(seed, number_of_days) for seed in range(QUICK if quick else INSTANCES)])
    accepted = accepted_forgeries()
    yield Measured("falsified plans accepted, of 200", f"{accepted}", "-", accepted)
    if not quick:
        yield from of_nation()


def of_dki(number_of_days: int, planned: list[Planned]) -> Iterator[Measured]:
    plan, allowed = f"plan of DKI, {number_of_days} days", ALLOWED[number_of_days]
    slowest = max(each.seconds for each in planned)
    yield Measured(f"{plan}, the slowest", f"{slowest:.2f} s", f"{allowed:g} s", slowest / allowed)
    gap, proved = max(each.gap for each in planned), sum(each.gap <= GAP for each in planned)
    yield Measured(f"{plan}, the widest gap", f"{gap:.3f}", "-", gap)
    yield Measured(f"{plan}, proved", f"{proved}", f"{len(planned)}", proved / len(planned))
    check_seconds = max(each.check_seconds for each in planned)
    yield Measured(f"{plan}, checked", f"{1000 * check_seconds:.0f} ms", "50 ms", check_seconds / CHECK_SECONDS)
    lacks = sorted(each.greedy_lacks for each in planned)[len(planned) // 2]
    yield Measured(f"{plan}, greedy, % below", f"{lacks:.2f}", "-", lacks)


def of_nation() -> Iterator[Measured]:
    done = subprocess.run([sys.executable, "-m", "benchmarks.plan.nation"], stdout=subprocess.PIPE, check=True)
    seconds, megabytes = json.loads(done.stdout)
    yield Measured("plan of 514 cities, 14 days", f"{seconds:.1f} s", f"{NATION_SECONDS:g} s", seconds / NATION_SECONDS)
    yield Measured("memory of planning 514 cities, MB", f"{megabytes:.0f} MB", "-", megabytes)


def instance(seed: int, number_of_days: int) -> Planned:
    request, engine = dki(seed, number_of_days), installed_engine()
    began = time.process_time()
    problem = problem_of(request)
    plan = propose(problem, engine)
    seconds = time.process_time() - began
    simple = value_of(problem, set(greedy(problem)))
    check_seconds = min(taken(lambda: check(plan)) for _turn in range(3))
    lacks = 100 * (plan["bound"] - simple) / plan["bound"]
    return Planned(seconds, check_seconds, (plan["bound"] - plan["value"]) / RECORDING, lacks)


def taken(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def accepted_forgeries() -> int:
    """Of plans that were falsified and sealed anew, those that the check does not refuse."""
    honest: Any = propose(problem_of(dki(0, 14)), installed_engine())
    accepted = 0
    for falsify in SUBSTANCE:
        for seed in range(FORGERIES):
            plan = deepcopy(honest)
            falsify(plan, Random(seed))
            try:
                check_plan(sealed(plan))
            except Refused:
                continue
            accepted += 1
    return accepted
