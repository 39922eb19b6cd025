"""Telling the workers that there is something to do. Only a hint: the work is a row, and the clock finds it too."""

import logging

from django.conf import settings
from django.db import transaction

from dukcapil.celery import app

log = logging.getLogger(__name__)


def wake_workers(task: str) -> None:
    """Send a task by its name once the transaction is through; a broker that is away changes nothing.

    In the embedded form there is no broker: the scheduler looks every two seconds.
    """
    if settings.REDIS_URL:
        transaction.on_commit(lambda: _send(task))


def _send(task: str) -> None:
    try:
        app.send_task(task, expires=60)
    except Exception as problem:
        log.warning("%s not sent (%s); the next tick does the work", task, problem)
