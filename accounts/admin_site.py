"""The admin pages without Django's own log-in and change of password: these would bypass the services."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator

from accounts.rights import require
from accounts.roles import Action


class PortalAdminSite(AdminSite):
    """Named by accounts/apps.py."""

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: object = None) -> HttpResponse:
        """Whoever may not open these pages is sent here: to the portal's log-in page, or to 403 when logged in."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get("next", ""))
        require(by=request.user, action=Action.ADMIN_OPEN)
        return redirect("admin:index")

    def password_change(self, request: HttpRequest, extra_context: object = None) -> Any:
        """The portal's own page, which leaves an event."""
        return redirect("password_change")
