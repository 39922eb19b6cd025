"""Doors for the clock: a task reads the time, calls one service, and keeps no logic."""

from celery import shared_task

from accounts.rights import SYSTEM
from dukcapil import clock
from fleet.notifications.services import letters_due as write_and_send


@shared_task(name="fleet.letters_due", autoretry_for=(Exception,), max_retries=3, default_retry_delay=10)
def letters_due() -> list[int]:
    """Send the letters of the day that are due. Safe to call at any time, any number of times."""
    return write_and_send(by=SYSTEM, now=clock.now())
