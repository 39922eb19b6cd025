"""A sealed folder comes back as it was, or not at all."""

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyrage
import pytest

from dukcapil.backups.sealing import CONTENT, KEY, CannotOpen, seal, unseal

pytestmark = pytest.mark.once
PASSPHRASE = "lima kata yang tidak ditebak"


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, file = tmp_path_factory.mktemp("folder"), tmp_path_factory.mktemp("sealed") / "portal.zip"
    (folder / "imports").mkdir()
    (folder / "imports" / "a").write_bytes(os.urandom(300_000))
    (folder / "claims.json").write_text("{}")
    seal(folder, file, PASSPHRASE)
    assert list(file.parent.iterdir()) == [file]
    assert file.stat().st_mode & 0o077 == 0
    into = tmp_path_factory.mktemp("opened")
    unseal(file, into, PASSPHRASE)
    assert (into / "imports" / "a").read_bytes() == (folder / "imports" / "a").read_bytes()
    assert (into / "claims.json").read_text() == "{}"
    return file


@pytest.fixture(scope="module")
def key(sealed: Path) -> str:
    with zipfile.ZipFile(sealed) as parts:
        return pyrage.passphrase.decrypt(parts.read(KEY), PASSPHRASE).decode()


def test_another_passphrase_opens_nothing(sealed: Path, tmp_path: Path) -> None:
    with pytest.raises(CannotOpen, match="another passphrase"):
        unseal(sealed, tmp_path, PASSPHRASE + "x")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def _opened_once(sealed: Path, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The passphrase is slow by design, and what is damaged lies behind it."""
    monkeypatch.setattr(pyrage.passphrase, "decrypt", lambda _sealed, _passphrase: key.encode())


def cut(data: bytes) -> bytes:
    return data[:-5_000]


def flipped(data: bytes) -> bytes:
    return data[:200_000] + bytes([data[200_000] ^ 1]) + data[200_001:]


@pytest.mark.usefixtures("_opened_once")
@pytest.mark.parametrize("damage", [cut, flipped])
def test_a_damaged_content_is_noticed(damage: Callable[[bytes], bytes], sealed: Path, tmp_path: Path) -> None:
    """In a zip that is whole by itself: its own sums are of the damaged content."""
    damaged = tmp_path / "damaged.zip"
    with zipfile.ZipFile(sealed) as old, zipfile.ZipFile(damaged, "w") as new:
        for name in old.namelist():
            new.writestr(name, damage(old.read(name)) if name == CONTENT else old.read(name))
    with pytest.raises(CannotOpen, match="damaged"):
        unseal(damaged, tmp_path / "into", PASSPHRASE)


def test_a_file_cut_off_is_noticed(sealed: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(sealed.read_bytes()[:-100])
    with pytest.raises(CannotOpen, match="not a whole backup"):
        unseal(damaged, tmp_path / "into", PASSPHRASE)
