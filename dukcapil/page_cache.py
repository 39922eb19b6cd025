"""What was built once is served again, until its key changes. A cache that is away only costs the building."""

import hashlib
import logging
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache

log = logging.getLogger(__name__)
KEPT = 600  # seconds, so that a new version of the portal shows its own pages soon
Built = TypeVar("Built")


def built_once(parts: tuple[object, ...], build: Callable[[], Built]) -> Built:
    """The value of `build` for these parts of a key. The parts must name everything on which the value depends:
    language, rights and the state of the data included. What `build` raises is passed on and not kept."""
    key = "page:" + hashlib.sha256(repr(parts).encode()).hexdigest()
    try:
        found: Built | None = cache.get(key)
    except Exception as problem:  # each cache has errors of its own, and their package is loaded by nobody else
        log.warning("the cache is away: %s", problem)
        return build()
    if found is None:
        found = build()
        try:
            cache.set(key, found, KEPT)
        except Exception as problem:
            log.warning("the cache is away: %s", problem)
    return found
