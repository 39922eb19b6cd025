"""Running our commands as the operator does: exit code and both outputs."""

import json
import subprocess
import sys
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from dukcapil.testing import child_environment


@dataclass(frozen=True)
class Ran:
    """How a command ended. `errors` is what it said about a refusal."""

    code: int
    output: str
    errors: str

    @property
    def json(self) -> dict[str, Any]:
        """The output as the one JSON object that it must be."""
        assert self.output.endswith("}\n"), self.output or self.errors
        answer = json.loads(self.output)
        assert isinstance(answer, dict)
        return answer


def run(name: str, *arguments: object) -> Ran:
    """In this process and this transaction."""
    output, errors = StringIO(), StringIO()
    try:
        call_command(name, *(str(each) for each in arguments), stdout=output, stderr=errors)
    except CommandError as problem:
        return Ran(1, output.getvalue(), errors.getvalue() + str(problem))
    except SystemExit as end:
        return Ran(int(end.code or 0), output.getvalue(), errors.getvalue())
    return Ran(0, output.getvalue(), errors.getvalue())


def run_for_real(folder: Path, name: str, *arguments: object) -> Ran:
    """As a process of its own through manage.py, on the tests' database; sees only what is committed."""
    done = subprocess.run(
        [sys.executable, "manage.py", name, *(str(each) for each in arguments)],
        cwd=settings.BASE_DIR,
        env=_on_the_tests_database(folder),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def _on_the_tests_database(folder: Path) -> dict[str, str]:
    """Embedded: `folder` becomes an installation whose database file is the tests' own."""
    database = str(connection.settings_dict["NAME"])
    if settings.PRODUCTION:
        return child_environment(DATABASE_URL=f"{settings.DATABASE_URL.rpartition('/')[0]}/{database}")
    home = folder / "home"
    if not home.exists():
        home.mkdir()
        (home / "portal.sqlite3").symlink_to(database)
    return child_environment(DUKCAPIL_HOME=str(home))


def csv_file(folder: Path, text: str, name: str = "berkas.csv") -> Path:
    """A file with this text, written as it is (UTF-8, line ends untouched)."""
    file = folder / name
    file.write_bytes(text.encode())
    return file
