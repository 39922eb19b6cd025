"""The folder of what the embedded form makes itself, and the secret that it keeps there."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from dukcapil.environment import user_name


def make_home(home: Path) -> None:
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise ImproperlyConfigured(f"DUKCAPIL_HOME={home} cannot be made by {user_name()}: {problem.strerror}.") from problem


def generated_secret(home: Path) -> str:
    """The embedded form's secret: made once, readable by the owner alone, in a folder that git ignores."""
    path = home / "secret_key"
    if not path.exists():
        # Written to a file of its own, then linked: another process never reads half of it, and the first secret stays.
        with tempfile.NamedTemporaryFile("w", dir=home, prefix="secret_key.") as fresh:
            fresh.write(secrets.token_urlsafe(64))
            fresh.flush()
            with contextlib.suppress(FileExistsError):
                os.link(fresh.name, path)
    return path.read_text().strip()
