"""Admin pages of accounts: one more door to the services."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts import services
from accounts.models import AccountEvent, User
from accounts.rights import require
from accounts.roles import Action
from dukcapil.admin import ReadOnlyAdmin, ServiceAdmin
from dukcapil.requests import PortalRequest


@login_not_required
def log_in(request: HttpRequest, extra_context: object = None) -> HttpResponse:
    """Whoever may not open these pages comes here: to the portal's one log-in page, or logged in already, to 403."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.GET.get("next", ""))
    require(by=request.user, action=Action.ADMIN_OPEN)
    return redirect("admin:index")


def change_password(request: HttpRequest, extra_context: object = None) -> HttpResponse:
    """The portal's own page, which leaves an event."""
    return redirect("password_change")


# Django's own versions of these pages would be second doors, past the services.
admin.site.login = log_in  # type: ignore[method-assign]
admin.site.password_change = change_password  # type: ignore[method-assign, assignment]


class UserForm(forms.ModelForm):
    password = forms.CharField(
        label=_("Kata sandi baru"),
        required=False,
        widget=forms.PasswordInput,
        help_text=_("Kosongkan bila tidak diganti."),
    )

    class Meta:
        model = User
        fields = ("username", "full_name", "email", "role", "jurisdiction", "is_active")


@admin.register(User)
class UserAdmin(ServiceAdmin):
    form = UserForm
    list_display = ("username", "full_name", "role", "jurisdiction", "is_active")
    list_filter = ("role", "is_active")
    search_fields = ("username", "full_name")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        return ("username",) if obj else ()

    def get_exclude(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        return () if obj else ("is_active",)  # a new account is active

    def write(self, request: PortalRequest, obj: User, data: dict[str, Any], change: bool) -> User:
        common = {name: data[name] for name in ("full_name", "email", "role", "jurisdiction")}
        who: dict[str, Any] = {"by": request.user, "now": request.now}
        if not change:
            return services.create_user(**who, username=data["username"], password=data["password"], **common)
        user = services.change_user(**who, username=obj.username, is_active=data["is_active"], **common)
        if data["password"]:
            user = services.set_password(**who, username=obj.username, password=data["password"])
            if user == request.user:
                update_session_auth_hash(request, user)  # the administrator's other log-ins end, not this one
        return user


@admin.register(AccountEvent)
class AccountEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "by", "action", "subject")
    list_filter = ("action",)
    list_select_related = ("by",)
