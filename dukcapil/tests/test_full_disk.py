"""A disk that is really full: nothing half written stays, and the sender reads a sentence."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from accounts.tests import cast
from recording.models import ImportBatch
from recording.tests.pages import logged_in, words

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("small_world")]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, of one megabyte."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(tmp_path)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("only root may mount a small disk")
    yield tmp_path
    subprocess.run(["umount", "--lazy", str(tmp_path)], check=True)


def upload(tmp_path: Path) -> Any:
    file = tmp_path / "hitungan.csv"
    file.write_bytes(b"kode,dokumen,tanggal,jumlah\n" + b"31.73.01.1004,KTP,2021-11-25,8\n" * 60_000)
    with file.open("rb") as content:
        return logged_in(cast.staff()).post("/impor/", {"kind": "counts", "file": content, "key": "a" * 32})


@pytest.mark.parametrize("place", ["IMPORTS", "FILE_UPLOAD_TEMP_DIR"])
def test_an_upload_on_a_full_disk_is_told(
    place: str, small_disk: Path, tmp_path_factory: pytest.TempPathFactory, settings: LazySettings
) -> None:
    setattr(settings, place, small_disk)
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0 if place != "IMPORTS" else 5_000_000
    answer = upload(tmp_path_factory.mktemp("sent"))
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "Penyimpanan portal penuh" in words(answer)
    assert not ImportBatch.objects.exists()
    assert list(small_disk.iterdir()) == []
