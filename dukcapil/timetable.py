"""Everything that happens by the clock, once.

Celery beat rings these in production; `manage.py scheduler` reads the same table in the embedded form. They only ring:
the database decides what is due. An unfetched ring expires.
"""

from datetime import timedelta
from typing import Any


def timetable(production: bool) -> dict[str, dict[str, Any]]:
    """Celery's CELERY_BEAT_SCHEDULE; tasks are known here by name only."""
    return {
        "nightly-coverage": {
            "task": "recording.run_due",
            "schedule": timedelta(minutes=5),
            "options": {"expires": 240},
        },
        "emails": {  # reminders at 17.00, digests at 19.00
            "task": "fleet.send_due_emails",
            "schedule": timedelta(minutes=5),
            "options": {"expires": 240},
        },
        "uploaded-files": {  # with a broker the page sends a hint at once; without one somebody waits for this ring
            "task": "recording.process_imports",
            "schedule": timedelta(seconds=30 if production else 2),
            "options": {"expires": 25},
        },
        "webhooks": {  # a new run sends a hint; this ring finds what a retry or a lost hint left
            "task": "recording.deliver_webhooks",
            "schedule": timedelta(seconds=30 if production else 5),
            "options": {"expires": 25},
        },
    }
