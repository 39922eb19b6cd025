"""The embedded form: a copy of the SQLite file at one instant, tried out in a folder of its own, put in the file's place."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from dukcapil.backups.children import BackupFailed
from dukcapil.one_start import alone_in

FILE = "portal.sqlite3"
BESIDE = ("-wal", "-shm")


def write_copy(folder: Path, evidence: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The file as of one instant, while others go on writing, and the evidence of that same instant."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        try:
            found = evidence()
            with closing(sqlite3.connect(folder / FILE)) as copy:
                connection.connection.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")  # the copy is one file
        finally:
            cursor.execute("ROLLBACK")
    return found


@contextmanager
def tried_out(folder: Path) -> Iterator[dict[str, str]]:
    """The environment of a portal on the copy in `folder`. BackupFailed when SQLite itself finds it broken."""
    try:
        with closing(sqlite3.connect(f"file:{folder / FILE}?mode=rw", uri=True)) as copy:
            (words,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.Error as problem:
        raise BackupFailed(f"The copy of the database is broken: {problem}.") from problem
    if words != "ok":
        raise BackupFailed(f"The copy of the database is broken: {words}.")
    yield {"DUKCAPIL_HOME": str(folder), "DATABASE_URL": "", "REDIS_URL": "", "SECRET_KEY": settings.SECRET_KEY}


@contextmanager
def stopped() -> Iterator[None]:
    """CommandError while the portal runs in this folder, or somebody else has its file open for writing."""
    with alone_in(settings.HOME):
        yield


def put_in_place(folder: Path, stamp: str) -> str:
    """The copy in the place of the file; where what was there lies now.

    The file that was there stays under its name until the copy takes it in one step: killed before, nothing has changed;
    killed after, everything has.
    """
    place = Path(connection.settings_dict["NAME"])
    kept = place.parent / f"before-restore-{stamp}"
    connection.close()
    # A damaged one is kept as it lies there; where there is none, none is made.
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{place}?mode=rw", uri=True)) as old:
        old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    kept.mkdir(mode=0o700)
    for name in (place, *(place.with_name(place.name + ending) for ending in BESIDE)):
        if name.exists():
            os.link(name, kept / name.name)
    for ending in BESIDE:  # read with the new file they would damage it; their commits are in the old file, or kept
        place.with_name(place.name + ending).unlink(missing_ok=True)
    with closing(sqlite3.connect(folder / FILE)) as copy:  # checked_copy opened it in WAL mode
        copy.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        copy.execute("PRAGMA journal_mode = DELETE")
    (folder / FILE).replace(place)
    _sync(place.parent)
    if not any(kept.iterdir()):
        kept.rmdir()
        return ""
    return str(kept)


def put_secret(text: str, stamp: str) -> None:
    """The secret of the copy, where this installation generated its own."""
    path = Path(settings.HOME) / "secret_key"
    if "SECRET_KEY" in settings.GIVEN or (path.exists() and path.read_text().strip() == text):
        return
    part = path.with_name("secret_key.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    kept = path.parent / f"before-restore-{stamp}"
    if path.exists() and kept.exists():
        shutil.copy2(path, kept / path.name)
    part.replace(path)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
