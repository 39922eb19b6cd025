"""How Celery runs: tasks are short, may run twice, and are never lost by a worker or a broker that dies."""

from pathlib import Path
from typing import Any


def celery_settings(*, broker: str, home: Path) -> dict[str, Any]:
    """The CELERY_* settings. Without a broker none of them is used."""
    return {
        "CELERY_BROKER_URL": broker or "memory://",
        "CELERY_TIMEZONE": "Asia/Jakarta",
        "CELERY_TASK_ACKS_LATE": True,
        "CELERY_TASK_REJECT_ON_WORKER_LOST": True,
        # With max_retries of each task: one that kills its worker must end.
        "CELERY_TASK_RETRY_ON_WORKER_LOST": True,
        "CELERY_TASK_IGNORE_RESULT": True,
        "CELERY_TASK_TIME_LIMIT": 300,
        "CELERY_TASK_SOFT_TIME_LIMIT": 240,
        "CELERY_TASK_PUBLISH_RETRY": False,
        "CELERY_WORKER_PREFETCH_MULTIPLIER": 1,
        "CELERY_WORKER_MAX_TASKS_PER_CHILD": 200,
        "CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT": 30,
        "CELERY_BROKER_CONNECTION_TIMEOUT": 1,
        "CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP": True,
        "CELERY_BEAT_SCHEDULE_FILENAME": str(home / "celerybeat-schedule"),
        "CELERY_BROKER_TRANSPORT_OPTIONS": {
            "visibility_timeout": 900,
            # Without these two a task of a killed worker waits up to 100 s longer than the timeout.
            "unacked_restore_interval": 10,
            "unacked_restore_throttle": 1,
            "socket_timeout": 1.0,
            "socket_connect_timeout": 1.0,
            "health_check_interval": 5,
            # Whoever sends a task tries once more at once, and gives up: the next scheduled task finds the work.
            "max_retries": 1,
            "interval_start": 0,
            "interval_step": 0,
            "interval_max": 0,
        },
    }
