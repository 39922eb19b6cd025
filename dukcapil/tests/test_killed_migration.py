"""`migrate` that is killed at any moment is called again and ends at the same tables as one that nobody disturbed."""

import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from dukcapil.testing import child_environment

MIGRATE = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "migrate", "--verbosity", "0"]
APPLIED = "SELECT app || name FROM django_migrations ORDER BY app, name"
KILLED_AFTER = (4, 30, 50)  # so many migrations stand
NAME = "killed"


class Database:
    """A new and empty one, and the portal's commands on it."""

    def __init__(self, home: Path) -> None:
        self.home, self.url = home, ""
        if settings.PRODUCTION:
            self.url = f"{settings.DATABASE_URL.rpartition('/')[0]}/{NAME}"
        self.environment = child_environment(DUKCAPIL_HOME=str(home), DATABASE_URL=self.url)

    def ask(self, question: str) -> list[Any]:
        """Its rows, or none while there is no such table yet or a writer is in the way."""
        try:
            if self.url:
                with closing(psycopg2.connect(self.url)) as line, line.cursor() as cursor:
                    cursor.execute(question)
                    return cursor.fetchall()
            with closing(sqlite3.connect(self.home / "portal.sqlite3", timeout=20)) as line:
                return line.execute(question).fetchall()
        except (psycopg2.Error, sqlite3.Error):
            return []

    def schema(self) -> list[Any]:
        return schema_of(self.url) if self.url else self.ask(SQLITE_SCHEMA)


SQLITE_SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1, 2"


def schema_of(url: str) -> list[Any]:
    """As PostgreSQL's own program writes it, without the tokens that differ from call to call."""
    dump = subprocess.run(["pg_dump", "--schema-only", "--no-owner", url], capture_output=True, text=True, check=True).stdout
    return [line for line in dump.splitlines() if not re.match(r"\\(un)?restrict", line)]


@pytest.fixture
def database(django_db_setup: None, tmp_path: Path) -> Iterator[Database]:
    if not settings.PRODUCTION:
        yield Database(tmp_path)
        return
    with closing(psycopg2.connect(f"{settings.DATABASE_URL.rpartition('/')[0]}/postgres")) as line:
        line.autocommit = True
        line.cursor().execute(f"CREATE DATABASE {NAME}")
        yield Database(tmp_path)
        line.cursor().execute(f"DROP DATABASE {NAME} WITH (FORCE)")


@pytest.mark.django_db
def test_a_killed_migration_ends_at_the_same_tables(database: Database) -> None:
    for number in KILLED_AFTER:
        migrating = subprocess.Popen(MIGRATE, env=database.environment, stderr=subprocess.PIPE)
        deadline = time.monotonic() + 120
        while len(database.ask(APPLIED)) < number:
            assert migrating.poll() is None, migrating.communicate()[1]
            assert time.monotonic() < deadline
            time.sleep(0.005)
        migrating.send_signal(signal.SIGKILL)
        migrating.communicate()
    assert len(database.ask(APPLIED)) < len(all_applied()), "killed before its end, each time"
    subprocess.run(MIGRATE, env=database.environment, check=True)
    assert [name for (name,) in database.ask(APPLIED)] == all_applied()
    assert database.schema() == undisturbed()


def all_applied() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(APPLIED)
        return [name for (name,) in cursor.fetchall()]


def undisturbed() -> list[Any]:
    """The schema of the tests' own database."""
    if settings.PRODUCTION:
        return schema_of(f"{settings.DATABASE_URL.rpartition('/')[0]}/{connection.settings_dict['NAME']}")
    with connection.cursor() as cursor:
        cursor.execute(SQLITE_SCHEMA)
        return [tuple(row) for row in cursor.fetchall()]
