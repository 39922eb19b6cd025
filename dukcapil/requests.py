"""The request that a view gets: Django's, with what the middleware has added."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest

from dukcapil.models import Demo


class PortalRequest(HttpRequest):
    """`now`, `day` and `demo` are set by ClockMiddleware; `demo` is None in a real installation."""

    now: datetime
    day: date
    demo: Demo | None
    login_too_old: bool  # set where this request has ended its log-in (accounts/middleware.py)
    # Set once for a request of the API; Any, because this app knows none of the others.
    api_key: Any  # the live key that it carries, or None (accounts/api/authentication.py)
    rate: Any  # what is left of the minute (accounts/api/throttles.py)
    rate_headers: dict[str, str]
