"""A folder sealed into one file by a passphrase, and opened again.

The file is a zip of two age files (age-encryption.org) and a text that says how to open it without the portal: a key of its
own, sealed with the passphrase, and the folder, sealed with that key. Nothing is written in the clear beside it, and a single
changed or missing byte is noticed.
"""

import gzip
import os
import tarfile
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pyrage

README, KEY, CONTENT = "README.txt", "key.age", "content.tar.gz.age"
WITHOUT_THE_PORTAL = """A backup of the portal. It is opened by `portal restore`, or by hand with the program age:

    unzip FILE
    age --decrypt --output key.txt key.age            (asks for the passphrase)
    age --decrypt --identity key.txt content.tar.gz.age | tar -xz
"""


class CannotOpen(Exception):
    """One sentence: the passphrase is another one, or the file is no whole backup."""


def seal(folder: Path, into: Path, passphrase: str) -> None:
    """Everything in `folder`, in one file that its owner alone may read. It appears whole or not at all."""
    identity = pyrage.x25519.Identity.generate()
    part = into.with_name(f"{into.name}.part")
    part.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with zipfile.ZipFile(file, "w") as sealed:
                sealed.writestr(README, WITHOUT_THE_PORTAL)
                sealed.writestr(KEY, pyrage.passphrase.encrypt(str(identity).encode(), passphrase))
                with sealed.open(CONTENT, "w", force_zip64=True) as content:
                    _piped(
                        lambda pipe: _pack(folder, pipe), lambda pipe: pyrage.encrypt_io(pipe, content, [identity.to_public()])
                    )
            file.flush()
            os.fsync(file.fileno())
        part.replace(into)
    finally:
        part.unlink(missing_ok=True)


def unseal(file: Path, into: Path, passphrase: str) -> None:
    """The folder that was sealed, in the folder `into`. CannotOpen when any of it is not as it was."""
    try:
        with zipfile.ZipFile(file) as sealed:
            text = pyrage.passphrase.decrypt(sealed.read(KEY), passphrase).decode()
            identity = pyrage.x25519.Identity.from_str(text)
            with sealed.open(CONTENT) as content:
                _piped(lambda pipe: pyrage.decrypt_io(content, pipe, [identity]), lambda pipe: _unpack(pipe, into))
    except pyrage.DecryptError as problem:
        raise CannotOpen(f"{file.name} was sealed with another passphrase, or is damaged.") from problem
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, KeyError, ValueError) as problem:
        raise CannotOpen(f"{file.name} is not a whole backup ({problem}).") from problem
    except OSError as problem:
        if problem.errno is None and "decrypt" in str(problem):  # age itself gives no number
            raise CannotOpen(f"{file.name} is damaged.") from problem
        raise


def _pack(folder: Path, pipe: IO[bytes]) -> None:
    with gzip.GzipFile(fileobj=pipe, mode="wb", compresslevel=1) as small, tarfile.open(fileobj=small, mode="w|") as packed:
        packed.add(folder, arcname=".")


def _unpack(pipe: IO[bytes], into: Path) -> None:
    with tarfile.open(fileobj=pipe, mode="r|gz") as packed:
        if hasattr(tarfile, "data_filter"):  # not on the Python of Debian 12; what the key opens was packed above
            packed.extractall(into, filter="data")
        else:
            packed.extractall(into)
    while pipe.read(1 << 16):  # to the end: only there age knows that nothing is missing
        pass


def _piped(write: Callable[[IO[bytes]], object], read: Callable[[IO[bytes]], object]) -> None:
    """`write` in a thread, `read` here, with a pipe between them: no second copy lies on the disk. What fails first is
    raised."""
    inside, outside = os.pipe()
    failed: list[Exception] = []

    def writing() -> None:
        try:
            with os.fdopen(outside, "wb") as pipe:
                write(pipe)
        except Exception as problem:  # told by the reader's thread, below
            failed.append(problem)

    thread = threading.Thread(target=writing, name="backup-pipe")
    thread.start()
    try:
        with os.fdopen(inside, "rb") as pipe:
            read(pipe)
    except Exception:
        thread.join()
        first = next((problem for problem in failed if not isinstance(problem, BrokenPipeError)), None)
        if first is not None:
            raise first from None
        raise
    thread.join()
    if failed:
        raise failed[0]
