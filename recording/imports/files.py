"""Where an uploaded file lies while it waits, and the file of its rejected rows. Nothing else is kept of it."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from dukcapil.errors import N_, Refused
from recording.imports.spreadsheets import MAX_FILE_BYTES

UPLOADED, REJECTED_ROWS = "berkas", "sisa.csv"


@dataclass(frozen=True)
class Received:
    """A file that has come in whole, not yet in its batch's folder."""

    path: Path
    size: int
    digest: str


def receive(chunks: Iterable[bytes]) -> Received:
    """Write the chunks aside. Refused, and gone again, when it is empty or larger than anything that is read."""
    settings.IMPORTS.mkdir(mode=0o700, parents=True, exist_ok=True)
    size, digest = 0, hashlib.sha256()
    with tempfile.NamedTemporaryFile(dir=settings.IMPORTS, prefix="masuk-", delete=False) as file:
        path = Path(file.name)
        try:
            for chunk in chunks:
                size += len(chunk)
                if size > MAX_FILE_BYTES:
                    sentence = N_("Berkas terlalu besar; paling besar %(most)s MB.")
                    raise Refused(sentence, "file", most=MAX_FILE_BYTES // 1_000_000)
                digest.update(chunk)
                file.write(chunk)
            if not size:
                raise Refused(N_("Berkas kosong."), "file")
        except BaseException:
            path.unlink()
            raise
    return Received(path, size, digest.hexdigest())


def keep(received: Received, number: int) -> None:
    """Move a received file to its batch."""
    folder(number).mkdir(mode=0o700, exist_ok=True)
    received.path.replace(folder(number) / UPLOADED)


def folder(number: int) -> Path:
    """The folder of one batch."""
    return settings.IMPORTS / str(number)


def uploaded(number: int) -> Path:
    """The file as it came."""
    return folder(number) / UPLOADED


def rejected_rows(number: int) -> Path:
    """Its rejected rows with their reasons."""
    return folder(number) / REJECTED_ROWS


def forget(number: int, *, keep_rejected_rows: bool = False) -> None:
    """Remove the uploaded file once it is decided, and its rejected rows too unless they may still be fetched."""
    if keep_rejected_rows:
        uploaded(number).unlink(missing_ok=True)
    else:
        shutil.rmtree(folder(number), ignore_errors=True)


def digest_of(file: Path) -> tuple[int, str]:
    """Size and SHA-256 of a file on this machine."""
    with file.open("rb") as content:
        return file.stat().st_size, hashlib.file_digest(content, "sha256").hexdigest()
