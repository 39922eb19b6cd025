"""Commands of the portal on another database than its own, as processes of their own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings

from dukcapil.environment import for_child


class BackupFailed(Exception):
    """One sentence for the operator: why there is no copy, no proof, or nothing was put in place."""


def portal_command(*words: str, environment: dict[str, str]) -> str:
    """What a command of this release prints on the database that `environment` names."""
    return program(sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), *words, environment=environment)


def program(*words: str, environment: dict[str, str]) -> str:
    """Run it to its end. BackupFailed with its last words when it fails."""
    done = subprocess.run(words, env=for_child(**environment), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        last = [line for line in done.stderr.splitlines() if line.strip()] or [f"exit code {done.returncode}"]
        raise BackupFailed(f"{Path(words[0]).name} {' '.join(words[1:3])}: {last[-1].strip()}"[:480])
    return done.stdout


def checked_copy(environment: dict[str, str]) -> dict[str, Any]:
    """What `check_copy` finds in a database."""
    found: dict[str, Any] = json.loads(portal_command("check_copy", "--json", environment=environment))
    return found
