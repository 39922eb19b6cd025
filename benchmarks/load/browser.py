"""What a person's browser does, as little of it as is needed: cookies, tokens of forms, connections that are kept."""

import http.client
import json
import re
import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from queue import Empty, LifoQueue
from time import monotonic
from urllib.parse import urlencode

ANSWER_SECONDS = 60
IDLE_SECONDS = 1.0  # the web server closes a connection after two
TOKEN, FORM = "csrfmiddlewaretoken", "application/x-www-form-urlencoded"


class Failed(Exception):
    """Not what a person would call an answer; the text says what came instead."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")


class Connections:
    """Of all people to the portal, as a proxy keeps them: the one that was used last is used first."""

    def __init__(self, host: str) -> None:
        self.host = host
        self._free: LifoQueue[tuple[float, http.client.HTTPConnection]] = LifoQueue()

    def ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        """OSError or HTTPException when the portal does not answer."""
        line = self._line()
        try:
            line.request(method, path, body, dict(headers))
            reply = line.getresponse()
            answer = Answer(reply.status, reply.headers, reply.read())
        except BaseException:
            line.close()
            raise
        self._free.put((monotonic(), line))
        return answer

    def _line(self) -> http.client.HTTPConnection:
        try:
            used_at, line = self._free.get_nowait()
        except Empty:
            return http.client.HTTPConnection(self.host, timeout=ANSWER_SECONDS)
        if monotonic() - used_at > IDLE_SECONDS:
            line.close()  # opens itself anew
        return line


@dataclass
class Person:
    """Somebody with an account and, after `log_in`, a session."""

    name: str
    password: str
    scheme: str
    cookies: dict[str, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, portal: Connections, path: str) -> Answer:
        return self._ask(portal, "GET", path, None, {"Accept-Encoding": "identity"})

    def first_page(self, portal: Connections) -> Answer:
        """As compressed as browsers ask for it; nobody unpacks it here."""
        return self._ask(portal, "GET", "/", None, {"Accept-Encoding": "gzip"})

    def post(self, portal: Connections, path: str, fields: Mapping[str, str], accept: str = "text/html") -> Answer:
        """A form of a page that this person has seen: with the token of the session."""
        body = urlencode({TOKEN: self.cookies.get("csrftoken", ""), **fields}).encode()
        return self._ask(portal, "POST", path, body, {"Content-Type": FORM, "Accept": accept})

    def send_file(self, portal: Connections, path: str, fields: Mapping[str, str], name: str, content: bytes) -> Answer:
        """A form with a file in its field `file`."""
        mark = uuid.uuid4().hex
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in {TOKEN: self.cookies["csrftoken"], **fields}.items()
        ]
        head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'
        body = b"".join([*parts, head.encode(), content, f"\r\n--{mark}--\r\n".encode()])
        return self._ask(portal, "POST", path, body, {"Content-Type": f"multipart/form-data; boundary={mark}"})

    def log_in(self, portal: Connections) -> None:
        """Through the page; Failed when the portal does not let this person in."""
        token = re.search(rf'name="{TOKEN}" value="(.+?)"', self.get(portal, "/masuk/").text)
        if token is None:
            raise Failed("the page of the log-in has no form")
        told = {TOKEN: token[1], "username": self.name, "password": self.password, "next": "/"}
        answer = self.post(portal, "/masuk/", told)
        if answer.status != 302 or "sessionid" not in self.cookies:
            raise Failed(f"log-in of {self.name}: {answer.status}")

    def _ask(self, portal: Connections, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        headers |= {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Origin": f"{self.scheme}://{portal.host}",
            "X-Forwarded-Proto": self.scheme,  # as the proxy in front of the portal says it
        }
        answer = portal.ask(method, path, body, headers)
        with self.lock:
            for cookie in answer.headers.get_all("Set-Cookie") or []:
                name, _, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
        return answer


def json_of(answer: Answer) -> dict[str, object]:
    """{} for what is no JSON object."""
    try:
        told = json.loads(answer.body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
