"""How a log-in begins: at once after the password, or after a code as well."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpResponse
from django.shortcuts import redirect

from accounts import services
from accounts.middleware import LOGGED_IN_AT, SECOND_FACTOR_MISSING, WAS_IN_AGE, WAS_IN_COOKIE
from accounts.models import User
from accounts.selectors import account_numbered
from accounts.services.second_factor import needs_second_factor
from dukcapil.requests import PortalRequest

BACKEND = "accounts.backends.AccountBackend"
WAITING = "waiting_for_code"  # in the session of a visitor whose password was right: [number of the account, until, goal]
CODE_WITHIN = timedelta(minutes=5)


def log_in(request: PortalRequest, user: User, goal: str) -> HttpResponse:
    """Begin the session of somebody who has proved to be this person, and lead on."""
    login(request, user, backend=BACKEND)
    request.session[LOGGED_IN_AT] = request.now.timestamp()
    if needs_second_factor(user):
        request.session[SECOND_FACTOR_MISSING] = True
    services.note_login(user=user, now=request.now)
    response = redirect(goal)
    age, secure = WAS_IN_AGE, settings.SESSION_COOKIE_SECURE
    response.set_cookie(WAS_IN_COOKIE, "1", max_age=age, httponly=True, samesite="Lax", secure=secure)
    return response


def ask_for_code(request: PortalRequest, user: User, goal: str) -> None:
    """Keep who gave the right password; nobody is logged in by that."""
    request.session.cycle_key()
    request.session[WAITING] = [user.pk, (request.now + CODE_WITHIN).timestamp(), goal]


def waiting_for_code(request: PortalRequest) -> tuple[User, str] | None:
    """Who gave the right password in this browser less than five minutes ago, and where the person wanted to go."""
    number, until, goal = request.session.get(WAITING, (0, 0, ""))
    if request.now.timestamp() > until:
        return None
    user = account_numbered(number)
    return (user, goal) if user is not None and user.is_active else None
