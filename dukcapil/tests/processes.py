"""Real processes for tests of concurrency and of sudden death: forked, each with its own database connection."""

import asyncio
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable

from django.db import connection, connections


def fork(work: Callable[[], object]) -> int:
    """Run `work` in a child and return its process id. The child ends with 0, or 1 after an exception."""
    if asyncio._get_running_loop() is not None:
        raise RuntimeError("A browser is open: the child would use a connection of its parent. See testing.browser.")
    connections.close_all()  # parent and child must never share a connection
    child = os.fork()
    if child:
        return child
    code = 0
    try:
        _wait_longer_than_a_page()
        work()
        connections.close_all()
    except BaseException:
        traceback.print_exc(file=sys.stderr)
        code = 1
    os._exit(code)  # neither pytest's clean-up nor atexit handlers belong to the child


def _wait_longer_than_a_page() -> None:
    """These tests are about what is stored, not about who gives up: a machine that is busy with all tests is slow."""
    options = connection.settings_dict["OPTIONS"]
    if connection.vendor == "postgresql":
        options["options"] += " -c lock_timeout=60s -c statement_timeout=60s"
    else:
        options["timeout"] = 60


def join(children: list[int]) -> list[int]:
    """Wait for all of them; exit codes, negative for a signal."""
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def kill_after(child: int, seconds: float) -> None:
    """kill -9, after a while; a child that is done already is left alone."""
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)


def together(*works: Callable[[], object]) -> list[int]:
    """Run all at once, each in a process of its own; exit codes."""
    return join([fork(work) for work in works])
