"""Waking the workers before the clock does. It may fail: the work is a row, and the next scheduled task finds it."""

import logging

from django.conf import settings
from django.db import transaction

from dukcapil.celery import app
from dukcapil.shared_cache import silence

log = logging.getLogger(__name__)


def wake_workers(task: str) -> None:
    """Send a task by its name after the commit. Without a broker nothing is sent: the embedded form's scheduler looks
    every two seconds."""
    if settings.REDIS_URL:
        transaction.on_commit(lambda: _send(task))


def _send(task: str) -> None:
    if silence.lasts():
        log.warning("%s not sent (Redis is away); the next tick does the work", task)
        return
    try:
        app.send_task(task, expires=60)
    except Exception as problem:  # whatever the broker's client raises: a write must not fail after its commit
        silence.note()
        log.warning("%s not sent (%s); the next tick does the work", task, problem)
