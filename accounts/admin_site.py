"""The admin pages without Django's own log-in and change of password: these would bypass the services."""

import re
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator

from accounts.rights import require
from accounts.roles import Action

SECRETS = ("otp_totp", "otp_static")  # apps whose own admin pages would show what opens an account
# How the filters of a page compare: with a value, a day, or the key of another row.
COMPARED = r"(?:__(?:id|pk|code|number))?__(?:exact|in|isnull|isempty|gte?|lte?|year|month|day)"


class DeclaredFilters:
    """Mixed into every page of the admin: its address filters by what the page offers as a filter, and by nothing else.
    Django would take any field, and so tell hashes of passwords letter by letter."""

    list_filter: Any
    date_hierarchy: Any

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        filters = (each[0] if isinstance(each, tuple | list) else each for each in self.list_filter)
        offered = [name for name in (*filters, self.date_hierarchy) if isinstance(name, str)]
        if not any(re.fullmatch(rf"{name}(?:{COMPARED})?", lookup) for name in offered):
            return False
        return bool(super().lookup_allowed(lookup, value, request))  # type: ignore[misc]


class PortalAdminSite(AdminSite):
    """Named by accounts/apps.py."""

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Every model but those of the second factor, which is removed at its account (accounts/admin.py)."""
        if getattr(getattr(model_or_iterable, "_meta", None), "app_label", "") not in SECRETS:
            base = admin_class or ModelAdmin
            super().register(model_or_iterable, type(base.__name__, (DeclaredFilters, base), {}), **options)

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
