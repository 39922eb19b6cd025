"""A command that cannot start says why in one sentence, by every door, and a fault of the program keeps its traceback."""

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError
from django.db import IntegrityError, OperationalError

from dukcapil.one_start import alone_in
from dukcapil.refused_start import sentence_of
from dukcapil.supervise import CannotStart, Supervisor
from dukcapil.testing import DECIDED_HERE, child_environment

pytestmark = pytest.mark.once
PORTAL = str(settings.BASE_DIR / "portal")


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (ImproperlyConfigured("SECRET_KEY is missing."), "SECRET_KEY is missing."),
        (OSError(errno.ENOSPC, "No space left", "/data/x"), "The disk of /data/x is full"),
        (PermissionError(errno.EACCES, "Permission denied", "/data/x"), "may not write /data/x"),
        (OperationalError("database or disk is full"), "disk of the database is full"),
        (OperationalError("attempt to write a readonly database"), "may not write the database's file"),
        (OperationalError('FATAL: password authentication failed for user "portal"'), "refuses user or password"),
        (OperationalError("connection to server failed: Connection refused\n\tIs it running?"), "does not answer"),
        (OperationalError("something else"), "The database does not answer: something else"),
        (IntegrityError("UNIQUE constraint failed"), None),
        (FileNotFoundError(errno.ENOENT, "No such file"), None),
    ],
)
def test_reasons_outside_the_program_are_sentences(problem: Exception, words: str | None) -> None:
    said = sentence_of(problem)
    assert said is None if words is None else words in (said or "")


def portal(home: Path, *command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    own = dict.fromkeys(DECIDED_HERE, "") | {"DUKCAPIL_HOME": str(home), "PORTAL_PYTHON": sys.executable} | environment
    return subprocess.run(
        [PORTAL, *command], cwd="/", env=child_environment(**own), capture_output=True, text=True, check=False
    )


def test_the_command_reads_the_file_of_variables(tmp_path: Path) -> None:
    file = tmp_path / "portal.env"
    file.write_text("PORTAL_NAME=Rekam Jakarta Raya\nLOG_LEVEL=laut\n")
    answer = portal(tmp_path, "check", PORTAL_ENV=str(file))
    assert (answer.returncode, answer.stderr.splitlines()) == (
        1,
        ["LOG_LEVEL=LAUT is not known: write one of DEBUG, INFO, WARNING, ERROR, CRITICAL."],
    )
    file.write_text("PORTAL_NAME=Rekam Jakarta Raya\n")
    script = "from django.conf import settings; print(settings.PORTAL_NAME)"
    answer = portal(tmp_path, "shell", "--no-imports", "--command", script, PORTAL_ENV=str(file))
    assert answer.stdout.strip() == "Rekam Jakarta Raya", answer.stderr


def test_check_says_which_form_runs(tmp_path: Path) -> None:
    answer = portal(tmp_path, "check")
    assert answer.stdout.startswith(f"embedded: SQLite in {tmp_path}/portal.sqlite3"), answer.stderr


def test_packages_that_are_gone_are_told(tmp_path: Path) -> None:
    answer = portal(tmp_path, "check", PORTAL_PYTHON=str(tmp_path / "no" / "python"))
    assert answer.returncode == 1
    assert "make clean packages" in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


def test_one_folder_holds_one_portal(tmp_path: Path) -> None:
    with alone_in(tmp_path):
        answer = portal(tmp_path, "start", "--port", "31999")
        assert answer.returncode == 1
        assert f"sedang berjalan (proses {os.getpid()})" in answer.stderr
    with alone_in(tmp_path), pytest.raises(CommandError), alone_in(tmp_path):
        pass


@pytest.fixture
def _own_signals() -> Iterator[None]:
    """The supervisor takes these two; pytest wants them back."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("_own_signals")
def test_a_child_that_never_starts_ends_all() -> None:
    supervisor = Supervisor({"web": [sys.executable, "-c", "pass"]}, pause_seconds=0)
    with pytest.raises(CannotStart, match="web"):
        supervisor.run(ready=lambda: False, announce=lambda: None)
    assert supervisor.starts["web"] == Supervisor.FIRST_TRIES
