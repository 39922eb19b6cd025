"""SQLite's connections are kept between requests, and nobody notices: not threads, forks, a restore or the log."""

import http.client
import os
import sqlite3
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import OperationalError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

from dukcapil.kept_sqlite.base import DatabaseWrapper
from dukcapil.models import Demo
from dukcapil.storage_settings import sqlite
from recording.conftest import committed_world, portal
from recording.models import Region
from recording.tests import world

__all__ = ["committed_world", "portal"]

pytestmark = pytest.mark.once


@pytest.fixture
def kept(tmp_path: Path, db: None) -> Iterator[BaseDatabaseWrapper]:
    """A connection as a thread of the web server has it, to a file with one row."""
    opened = ConnectionHandler({"default": sqlite(tmp_path)})["default"]
    with opened.cursor() as cursor:
        cursor.execute("CREATE TABLE note (word TEXT)")
        cursor.execute("INSERT INTO note VALUES ('first')")
    yield opened
    opened.close()


def word(opened: BaseDatabaseWrapper) -> str:
    """As the next request would read it."""
    opened.close_if_unusable_or_obsolete()
    with opened.cursor() as cursor:
        cursor.execute("SELECT word FROM note")
        return str(cursor.fetchone()[0])


def test_requests_of_a_thread_share_one_connection(portal: str, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    connect = DatabaseWrapper.connect

    def noted(wrapper: DatabaseWrapper) -> None:
        opened.append(wrapper)
        connect(wrapper)

    monkeypatch.setattr(DatabaseWrapper, "connect", noted)
    line = http.client.HTTPConnection("127.0.0.1", urlsplit(portal).port or 0, timeout=30)
    try:
        for _each in range(4):
            line.request("GET", "/publik/")
            assert line.getresponse().read()
        assert len(opened) == 1
    finally:
        line.close()


def test_threads_have_connections_of_their_own(kept: BaseDatabaseWrapper, tmp_path: Path) -> None:
    handler = ConnectionHandler({"default": sqlite(tmp_path)})
    found: list[object] = []

    def read() -> None:
        assert word(handler["default"]) == "first"
        found.append(handler["default"].connection)
        handler["default"].close()

    threads = [threading.Thread(target=read) for _each in range(3)]
    for thread in threads:
        thread.start()
        thread.join()
    assert len({id(each) for each in found}) == 3


def test_a_restored_file_is_read_at_once(kept: BaseDatabaseWrapper, tmp_path: Path) -> None:
    assert word(kept) == "first"
    copy = tmp_path / "copy"
    with sqlite3.connect(copy) as other:
        other.execute("CREATE TABLE note (word TEXT)")
        other.execute("INSERT INTO note VALUES ('restored')")
    other.close()
    for ending in ("-wal", "-shm"):
        Path(f"{kept.settings_dict['NAME']}{ending}").unlink(missing_ok=True)
    os.replace(copy, kept.settings_dict["NAME"])
    assert word(kept) == "restored"


def test_an_error_of_the_database_ends_its_connection(kept: BaseDatabaseWrapper) -> None:
    before = kept.connection
    with pytest.raises(OperationalError), kept.cursor() as cursor:
        cursor.execute("SELECT nothing FROM nowhere")
    assert word(kept) == "first"
    assert kept.connection is not before


def test_a_kept_connection_reads_what_others_commit(kept: BaseDatabaseWrapper) -> None:
    assert word(kept) == "first"
    with sqlite3.connect(kept.settings_dict["NAME"]) as other:
        other.execute("UPDATE note SET word = 'second'")
    other.close()
    assert word(kept) == "second"


def test_kept_connections_let_the_log_be_emptied(kept: BaseDatabaseWrapper) -> None:
    assert word(kept) == "first"
    with sqlite3.connect(kept.settings_dict["NAME"]) as other:
        other.execute("UPDATE note SET word = 'second'")
        other.commit()
        assert other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone() == (0, 0, 0)
    other.close()
    assert word(kept) == "second"


@pytest.mark.usefixtures("committed")
def test_a_forked_child_opens_its_own_connection() -> None:
    """While the parent writes: neither sees the other's half, and the parent's lock is not lost."""
    Region.objects.create(code="31", name="Daerah Khusus Ibukota Jakarta", level="province")
    with transaction.atomic():
        Demo.objects.create(pk=1, until=world.DAY, shift=timedelta())
        child = os.fork()
        if not child:
            unopened = connection.connection is None
            connection.in_atomic_block = False
            os._exit(0 if unopened and Region.objects.count() == 1 and not Demo.objects.exists() else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert (Region.objects.count(), Demo.objects.count()) == (1, 1)
