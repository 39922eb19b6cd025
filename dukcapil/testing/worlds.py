"""The small world, built once below the transactions of the tests that ask for it, instead of once in each of them.

Each test still has a transaction of its own on top, rolled back at its end; whoever does not ask for the world, or
really commits, finds none.
"""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.module_loading import import_string

WORLD = "small_world"  # the fixture by which a test asks
BUILD = "recording.tests.world.build"
COMMITTING = ("transactional_db", "live_server", "django_db_reset_sequences", "django_db_serialized_rollback")


class SharedWorld:
    """At most one world stands at a time, inside one transaction that is never committed."""

    def __init__(self) -> None:
        self._below: transaction.Atomic | None = None

    @property
    def stands(self) -> bool:
        return self._below is not None

    def prepare(self, request: Any) -> None:
        """Build or clear the world, as the test needs it that is about to open its own transaction."""
        wanted = WORLD in request.fixturenames and not _commits(request)
        blocker = request.getfixturevalue("django_db_blocker")
        with blocker.unblock():
            if wanted and not self.stands:
                self._build(import_string(BUILD))
            elif self.stands and not wanted:
                self.clear()

    def _build(self, build: Callable[[], None]) -> None:
        self._below = transaction.atomic()
        self._below.__enter__()
        build()

    def clear(self) -> None:
        """Roll the world back."""
        below, self._below = self._below, None
        if below is not None:
            transaction.set_rollback(True)
            below.__exit__(None, None, None)


def _commits(request: Any) -> bool:
    marker = request.node.get_closest_marker("django_db")
    marked = marker is not None and (marker.kwargs.get("transaction") or marker.args[:1] == (True,))
    return bool(marked) or any(name in request.fixturenames for name in COMMITTING)
