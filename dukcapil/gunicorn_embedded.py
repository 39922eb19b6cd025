"""Settings of the web server that `start` keeps alive: those of every form, and it ends with its parent."""

from typing import Any

from dukcapil import gunicorn_conf
from dukcapil.supervise import stop_with_parent

vars().update({name: value for name, value in vars(gunicorn_conf).items() if not name.startswith("_")})


def on_starting(server: Any) -> None:
    """In the master, before any worker: the server must not outlive `manage.py start`."""
    gunicorn_conf.on_starting(server)
    stop_with_parent()
