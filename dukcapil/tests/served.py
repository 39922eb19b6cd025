"""The portal on its real web server, for tests that break something around it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import connection

from dukcapil.testing import child_environment
from dukcapil.testing.databases import new_installation
from dukcapil.testing.servers import free_port
from dukcapil.web_worker import BufferingWorker

STARTS_WITHIN_SECONDS = 30
NO_HEADERS: Mapping[str, str] = {}


class Answer(NamedTuple):
    """`seconds` that it took."""

    status: int
    text: str
    headers: dict[str, str]
    seconds: float


class Served:
    """gunicorn as production starts it, with one process of two threads."""

    def __init__(self, port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self.port, self.process, self.log = port, process, log

    def ask(
        self,
        path: str,
        method: str = "GET",
        body: bytes | None = None,
        cookie: str = "",
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> Answer:
        started = time.monotonic()
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        cookies = {"Cookie": cookie} if cookie else {}
        line.request(method, path, body, {"X-Forwarded-Proto": "https", **cookies, **headers})
        answer = line.getresponse()
        text = answer.read().decode()
        line.close()
        return Answer(answer.status, text, dict(answer.headers), time.monotonic() - started)


class HastyWorker(BufferingWorker):
    """It waits a second where that of production waits ten."""

    head_seconds = 1.0


def own_database(home: Path) -> dict[str, str]:
    """The variables by which another process works on the database of this test; of SQLite on a copy of it, in `home`."""
    if not settings.PRODUCTION:
        new_installation(home)
        return {"DUKCAPIL_HOME": str(home)}
    server, _slash, _name = os.fspath(settings.DATABASE_URL).rpartition("/")
    return {"DATABASE_URL": f"{server}/{connection.settings_dict['NAME']}"}


@contextmanager
def served(home: Path, **environment: str) -> Iterator[Served]:
    """Its folder, with its log, is `home`."""
    home.mkdir(exist_ok=True)
    port, log = free_port(), home / "log"
    variables = own_database(home) | environment
    command = ["-m", "gunicorn", "--config", "python:dukcapil.gunicorn_conf", "--workers", "1", "--threads", "2"]
    command += ["--worker-class", f"{__name__}.{HastyWorker.__name__}"]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, *command, "--bind", f"127.0.0.1:{port}", "dukcapil.wsgi"],
            cwd=settings.BASE_DIR,
            stdout=output,
            stderr=output,
            start_new_session=True,
            env=child_environment(DJANGO_SETTINGS_MODULE="dukcapil.settings", **variables),
        )
    portal = Served(port, process, log)
    try:
        deadline = time.monotonic() + STARTS_WITHIN_SECONDS
        while not _answers(port):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        yield portal
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
