"""Processor time, which a busy machine hardly disturbs: of the portal's processes and of the database's, together."""

import os
import time
from collections.abc import Callable
from pathlib import Path

from django.db import connection


def seconds(work: Callable[[], object], rounds: int) -> float:
    """What the work takes of this process and of the database, on average. The accounts of the database's processes tell
    hundredths of a second, so what is short needs many rounds."""
    before = time.process_time() + _of_database()
    for _turn in range(rounds):
        work()
    return (time.process_time() + _of_database() - before) / rounds


def of_process(process: int) -> float:
    """Of all its threads so far, in the program and in the kernel."""
    user, kernel = _account(process)[11:13]
    return (int(user) + int(kernel)) / os.sysconf("SC_CLK_TCK")


def _of_database() -> float:
    """Of this connection's own process, and of those beside it that have ended. SQLite works in this very process."""
    if connection.vendor != "postgresql":
        return 0.0
    connection.ensure_connection()
    backend = connection.connection.info.backend_pid
    user, kernel = _account(int(_account(backend)[1]))[13:15]
    return of_process(backend) + (int(user) + int(kernel)) / os.sysconf("SC_CLK_TCK")


def _account(process: int) -> list[str]:
    """What Linux says of a process, from its state on: man proc_pid_stat."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()
