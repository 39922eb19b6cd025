"""A real receiver of webhooks on 127.0.0.1: writes down what comes, and answers as the path says."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from ssl import SSLContext
from typing import Any

MUCH = 50_000_000


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]  # names in lower case
    body: str

    @property
    def number(self) -> str:
        return self.headers["webhook-id"]


class Receiver(ThreadingHTTPServer):
    """`status` is what it answers; /slow never does, /hangs-once only from the second time on, /drips too slowly to
    ever end, /big more than anybody wants, /elsewhere with a redirect to /secret.

    What came lies in a file, so that a receiver in a process of its own can be asked as well.
    """

    daemon_threads = True

    def __init__(self, log: Path, trust: SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.log, self.status = log, 200
        self.over = threading.Event()
        self.gave_up = threading.Event()  # the other side hung up before all was said
        self.encrypted = trust is not None
        if trust:
            self.socket = trust.wrap_socket(self.socket, server_side=True)

    def url(self, path: str = "/hook", host: str = "127.0.0.1") -> str:
        return f"{'https' if self.encrypted else 'http'}://{host}:{self.server_port}{path}"

    def received(self) -> list[Request]:
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [Request(**json.loads(line)) for line in lines]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what some tests are about."""
        self.gave_up.set()

    @contextmanager
    def in_a_thread(self) -> Iterator["Receiver"]:
        thread = threading.Thread(target=self.serve_forever, args=[0.01], daemon=True)
        thread.start()
        yield self
        self.over.set()
        self.shutdown()
        self.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        came_before = any(each.path == self.path for each in self.server.received())
        with self.server.log.open("a") as log:
            log.write(json.dumps({"path": self.path, "headers": headers, "body": body}) + "\n")
        if self.path == "/slow" or (self.path == "/hangs-once" and not came_before):
            self.server.over.wait()
        elif self.path == "/drips":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
            while not self.server.over.wait(0.02):
                self.wfile.write(b"x")
        elif self.path == "/big":
            self._answer(200, {"Content-Length": str(MUCH)})
            for _ in range(MUCH // 10_000):
                self.wfile.write(b"x" * 10_000)
        elif self.path == "/elsewhere":
            self._answer(302, {"Location": self.server.url("/secret")})
        else:
            self._answer(self.server.status, {"Content-Length": "0"})

    def _answer(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass
