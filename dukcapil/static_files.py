"""The static files as they are served: hashed and compressed, which takes seconds, and so is done only when one changed."""

import hashlib
import os
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

MARK = "collected-from.txt"  # in the folder itself: with the folder, what is known of it goes


def collect_static() -> bool:
    """Collect the static files again, unless they, the folder and the settings are those of the last time; whether that
    was done."""
    mark, now = Path(settings.STATIC_ROOT) / MARK, _fingerprint()
    if mark.exists() and mark.read_text() == now:
        return False
    mark.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    mark.write_text(now)
    return True


def _fingerprint() -> str:
    """Another one when a file was added, changed or taken away, by its length and its time."""
    files = []
    for finder in get_finders():
        for name, storage in finder.list([]):
            path = storage.path(name)
            known = os.stat(path)
            files.append((path, known.st_size, known.st_mtime_ns))
    said = repr((settings.STORAGES, settings.WHITENOISE_SKIP_COMPRESS_EXTENSIONS, sorted(files)))
    return hashlib.sha256(said.encode()).hexdigest()
