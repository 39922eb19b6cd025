"""The tasks that are started by the clock.

Celery beat starts them in production, `manage.py scheduler` in the embedded form. Each task asks the database what is
due. A start that no worker has fetched in time expires.
"""

from datetime import timedelta
from typing import Any


def timetable(production: bool) -> dict[str, dict[str, Any]]:
    """Celery's CELERY_BEAT_SCHEDULE; tasks are known here by name only."""
    signs = {"sign-of-life": {"task": "dukcapil.heartbeat", "schedule": timedelta(seconds=10), "options": {"expires": 60}}}
    return (signs if production else {}) | {  # without a broker the scheduler writes its own (dukcapil/heartbeat.py)
        "nightly-coverage": {"task": "recording.run_due", "schedule": timedelta(minutes=5), "options": {"expires": 240}},
        "nightly-forecast": {"task": "recording.forecast_due", "schedule": timedelta(minutes=5), "options": {"expires": 240}},
        "emails": {  # about the next period at 8.00, reminders at 17.00, digests at 19.00
            "task": "fleet.send_due_emails",
            "schedule": timedelta(minutes=5),
            "options": {"expires": 240},
        },
        "backups": {"task": "dukcapil.back_up", "schedule": timedelta(minutes=5), "options": {"expires": 240}},
        "uploaded-files": {  # with a broker the page also wakes a worker; without one a person waits for this start
            "task": "recording.process_imports",
            "schedule": timedelta(seconds=10 if production else 2),
            "options": {"expires": 9},
        },
        "proposals": {  # a proposal also wakes a worker; this start takes up one whose worker died
            "task": "fleet.propose_due",
            "schedule": timedelta(seconds=20 if production else 2),
            "options": {"expires": 18},
        },
        "old-sessions": {"task": "accounts.prune", "schedule": timedelta(hours=1), "options": {"expires": 3000}},
        "old-emails": {"task": "fleet.prune_notices", "schedule": timedelta(hours=1), "options": {"expires": 3000}},
        "webhooks": {  # a new run also wakes a worker; this start finds retries and what was missed
            "task": "recording.deliver_webhooks",
            "schedule": timedelta(seconds=30 if production else 5),
            "options": {"expires": 25},
        },
    }
