"""The worlds of tests, each built once below the transactions of the tests that ask for it, not once in each of them.

Each test still has a transaction of its own on top, rolled back at its end; whoever does not ask for a world, or really
commits, finds none.
"""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from django.db import connection, transaction
from django.utils.module_loading import import_string

# The fixture by which a test asks, and what builds it on top of those before it. A file of tests may have more of its
# own, in OWN_WORLDS: they come on top of these.
Builder = str | Callable[[], Any]
WORLDS: dict[str, Builder] = {"small_world": "recording.tests.world.build", "fleet": "fleet.tests.api.build_fleet"}
COMMITTING = ("transactional_db", "live_server", "django_db_reset_sequences", "django_db_serialized_rollback")


class SharedWorlds:
    """What stands at the moment, inside transactions that are never committed: by name, with what its builder returned."""

    def __init__(self) -> None:
        self._standing: dict[tuple[str, Builder], tuple[transaction.Atomic, Any]] = {}
        self._builders = WORLDS

    def given(self, name: str) -> Any:
        """For the fixture of that name: a copy of what the builder returned. A test that commits builds its own."""
        world = name, self._builders[name]
        return deepcopy(self._standing[world][1]) if world in self._standing else _build(world)

    def prepare(self, request: Any) -> None:
        """Build and clear, as the test needs it that is about to open its own transaction."""
        self._builders = WORLDS | getattr(request.module, "OWN_WORLDS", {})
        asked = [world for world in self._builders.items() if world[0] in request.fixturenames]
        wanted = [] if _commits(request) else asked
        with request.getfixturevalue("django_db_blocker").unblock():
            while list(self._standing) != wanted[: len(self._standing)]:
                self._roll_back_the_newest()
            for world in wanted[len(self._standing) :]:
                below = transaction.atomic()
                below.__enter__()
                self._standing[world] = (below, _build(world))
                connection.check_constraints()  # here, or each test above would check them once more

    def clear(self) -> None:
        while self._standing:
            self._roll_back_the_newest()

    def _roll_back_the_newest(self) -> None:
        _world, (below, _built) = self._standing.popitem()
        transaction.set_rollback(True)
        below.__exit__(None, None, None)


def _build(world: tuple[str, Builder]) -> Any:
    _name, builder = world
    return import_string(builder)() if isinstance(builder, str) else builder()


def _commits(request: Any) -> bool:
    marker = request.node.get_closest_marker("django_db")
    marked = marker is not None and (marker.kwargs.get("transaction") or marker.args[:1] == (True,))
    return bool(marked) or any(name in request.fixturenames for name in COMMITTING)
