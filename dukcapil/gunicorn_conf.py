"""Settings of the web server in every form; the address comes from the command, in the embedded form from `start`."""

import ipaddress
from typing import Any

worker_class = "dukcapil.web_worker.BufferingWorker"
preload_app = True  # the portal is read in once, and all workers share the memory
workers = 2
threads = 4
timeout = 60
graceful_timeout = 10
logger_class = "dukcapil.server_log.ServerLog"
accesslog = None  # the portal writes a line for each request itself (dukcapil/access.py)
control_socket_disable = True  # it would lie in the home folder of whoever starts the portal


def on_starting(server: Any) -> None:
    """In the master, before any worker: beyond this machine the portal is reached through a proxy only, which it knows by
    its address. Otherwise everybody could write where a request comes from, or nobody would be told apart."""
    from django.conf import settings

    beyond = [str(address[0]) for address in server.cfg.address if _is_beyond_this_machine(address)]
    if beyond and all(network.is_loopback for network in settings.TRUSTED_PROXIES):
        raise SystemExit(
            f"The web server would be open to other machines ({', '.join(beyond)}) without a proxy in front: bind to "
            "127.0.0.1, or name the proxy's address in TRUSTED_PROXIES. See deploy/.env.example."
        )


def _is_beyond_this_machine(address: Any) -> bool:
    """A text is the path of a Unix socket."""
    if isinstance(address, str | bytes):
        return False
    try:
        return not ipaddress.ip_address(address[0]).is_loopback
    except ValueError:
        return str(address[0]) != "localhost"
