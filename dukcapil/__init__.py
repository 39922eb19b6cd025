"""The frame of the portal: settings, addresses, the task queue, and small modules that every app uses."""

from dukcapil.celery import app as celery_app

__all__ = ["celery_app"]
