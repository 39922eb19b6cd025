"""The embedded form's alarm clock: it rings what is in the table, a failure does not stop it, a signal does."""

import os
import signal
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from accounts.rights import SYSTEM
from dukcapil import clock
from dukcapil.celery import app
from dukcapil.management.commands import scheduler
from dukcapil.tests.processes import fork, join, together
from recording.coverage.services import run_due
from recording.models import JobDay
from recording.tests.world import DAY, NOON

WAITS = 30.0


@pytest.fixture
def rung(settings: Any) -> Iterator[list[str]]:
    """A table of three tasks, the first of which fails; the list says which were rung."""
    heard: list[str] = []

    def task(name: str) -> str:
        @app.task(name=name)
        def ring() -> None:
            heard.append(name)
            if name == "test.fails":
                raise RuntimeError("the disk is full")

        return name

    names = [task("test.fails"), task("test.works"), task("test.seldom")]
    every = [timedelta(seconds=20), timedelta(seconds=20), timedelta(seconds=5)]
    settings.CELERY_BEAT_SCHEDULE = {
        f"entry-{name}": {"task": name, "schedule": schedule} for name, schedule in zip(names, every, strict=True)
    }
    yield heard
    for name in names:
        app.tasks.pop(name)


def test_every_entry_names_an_existing_task() -> None:
    app.loader.import_default_modules()
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} == {
        "recording.run_due",
        "recording.forecast_due",
        "recording.process_imports",
        "recording.deliver_webhooks",
        "fleet.send_due_emails",
        "fleet.propose_due",
        "fleet.prune_notices",
        "accounts.prune",
        "dukcapil.back_up",
    } | ({"dukcapil.heartbeat"} if settings.PRODUCTION else set())
    assert all(entry["task"] in app.tasks for entry in settings.CELERY_BEAT_SCHEDULE.values())


def test_a_failing_task_is_logged_while_others_run(rung: list[str], db: None, caplog: pytest.LogCaptureFixture) -> None:
    scheduler.run_due_tasks(dict.fromkeys(settings.CELERY_BEAT_SCHEDULE, 0.0), 100.0, 30.0)
    assert rung == ["test.fails", "test.works", "test.seldom"]
    assert "entry-test.fails failed" in caplog.text
    assert "the disk is full" in caplog.text


@pytest.mark.parametrize(
    ("tick", "moments", "rings"),
    [
        (30.0, [100, 119, 120, 139, 140], 3),  # every 20 seconds, as its entry says
        (10.0, [100, 109, 110, 120], 3),  # never later than the next tick
    ],
)
def test_a_task_runs_again_after_a_failure(tick: float, moments: list[float], rings: int, rung: list[str], db: None) -> None:
    due = dict.fromkeys(settings.CELERY_BEAT_SCHEDULE, 0.0)
    for moment in moments:
        scheduler.run_due_tasks(due, moment, tick)
    assert rung.count("test.fails") == rung.count("test.works") == rings


def days_done() -> list[date]:
    return list(JobDay.objects.order_by("day").values_list("day", flat=True))


@pytest.fixture
def missed_nights(committed_world: None) -> list[date]:
    """The last night was done four days ago, and it is noon. Returns the days that should be done."""
    run_due(by=SYSTEM, now=datetime(2021, 11, 21, 0, 20, tzinfo=clock.JAKARTA))
    clock.set_demo(DAY, NOON)
    return [date(2021, 11, day) for day in range(20, 25)]


def test_two_schedulers_run_missed_nights_once(missed_nights: list[date]) -> None:
    assert together(*[partial(call_command, "scheduler", once=True)] * 2) == [0, 0]
    assert days_done() == missed_nights


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_between_two_rings(number: int, missed_nights: list[date]) -> None:
    child = fork(partial(call_command, "scheduler", tick=600.0))
    try:
        deadline = time.monotonic() + WAITS
        while days_done() != missed_nights and time.monotonic() < deadline:
            time.sleep(0.05)
        os.kill(child, number)
        while os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            assert time.monotonic() < deadline, "it goes on after the signal"
            time.sleep(0.05)
    finally:
        os.kill(child, signal.SIGKILL)
    assert join([child]) == [0]
    assert days_done() == missed_nights
    connection.close()
