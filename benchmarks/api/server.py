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

THREADS, CONNECTIONS = 2, 16
START_SECONDS, ANSWER_SECONDS = 30, 120
NO_LIMIT = "1000000000"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


@dataclass(frozen=True)
class Server:
    """A running one, on a port of this machine."""

    port: int
    pid: int

    def ask(self, method: str, address: str, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
        try:
            connection.request(method, address, body, dict(headers))
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def rate(self, address: str, headers: Mapping[str, str], seconds: int) -> float:
        """Answers in a second, by wrk; RuntimeError when one of them was an error."""
        options = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
        command = ["wrk", f"-t{THREADS}", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "30s", *options, self._url(address)]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        rate = re.search(r"Requests/sec:\s+([\d.]+)", output)
        if rate is None or "Non-2xx" in output or "Socket errors" in output:
            raise RuntimeError(f"wrk {address}: {output}")
        return float(rate[1])

    def peak_bytes(self) -> int:
        """The most memory that any of the workers has had so far."""
        workers = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        status = [Path(f"/proc/{worker}/status").read_text() for worker in workers]
        return max(int(re.findall(r"VmHWM:\s+(\d+) kB", text)[0]) * 1024 for text in status)

    def _url(self, address: str) -> str:
        return f"http://127.0.0.1:{self.port}{address}"


@contextmanager
def running() -> Iterator[Server]:
    """The server on this process's database; its end is this block's end, or this process's (dukcapil/supervise)."""
    if shutil.which("wrk") is None:
        raise RuntimeError("wrk is missing: install the system's package `wrk`.")
    port = _free_port()
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        "python:dukcapil.gunicorn_conf",
        "--bind",
        f"127.0.0.1:{port}",
        "--log-level",
        "warning",
        "benchmarks.api.wsgi",
    ]
    environment = {**os.environ, "API_REQUESTS_A_MINUTE": NO_LIMIT, "LOG_LEVEL": "ERROR"}
    child = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE)
    server = Server(port, child.pid)
    try:
        _wait(server, child)
        yield server
    finally:
        child.terminate()
        child.wait()


def _wait(server: Server, child: "subprocess.Popen[bytes]") -> None:
    last = time.monotonic() + START_SECONDS
    while time.monotonic() < last and child.poll() is None:
        try:
            if server.ask("GET", "/kosong/", {}).status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("gunicorn did not start")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
