"""Guessing passwords is slow: 5 failures for a name from one address; 2, once there were 50 for the name from all addresses.

A name is never shut altogether: strangers who guess it would keep its owner out. Counted by django-axes in its own table
over AXES_COOLOFF_TIME; settings.py names both parts of this file.
"""

import ipaddress
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username, get_failure_limit
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest

MAX_FAILURES_OF_NAME = 50
FAILURES_WHEN_GUESSED = 2  # that an address has for a name which many others guess at
IPV6_SITE = 64  # the bits that one household or office is given; the rest of an address it chooses itself
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class LockoutHandler(AxesDatabaseHandler):
    """Counts the failures of a name from one address (axes' own), and of a name from all addresses (ours)."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, str] | None = None) -> int:
        """The failures of this name from this address; the limit already after two of them when many guess at the name."""
        from_here: int = super().get_failures(request, credentials)
        limit: int = get_failure_limit(request, credentials)
        if FAILURES_WHEN_GUESSED <= from_here < limit and self._is_guessed(request, credentials):
            return limit
        return from_here

    def _is_guessed(self, request: Any, credentials: dict[str, str] | None) -> bool:
        since = request.axes_attempt_time - settings.AXES_COOLOFF_TIME  # axes has set the first one
        attempts = AccessAttempt.objects.filter(username=get_client_username(request, credentials), attempt_time__gte=since)
        return int(attempts.aggregate(all=Sum("failures_since_start"))["all"] or 0) >= MAX_FAILURES_OF_NAME


def client_address(request: HttpRequest) -> str | None:
    """The address that a request comes from; None when it cannot be told (a Unix socket).

    Behind a proxy it is in X-Forwarded-For, to which each proxy adds whom it saw: read from its end, the first address that
    is not one of settings.TRUSTED_PROXIES. From anyone else the header is not believed. Of IPv6 the first half.
    """
    address = _address(request.META.get("REMOTE_ADDR", ""))
    for text in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
        forwarded = _address(text)
        if forwarded is None or not _is_proxy(address):
            break
        address = forwarded
    return _of_site(address) if address else None


def _is_proxy(address: Address | None) -> bool:
    """Without an address it is a Unix socket: there can be no other than a proxy on this machine."""
    return address is None or any(address in network for network in settings.TRUSTED_PROXIES)


def _of_site(address: Address) -> str:
    """IPv4 as it is; of IPv6 the network, of which one client may use any address."""
    if address.version == 4 or address.is_loopback or address.is_link_local:
        return str(address)
    return str(ipaddress.ip_network((int(address), IPV6_SITE), strict=False).network_address)


def _address(text: str) -> Address | None:
    """The address without a zone such as %eth0, which PostgreSQL's type does not take; None for other text. One of IPv4
    that is written as IPv6 is that of IPv4."""
    try:
        address = ipaddress.ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
