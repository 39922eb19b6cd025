"""How often one may ask: each key or person in a minute, and each address whose key is wrong.

Counted in windows of a minute in the cache: with Redis over all processes, else in each of them. A cache that is away
lets everything through.
"""

import logging
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.lockout import client_address

log = logging.getLogger(__name__)
WINDOW = 60  # seconds


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


def _window(request: HttpRequest) -> tuple[int, int]:
    seconds = int(request.now.timestamp())  # type: ignore[attr-defined]
    return seconds // WINDOW, WINDOW - seconds % WINDOW


def _count(request: HttpRequest, who: str, most: int, step: int = 1) -> Rate:
    window, reset = _window(request)
    name = f"rate:{who}:{window}"
    try:
        if step == 0:
            return Rate(most, int(cache.get(name, 0)), reset)
        cache.add(name, 0, 2 * WINDOW)
        return Rate(most, cache.incr(name, step), reset)
    except Exception as problem:  # each cache has errors of its own
        log.warning("the cache is away: %s", problem)
        return Rate(most, 0, reset)


def _address(request: HttpRequest) -> str:
    return f"address:{client_address(request)}"


def count_stranger(request: HttpRequest) -> None:
    """One more request from this address that no key or log-in stands for."""
    _count(request, _address(request), settings.API_STRANGERS_A_MINUTE)


def stranger_waits(request: HttpRequest) -> int:
    """Seconds that this address has to wait; 0: it may ask."""
    rate = _count(request, _address(request), settings.API_STRANGERS_A_MINUTE, step=0)
    return rate.reset if rate.used >= rate.most else 0


def count_request(request: HttpRequest, user: Any) -> Rate:
    """Count a request of a key, or of a person who is logged in, once; the answer's headers say what is left."""
    if hasattr(request, "rate"):
        return request.rate
    key = getattr(user, "key", None)
    who = f"key:{key.pk}" if key is not None else f"user:{user.pk}"
    rate = _count(request, who, settings.API_REQUESTS_A_MINUTE)
    request.rate = rate  # type: ignore[attr-defined]
    request.rate_headers = rate.headers("requests")  # type: ignore[attr-defined]
    return rate


class ReaderThrottle(BaseThrottle):
    """For Django REST framework: 429 with Retry-After."""

    def allow_request(self, request: Request, view: Any) -> bool:
        """Whoever is nobody was refused before, and is counted there."""
        self.rate = count_request(request._request, request.user)
        return not self.rate.over

    def wait(self) -> float:
        return float(self.rate.reset)
