"""The database's own answers about its settings: an option in the wrong place is silently ignored."""

import os
import signal
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import OperationalError, connection

from dukcapil.locks import one_writer
from dukcapil.tests.processes import fork, join

LIVE: dict[str, dict[str, object]] = {
    "sqlite": {
        "PRAGMA journal_mode": "wal",
        "PRAGMA synchronous": 2,  # FULL
        "PRAGMA busy_timeout": 20_000,
        "PRAGMA foreign_keys": 1,
        "PRAGMA cache_size": -8_000,
        "PRAGMA journal_size_limit": 64_000_000,
    },
    "postgresql": {
        "SHOW statement_timeout": "15s",
        "SHOW lock_timeout": "3s",
        "SHOW idle_in_transaction_session_timeout": "30s",
        "SHOW transaction_isolation": "read committed",
    },
}
IMPATIENT = {"sqlite": "PRAGMA busy_timeout = 100", "postgresql": "SET lock_timeout = '100ms'"}


@pytest.mark.parametrize(("question", "answer"), LIVE[connection.vendor].items())
def test_the_database_has_the_measured_settings(question: str, answer: object, db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(question)
        assert cursor.fetchone() == (answer,)


def test_a_reading_page_opens_no_transaction() -> None:
    assert settings.DATABASES["default"].get("ATOMIC_REQUESTS", False) is False


@pytest.fixture
def a_writer_at_work(committed: None) -> Iterator[None]:
    """Another process is inside `one_writer()` and has not touched a row yet."""
    inside, tell = os.pipe()

    def hold() -> None:
        with one_writer():
            os.write(tell, b".")
            signal.pause()

    child = fork(hold)
    os.read(inside, 1)
    yield
    os.kill(child, signal.SIGKILL)
    join([child])


@pytest.mark.usefixtures("a_writer_at_work")
def test_a_second_writer_waits_from_its_first_statement() -> None:
    """On SQLite this is IMMEDIATE: with the default two readers become writers and one of them fails at once."""
    with connection.cursor() as cursor:
        cursor.execute(IMPATIENT[connection.vendor])
    with pytest.raises(OperationalError, match="lock"), one_writer():
        pytest.fail("two writers at once")
    connection.close()  # the impatience goes with it


@pytest.mark.usefixtures("a_writer_at_work")
def test_readers_do_not_wait_for_a_writer() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM recording_region")
        assert cursor.fetchone() == (0,)
