"""The request that a view gets: Django's, with what the middleware read once for all."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest

from dukcapil.models import Demo


class PortalRequest(HttpRequest):
    """`now` and `day` are the portal's clock (ClockMiddleware); `demo` is the example's clock, None in a real one."""

    now: datetime
    day: date
    demo: Demo | None
    api_key: Any  # accounts/api/authentication.py: the key, None, or the refusal, once for each request
    rate: Any  # accounts/api/throttles.py: what is left of the minute, counted once for each request
    rate_headers: dict[str, str]
