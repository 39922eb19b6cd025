"""One writer at a time (docs/decisions/0001), so that ledger positions are in commit order on both engines."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

WRITER_LOCK, RUN_LOCK, FORECAST_LOCK = 31_0001, 31_0002, 31_0003  # numbers of advisory locks
MAX_DELETED_PER_CALL = 5_000  # a DELETE of these holds up nobody


@contextmanager
def one_writer(wait_seconds: int | None = None) -> Iterator[None]:
    """A write transaction that overlaps no other one.

    SQLite: the outermost `atomic()` begins IMMEDIATE and so holds the file's only write lock.
    PostgreSQL: an advisory lock, taken before any row is touched, so that two writers never wait for each other's rows.
    After `lock_timeout` the page answers 503; what nobody waits for at a page may wait longer, `wait_seconds`.
    """
    with transaction.atomic():
        if wait_seconds is not None:
            _wait_for_locks(wait_seconds)
        _lock(WRITER_LOCK)
        yield


@contextmanager
def single_flight(wait_seconds: int = 120, lock: int = RUN_LOCK) -> Iterator[None]:
    """One nightly run at a time on PostgreSQL, or one of the job whose `lock` it is, without holding up writers.

    On SQLite nothing is locked: a transaction would stop all writers while the counts are summed. Whoever writes the
    run compares it with the runs that were finished meanwhile.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        _wait_for_locks(wait_seconds)
        _lock(lock)
        yield


@contextmanager
def long_statement_timeout() -> Iterator[None]:
    """Lets a read on PostgreSQL take ten minutes instead of a page's 15 seconds. On SQLite reads have no limit."""
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '600s'")
        yield


def delete_if_any(rows: QuerySet[Any]) -> int:
    """Delete some thousand of the rows, the next call the rest; returns how many. Where there are none, nothing is locked:
    a DELETE of nothing would take SQLite's write lock."""
    keys = list(rows.values_list("pk", flat=True)[:MAX_DELETED_PER_CALL])
    if not keys:
        return 0
    with one_writer():
        return rows.model._default_manager.filter(pk__in=keys).delete()[0]


def _wait_for_locks(seconds: int) -> None:
    """In this transaction, on PostgreSQL, which may also compute for long between two statements; SQLite's writers wait as
    long as its settings say."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{seconds}s'")
            cursor.execute("SET LOCAL statement_timeout = '600s'")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '600s'")


def _lock(number: int) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
