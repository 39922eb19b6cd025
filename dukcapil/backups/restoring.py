"""A backup is put back: tried out in full beside what is there, then put in its place in one step.

Whenever this is killed, what was there is untouched, or the copy is in place; then it is simply called again.
"""

import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from dukcapil.backups.children import BackupFailed, portal_command
from dukcapil.backups.content import SECRETS, UPLOADS, claims_of, engine, prove, tried_out, unsealed_copy
from dukcapil.backups.sealing import CannotOpen, unseal
from dukcapil.backups.writing import one_at_a_time, work_folder
from dukcapil.environment import read


@dataclass
class Restored:
    """`replaced`: where what was there lies now ("": nothing was there). `other_secret`: SECRET_KEY is not the copy's."""

    claims: dict[str, Any]
    replaced: str = ""
    other_secret: bool = False


def restore(
    file: Path, passphrase: Callable[[], str], now: datetime, *, only_try: bool = False, secrets_to: Path | None = None
) -> Restored:
    """Put the backup in the place of the database, brought up to date to this release and proved before. BackupFailed
    says why not; then nothing has changed."""
    with one_at_a_time(), work_folder() as work:
        answer = Restored(_opened(file, work, passphrase))
        secrets = (work / SECRETS).read_text() if (work / SECRETS).exists() else ""
        secret = read(secrets, SECRETS).get("SECRET_KEY", settings.SECRET_KEY)
        stamp = f"{now.astimezone(UTC):%Y%m%d_%H%M%S}"
        with tried_out(work) as environment:
            portal_command("migrate", "--verbosity", "0", environment=environment)
            prove(environment, answer.claims)
            if not only_try:
                with engine().stopped():
                    answer.replaced = engine().put_in_place(work, stamp)
                    engine().put_secret(secret, stamp)
                    _put_uploads(work / UPLOADS)
        answer.other_secret = secret != settings.SECRET_KEY and settings.PRODUCTION
        if secrets_to is not None:
            secrets_to.touch(mode=0o600)
            secrets_to.write_text(secrets)
    return answer


def _opened(file: Path, work: Path, passphrase: Callable[[], str]) -> dict[str, Any]:
    """What the backup claims of itself; its content lies in `work`."""
    if not file.is_file():
        raise BackupFailed(f"{file} is not there.")
    if not zipfile.is_zipfile(file):
        return unsealed_copy(file, work)
    try:
        unseal(file, work, passphrase())
    except CannotOpen as problem:
        raise BackupFailed(str(problem)) from problem
    return claims_of(work)


def _put_uploads(folder: Path) -> None:
    """Uploaded files that waited at the time of the copy, beside those that are there."""
    if folder.is_dir():
        shutil.copytree(folder, settings.IMPORTS, dirs_exist_ok=True)
