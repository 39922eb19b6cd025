"""Keeps the embedded form's processes running, and ends all of them together."""

import logging
import os
import select
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

log = logging.getLogger(__name__)


class StopSignal:
    """SIGTERM and Ctrl-C end a wait at once. A pipe and no lock: the handler runs inside the very loop that waits."""

    def __init__(self) -> None:
        self.received = False
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._writer, False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._handle)

    def _handle(self, *_: object) -> None:
        if not self.received:
            self.received = True
            os.write(self._writer, b".")

    def wait(self, seconds: float) -> bool:
        """Wait this long or until a signal comes. Whether one has come."""
        select.select([self._reader], [], [], seconds)
        return self.received


def stop_with_parent() -> None:
    """Called in a child of Supervisor: end this process when its parent dies, even by kill -9.

    The parent holds the other end of standard input and never writes, so standard input ends with the parent.
    """

    def watch() -> None:
        while os.read(0, 1024):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="stop-with-parent", daemon=True).start()


class CannotStart(Exception):
    """A child ends again and again before anything was ready: to go on would only repeat its last words."""


class Supervisor:
    """Starts children and restarts those that end. SIGTERM and Ctrl-C end all of them."""

    FIRST_TRIES = 3

    def __init__(self, commands: Mapping[str, Sequence[str]], *, pause_seconds: float = 1.0) -> None:
        self.commands = commands
        self.pause_seconds = pause_seconds
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.started_at: dict[str, float] = {}
        self.starts: Counter[str] = Counter()

    def run(self, *, ready: Callable[[], bool], announce: Callable[[], None]) -> None:
        """Blocks until a signal comes. `announce` is called once, as soon as `ready` is true; CannotStart when a child
        has ended three times before that."""
        stop = StopSignal()
        announced = False
        try:
            for name in self.commands:
                self._start(name)
            while not stop.wait(self.pause_seconds if announced else 0.1):
                if not announced and ready():
                    announce()
                    announced = True
                for name, child in self.children.items():
                    if child.poll() is not None:
                        if not announced and self.starts[name] >= self.FIRST_TRIES:
                            raise CannotStart(name)
                        self._restart(name, child.returncode)
        finally:
            self._stop()

    def _start(self, name: str) -> None:
        # A session of its own: Ctrl-C in the terminal reaches this process alone, which then stops them in order.
        child = subprocess.Popen(self.commands[name], stdin=subprocess.PIPE, start_new_session=True)
        self.children[name], self.started_at[name] = child, time.monotonic()
        self.starts[name] += 1
        log.info("%s started as process %s", name, child.pid)

    def _restart(self, name: str, code: int) -> None:
        """At most once in a pause: a child that cannot start must not use up the machine."""
        if time.monotonic() - self.started_at[name] >= self.pause_seconds:
            log.warning("%s ended with %s; starting it again", name, code)
            _close_stdin(self.children[name])
            self._start(name)

    def _stop(self) -> None:
        for child in self.children.values():
            child.terminate()
        for child in self.children.values():
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            _close_stdin(child)


def _close_stdin(child: "subprocess.Popen[bytes]") -> None:
    if child.stdin:
        child.stdin.close()
