"""Eight o'clock on one form of the portal: its own processes, the people in another, a nightly run a third into the minute."""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.conf import settings

from benchmarks import night
from benchmarks.api.server import running
from benchmarks.lines import Measured
from benchmarks.load.generator import BEGIN, Outcome
from benchmarks.load.office import Office, prepare
from benchmarks.load.proof import missing_reports, missing_rows
from benchmarks.load.schedule import within
from dukcapil.testing.servers import end_with_parent
from recording.ledger.selectors import check_ledger
from recording.models import CoverageRun

PAGE_SECONDS, WRITE_SECONDS = 0.15, 2.0
WORKER_ENDS_SECONDS = 40
WORKERS = {
    "postgres": ["-W", "ignore", "-m", "celery", "-A", "dukcapil", "worker", "--concurrency", "2", "--loglevel", "ERROR"],
    "sqlite": [str(settings.BASE_DIR / "manage.py"), "scheduler"],
}


def measure(engine: str, asked: argparse.Namespace) -> Iterator[Measured]:
    """The lines of the minute, after all of it."""
    with tempfile.TemporaryDirectory() as folder:
        office = prepare(asked, engine, Path(folder))
        with ExitStack() as stack:
            server = stack.enter_context(running("dukcapil.wsgi", ready="/healthz"))
            stack.enter_context(_worker(engine))
            outcomes, cpu, run_seconds = _minute(office, f"127.0.0.1:{server.port}")
        problems = Counter(f"{outcome.kind}: {outcome.problem}" for outcome in outcomes if outcome.problem)
        for problem, times in problems.most_common(5):
            print(f"eight o'clock, {times} × {problem}", file=sys.stderr)
        yield from lines(outcomes, cpu, run_seconds, office.seconds)
        yield _proof(office, outcomes)


def lines(outcomes: Sequence[Outcome], cpu: float, run_seconds: float, seconds: float) -> Iterator[Measured]:
    """What the outcomes say; the times are of whatever came to an end, well or not."""
    errors = sum(bool(outcome.problem) for outcome in outcomes)
    took = {kind: [each.seconds for each in outcomes if each.kind == kind] for kind in ("page", "report", "import")}
    yield Measured("eight o'clock, errors", f"{errors} of {len(outcomes)}", "-", errors)
    yield _in_time("95% of pages within", within(0.95, took["page"]), PAGE_SECONDS)
    yield _in_time("95% of reports within", within(0.95, took["report"]), WRITE_SECONDS)
    yield _in_time("the slowest report", max(took["report"]), WRITE_SECONDS)
    yield _in_time("import stored within", max(took["import"]), seconds)
    yield _in_time("nightly run within", run_seconds, seconds)
    yield _in_time("CPU of the asking side", cpu, seconds)


def _in_time(name: str, seconds: float, floor: float) -> Measured:
    return Measured(f"eight o'clock, {name}", _words(seconds), _words(floor), seconds / floor)


def _words(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _proof(office: Office, outcomes: Sequence[Outcome]) -> Measured:
    """Of all that was acknowledged; the ledger must prove itself, too."""
    reports = [int(outcome.subject) for outcome in outcomes if outcome.kind == "report" and not outcome.problem]
    imported = any(outcome.kind == "import" and not outcome.problem for outcome in outcomes)
    missing = missing_reports(reports, office.reported) + check_ledger().mismatches
    acknowledged = len(reports) + 1
    if imported:
        acknowledged += office.file.size - office.file.bad
        missing += missing_rows(office.file)
    missing += not CoverageRun.objects.filter(as_of=office.yesterday, by=None).exists()
    return Measured("eight o'clock, writes not found", f"{missing} of {acknowledged:,}", "-", missing)


def _minute(office: Office, host: str) -> tuple[list[Outcome], float, float]:
    """What the people did, the processor time of asking, and how long the nightly run took beside it."""
    people = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.load.generator"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with people:
        if people.stdin is None or people.stdout is None:
            raise RuntimeError("no pipes")
        people.stdin.write(json.dumps(office.plan | {"host": host}))
        people.stdin.close()
        if people.stdout.readline().strip() != BEGIN:
            raise RuntimeError("the log-ins failed")
        time.sleep(office.seconds / 3)
        run_seconds = night.run_seconds(office.yesterday)
        answer = json.loads(people.stdout.read())
    return [Outcome(*outcome) for outcome in answer["outcomes"]], answer["cpu"], run_seconds


@contextmanager
def _worker(engine: str) -> Iterator[None]:
    """Who imports large files: a Celery worker, or the embedded form's scheduler."""
    worker = subprocess.Popen([sys.executable, *WORKERS[engine]], stdout=subprocess.DEVNULL, preexec_fn=end_with_parent)
    try:
        yield
    finally:
        worker.terminate()
        try:
            worker.wait(WORKER_ENDS_SECONDS)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()
