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
    user, kernel = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()[11:13]
    return (int(user) + int(kernel)) / os.sysconf("SC_CLK_TCK")


def without_helpers() -> None:
    """From here on PostgreSQL works for this connection in one process: the time of parallel ones, which have ended when one
    looks, cannot be told from that of autovacuum."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET max_parallel_workers_per_gather = 0")


def _of_database() -> float:
    """Of this connection's own process. SQLite works in this very process."""
    if connection.vendor != "postgresql":
        return 0.0
    connection.ensure_connection()
    return of_process(connection.connection.info.backend_pid)
