"""The child process that reads workbooks, forked from one that has loaded it: a twentieth of what a start of Python costs.

It is a process of its own with the limits and without an environment, as in production. Run as a file
(`python -I forked_reader.py LINE CHILD`) this waits on the line for whoever wants a child.
"""

import json
import os
import runpy
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from subprocess import DEVNULL, Popen
from threading import Lock
from typing import Any

MAX_MESSAGE_BYTES = 100_000
Main = Callable[[str, str, list[str]], None]


class Nursery:
    """The process that children are forked from: it starts when the first one is wanted, and ends with ours."""

    def __init__(self, child: Path) -> None:
        self._child, self._pid, self._lock = child, os.getpid(), Lock()
        self._line: socket.socket | None = None

    def popen(self, command: Sequence[str], **how: Any) -> Any:
        """In the place of `Popen`. A test that was forked has no part in the line of the process it comes from."""
        if os.getpid() != self._pid:
            return Popen(command, **how)
        return ForkedReader(self, command[command.index(str(self._child)) + 1 :])

    def ask(self, message: Any, *pipes: int) -> int:
        with self._lock:
            self._line = self._line or self._start()
            socket.send_fds(self._line, [json.dumps(message).encode()], pipes)
            return int(self._line.recv(MAX_MESSAGE_BYTES))

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            line = theirs.fileno()
            command = [sys.executable, "-I", __file__, str(line), str(self._child)]
            self._process = Popen(command, env={}, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL, pass_fds=[line])
        return ours

    def close(self) -> None:
        if self._line:
            self._line.close()
            self._process.wait()


class ForkedReader:
    """What the portal uses of a `Popen`."""

    def __init__(self, nursery: Nursery, arguments: Sequence[str]) -> None:
        ours, theirs = os.pipe()
        self._nursery = nursery
        self.returncode: int | None = None
        self.stdout = os.fdopen(ours, "rb")
        self.pid = nursery.ask(arguments, theirs)
        os.close(theirs)

    def kill(self) -> None:
        if self.returncode is None:
            os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        if self.returncode is None:
            self.returncode = self._nursery.ask(self.pid)
        return self.returncode

    def __enter__(self) -> "ForkedReader":
        return self

    def __exit__(self, *_: object) -> None:
        self.stdout.close()
        self.wait()


def serve(line: socket.socket, main: Main) -> None:
    """Fork a child for each list of arguments; for each number of a child, wait for its end and say how it was."""
    while True:
        message, pipes, _, _ = socket.recv_fds(line, MAX_MESSAGE_BYTES, 1)
        if not message:
            return
        asked = json.loads(message)
        if isinstance(asked, int):
            line.send(b"%d" % os.waitstatus_to_exitcode(os.waitpid(asked, 0)[1]))
        elif pid := os.fork():
            os.close(pipes[0])
            line.send(b"%d" % pid)
        else:
            os.dup2(pipes[0], 1)
            os.close(pipes[0])
            line.close()
            read(main, *asked)


def read(main: Main, mode: str, file: str, *wanted: str) -> None:
    """What running `child.py` does with these arguments."""
    code = 1
    try:
        main(mode, file, list(wanted))
        sys.stdout.flush()
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])), runpy.run_path(sys.argv[2])["main"])
