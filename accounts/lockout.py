"""Guessing passwords is slow: 5 failures for a name from one address, 50 for a name from all addresses together.

Counted by django-axes in its own table over AXES_COOLOFF_TIME; settings.py names both parts of this file.
"""

import ipaddress
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username, get_failure_limit
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest

MAX_FAILURES_OF_NAME = 50  # high, because guessing from many addresses also locks the owner out


class LockoutHandler(AxesDatabaseHandler):
    """Counts the failures of a name from one address (axes' own), and of a name from all addresses (ours)."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, str] | None = None) -> int:
        """The failures of this name from this address; the limit when the name has too many of them altogether."""
        from_here: int = super().get_failures(request, credentials)
        limit: int = get_failure_limit(request, credentials)
        if from_here < limit and self._failures_of_name(request, credentials) >= MAX_FAILURES_OF_NAME:
            return limit
        return from_here

    def _failures_of_name(self, request: Any, credentials: dict[str, str] | None) -> int:
        since = request.axes_attempt_time - settings.AXES_COOLOFF_TIME  # axes has set the first one
        attempts = AccessAttempt.objects.filter(username=get_client_username(request, credentials), attempt_time__gte=since)
        return int(attempts.aggregate(all=Sum("failures_since_start"))["all"] or 0)


def client_address(request: HttpRequest) -> str | None:
    """The address that a log-in comes from; None when it cannot be told (a Unix socket).

    Behind a proxy it is the last one in X-Forwarded-For, which the proxy itself has written. The header is believed
    only when the connection comes from this machine or a private network, as a proxy's does; from elsewhere anyone
    could write it.
    """
    peer = _address(request.META.get("REMOTE_ADDR", ""))
    if peer is not None and not peer.is_private:
        return str(peer)
    forwarded = _address(request.headers.get("X-Forwarded-For", "").rpartition(",")[2])
    address = forwarded or peer
    return str(address) if address else None


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address without a zone such as %eth0, which PostgreSQL's type does not take; None for other text."""
    try:
        return ipaddress.ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
