"""The cache in Redis, and the broker in the same Redis: who has just found it silent spares the others the wait.

A Redis that is frozen lets each question wait for its second; a page asks several. After one of them nobody asks for a few
seconds: the cache answers as if it were away, and no worker is woken. What is due is in the database, and is found without.
"""

import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient

SPARED_SECONDS = 5.0


class Away(ConnectionError):
    """Redis was silent a moment ago."""


class Silence:
    """Of this process; no lock, because a question too many does no harm."""

    def __init__(self) -> None:
        self.until = 0.0

    def note(self) -> None:
        self.until = time.monotonic() + SPARED_SECONDS

    def lasts(self) -> bool:
        return time.monotonic() < self.until


silence = Silence()


def _spared(method: Callable[..., Any]) -> Callable[..., Any]:
    def ask(self: Any, *arguments: Any, **options: Any) -> Any:
        if silence.lasts():
            raise Away
        try:
            return method(self, *arguments, **options)
        except ValueError:
            raise  # of a counter that is not there
        except Exception:
            silence.note()
            raise

    return ask


ASKING = ("add", "get", "set", "touch", "delete", "get_many", "has_key", "incr", "set_many", "delete_many", "clear")
SparedClient = type("SparedClient", (RedisCacheClient,), {name: _spared(getattr(RedisCacheClient, name)) for name in ASKING})


class SharedCache(RedisCache):
    """Named by storage_settings.py."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = SparedClient
