"""`scheduler`: runs the tasks of CELERY_BEAT_SCHEDULE in this process, for the embedded form.

Each task asks the database what is due, so a late, doubled or killed scheduler cannot do harm.
"""

import logging
import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import close_old_connections

from dukcapil.celery import app
from dukcapil.heartbeat import Pulse
from dukcapil.supervise import StopSignal, stop_with_parent

log = logging.getLogger(__name__)
TICK_SECONDS = 30.0


class Command(BaseCommand):
    help = "Jam weker untuk pemasangan tanpa Redis: menjalankan tugas terjadwal dalam proses ini."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="Satu putaran saja.")
        parser.add_argument("--tick", type=float, default=TICK_SECONDS, help="Detik antara dua putaran.")
        parser.add_argument("--with-parent", action="store_true", help="Berhenti bila induknya mati.")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = StopSignal()
        if options["with_parent"]:
            stop_with_parent()
        app.loader.import_default_modules()
        due = dict.fromkeys(settings.CELERY_BEAT_SCHEDULE, 0.0)
        pulse = None if options["once"] else Pulse()
        if pulse:
            pulse.start()
        shortest = min(entry["schedule"].total_seconds() for entry in settings.CELERY_BEAT_SCHEDULE.values())
        while not stop.received:
            run_due_tasks(due, time.monotonic(), options["tick"], pulse.at if pulse else lambda _task: None)
            if options["once"]:
                return
            stop.wait(min(options["tick"], shortest))


def run_due_tasks(due: dict[str, float], now: float, tick: float, begin: Callable[[str], None] = lambda _task: None) -> None:
    """Run every task whose time has come, and set its next time: after a tick at the latest. A failure is logged and
    does not stop the others. `due` and `now` are in seconds of the monotonic clock; `begin` is told each task's name, and
    "" after it."""
    for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
        if now < due[name]:
            continue
        due[name] = now + min(entry["schedule"].total_seconds(), tick)
        close_old_connections()
        begin(entry["task"])
        try:
            # `run` is the plain function: calling the task would retry inside this loop.
            app.tasks[entry["task"]].run()
        except Exception:
            log.exception("%s failed; it is tried again the next time", name)
        finally:
            begin("")
