"""A backup of a running installation is put back whole: on both engines, over a damaged database, after a kill."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management.base import CommandError
from django.db import connection

from dukcapil.backups import postgresql_copy, sqlite_copy
from dukcapil.backups.children import BackupFailed
from dukcapil.backups.content import engine
from dukcapil.backups.writing import _take_away_old, write_backup
from dukcapil.models import Backup
from dukcapil.one_start import alone_in
from dukcapil.testing import child_environment
from dukcapil.testing.databases import new_installation

MANAGE = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py")]
PASSPHRASE = "lima kata yang tidak ditebak"
NAME = "put_back"
NOW = datetime(2021, 11, 25, 3, 0, tzinfo=UTC)


class Installation:
    """An installation of its own, with an empty database."""

    def __init__(self, home: Path, **environment: str) -> None:
        self.home, self.folder = home, home / "backups"
        self.environment = child_environment(DUKCAPIL_HOME=str(home), BACKUP_PASSPHRASE=PASSPHRASE, **environment)

    def call(self, *words: str) -> str:
        """What a command that succeeds prints."""
        done = subprocess.run([*MANAGE, *words], env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refusal(self, *words: str) -> str:
        """The last line of a command that fails."""
        done = subprocess.run([*MANAGE, *words], env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 1, done.stdout
        assert "Traceback" not in done.stderr
        return done.stderr.splitlines()[-1]

    def rows(self, question: str) -> list[tuple[Any, ...]]:
        """The answer of its database, asked directly."""
        if settings.PRODUCTION:
            with closing(psycopg2.connect(self.environment["DATABASE_URL"])) as line, line, line.cursor() as cursor:
                cursor.execute(question)
                return cursor.fetchall() if cursor.description else []
        with closing(sqlite3.connect(self.home / "portal.sqlite3")) as line, line:
            return line.execute(question).fetchall()

    def log_in(self, key: str) -> None:
        """A row that can be told from others."""
        self.rows(f"INSERT INTO django_session VALUES ('{key}', '', '2021-11-25')")

    def logged_in(self) -> list[str]:
        return [key for (key,) in self.rows("SELECT session_key FROM django_session ORDER BY session_key")]

    def damage(self) -> None:
        """The present database cannot be read any more, as after a bad disk."""
        if settings.PRODUCTION:
            administer(f"DROP DATABASE {NAME}")
        else:
            (self.home / "portal.sqlite3").write_bytes(b"no database")


def administer(*statements: str) -> None:
    with closing(psycopg2.connect(f"{server()}/postgres")) as line:
        line.autocommit = True
        for statement in statements:
            line.cursor().execute(statement)


def server() -> str:
    return str(settings.DATABASE_URL).rpartition("/")[0]


@pytest.fixture
def installation(django_db_setup: None, tmp_path: Path) -> Iterator[Installation]:
    if not settings.PRODUCTION:
        new_installation(tmp_path)
        yield Installation(tmp_path)
        return
    administer(f"CREATE DATABASE {NAME}")
    empty = subprocess.run(["pg_dump", f"{server()}/{connection.settings_dict['NAME']}"], capture_output=True, check=True)
    subprocess.run(["psql", "--quiet", f"{server()}/{NAME}"], input=empty.stdout, capture_output=True, check=True)
    yield Installation(tmp_path, DATABASE_URL=f"{server()}/{NAME}")
    with closing(psycopg2.connect(f"{server()}/postgres")) as line, line.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'put_back%'")
        left = [name for (name,) in cursor.fetchall()]
    administer(*(f'DROP DATABASE "{name}" WITH (FORCE)' for name in left))


def wait_for(true: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


@pytest.mark.django_db
def test_a_backup_is_put_back_whole(installation: Installation) -> None:
    installation.log_in("before")
    file = Path(installation.call("backup").strip())
    assert file.stat().st_mode & 0o077 == 0
    assert installation.rows("SELECT file, failure FROM dukcapil_backup WHERE proved_at IS NOT NULL") == [(file.name, "")]
    assert {path.name for path in installation.folder.iterdir()} == {file.name}

    installation.log_in("later")
    restoring = subprocess.Popen([*MANAGE, "restore", str(file)], env=installation.environment, start_new_session=True)
    wait_for(lambda: list(installation.home.glob("backup-work-*/claims.json")), "it never opened the backup")
    os.killpg(restoring.pid, signal.SIGKILL)
    restoring.wait()
    assert installation.logged_in() == ["before", "later"], "killed before its end, it changes nothing"

    installation.damage()
    said = installation.call("restore", str(file))
    assert "the ledger is right" in said
    assert installation.logged_in() == ["before"]
    assert not list(installation.home.glob("backup-work-*"))
    if not settings.PRODUCTION:
        (kept,) = installation.home.glob("before-restore-*/portal.sqlite3")
        assert kept.read_bytes() == b"no database"
        assert str(kept.parent) in said


@pytest.mark.once
@pytest.mark.django_db
def test_a_bare_copy_of_a_former_release_restores(installation: Installation, tmp_path: Path) -> None:
    installation.call("migrate", "dukcapil", "0001", "--verbosity", "0")
    copy = tmp_path / "former.sqlite3"
    shutil.copyfile(installation.home / "portal.sqlite3", copy)
    installation.log_in("later")
    installation.call("restore", str(copy))
    assert installation.logged_in() == []
    assert installation.rows("SELECT count(*) FROM dukcapil_backup") == [(0,)]
    (kept,) = installation.home.glob("before-restore-*/portal.sqlite3")
    with closing(sqlite3.connect(kept)) as line:
        assert line.execute("SELECT session_key FROM django_session").fetchall() == [("later",)]
    copy.write_bytes(copy.read_bytes()[:-5_000])
    assert "Nothing was changed: The copy of the database is broken" in installation.refusal("restore", str(copy))
    assert "nichts.zip is not there" in installation.refusal("restore", "nichts.zip")


@pytest.mark.usefixtures("committed")
def test_a_failed_attempt_leaves_its_reason(tmp_path: Path, settings: Any) -> None:
    (tmp_path / "file").touch()
    settings.BACKUP_PASSPHRASE, settings.BACKUP_FOLDER = PASSPHRASE, tmp_path / "file" / "folder"
    with pytest.raises(BackupFailed, match="Not a directory"):
        write_backup(NOW)
    attempt = Backup.objects.get()
    assert (attempt.started_at, attempt.proved_at, attempt.file) == (NOW, None, "")
    assert "Not a directory" in attempt.failure
    assert attempt.ended_at is not None
    settings.BACKUP_PASSPHRASE = "kurang"
    with pytest.raises(BackupFailed, match="at least 20 characters"):
        write_backup(NOW)


@pytest.mark.django_db
def test_old_files_go_but_the_proved_one(tmp_path: Path, settings: Any) -> None:
    settings.BACKUP_FOLDER, settings.BACKUP_KEEP_DAYS = tmp_path, 30
    names = [f"portal-{NOW - timedelta(days=days):%Y%m%dT%H%M%SZ}.zip" for days in (29, 31, 40, 50)]
    for name in (*names, "portal-20210101T000000Z.zip.part", "other.zip"):
        (tmp_path / name).touch()
    proved = NOW - timedelta(days=40)
    Backup.objects.create(started_at=proved, proved_at=proved, file=names[2])
    Backup.objects.create(started_at=NOW - timedelta(days=500))
    _take_away_old(NOW, Backup(file=names[0]))
    assert {path.name for path in tmp_path.iterdir()} == {names[0], names[2], "other.zip"}
    assert Backup.objects.count() == 1


@pytest.mark.django_db
def test_nothing_replaces_a_running_portal() -> None:
    inside: AbstractContextManager[object] = alone_in(settings.HOME)
    if settings.PRODUCTION:
        inside = closing(psycopg2.connect(f"{server()}/{connection.settings_dict['NAME']}"))
    with inside, pytest.raises((BackupFailed, CommandError), match=r"stop web, worker and beat first|sedang berjalan"):
        engine().stopped().__enter__()


@pytest.mark.usefixtures("committed")
def test_a_copy_is_of_one_instant(tmp_path: Path) -> None:
    name = connection.settings_dict["NAME"]
    session = "INSERT INTO django_session VALUES ('{}', '', '2021-11-25')"

    def evidence() -> dict[str, Any]:
        """Somebody else writes between the evidence and the copy."""
        found = {"sessions": Session.objects.count()}
        if settings.PRODUCTION:
            with closing(psycopg2.connect(f"{server()}/{name}")) as line, line:
                line.cursor().execute(session.format("later"))
        else:
            with closing(sqlite3.connect(name)) as line, line:
                line.execute(session.format("later"))
        return found

    with connection.cursor() as cursor:
        cursor.execute(session.format("before"))
    assert engine().write_copy(tmp_path, evidence) == {"sessions": 1}
    assert Session.objects.count() == 2
    if settings.PRODUCTION:
        command = ["pg_restore", "--data-only", "--table=django_session", "--file=-", str(tmp_path / postgresql_copy.FILE)]
        copied = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert ("before" in copied, "later" in copied) == (True, False)
    else:
        with closing(sqlite3.connect(tmp_path / sqlite_copy.FILE)) as line:
            assert line.execute("SELECT session_key FROM django_session").fetchall() == [("before",)]
