"""One portal at a time in a folder: `start` holds it while it runs, `restore` while it puts a copy in place."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management.base import CommandError


@contextmanager
def alone_in(home: Path) -> Iterator[None]:
    """CommandError while another process holds the folder. The lock ends with its process, however that ends."""
    with (home / "running.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            file.seek(0)
            raise CommandError(
                f"Portal dalam folder {home} sedang berjalan (proses {file.read().strip() or '?'}); hentikan dahulu."
            ) from problem
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
