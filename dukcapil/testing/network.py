"""No test reaches another machine."""

import ipaddress
import os
import socket
import sys
from urllib.parse import urlsplit

WATCHED = frozenset(("socket.getaddrinfo", "socket.connect", "socket.sendto"))


class NetworkRefused(RuntimeError):
    """A test tried to reach another machine."""


def refuse_network(allowed: frozenset[str] = frozenset()) -> None:
    """Refuse, for the rest of this process, every connection and look-up that leaves it, but to `allowed` hosts.

    Sees all of Python's sockets; libpq's own are not seen.
    """

    def watch(event: str, args: tuple[object, ...]) -> None:
        if event not in WATCHED:  # a million others: files, imports, frames
            return
        if event == "socket.getaddrinfo":
            host = args[0]
        else:
            line, address = args[0], args[1]
            if getattr(line, "family", None) not in (socket.AF_INET, socket.AF_INET6):
                return
            host = address[0] if isinstance(address, tuple) else None
        name = host.decode() if isinstance(host, bytes) else host
        if isinstance(name, str) and name not in allowed and not _is_here(name):
            raise NetworkRefused(f"Tests reach no other machine, and this one asked for {name}: use a stand-in.")

    sys.addaudithook(watch)


def _is_here(host: str) -> bool:
    if host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def given_hosts() -> frozenset[str]:
    hosts = {urlsplit(os.environ.get(name, "")).hostname for name in ("TEST_DATABASE_URL", "TEST_REDIS_URL")}
    names = {host for host in hosts if host}
    addresses = {str(info[4][0]) for host in names for info in socket.getaddrinfo(host, None)}
    return frozenset(names | addresses)
