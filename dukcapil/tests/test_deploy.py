"""What is delivered for production: a copy that the backup script wrote can be put back, and the files agree."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings

from dukcapil.testing import child_environment
from dukcapil.testing.databases import new_installation

BASE = Path(__file__).resolve().parents[2]
DEPLOY = BASE / "deploy"
Environment = dict[str, str]


@pytest.fixture
def installation(django_db_setup: None, tmp_path: Path) -> Iterator[Environment]:
    """The environment of an installation of its own, with an empty database."""
    own = {"PYTHON": sys.executable, "DUKCAPIL_HOME": str(tmp_path)}
    if not settings.PRODUCTION:
        new_installation(tmp_path)
        yield child_environment(**own)
        return
    server = settings.DATABASE_URL.rpartition("/")[0]
    _administer(server, "CREATE DATABASE put_back")
    environment = child_environment(**own, DATABASE_URL=f"{server}/put_back")
    manage(environment, "migrate", "--verbosity", "0")
    yield environment
    _administer(server, "DROP DATABASE put_back WITH (FORCE)")


def _administer(server: str, statement: str) -> None:
    connection = psycopg2.connect(f"{server}/postgres")
    connection.autocommit = True
    connection.cursor().execute(statement)
    connection.close()


def run(environment: Environment, *command: str) -> str:
    """What a command that succeeds says."""
    done = subprocess.run(command, env=environment, cwd=BASE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def manage(environment: Environment, *arguments: str) -> str:
    return run(environment, sys.executable, "manage.py", *arguments)


def regions(environment: Environment) -> int:
    """How many regions there are: all are new to an empty database, none to a full one."""
    return 318 - int(json.loads(manage(environment, "load_regions", "--json"))["new"])


@pytest.mark.django_db
def test_a_backup_is_put_back_whole_and_private(installation: Environment, tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    empty = Path(run(installation, str(DEPLOY / "backup.sh"), str(copies)).strip())
    assert [path.name for path in copies.iterdir()] == [empty.name]
    assert empty.stat().st_mode & 0o077 == 0
    manage(installation, "load_regions")
    assert regions(installation) == 318
    said = run(installation, str(DEPLOY / "restore.sh"), str(empty))
    assert "mismatches: 0" in said
    assert regions(installation) == 0


def test_nothing_to_back_up_or_restore_is_told(tmp_path: Path) -> None:
    nowhere = child_environment(DATABASE_URL="", DUKCAPIL_HOME=str(tmp_path), PYTHON=sys.executable)
    for script, argument in (("backup.sh", tmp_path / "copies"), ("restore.sh", tmp_path / "no.sqlite3")):
        done = subprocess.run([str(DEPLOY / script), str(argument)], env=nowhere, capture_output=True, text=True, check=False)
        assert done.returncode != 0
        assert "not there" in done.stderr or "cannot be read" in done.stderr
    assert not list((tmp_path / "copies").iterdir())


def test_the_image_copies_all_of_our_apps() -> None:
    copied = re.findall(r"^COPY (\S+)", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    assert [path for path in copied if not (BASE / path).exists()] == []
    assert {"dukcapil", "accounts", "recording", "fleet", "templates", "static", "locale", "manage.py"} <= set(copied)


def test_compose_runs_the_servers_of_the_guide() -> None:
    """One way to start each process, in the guide and in the files."""
    guide = (BASE / "docs" / "operating.md").read_text(encoding="utf-8")
    written = (DEPLOY / "compose.yaml").read_text() + (DEPLOY / "Dockerfile").read_text()
    commands = [re.findall(r'"([^"]+)"', line) for line in written.splitlines() if re.search(r"command: \[|^CMD", line)]
    ours = {" ".join(words) for words in commands if words[0] in ("gunicorn", "celery")}
    assert len(ours) == 3
    for command in ours:
        assert command.replace("0.0.0.0", "127.0.0.1") in guide
