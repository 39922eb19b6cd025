"""The nightly run against the same sums in the database's own shell."""

import statistics
import time
from collections.abc import Callable
from datetime import date

from accounts.rights import SYSTEM
from benchmarks import shell
from benchmarks.lines import Measured
from dukcapil import clock
from recording.coverage import run_sql
from recording.coverage.services import recompute_coverage
from recording.models import AuditEntry, Door, Period


def against_bare(name: str, day: date, rounds: int) -> Measured:
    """A whole run, writing its figures, and the bare sums, in turns."""
    ours, bare = [], []
    sql = bare_aggregation(day)
    shell.seconds(sql)
    for _turn in range(rounds):
        bare.append(shell.seconds(sql))
        ours.append(run_seconds(day))
    night, floor = statistics.median(ours), statistics.median(bare)
    return Measured(name, f"{night:.3f} s", f"{floor:.3f} s", night / floor)


def median_seconds(day: date, rounds: int) -> float:
    return statistics.median(run_seconds(day) for _turn in range(rounds))


def run_seconds(day: date) -> float:
    """How long a new run of this day takes. A change of the trail comes first: without one the same run would be answered."""
    AuditEntry.objects.create(at=clock.real_now(), door=Door.COMMAND, action="region.load", subject="benchmark")
    return seconds(lambda: recompute_coverage(by=SYSTEM, day=day, now=clock.real_now()))


def bare_aggregation(day: date) -> list[str]:
    """The sums of a run at every region above each count, in the quickest shape known, without writing figures.

    PostgreSQL plans the first statement in parallel only as a CREATE TABLE AS.
    """
    counts = run_sql.counts(list(Period.objects.filter(first_day__lte=day).order_by("first_day")), day)
    rolled_up = """
        SELECT COUNT(*) FROM (
            SELECT t.ancestor_id, l.document, l.period_id, SUM(l.people), SUM(l.entries)
              FROM leaf l JOIN recording_regiontree t ON t.descendant_id = l.region_id
             GROUP BY t.ancestor_id, l.document, l.period_id) figures
    """
    return [f"CREATE TEMPORARY TABLE leaf AS {counts}", rolled_up]


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
