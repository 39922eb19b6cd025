"""How long a log-in lasts: 30 minutes without a request (settings), and 12 hours whatever happens."""

from collections.abc import Callable
from datetime import timedelta

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

LOGGED_IN_AT = "logged_in_at"
LONGEST = timedelta(hours=12)


class SessionLimitMiddleware:
    """Logs out whoever logged in more than 12 hours ago, also a person who never pauses."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        since = request.session.get(LOGGED_IN_AT)
        if since is not None and request.now.timestamp() - since > LONGEST.total_seconds():  # type: ignore[attr-defined]
            logout(request)
        return self.get_response(request)
