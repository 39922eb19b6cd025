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

from dukcapil.requests import PortalRequest

LOGGED_IN_AT = "logged_in_at"
SECOND_FACTOR_MISSING = "second_factor_missing"  # in the session of somebody who must set one up first
MAX_LOGIN_AGE = timedelta(hours=12)
RENEWED_AT = "renewed_at"
WAS_IN_COOKIE = "pernah_masuk"  # says nothing but that somebody logged in here and has not logged out
WAS_IN_AGE = timedelta(days=7)
IDLE, TOO_OLD = "jeda", "batas"  # why a log-in has ended: ?sebab= of the log-in page
RENEW_EVERY = timedelta(minutes=1)


class LoginRequired(LoginRequiredMiddleware):
    """Every page needs a log-in. Whoever sends a form after the log-in has ended is told that it was not saved, and is
    led back to the page of the form: the form's own address may take nothing but POST."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[object, ...],
        view_kwargs: dict[str, object],
    ) -> HttpResponseBase | None:
        """Django would look at the user first, and the answer of an open page would depend on cookies."""
        if not getattr(view_func, "login_required", True):
            return None
        response: HttpResponseBase | None = super().process_view(request, view_func, view_args, view_kwargs)
        return response

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]) -> HttpResponseRedirect:
        why = _why_ended(request)
        if request.method != "POST":
            answer = super().handle_no_permission(request, view_func)
            return redirect(f"{answer.url}&{urlencode(why)}") if why else answer
        page = urlsplit(request.headers.get("Referer", ""))
        way_back = f"{page.path}?{page.query}" if page.query else page.path
        return redirect(f"{reverse('login')}?{urlencode({'terputus': '1', 'next': way_back or '/'} | why)}")


def _why_ended(request: HttpRequest) -> dict[str, str]:
    """Why the log-in of this browser has ended, for the log-in page; nothing for one that was not logged in."""
    if getattr(request, "login_too_old", False):
        return {"sebab": TOO_OLD}
    return {"sebab": IDLE} if request.COOKIES.get(WAS_IN_COOKIE) else {}


class SecondFactorMiddleware:
    """Whoever must have a second factor sets it up before anything else."""

    def __init__(self, get_response: Callable[[PortalRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: PortalRequest) -> HttpResponse:
        must = settings.SESSION_COOKIE_NAME in request.COOKIES and request.session.get(SECOND_FACTOR_MISSING)
        if must and request.path_info not in {reverse("second_factor"), reverse("logout"), reverse("set_language")}:
            return redirect("second_factor")
        return self.get_response(request)


class SessionLimitMiddleware:
    """Ends a log-in after 12 hours, even without a pause.

    A request renews the 30 minutes, but the session is written at most once a minute. A log-in without a time counts
    from its first request.
    """

    def __init__(self, get_response: Callable[[PortalRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: PortalRequest) -> HttpResponse:
        if self._is_logged_in(request):
            now = request.now.timestamp()
            if now - request.session.setdefault(LOGGED_IN_AT, now) > MAX_LOGIN_AGE.total_seconds():
                logout(request)
                request.login_too_old = True
            elif abs(now - request.session.get(RENEWED_AT, 0)) >= RENEW_EVERY.total_seconds():
                request.session[RENEWED_AT] = now
        response = self.get_response(request)
        if getattr(request, "login_too_old", False):
            response.delete_cookie(WAS_IN_COOKIE)  # or the next page would say that nobody did anything for 30 minutes
        return response

    @staticmethod
    def _is_logged_in(request: PortalRequest) -> bool:
        """A session is opened only when its cookie was sent: otherwise the answer to a visitor would depend on cookies."""
        return settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session
