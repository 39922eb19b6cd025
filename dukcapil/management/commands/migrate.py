"""`migrate`: Django's command, patient. Nobody waits for it at a page, so no limit of pages cuts it off, and a lock that
somebody else holds is waited for, with a sentence, instead of ending in a traceback.

Each migration is one transaction: one that was killed or gave up has done nothing, and the next call begins with it again.
"""

import time
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import OperationalError, connections

LOCK_SECONDS = 10  # so long each attempt waits for a lock: a longer wait would hold up everybody behind it
PAUSE_SECONDS = 5
WAITS = ("lock timeout", "database is locked", "deadlock detected")


class Command(migrate.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--patience", type=int, default=600, help="Seconds to wait for the locks of others.")

    def handle(self, *args: Any, **options: Any) -> None:
        deadline = time.monotonic() + options["patience"]
        while True:
            try:
                without_limits(options["database"])
                super().handle(*args, **options)
                return
            except OperationalError as problem:
                if not any(sign in str(problem) for sign in WAITS):
                    raise
                if time.monotonic() > deadline:
                    raise CommandError(
                        f"Others held locks for {options['patience']} seconds; {holders(options['database'])} "
                        "What was applied stays; call migrate again when they have ended."
                    ) from problem
                self.stderr.write(f"Waiting for a lock; {holders(options['database'])}")
                time.sleep(PAUSE_SECONDS)


def without_limits(alias: str) -> None:
    """The session's limits on PostgreSQL; SQLite knows none but the wait for the file's lock."""
    connection = connections[alias]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET statement_timeout = 0; SET lock_timeout = '{LOCK_SECONDS}s'")
            cursor.execute("SET idle_in_transaction_session_timeout = 0")


def holders(alias: str) -> str:
    """Who has been inside a transaction for longest."""
    connection = connections[alias]
    if connection.vendor != "postgresql":
        return "another process is writing."
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid, extract(epoch FROM now() - xact_start)::int FROM pg_stat_activity WHERE xact_start IS NOT NULL "
            "AND datname = current_database() AND pid <> pg_backend_pid() ORDER BY xact_start LIMIT 1"
        )
        row = cursor.fetchone()
    return f"process {row[0]} of the database has been at work for {row[1]} s." if row else "whoever held it has just ended."
