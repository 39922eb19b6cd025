"""The static files are collected when one of them changed, and only then."""

import os
import shutil
from pathlib import Path

import pytest
from django.conf import LazySettings

from dukcapil.static_files import collect_static


@pytest.fixture
def source(settings: LazySettings, tmp_path: Path) -> Path:
    """The only static file that there is, collected once."""
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [tmp_path / "sources"], tmp_path / "collected"
    source = tmp_path / "sources" / "page.css"
    source.parent.mkdir()
    source.write_text("a {}")
    assert collect_static()
    return source


def collected(name: str, settings: LazySettings) -> list[str]:
    """The texts under which a file is served: by its name, and by that with its hash."""
    stem, end = name.split(".")
    return [path.read_text() for path in Path(settings.STATIC_ROOT).glob(f"{stem}*{end}")]


def test_the_same_files_are_not_collected_again(source: Path, settings: LazySettings) -> None:
    assert collected("page.css", settings) == ["a {}", "a {}"]
    assert not collect_static()


def test_a_changed_file_is_collected(source: Path, settings: LazySettings) -> None:
    known = source.stat()
    source.write_text("b {}")
    os.utime(source, ns=(known.st_atime_ns, known.st_mtime_ns + 1))
    assert collect_static()
    assert "b {}" in collected("page.css", settings)
    assert not collect_static()


@pytest.mark.parametrize("change", ["added", "removed"])
def test_another_set_of_files_is_collected(change: str, source: Path, settings: LazySettings) -> None:
    if change == "added":
        source.with_name("other.css").write_text("c {}")
    else:
        source.unlink()
    assert collect_static()
    assert collected("other.css", settings) == ["c {}"] * 2 * (change == "added")


def test_what_is_no_longer_there_is_collected(source: Path, settings: LazySettings) -> None:
    shutil.rmtree(settings.STATIC_ROOT)
    assert collect_static()
    assert len(collected("page.css", settings)) == 2


def test_another_way_to_keep_them_collects_again(source: Path, settings: LazySettings) -> None:
    settings.WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("css",)
    assert collect_static()
