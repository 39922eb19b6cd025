"""How long a log-in lasts: 30 minutes without a request (settings), and 12 hours whatever happens."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

LOGGED_IN_AT = "logged_in_at"
LONGEST = timedelta(hours=12)
RENEWED_AT = "renewed_at"
RENEW_EVERY = timedelta(minutes=1)


class LoginRequired(LoginRequiredMiddleware):
    """Everything needs a log-in. A form that was sent after it had ended was not saved: the log-in page says so.

    It leads back to the page on which the form stood; the form's own address may be one that is only sent to.
    """

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[object, ...],
        view_kwargs: dict[str, object],
    ) -> HttpResponseBase | None:
        """What needs no log-in is not asked who asks: Django would look first, and the answer depend on cookies."""
        if not getattr(view_func, "login_required", True):
            return None
        answer: HttpResponseBase | None = super().process_view(request, view_func, view_args, view_kwargs)
        return answer

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        if request.method != "POST":
            return super().handle_no_permission(request, view_func)
        page = urlsplit(request.headers.get("Referer", ""))
        way_back = f"{page.path}?{page.query}" if page.query else page.path
        return redirect(f"{reverse('login')}?{urlencode({'terputus': '1', 'next': way_back or '/'})}")


class SessionLimitMiddleware:
    """Logs out whoever logged in more than 12 hours ago, also a person who never pauses.

    A request renews the 30 minutes, at most once a minute: to read a page, nothing needs to be written.
    A log-in that did not say when it was made counts from the first request that is seen of it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Only a session that was brought along is opened: an answer to nobody must not depend on cookies.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session:
            now = request.now.timestamp()  # type: ignore[attr-defined]
            if now - request.session.setdefault(LOGGED_IN_AT, now) > LONGEST.total_seconds():
                logout(request)
            elif abs(now - request.session.get(RENEWED_AT, 0)) >= RENEW_EVERY.total_seconds():
                request.session[RENEWED_AT] = now
        return self.get_response(request)
