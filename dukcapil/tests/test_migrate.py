"""`migrate` waits for the locks of others with a sentence, and no limit of pages cuts it off."""

import io
import os
import signal
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from dukcapil.management.commands import migrate
from dukcapil.tests.processes import fork, join

WAITS_BRIEFLY = {"sqlite": "PRAGMA busy_timeout = 100", "postgresql": "SET lock_timeout = '100ms'"}
HELD = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "BEGIN; LOCK TABLE dukcapil_backup"}


@pytest.fixture
def holder(committed: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Another process is at work on the table that the migration wants."""
    inside, tell = os.pipe()

    def hold() -> None:
        with connection.cursor() as cursor:
            cursor.execute(HELD[connection.vendor])
            os.write(tell, b".")
            signal.pause()

    child = fork(hold)
    os.read(inside, 1)
    monkeypatch.setattr(migrate, "PAUSE_SECONDS", 0)
    monkeypatch.setattr(migrate, "LOCK_SECONDS", 1)
    with connection.cursor() as cursor:
        cursor.execute(WAITS_BRIEFLY[connection.vendor])
    yield child
    call_command("migrate", "dukcapil", verbosity=0)
    connection.close()  # with the session's limits of the command


class KillsAtTheFirstWord(io.StringIO):
    """The holder ends as soon as somebody says that he waits."""

    def __init__(self, child: int) -> None:
        super().__init__()
        self.child = child

    def write(self, text: str) -> int:
        if self.child:
            os.kill(self.child, signal.SIGKILL)
            join([self.child])
            self.child = 0
        return super().write(text)


def test_it_waits_with_a_sentence_and_goes_on(holder: int) -> None:
    said = KillsAtTheFirstWord(holder)
    call_command("migrate", "dukcapil", "0001", verbosity=0, stderr=said)
    assert said.getvalue().startswith("Waiting for a lock; ")
    assert "dukcapil_backup" not in connection.introspection.table_names()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone() == ("0",)


def test_its_patience_ends_with_a_sentence(holder: int) -> None:
    with pytest.raises(CommandError, match="call migrate again"):
        call_command("migrate", "dukcapil", "0001", verbosity=0, patience=0)
    os.kill(holder, signal.SIGKILL)
    join([holder])
    assert "dukcapil_backup" in connection.introspection.table_names()
