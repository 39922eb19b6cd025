"""Log in, log out, change the own password. Everything else needs a log-in (LoginRequiredMiddleware)."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as django_views
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator

from accounts import services
from accounts.forms import LoginForm
from accounts.login import ask_for_code, log_in
from accounts.middleware import MAX_LOGIN_AGE, WAS_IN_COOKIE
from accounts.services.second_factor import has_second_factor
from dukcapil.requests import PortalRequest


class LoginView(django_views.LoginView):
    """Every role may log in, also that of a program (API): its keeper checks here what the program may read. What an
    account may do is in the table of rights only."""

    template_name = "accounts/login.html"
    request: PortalRequest
    form_class = LoginForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Logged in at once, or after a code for whoever has a second factor."""
        user, goal = form.get_user(), self.get_success_url()
        if has_second_factor(user):
            ask_for_code(self.request, user, goal)
            return redirect("login_code")
        return log_in(self.request, user, goal)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """How long a log-in lasts, for those whose own has ended."""
        hours, minutes = MAX_LOGIN_AGE // timedelta(hours=1), settings.SESSION_COOKIE_AGE // 60
        return super().get_context_data(**kwargs) | {"login_hours": hours, "idle_minutes": minutes}


class PasswordChangeView(django_views.PasswordChangeView):
    request: PortalRequest
    template_name = "accounts/password_change.html"

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        user = self.request.user
        password = form.cleaned_data["new_password1"]
        user = services.set_password(by=user, username=user.username, password=password, now=self.request.now)
        update_session_auth_hash(self.request, user)
        return redirect("password_change_done")


class PasswordChangeDoneView(django_views.PasswordChangeDoneView):
    template_name = "accounts/password_change_done.html"


@method_decorator(login_not_required, name="dispatch")
class LogoutView(django_views.LogoutView):
    """POST only. The choice of the language survives."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post(request, *args, **kwargs)
        response.delete_cookie(WAS_IN_COOKIE)
        return response


def locked(request: PortalRequest, *args: object, **kwargs: object) -> HttpResponse:
    """Too many failed log-ins for this name (accounts/lockout.py): 429 with when to try again."""
    pause: timedelta = settings.AXES_COOLOFF_TIME
    response = render(request, "accounts/locked.html", {"minutes": pause // timedelta(minutes=1)}, status=429)
    response["Retry-After"] = str(pause // timedelta(seconds=1))
    return response
