"""Nobody waits for a PostgreSQL that has stopped to answer.

A server that is stopped, not dead, takes every question and keeps its line open: the limits of the server's side
(`statement_timeout`) and of TCP never come. Each connection therefore notes when it began to wait, and one thread of the
process looks through these notes. Who has waited for a second makes it ask the server whether it is there (its first
answer to any client needs no log-in). When there is none the line is cut, and the waiting page gets the error of a lost
connection. A server that answers may take its time: its own limits hold.
"""

import os
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from psycopg2 import OperationalError
from psycopg2.extensions import connection, cursor

SILENT_SECONDS = 1.0  # of a wait, before the server is asked
ANSWER_SECONDS = 1.0  # that it may take to say that it is there
LOOK_SECONDS = 0.25
SPARED_SECONDS = 2.0  # after a silence nobody else tries to connect
IS_TLS_SPOKEN = struct.pack("!II", 8, 80877103)  # SSLRequest: answered with one byte before anything else


class Silent(OperationalError):
    """The server does not answer."""

    def __init__(self) -> None:
        super().__init__("the database does not answer")


@dataclass
class _Wait:
    line: "WatchedConnection"
    ask_at: float
    seconds: float = SILENT_SECONDS


class _Watch:
    """The waits of this process; one thread for all of them, from the first wait on."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        self.lock = threading.Lock()
        self.waits: dict[int, _Wait] = {}
        self.thread: threading.Thread | None = None
        self.silent_until = 0.0

    @contextmanager
    def over(self, line: "WatchedConnection") -> Iterator[None]:
        """The line may be cut while the block waits for the server, and not after it."""
        me = threading.get_ident()
        self.waits[me] = _Wait(line, time.monotonic() + SILENT_SECONDS)
        if self.thread is None:
            self._start()
        try:
            yield
        finally:
            with self.lock:
                self.waits.pop(me, None)

    def _start(self) -> None:
        with self.lock:
            if self.thread is None:
                self.thread = threading.Thread(target=self._look_for_ever, name="database-watch", daemon=True)
                self.thread.start()

    def _look_for_ever(self) -> None:
        while True:
            time.sleep(LOOK_SECONDS)
            self._look()

    def _look(self) -> None:
        now = time.monotonic()
        late = [wait for wait in list(self.waits.values()) if wait.ask_at <= now]
        if not late:
            return
        there = is_there(late[0].line)
        if not there:
            self.note_silence()
        with self.lock:
            for wait in late:
                wait.seconds *= 2  # a run of many minutes is not asked about each second
                wait.ask_at = time.monotonic() + wait.seconds
                if not there and wait in self.waits.values():
                    _cut(wait.line)

    def note_silence(self) -> None:
        self.silent_until = time.monotonic() + SPARED_SECONDS

    def check(self) -> None:
        """Silent while the server has just been found so: whoever asks next need not find it out again."""
        if time.monotonic() < self.silent_until:
            raise Silent


def is_there(line: "WatchedConnection") -> bool:
    """Whether the server of a connection answers a new client."""
    try:
        with _new_line(*line.server) as asking:
            asking.sendall(IS_TLS_SPOKEN)
            return bool(asking.recv(1))
    except OSError:
        return False


def _new_line(host: str, port: int) -> socket.socket:
    if not host.startswith("/"):
        return socket.create_connection((host or "localhost", port), timeout=ANSWER_SECONDS)
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(ANSWER_SECONDS)
    line.connect(f"{host}/.s.PGSQL.{port}")
    return line


def _cut(line: "WatchedConnection") -> None:
    """Whoever waits for an answer on it reads its end now."""
    try:
        with socket.socket(fileno=os.dup(line.descriptor)) as other_end:
            other_end.shutdown(socket.SHUT_RDWR)
    except OSError:  # it ended by itself
        return


watch = _Watch()
os.register_at_fork(after_in_child=watch.begin)  # no thread lives on in a forked process


class WatchedCursor(cursor):
    """Every way in which Django and the portal wait for an answer."""

    def execute(self, *arguments: Any) -> None:
        with watch.over(self.connection):
            super().execute(*arguments)

    def executemany(self, *arguments: Any) -> None:
        with watch.over(self.connection):
            super().executemany(*arguments)

    def callproc(self, *arguments: Any) -> Any:
        with watch.over(self.connection):
            return super().callproc(*arguments)

    def copy_expert(self, *arguments: Any) -> None:
        with watch.over(self.connection):
            super().copy_expert(*arguments)

    def fetchmany(self, *arguments: Any) -> Any:
        if self.name is None:  # all of its rows are here already
            return super().fetchmany(*arguments)
        with watch.over(self.connection):
            return super().fetchmany(*arguments)


class WatchedConnection(connection):
    """A connection whose waits are watched."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        # Read now: whoever asks a connection that waits has to wait as well.
        self.descriptor = self.fileno()
        self.server = (self.info.host or "", self.info.port)

    def commit(self) -> None:
        with watch.over(self):
            super().commit()

    def rollback(self) -> None:
        with watch.over(self):
            super().rollback()

    def set_session(self, *arguments: Any, **options: Any) -> None:
        with watch.over(self):
            super().set_session(*arguments, **options)
