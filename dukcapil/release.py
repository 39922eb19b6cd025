"""Which release this process is, and whether it is still the one on the disk.

A release lies in a folder of its own (deploy/release.sh) with a file RELEASE; ROOT/current names the one that is to run. A
process keeps to its own folder to the end, also while another one is put beside it.
"""

from datetime import datetime
from pathlib import Path

from django.conf import settings

VERSION = "1.0.0"  # of CHANGELOG.md
_FOLDER = Path(settings.BASE_DIR).resolve()


def name(folder: Path) -> str:
    """The release in a folder: its name and its commit; "" in a working copy."""
    try:
        return (folder / "RELEASE").read_text(encoding="utf-8").strip()
    except OSError:
        return ""


_STARTED_AS = name(_FOLDER)


def readiness(_now: datetime | None = None) -> str:
    """For /readyz: "ok", or "another release" as soon as this process is not what is to run here: it must be started again."""
    if not _STARTED_AS:
        return "ok"
    current = _FOLDER.parent.parent / "current"
    same = name(_FOLDER) == _STARTED_AS and (not current.is_symlink() or current.resolve() == _FOLDER)
    return "ok" if same else "another release"
