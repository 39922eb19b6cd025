"""Settings of the embedded form's web server; `start` passes the address."""

from typing import Any

from dukcapil.supervise import stop_with_parent

worker_class = "gthread"
workers = 2
threads = 4
timeout = 60
graceful_timeout = 10
accesslog = None


def on_starting(server: Any) -> None:
    """In the master, before any worker: it must not outlive `manage.py start`."""
    stop_with_parent()
