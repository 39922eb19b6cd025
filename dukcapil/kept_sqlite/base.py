"""Django's SQLite, with a connection that may be kept between requests: one for each thread, on the file that is there.

To open a connection takes longer than most pages need of the database (decision 0022).
"""

import os
import sqlite3
from typing import Any

from django.db import connections
from django.db.backends.sqlite3 import base

_of_the_parent: list[sqlite3.Connection] = []


class DatabaseWrapper(base.DatabaseWrapper):
    """`CONN_HEALTH_CHECKS` asks `is_usable` once in each request, and Django after a request that met an error."""

    _file: tuple[int, int] | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        connection = super().get_new_connection(conn_params)
        self._file = self._file_there()
        return connection

    def is_usable(self) -> bool:
        """Not after an error of the database, and not when another file lies in the place of the one that was opened:
        a copy was put back."""
        return not self.errors_occurred and self._file == self._file_there()

    def leave_to_the_parent(self) -> None:
        """In a forked child: SQLite's files must not be used on both sides of a fork, not even to close them. Those of the
        thread that forks: no process of the portal forks while its other threads have some."""
        if self.connection is not None:
            _of_the_parent.append(self.connection)
            self.connection = None

    def _file_there(self) -> tuple[int, int] | None:
        """What tells a file from another one of the same name; None where there is none."""
        try:
            found = os.stat(self.settings_dict["NAME"])
        except OSError:
            return None
        return found.st_dev, found.st_ino


def _after_fork() -> None:
    for connection in connections.all(initialized_only=True):
        if isinstance(connection, DatabaseWrapper):
            connection.leave_to_the_parent()


os.register_at_fork(after_in_child=_after_fork)
