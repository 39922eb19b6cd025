"""How Celery runs is decided by measurements; each value here has cost somebody work when it was another one."""

from pathlib import Path

import pytest

from dukcapil.celery import app
from dukcapil.queue_settings import celery_settings

pytestmark = pytest.mark.once
DECIDED = {
    "timezone": "Asia/Jakarta",
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "task_ignore_result": True,
    "task_time_limit": 300,
    "task_soft_time_limit": 240,
    "task_publish_retry": False,
    "worker_prefetch_multiplier": 1,
    "worker_max_tasks_per_child": 200,
    "worker_soft_shutdown_timeout": 30,
    "broker_connection_timeout": 1,
}
TRANSPORT = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": 1.0,
    "socket_connect_timeout": 1.0,
    "health_check_interval": 5,
}


def test_the_queue_runs_as_decided() -> None:
    assert {name: app.conf[name] for name in DECIDED} == DECIDED
    options = app.conf["broker_transport_options"]
    assert {name: options[name] for name in TRANSPORT} == TRANSPORT
    assert celery_settings(broker="", home=Path())["CELERY_TASK_RETRY_ON_WORKER_LOST"] is True


def test_every_task_ends_after_some_tries() -> None:
    app.loader.import_default_modules()
    ours = {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}
    assert {name for name, task in ours.items() if task.max_retries not in (0, 3)} == set()
    soon = {name for name, task in ours.items() if task.max_retries and task.default_retry_delay == 10}
    assert {"recording.run_due", "recording.process_imports", "recording.deliver_webhooks", "fleet.send_due_emails"} <= soon
