"""How often one may ask: each key or person in a minute, and each address whose key is wrong.

Counted in windows of a minute in the cache: with Redis over all processes, else in each of them. A cache that is away
lets everything through.
"""

import logging
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import caches
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.lockout import client_address
from dukcapil.requests import PortalRequest

log = logging.getLogger(__name__)
WINDOW = 60  # seconds
KEPT = 2 * WINDOW


@dataclass(frozen=True)
class Rate:
    """What is left of `most` requests, and the seconds until the window ends."""

    most: int
    used: int
    reset: int

    @property
    def over(self) -> bool:
        return self.used > self.most

    def headers(self, name: str) -> dict[str, str]:
        """RateLimit header fields for HTTP (IETF draft): policy, and what is left of it."""
        return {
            "RateLimit-Policy": f'"{name}";q={self.most};w={WINDOW}',
            "RateLimit": f'"{name}";r={max(self.most - self.used, 0)};t={self.reset}',
        }


def _window(request: PortalRequest) -> tuple[int, int]:
    seconds = int(request.now.timestamp())
    return seconds // WINDOW, WINDOW - seconds % WINDOW


def _count(request: PortalRequest, who: str, most: int) -> Rate:
    """One more. This process counts for itself and books a fiftieth of the limit at a time with the others, so that not
    every request asks Redis."""
    window, reset = _window(request)
    name, block = f"rate:{who}:{window}", max(most // 50, 1)
    own = _add(caches["counters"], name, 1)
    if (own - 1) % block == 0:
        try:
            booked = _add(caches["default"], name, block) - block
        except Exception as problem:  # each cache has errors of its own
            log.warning("the cache is away: %s", problem)
            booked = own - 1
        caches["counters"].set(f"{name}:others", booked - (own - 1), KEPT)
    return Rate(most, own + int(caches["counters"].get(f"{name}:others", 0)), reset)


def _add(counters: Any, name: str, step: int) -> int:
    try:
        return int(counters.incr(name, step))
    except ValueError:  # the first of this minute
        counters.add(name, 0, KEPT)
        return int(counters.incr(name, step))


def count_stranger(request: PortalRequest) -> int:
    """One more request from this address whose key opens nothing: the seconds to wait when there are too many, else 0.
    A key that is right works from there all the same: it may stand behind one address with many others."""
    rate = _count(request, f"address:{client_address(request)}", settings.API_STRANGERS_A_MINUTE)
    return rate.reset if rate.over else 0


def count_request(request: PortalRequest, user: Any) -> Rate:
    """Count a request of a key, or of a person who is logged in, once; the answer's headers say what is left."""
    if hasattr(request, "rate"):
        return request.rate
    key = getattr(user, "key", None)
    who = f"key:{key.pk}" if key is not None else f"user:{user.pk}"
    rate = _count(request, who, settings.API_REQUESTS_A_MINUTE)
    request.rate = rate
    request.rate_headers = rate.headers("requests")
    return rate


class ReaderThrottle(BaseThrottle):
    """For Django REST framework: 429 with Retry-After."""

    def allow_request(self, request: Request, view: Any) -> bool:
        """Whoever is nobody was refused before, and is counted there."""
        self.rate = count_request(request._request, request.user)
        return not self.rate.over

    def wait(self) -> float:
        return float(self.rate.reset)
