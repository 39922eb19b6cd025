"""Settings of the embedded form's web server; `start` passes the address."""

from typing import Any

from dukcapil.supervise import stop_with_parent

worker_class = "gthread"
preload_app = True  # the portal is read in once, and both workers share the memory
workers = 2
threads = 4
timeout = 60
graceful_timeout = 10
accesslog = None
control_socket_disable = True  # it would lie in the home folder of whoever starts the portal


def on_starting(server: Any) -> None:
    """In the master, before any worker: the server must not outlive `manage.py start`."""
    stop_with_parent()
