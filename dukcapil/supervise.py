"""Keeping the embedded form's two processes alive, and never leaving one behind."""

import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence

log = logging.getLogger(__name__)


def stop_with_parent(poll_seconds: float = 1.0) -> None:
    """Called in a child: end this process soon after its parent died, however it died (kill -9 leaves no message)."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(poll_seconds)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="stop-with-parent", daemon=True).start()


class Supervisor:
    """Starts children and starts again those that end, a second later; SIGTERM and Ctrl-C end all of them in order."""

    def __init__(self, commands: Mapping[str, Sequence[str]], *, pause_seconds: float = 1.0) -> None:
        self.commands = commands
        self.pause_seconds = pause_seconds
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.stopping = threading.Event()

    def run(self, started: Callable[[], None]) -> None:
        """Blocks until told to stop; `started` is called once when the children are up."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopping.set())
        try:
            for name in self.commands:
                self._start(name)
            started()
            while not self.stopping.wait(self.pause_seconds):
                for name, child in list(self.children.items()):
                    if child.poll() is not None:
                        log.warning("%s ended with %s; starting it again", name, child.returncode)
                        self._start(name)
        finally:
            self._stop()

    def _start(self, name: str) -> None:
        # A session of its own: Ctrl-C in the terminal reaches this process alone, which then stops them in order.
        self.children[name] = subprocess.Popen(self.commands[name], start_new_session=True)

    def _stop(self) -> None:
        for child in self.children.values():
            child.terminate()
        for child in self.children.values():
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                child.kill()
