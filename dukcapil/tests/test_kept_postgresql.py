"""A kept connection to PostgreSQL is opened anew when its server process has ended, before a request meets that."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

pytestmark = pytest.mark.skipif(not settings.PRODUCTION, reason="of PostgreSQL")


def opened() -> Iterator[BaseDatabaseWrapper]:
    """A connection of its own, as a thread of a web process keeps one."""
    connection = ConnectionHandler(connections.settings)["default"]
    connection.ensure_connection()
    yield connection
    connection.close()


@pytest.fixture
def kept(db: None) -> Iterator[BaseDatabaseWrapper]:
    yield from opened()


@pytest.fixture
def watcher(db: None) -> Iterator[BaseDatabaseWrapper]:
    yield from opened()


def told(connection: BaseDatabaseWrapper, sql: str, *parameters: int) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone()[0]


def process_of_request(connection: BaseDatabaseWrapper) -> int:
    """The server's process that answers a new request."""
    connection.close_if_unusable_or_obsolete()
    return int(str(told(connection, "SELECT pg_backend_pid()")))


def end(watcher: BaseDatabaseWrapper, process: int) -> None:
    assert told(watcher, "SELECT pg_terminate_backend(%s, 5000)", process)


def test_it_is_kept_without_asking_the_server(kept: BaseDatabaseWrapper, watcher: BaseDatabaseWrapper) -> None:
    assert kept.settings_dict["ENGINE"] == "dukcapil.kept_postgresql"
    process = process_of_request(kept)
    assert process_of_request(kept) == process
    kept.close_if_unusable_or_obsolete()
    kept.close_if_health_check_failed()
    assert kept.connection is not None
    assert told(watcher, "SELECT query FROM pg_stat_activity WHERE pid = %s", process) == "SELECT pg_backend_pid()"


def test_an_ended_one_is_opened_anew(kept: BaseDatabaseWrapper, watcher: BaseDatabaseWrapper) -> None:
    process = process_of_request(kept)
    end(watcher, process)
    assert process_of_request(kept) != process


def test_one_that_met_an_error_is_asked(kept: BaseDatabaseWrapper, watcher: BaseDatabaseWrapper) -> None:
    process = process_of_request(kept)
    end(watcher, process)
    with pytest.raises(OperationalError):
        told(kept, "SELECT 1")
    another = process_of_request(kept)
    assert another != process
    kept.errors_occurred = True
    assert process_of_request(kept) == another
    assert not kept.errors_occurred
