"""The limit of an import: the same counts and ledger rows loaded with nothing around them."""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import BytesIO
from typing import Any

from django.db import connection, transaction

from benchmarks.imports.counts_file import CountsFile

COUNTS = "recording_dailycount (region_id, document, day, source, people, posting_id)"
LEDGER = "recording_countchange (region_id, document, day, source, old_people, new_people, delta, posting_id)"
TABLES = ("recording_dailycount", "recording_countchange")


def load_seconds(file: CountsFile, posting: int) -> float:
    """How long the bare load takes, COMMIT included: there PostgreSQL checks the foreign keys.

    The ledger's trigger is away meanwhile, since its rows are loaded as they are; every other constraint, index
    and trigger of the tables stays.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            return _copy_seconds(cursor, file, posting)
        return _insert_seconds(cursor, file, posting)


def _copy_seconds(cursor: Any, file: CountsFile, posting: int) -> float:
    counts, ledger = BytesIO(), BytesIO()
    for *key, people in file.good():
        start = "\t".join(key)
        counts.write(f"{start}\t{people}\t{posting}\n".encode())
        ledger.write(f"{start}\t\\N\t{people}\t{people}\t{posting}\n".encode())
    counts.seek(0)
    ledger.seek(0)
    cursor.execute("SET statement_timeout = 0")
    cursor.execute("ALTER TABLE recording_dailycount DISABLE TRIGGER ledger_of_insert")
    try:
        start_time = time.perf_counter()
        with transaction.atomic():
            cursor.copy_expert(f"COPY {COUNTS} FROM STDIN", counts)
            cursor.copy_expert(f"COPY {LEDGER} FROM STDIN", ledger)
        return time.perf_counter() - start_time
    finally:
        cursor.execute("ALTER TABLE recording_dailycount ENABLE TRIGGER ledger_of_insert")
        cursor.execute("RESET statement_timeout")


def _insert_seconds(cursor: Any, file: CountsFile, posting: int) -> float:
    """On the connection of the portal, so with its durability and cache, but past Django.

    The quickest way known: the counts in the order of their key, by one prepared statement, and the ledger from them by
    one statement. As many prepared ones take twice as long, for the guards of the ledger make each a step to go back to.
    """
    counts = sorted((*row, posting) for row in file.good())
    with _without_triggers(cursor, "name = 'ledger_of_insert'"), closing(connection.connection.cursor()) as bare:
        start_time = time.perf_counter()
        bare.execute("BEGIN IMMEDIATE")
        bare.executemany(f"INSERT INTO {COUNTS} VALUES (?, ?, ?, ?, ?, ?)", counts)
        bare.execute(
            f"""INSERT INTO {LEDGER}
                SELECT region_id, document, day, source, NULL, people, people, posting_id FROM recording_dailycount"""
        )
        bare.execute("COMMIT")
        return time.perf_counter() - start_time


def empty() -> None:
    """Take all counts and their ledger out again and leave the storage as if they had never been: rounds are alike."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")  # the tables refuse to be emptied
            cursor.execute(f"TRUNCATE {', '.join(TABLES)}")
            cursor.execute("SET session_replication_role = origin")
            # From here on PostgreSQL knows them to be empty, which asks more of its plans than a table never looked at.
            cursor.execute(f"VACUUM (ANALYZE) {', '.join(TABLES)}")
            cursor.execute("CHECKPOINT")
            return
        with _without_triggers(cursor, "tbl_name IN ('recording_dailycount', 'recording_countchange')"):
            for table in TABLES:
                cursor.execute(f"DELETE FROM {table}")
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def _without_triggers(cursor: Any, which: str) -> Iterator[None]:
    """SQLite cannot switch a trigger off: it is dropped and made again."""
    cursor.execute(f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND {which}")
    triggers = cursor.fetchall()
    for name, _ in triggers:
        cursor.execute(f"DROP TRIGGER {name}")
    try:
        yield
    finally:
        for _, sql in triggers:
            cursor.execute(sql)
