"""One writer at a time (docs/decisions/0001): ledger positions are then in commit order on both engines."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

WRITER_LOCK = 31_0001
RUN_LOCK = 31_0002


@contextmanager
def one_writer() -> Iterator[None]:
    """A write transaction that no other write transaction overlaps.

    SQLite: the outermost `atomic()` begins IMMEDIATE and so holds the file's only write lock.
    PostgreSQL: an advisory lock of the transaction, taken before any row is touched, so that two writers
    can never wait for each other's rows. It waits at most `lock_timeout`, then the page answers 503.
    """
    with transaction.atomic():
        _lock(WRITER_LOCK)
        yield


@contextmanager
def single_flight(wait_seconds: int = 120) -> Iterator[None]:
    """One nightly computation at a time on PostgreSQL, writers not disturbed.

    On SQLite nothing is locked here: a transaction would stop all writers while the counts are summed. There
    the run is summed first and compared with what was finished meanwhile when it is written.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{wait_seconds}s'")
            cursor.execute("SET LOCAL statement_timeout = '600s'")
        _lock(RUN_LOCK)
        yield


@contextmanager
def long_statement_timeout() -> Iterator[None]:
    """A long read: on PostgreSQL it may take ten minutes instead of a page's seconds. On SQLite nothing ends a read."""
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '600s'")
        yield


def _lock(number: int) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
