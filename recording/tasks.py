"""Celery tasks. Each reads the clock and calls one service; all are safe to call at any time, any number of times."""

from celery import shared_task

from accounts.rights import SYSTEM
from dukcapil import clock
from recording.coverage import forecasting
from recording.coverage import services as runs
from recording.imports import processing
from recording.webhooks.delivery import deliver_due


@shared_task(name="recording.run_due", autoretry_for=(Exception,), max_retries=3, default_retry_delay=10)
def run_due() -> list[int]:
    """Compute the nights that are due; returns their run numbers."""
    return [run.number for run in runs.run_due(by=SYSTEM, now=clock.now())]


@shared_task(name="recording.forecast_due", autoretry_for=(Exception,), max_retries=3, default_retry_delay=10)
def forecast_due() -> int | None:
    """Forecast when the targets of the newest night will be reached; returns its run number, None when nothing was due."""
    run = forecasting.forecast_due(by=SYSTEM, now=clock.now())
    return run.number if run else None


@shared_task(name="recording.process_imports", autoretry_for=(Exception,), max_retries=3, default_retry_delay=10)
def process_imports() -> list[int]:
    """Check and import the uploaded files that are waiting; returns their numbers."""
    return processing.process_due_batches(by=SYSTEM, now=clock.now())


@shared_task(name="recording.deliver_webhooks", autoretry_for=(Exception,), max_retries=3, default_retry_delay=10)
def deliver_webhooks() -> list[int]:
    """Tell other systems of new official runs; returns the deliveries that arrived."""
    return deliver_due(by=SYSTEM, now=clock.now(), real_now=clock.real_now())
