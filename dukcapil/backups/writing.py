"""A backup is written: copied at one instant, sealed, restored to see whether it can be, and old ones are taken away."""

import fcntl
import logging
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import Error

from dukcapil import clock
from dukcapil.backups.children import BackupFailed
from dukcapil.backups.content import claims_of, gather, prove, tried_out
from dukcapil.backups.sealing import CannotOpen, seal, unseal
from dukcapil.backups.state import newest_proved
from dukcapil.models import Backup

log = logging.getLogger(__name__)
SHORTEST_PASSPHRASE = 20
NAME = re.compile(r"portal-(\d{8}T\d{6}Z)\.zip")
ROWS_KEPT = timedelta(days=400)
WORK = "backup-work-"  # folders in DUKCAPIL_HOME; what a killed process left there goes at the next backup


def write_backup(now: datetime) -> Backup:
    """One copy of the whole installation, proved by restoring it. BackupFailed says why there is none; either way the row
    of the attempt says when and how it ended."""
    if len(settings.BACKUP_PASSPHRASE) < SHORTEST_PASSPHRASE:
        raise BackupFailed(f"BACKUP_PASSPHRASE must have at least {SHORTEST_PASSPHRASE} characters (deploy/.env.example).")
    with one_at_a_time():
        attempt = Backup.objects.create(started_at=now)
        try:
            _write(attempt, now)
        except (BackupFailed, CannotOpen, OSError, Error) as problem:
            attempt.failure = str(problem)[:500] or type(problem).__name__
            log.error("backup failed: %s", attempt.failure)
            raise BackupFailed(attempt.failure) from problem
        finally:
            attempt.ended_at = clock.real_now()
            attempt.save()
        _take_away_old(now, attempt)
    return attempt


def _write(attempt: Backup, now: datetime) -> None:
    folder: Path = settings.BACKUP_FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / f"portal-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.zip"
    with work_folder() as work:
        gather(work, now)
        seal(work, file, settings.BACKUP_PASSPHRASE)
    attempt.file, attempt.size = file.name, file.stat().st_size
    attempt.save()
    with work_folder() as work:  # from the file as it lies there, by the passphrase: as somebody would restore it
        unseal(file, work, settings.BACKUP_PASSPHRASE)
        with tried_out(work) as environment:
            prove(environment, claims_of(work))
    attempt.proved_at = clock.real_now()


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """BackupFailed while another one is written or restored on this machine. The lock ends with its process."""
    settings.HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (settings.HOME / "backup.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            raise BackupFailed("A backup is being written or restored already.") from problem
        for left in settings.HOME.glob(f"{WORK}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


@contextmanager
def work_folder() -> Iterator[Path]:
    """For what must not lie in the clear elsewhere: on the disk of the data, readable by the portal's user alone."""
    with tempfile.TemporaryDirectory(prefix=WORK, dir=settings.HOME) as name:
        yield Path(name)


def _take_away_old(now: datetime, written: Backup) -> None:
    """Files older than BACKUP_KEEP_DAYS, except the newest that was proved."""
    Backup.objects.filter(started_at__lt=now - ROWS_KEPT).delete()
    proved = newest_proved()
    keep = {written.file, proved.file if proved else ""}
    for left in settings.BACKUP_FOLDER.glob("portal-*.zip.part"):  # of an attempt that was killed
        left.unlink(missing_ok=True)
    for file in settings.BACKUP_FOLDER.iterdir():
        name = NAME.fullmatch(file.name)
        if name is None or file.name in keep:
            continue
        if now - datetime.strptime(name[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) > timedelta(days=settings.BACKUP_KEEP_DAYS):
            file.unlink(missing_ok=True)
