"""Doors for the clock: a task reads the time, calls one service, and keeps no logic."""

from celery import shared_task

from accounts.rights import SYSTEM
from dukcapil import clock
from recording.coverage import services as runs
from recording.imports import processing
from recording.webhooks import services as webhooks


@shared_task(name="recording.run_due", autoretry_for=(Exception,), max_retries=3, default_retry_delay=10)
def run_due() -> list[int]:
    """Compute the nights that are due; returns their run numbers. Safe to call at any time, any number of times."""
    return [run.number for run in runs.run_due(by=SYSTEM, now=clock.now())]


@shared_task(name="recording.process_imports", autoretry_for=(Exception,), max_retries=3, default_retry_delay=10)
def process_imports() -> list[int]:
    """Do what uploaded files wait for; returns their numbers. Safe to call at any time, any number of times."""
    return processing.process_due_batches(by=SYSTEM, now=clock.now())


@shared_task(name="recording.deliver_webhooks", autoretry_for=(Exception,), max_retries=3, default_retry_delay=10)
def deliver_webhooks() -> list[int]:
    """Tell other systems of new official runs; returns what arrived. Safe to call at any time, any number of times."""
    return webhooks.deliver_due(by=SYSTEM, now=clock.now(), machine=clock.real_now())
