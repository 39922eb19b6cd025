"""Pages that are built once and served until their key changes. Without the cache they are built each time."""

import hashlib
import logging
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache

log = logging.getLogger(__name__)
TTL_SECONDS = 600  # short, so that a new version of the portal shows its own pages soon
Built = TypeVar("Built")


def built_once(parts: tuple[object, ...], build: Callable[[], Built]) -> Built:
    """The value of `build`, from the cache where it is there. The parts of the key must hold everything on which the
    value depends, also language, rights and the state of the data. What `build` raises is passed on."""
    key = "page:" + hashlib.sha256(repr(parts).encode()).hexdigest()
    try:
        value: Built | None = cache.get(key)
    except Exception as problem:  # each cache has errors of its own, in a package that may not be installed
        log.warning("the cache is away: %s", problem)
        return build()
    if value is None:
        value = build()
        try:
            cache.set(key, value, TTL_SECONDS)
        except Exception as problem:
            log.warning("the cache is away: %s", problem)
    return value
