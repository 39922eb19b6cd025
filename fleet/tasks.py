"""Celery tasks. Each reads the clock and calls one service."""

from celery import shared_task

from accounts.rights import SYSTEM
from dukcapil import clock
from fleet.notifications import retention, services
from fleet.proposals import working


@shared_task(name="fleet.send_due_emails", autoretry_for=(Exception,), max_retries=3, default_retry_delay=10)
def send_due_emails() -> list[int]:
    """Send the e-mails of the day that are due. Safe to call at any time, any number of times."""
    return services.send_due_emails(by=SYSTEM, now=clock.now())


@shared_task(name="fleet.prune_notices")
def prune_notices() -> int:
    """Delete e-mails that were kept long enough. Safe to call any number of times."""
    return retention.prune_notices(by=SYSTEM, now=clock.now())


@shared_task(name="fleet.propose_due", autoretry_for=(Exception,), max_retries=3, default_retry_delay=10)
def propose_due() -> list[int]:
    """Plan the proposals that wait; returns their numbers. Safe to call at any time, any number of times."""
    return working.work_due(by=SYSTEM, now=clock.now())
