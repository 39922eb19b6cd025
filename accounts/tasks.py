"""Celery tasks. Each reads the clock and calls one service."""

from celery import shared_task

from accounts import retention
from accounts.rights import SYSTEM
from dukcapil import clock


@shared_task(name="accounts.prune")
def prune() -> dict[str, int]:
    """Delete sessions, stored answers and failed log-ins that are past their time. Safe to call any number of times."""
    return retention.prune(by=SYSTEM, now=clock.now(), real_now=clock.real_now())
