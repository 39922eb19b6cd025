"""Django's PostgreSQL, for connections that are kept between requests.

Django asks the server once in each request whether it is there, which takes it as long as most questions of a page. A server
that ends says so by itself: then something waits to be read on the connection (decision 0022). One that hangs is noticed by
the watch over all waits.
"""

import select
import time
from typing import Any

from django.db.backends.postgresql import base
from psycopg2 import OperationalError

from dukcapil.kept_postgresql.watch import ANSWER_SECONDS, WatchedConnection, WatchedCursor, watch

WATCHED = {"connection_factory": WatchedConnection, "cursor_factory": WatchedCursor}


class DatabaseWrapper(base.DatabaseWrapper):
    """`CONN_HEALTH_CHECKS` asks `is_usable` once in each request, and Django after a request that met an error."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """At once an error while the server has just been found silent."""
        watch.check()
        started = time.monotonic()
        try:
            return super().get_new_connection(conn_params | WATCHED)
        except OperationalError:
            if time.monotonic() - started > ANSWER_SECONDS:  # a server that is there refuses sooner
                watch.note_silence()
            raise

    def is_usable(self) -> bool:
        """After an error the server is asked. Without one nothing may wait to be read: that would be its farewell."""
        if self.errors_occurred or self.connection is None or self.connection.closed:
            return bool(super().is_usable())
        waiting = select.poll()
        waiting.register(self.connection.fileno(), select.POLLIN)
        return not waiting.poll(0)
