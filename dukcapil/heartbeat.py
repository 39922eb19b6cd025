"""The sign of life of whatever does the work in the background: a row, written anew every few seconds.

In production beat sends a task that a worker does: the sign tells that both of them and the queue between them work. In the
embedded form the scheduler writes it beside its tasks, with the one that it is at.
"""

import logging
import threading
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connection

from dukcapil import clock
from dukcapil.celery import app
from dukcapil.models import Heartbeat

log = logging.getLogger(__name__)
NAME = "tasks"
EVERY = timedelta(seconds=10)
SILENT_AFTER = timedelta(seconds=45)
MAX_TASK_AGE = timedelta(minutes=15)  # of the scheduler; a worker's tasks are ended before (CELERY_TASK_TIME_LIMIT)
QUEUE = "celery"


def beat(now: datetime, doing: str = "", since: datetime | None = None) -> None:
    """Write the sign of life. `now` and `since` are moments of the machine's clock, also in the example."""
    Heartbeat.objects.update_or_create(name=NAME, defaults={"at": now, "doing": doing, "since": since})


def state(now: datetime) -> str:
    """For /readyz: "ok", or what is silent: "scheduler" (nobody starts the tasks), "worker" (nobody does them), or the task
    that does not end. `now` is that of the machine."""
    last = Heartbeat.objects.filter(name=NAME).first()
    if last is not None and abs(now - last.at) <= SILENT_AFTER:
        stuck = last.since is not None and now - last.since > MAX_TASK_AGE
        return f"stuck: {last.doing}" if stuck else "ok"
    return _who_is_silent() if settings.PRODUCTION else "scheduler"


def _who_is_silent() -> str:
    """A worker whose processes are all at long tasks is at work: the sign waits behind these. Asked only in silence."""
    asking = app.control.inspect(timeout=1.0)
    try:
        statistics = asking.stats()
        if not statistics:
            return "worker"
        active = asking.active() or {}
        if all(len(active.get(name, [])) >= told["pool"]["max-concurrency"] for name, told in statistics.items()):
            return "ok"
        return "worker" if queue_length() else "scheduler"
    except Exception as problem:  # whatever the broker's client raises
        log.warning("the queue cannot be asked: %s", problem)
        return "worker"


def queue_length() -> int:
    """Tasks that wait for a worker."""
    with app.connection_for_read() as line:
        return int(line.default_channel.client.llen(QUEUE))


class Pulse(threading.Thread):
    """Writes the sign of life of the embedded form's scheduler, whatever that is at."""

    def __init__(self) -> None:
        super().__init__(name="pulse", daemon=True)
        self.doing: tuple[str, datetime | None] = ("", None)
        self.done = threading.Event()

    def at(self, task: str) -> None:
        """The scheduler begins this task; "": it waits."""
        self.doing = (task, clock.real_now() if task else None)

    def run(self) -> None:
        while True:
            try:
                beat(clock.real_now(), *self.doing)
            except DatabaseError as problem:
                log.warning("no sign of life: %s", problem)
            finally:
                connection.close()
            if self.done.wait(EVERY.total_seconds()):
                return
