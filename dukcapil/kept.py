"""What every page asks for is read at most once a second in each process, but for whoever has just written."""

import time
from collections.abc import Callable, Hashable
from contextvars import ContextVar
from typing import Generic, NamedTuple, TypeVar, cast

from django.conf import settings

Value = TypeVar("Value")
# Set for a request whose sender wrote something in the seconds before: it reads anew (dukcapil/middleware.py).
reads_anew: ContextVar[bool] = ContextVar("reads_anew", default=False)


class _Reading(NamedTuple):
    arguments: tuple[Hashable, ...]
    at: float
    value: object


class Kept(Generic[Value]):
    """A function whose last value is kept for settings.KEPT_SECONDS and given to all threads: it must never be changed.
    `exact`: its arguments say all on which the value depends, and it is kept for as long as they are the same."""

    def __init__(self, read: Callable[..., Value], *, exact: bool = False) -> None:
        self._read, self._exact = read, exact
        self._reading: _Reading | None = None

    def __call__(self, *arguments: Hashable) -> Value:
        reading = self._reading  # replaced as a whole: threads need no lock
        if reading is None or reading.arguments != arguments or self._is_old(reading) or reads_anew.get():
            reading = self._reading = _Reading(arguments, time.monotonic(), self._read(*arguments))
        return cast(Value, reading.value)

    def forget(self) -> None:
        """This process knows better."""
        self._reading = None

    def _is_old(self, reading: _Reading) -> bool:
        return not self._exact and time.monotonic() - reading.at >= settings.KEPT_SECONDS


class KeptByKey(Generic[Value]):
    """Values that are read at most once in settings.KEPT_SECONDS for each key, which must say all on which the value
    depends but for the state of the database. All threads are given the same: it must never be changed."""

    def __init__(self, max_keys: int = 64) -> None:
        self._max_keys = max_keys
        self._readings: dict[Hashable, tuple[float, Value]] = {}

    def __call__(self, key: Hashable, read: Callable[[], Value]) -> Value:
        reading = self._readings.get(key)
        if reading is not None and time.monotonic() - reading[0] < settings.KEPT_SECONDS and not reads_anew.get():
            return reading[1]
        at, value = time.monotonic(), read()
        if key not in self._readings and len(self._readings) >= self._max_keys:
            self._readings = {}  # replaced as a whole: threads need no lock
        self._readings[key] = (at, value)
        return value

    def forget(self) -> None:
        """This process knows better."""
        self._readings = {}
