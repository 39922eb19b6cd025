"""The task queue. Its settings are the CELERY_* names of settings.py; tasks live in each app's tasks.py."""

import os
from typing import Any

from celery import Celery
from celery.app.log import Logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dukcapil.settings")


class PortalLog(Logging):
    """Workers and beat write the portal's lines (dukcapil/log_lines.py) instead of Celery's own."""

    def setup_logging_subsystem(self, *_: Any, **__: Any) -> list[Any]:
        return []


app = Celery("dukcapil", log=PortalLog)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
