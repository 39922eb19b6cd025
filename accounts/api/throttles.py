"""How often one may ask: each key or person in a minute, and each address that carries no key or a wrong one.

Requests are counted in windows of a minute: with Redis over all processes, without it in each of them. A Redis that is
away leaves each process to count for itself.
"""

import logging
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import caches
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.lockout import client_address
from dukcapil.requests import PortalRequest

log = logging.getLogger(__name__)
WINDOW_SECONDS = 60
COUNTER_TTL_SECONDS = 2 * WINDOW_SECONDS


@dataclass(frozen=True)
class Rate:
    """How many of `limit` requests are used, and the seconds until the window ends."""

    limit: int
    used: int
    reset: int

    @property
    def exceeded(self) -> bool:
        return self.used > self.limit

    def headers(self, policy: str) -> dict[str, str]:
        """RateLimit header fields for HTTP (IETF draft): the policy, and what is left of it."""
        return {
            "RateLimit-Policy": f'"{policy}";q={self.limit};w={WINDOW_SECONDS}',
            "RateLimit": f'"{policy}";r={max(self.limit - self.used, 0)};t={self.reset}',
        }


def count_request(request: PortalRequest, user: Any) -> Rate:
    """Count a request of a key, or of a person who is logged in, once; the answer's headers say what is left."""
    key = getattr(user, "key", None)
    who = f"key:{key.pk}" if key is not None else f"user:{user.pk}"
    rate = _count(request, who, settings.API_REQUESTS_A_MINUTE)
    request.rate_headers = rate.headers("requests")
    return rate


def throttle_stranger(request: PortalRequest) -> None:
    """Count a request that no key opens, once; Throttled when its address has sent too many of them. A right key works
    from there all the same: it may stand behind one address with many others."""
    rate = _count(request, f"address:{client_address(request)}", settings.API_STRANGERS_A_MINUTE)
    if rate.exceeded:
        raise Throttled(rate.reset)


class ReaderThrottle(BaseThrottle):
    """429 with Retry-After for a key or a person. Strangers are counted where they are refused."""

    def allow_request(self, request: Request, view: Any) -> bool:
        self.rate = count_request(request._request, request.user)
        return not self.rate.exceeded

    def wait(self) -> float:
        return float(self.rate.reset)


def _count(request: PortalRequest, who: str, limit: int) -> Rate:
    """Count a request once, however often this is asked of it."""
    if not hasattr(request, "rate"):
        window, reset = _window(request)
        request.rate = Rate(limit, _add_request(f"rate:{who}:{window}", max(limit // 50, 1)), reset)
    rate: Rate = request.rate
    return rate


def _window(request: PortalRequest) -> tuple[int, int]:
    """The number of the minute, and the seconds until it ends."""
    seconds = int(request.now.timestamp())
    return seconds // WINDOW_SECONDS, WINDOW_SECONDS - seconds % WINDOW_SECONDS


def _add_request(name: str, block: int) -> int:
    """Count one more under a name; how many all processes have counted. A process books its own in Redis in blocks:
    booking each of them would add a fifth to the time of a ready answer (docs/decisions/0013)."""
    own = _add(caches["counters"], name, 1)
    if (own - 1) % block == 0:
        try:
            by_others = _add(caches["default"], name, block) - block - (own - 1)
        except Exception as problem:  # each cache has errors of its own
            log.warning("the cache is away: %s", problem)
            by_others = 0
        caches["counters"].set(f"{name}:others", by_others, COUNTER_TTL_SECONDS)
    return own + int(caches["counters"].get(f"{name}:others", 0))


def _add(counters: Any, name: str, step: int) -> int:
    try:
        return int(counters.incr(name, step))
    except ValueError:  # the first of this minute
        counters.add(name, 0, COUNTER_TTL_SECONDS)
        return int(counters.incr(name, step))
