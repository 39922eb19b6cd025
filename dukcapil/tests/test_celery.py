"""The nightly job in each form, for real: Celery's worker and beat on Redis, or no broker at all."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil import clock, heartbeat
from dukcapil.celery import app
from dukcapil.locks import RUN_LOCK
from dukcapil.testing import child_environment
from dukcapil.tests.processes import fork, join
from recording.coverage.services import run_due
from recording.models import CoverageFigure, CoverageRun, JobDay
from recording.tasks import run_due as task
from recording.tests.world import DAY, KAPUK, NOON, count, target, write

WAITS = 60.0
WORKER = ("-m", "celery", "-A", "dukcapil", "worker", "--concurrency", "1", "--loglevel", "INFO")
# The table of the settings as it is, but every second: five minutes are too long for a test.
BEAT = """
from datetime import timedelta
from dukcapil.celery import app
table = app.conf.beat_schedule
app.conf.beat_schedule = {name: entry | {"schedule": timedelta(seconds=1)} for name, entry in table.items()}
app.Beat(schedule=__import__("sys").argv[1], loglevel="INFO").run()
"""
WITHOUT_BROKER = """
import django
django.setup()
from django.test import Client
from accounts.models import User
client = Client(headers={"host": "localhost", "x-forwarded-proto": "https"})
client.force_login(User.objects.get(), backend="accounts.backends.AccountBackend")
print([client.get(path).status_code for path in ("/healthz", "/", "/catat/", "/armada/")])
"""


def until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + WAITS
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def nights() -> list[tuple[date, int]]:
    return list(JobDay.objects.order_by("day").values_list("day", "run"))


DONE = [(date(2021, 11, 23), 1), (date(2021, 11, 24), 2)]


@pytest.fixture
def one_night_due(committed_world: None) -> None:
    """Counts of 24 November are in, the night of the 23rd is done, and it is noon of the 25th."""
    target(1_000, KAPUK)
    run_due(by=SYSTEM, now=datetime(2021, 11, 24, 0, 20, tzinfo=clock.JAKARTA))
    write(count(12, day=date(2021, 11, 24)))
    clock.set_demo(DAY, NOON)


if settings.PRODUCTION:

    @contextmanager
    def running(log: Path, *command: str, **environment: str) -> Iterator["subprocess.Popen[bytes]"]:
        """A process of production, in a group of its own, on the test's database and broker."""
        server, _, _name = os.fspath(settings.DATABASE_URL).rpartition("/")
        with log.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, *command],
                cwd=settings.BASE_DIR,
                stdout=output,
                stderr=output,
                start_new_session=True,
                env=child_environment(DATABASE_URL=f"{server}/{connection.settings_dict['NAME']}", **environment),
            )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    @pytest.fixture
    def empty_queue() -> Iterator[None]:
        app.control.purge()
        yield
        app.control.purge()

    def sign_of_life() -> str:
        return heartbeat.state(clock.real_now())

    def waiting_for_the_run_lock() -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = %s", [RUN_LOCK]
            )
            return int(cursor.fetchone()[0])

    @pytest.mark.usefixtures("one_night_due", "empty_queue")
    def test_beat_and_worker_run_the_night_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """And whoever of them dies is named."""
        with running(tmp_path / "worker.log", *WORKER) as worker:
            log = tmp_path / "worker.log"
            with running(tmp_path / "beat.log", "-c", BEAT, str(tmp_path / "schedule")) as beat:
                until(lambda: log.read_text().count("recording.run_due[") >= 6, "the task did not come three times")
                until(lambda: sign_of_life() == "ok", "no sign of life came through")
                monkeypatch.setattr(heartbeat, "SILENT_AFTER", timedelta(seconds=2))
                os.killpg(beat.pid, signal.SIGKILL)
                until(lambda: sign_of_life() == "scheduler", "nobody missed beat")
            os.killpg(worker.pid, signal.SIGKILL)
            until(lambda: sign_of_life() == "worker", "nobody missed the worker")
        assert "Sending due task nightly-coverage" in (tmp_path / "beat.log").read_text()
        assert nights() == DONE
        assert CoverageFigure.objects.get(run=2, region=KAPUK, document="KTP").recorded == 12

    @pytest.mark.usefixtures("one_night_due", "empty_queue")
    def test_the_next_worker_finishes_a_killed_ones_night(tmp_path: Path) -> None:
        held, tell = os.pipe()

        def hold() -> None:
            """Another computation is at work, so that the worker stands still in the middle of its own."""
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s)", [RUN_LOCK])
            os.write(tell, b".")
            signal.pause()

        other = fork(hold)
        os.read(held, 1)
        try:
            with running(tmp_path / "first.log", *WORKER) as worker:
                task.delay()
                until(lambda: waiting_for_the_run_lock() == 1, "the worker did not begin")
                assert sign_of_life() == "ok", "it is busy, and not silent"
                os.killpg(worker.pid, signal.SIGKILL)
        finally:
            os.kill(other, signal.SIGKILL)
            join([other])
        assert nights() == DONE[:1]
        with running(tmp_path / "second.log", *WORKER):
            task.delay()  # the next ring of beat
            task.delay()
            log = tmp_path / "second.log"
            until(lambda: log.read_text().count("succeeded") >= 2, "the task was not done")
        assert nights() == DONE
        assert CoverageRun.objects.count() == 2

    def test_with_the_broker_away_pages_are_served(one_night_due: None, tmp_path: Path) -> None:
        cast.staff()
        away = {"REDIS_URL": "redis://127.0.0.1:1/0", "DJANGO_SETTINGS_MODULE": "dukcapil.settings"}
        with running(tmp_path / "web.log", "-c", WITHOUT_BROKER, **away) as web:
            web.wait()
        assert (tmp_path / "web.log").read_text().splitlines()[-1] == "[200, 200, 200, 200]"

else:

    def test_the_night_is_run_without_a_broker(one_night_due: None) -> None:
        """In a process that may not connect to anything: the embedded form has neither broker nor workers."""

        def refuse(event: str, args: tuple[object, ...]) -> None:
            if event in ("socket.connect", "socket.getaddrinfo"):
                raise RuntimeError(f"asked the network: {args}")

        def night() -> None:
            sys.addaudithook(refuse)
            call_command("scheduler", once=True)

        assert join([fork(night)]) == [0]
        assert nights() == DONE

    def test_the_embedded_form_uses_no_queue() -> None:
        assert app.conf.broker_url == "memory://"
        assert settings.REDIS_URL == ""
        assert "redis" not in str(settings.CACHES["default"]["BACKEND"]).lower()
