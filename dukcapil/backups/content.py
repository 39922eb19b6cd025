"""What a backup holds on both engines: database, secrets, uploaded files that wait, and what it claims of itself."""

import json
import shutil
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from dukcapil.backups import postgresql_copy, sqlite_copy
from dukcapil.backups.children import BackupFailed, checked_copy

CLAIMS, SECRETS, UPLOADS = "claims.json", "secrets.env", "imports"
FORMAT = 1


def engine() -> ModuleType:
    """The two engines' modules have the same functions."""
    return postgresql_copy if connection.vendor == "postgresql" else sqlite_copy


def evidence() -> dict[str, Any]:
    """What must be the same in the copy: each app says what of its own."""
    return {name: import_string(path)() for name, path in settings.BACKUP_EVIDENCE.items()}


def gather(folder: Path, now: datetime) -> dict[str, Any]:
    """Everything of this installation, in `folder`; returns the claims."""
    found = engine().write_copy(folder, evidence)
    claims = {"format": FORMAT, "at": now.isoformat(), "engine": connection.vendor, "evidence": found}
    (folder / CLAIMS).write_text(json.dumps(claims))
    secrets = {**settings.GIVEN, "SECRET_KEY": settings.SECRET_KEY}
    (folder / SECRETS).write_text("".join(f"{name}={value}\n" for name, value in sorted(secrets.items())))
    if Path(settings.IMPORTS).is_dir():
        shutil.copytree(settings.IMPORTS, folder / UPLOADS, ignore_dangling_symlinks=True)
    return claims


def claims_of(folder: Path) -> dict[str, Any]:
    """BackupFailed for a backup of another form, or of a release that is newer than this one."""
    try:
        claims: dict[str, Any] = json.loads((folder / CLAIMS).read_text())
    except (OSError, ValueError) as problem:
        raise BackupFailed("This is no backup of the portal.") from problem
    if claims["format"] > FORMAT:
        raise BackupFailed("This backup was made by a newer release; install that one first.")
    if claims["engine"] != connection.vendor:
        raise BackupFailed(f"This backup holds {claims['engine']}, and this installation runs on {connection.vendor}.")
    return claims


def unsealed_copy(file: Path, folder: Path) -> dict[str, Any]:
    """A bare copy, as former releases wrote them and PostgreSQL's own programs do, in `folder`; it claims nothing."""
    suffix = Path(engine().FILE).suffix
    if file.suffix != suffix:
        raise BackupFailed(f"{file.name} is neither a backup of the portal (.zip) nor a bare copy for this engine ({suffix}).")
    shutil.copyfile(file, folder / engine().FILE)
    at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return {"at": at.isoformat(timespec="seconds"), "evidence": {}}


def tried_out(folder: Path) -> AbstractContextManager[dict[str, str]]:
    """The environment of a portal on the copy."""
    environment: AbstractContextManager[dict[str, str]] = engine().tried_out(folder)
    return environment


def prove(environment: dict[str, str], claims: dict[str, Any]) -> None:
    """BackupFailed unless the ledger of the copy is right and every figure of its newest run is what it was."""
    found = checked_copy(environment)
    if found["mismatches"]:
        raise BackupFailed(f"In the copy {found['mismatches']} counts differ from their ledger.")
    different = [name for name, value in claims["evidence"].items() if found["evidence"].get(name) != value]
    if different:
        raise BackupFailed(f"The copy differs from what was copied: {', '.join(different)}.")
