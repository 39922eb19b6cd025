"""Celery tasks of the frame."""

import subprocess
import sys
from pathlib import Path

from celery import shared_task
from django.conf import settings

from dukcapil import clock, heartbeat
from dukcapil.backups.state import is_due

_children: list["subprocess.Popen[bytes]"] = []


@shared_task(name="dukcapil.heartbeat", max_retries=0)
def give_sign_of_life() -> None:
    """Sent by beat, done by a worker: both are there, and the queue between them."""
    heartbeat.beat(clock.real_now())


@shared_task(name="dukcapil.back_up", max_retries=0)
def back_up() -> None:
    """Start the backup of this night, if it is due, as a process of its own: it may take longer than a task may. It asks
    once more whether it is due and whether it is alone, so that any number of starts make one."""
    _children[:] = [child for child in _children if child.poll() is None]
    if not _children and is_due(clock.now()):
        command = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "backup", "--if-due"]
        _children.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True))
