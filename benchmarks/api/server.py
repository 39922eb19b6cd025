"""A gunicorn with two workers, as the portal runs it, and wrk, which asks it as fast as it answers."""

import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from django.db import connection

from benchmarks import cpu

THREADS, CONNECTIONS = 2, 16
START_SECONDS, ANSWER_SECONDS = 30, 120
NO_LIMIT = "1000000000"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


class Load(NamedTuple):
    """What was measured while an address was asked as fast as it answers: answers in a second, and for each of them the
    milliseconds of processor time that the web server's workers and the database took together."""

    rate: float
    cpu: float


@dataclass(frozen=True)
class Server:
    """A running one, on a port of this machine."""

    port: int
    pid: int

    def ask(self, method: str, address: str, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        """One request on a connection of its own."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
        try:
            line.request(method, address, body, dict(headers))
            answer = line.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            line.close()

    def load(self, address: str, headers: Mapping[str, str], seconds: int) -> Load:
        """By wrk; RuntimeError when one of the answers was an error, or none came."""
        if shutil.which("wrk") is None:
            raise RuntimeError("wrk is missing: install the system's package `wrk`.")
        options = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
        command = ["wrk", f"-t{THREADS}", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "30s", *options, self._url(address)]
        before = self._cpu_seconds()
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        used = self._cpu_seconds() - before
        rate, answers = re.search(r"Requests/sec:\s+([\d.]+)", output), re.search(r"(\d+) requests in", output)
        if not (rate and answers and int(answers[1])) or "Non-2xx" in output or "Socket errors" in output:
            raise RuntimeError(f"wrk {address}: {output}; is the machine busy with something else?")
        return Load(float(rate[1]), used * 1000 / int(answers[1]))

    def _cpu_seconds(self) -> float:
        """Of the workers, and of the database's processes where it has some: of this machine's accounts."""
        return sum(cpu.of_process(process) for process in [*self._workers(), *_database_processes()])

    def peak_bytes(self) -> int:
        """The most memory that any of the workers has had so far."""
        status = [Path(f"/proc/{worker}/status").read_text() for worker in self._workers()]
        return max(int(re.findall(r"VmHWM:\s+(\d+) kB", text)[0]) * 1024 for text in status)

    def _workers(self) -> list[int]:
        return [int(worker) for worker in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()]

    def _url(self, address: str) -> str:
        return f"http://127.0.0.1:{self.port}{address}"


def _database_processes() -> list[int]:
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        return [process for (process,) in cursor.fetchall()]


@contextmanager
def running(application: str = "benchmarks.api.wsgi", *, ready: str = "/kosong/") -> Iterator[Server]:
    """The server on this process's database, once it answers at the address `ready`; its end is this block's end, or this
    process's (dukcapil/supervise)."""
    port = _free_port()
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        "python:dukcapil.gunicorn_embedded",
        "--bind",
        f"127.0.0.1:{port}",
        "--log-level",
        "warning",
        application,
    ]
    environment = {**os.environ, "API_REQUESTS_A_MINUTE": NO_LIMIT, "LOG_LEVEL": "ERROR"}
    child = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE)
    server = Server(port, child.pid)
    try:
        _wait(server, child, ready)
        yield server
    finally:
        child.terminate()
        child.wait()


def _wait(server: Server, child: "subprocess.Popen[bytes]", ready: str) -> None:
    last = time.monotonic() + START_SECONDS
    while time.monotonic() < last and child.poll() is None:
        try:
            if server.ask("GET", ready, {}).status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("gunicorn did not start")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
