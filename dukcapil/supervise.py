"""Keeping the embedded form's two processes alive, and never leaving one behind."""

import logging
import os
import select
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence

log = logging.getLogger(__name__)


class StopSignal:
    """SIGTERM and Ctrl-C, seen at once. No lock: the handler interrupts the very loop that waits."""

    def __init__(self) -> None:
        self.came = False
        self._heard, self._ring = os.pipe()
        os.set_blocking(self._ring, False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._handle)

    def _handle(self, *_: object) -> None:
        if not self.came:
            self.came = True
            os.write(self._ring, b".")

    def wait(self, seconds: float) -> bool:
        """Wait this long or until a signal comes; whether one came."""
        select.select([self._heard], [], [], seconds)
        return self.came


def stop_with_parent() -> None:
    """Called in a child of Supervisor: end this process when its parent died, however it died.

    The parent holds the other end of standard input and never writes: the end of it is the parent's end, and
    kill -9 cannot prevent it.
    """

    def watch() -> None:
        while os.read(0, 1024):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="stop-with-parent", daemon=True).start()


class Supervisor:
    """Starts children and starts again those that end; SIGTERM and Ctrl-C end all of them in order."""

    def __init__(self, commands: Mapping[str, Sequence[str]], *, pause_seconds: float = 1.0) -> None:
        self.commands = commands
        self.pause_seconds = pause_seconds
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.started_at: dict[str, float] = {}

    def run(self, *, ready: Callable[[], bool], announce: Callable[[], None]) -> None:
        """Blocks until told to stop; `announce` is called once, as soon as `ready` says so."""
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
                        self._start_again(name, child.returncode)
        finally:
            self._stop()

    def _start(self, name: str) -> None:
        # A session of its own: Ctrl-C in the terminal reaches this process alone, which then stops them in order.
        child = subprocess.Popen(self.commands[name], stdin=subprocess.PIPE, start_new_session=True)
        self.children[name], self.started_at[name] = child, time.monotonic()
        log.info("%s started as process %s", name, child.pid)

    def _start_again(self, name: str, code: int) -> None:
        """Not more often than once in a pause: one that cannot start must not use up the machine."""
        if time.monotonic() - self.started_at[name] >= self.pause_seconds:
            log.warning("%s ended with %s; starting it again", name, code)
            _hang_up(self.children[name])
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
            _hang_up(child)


def _hang_up(child: "subprocess.Popen[bytes]") -> None:
    if child.stdin:
        child.stdin.close()
