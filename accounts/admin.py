"""Admin pages of accounts: one more door to the services."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import services
from accounts.models import AccountEvent, User
from dukcapil.admin import ReadOnlyAdmin, ServiceAdmin


class UserForm(forms.ModelForm):  # type: ignore[type-arg]
    password = forms.CharField(
        label=_("Kata sandi baru"), required=False, widget=forms.PasswordInput,
        help_text=_("Kosongkan bila tidak diganti."),
    )  # fmt: skip

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

    def write(self, request: HttpRequest, obj: User, data: dict[str, Any], change: bool) -> User:
        common = {name: data[name] for name in ("full_name", "email", "role", "jurisdiction")}
        who = {"by": request.user, "now": request.now}  # type: ignore[attr-defined]
        if not change:
            return services.create_user(**who, username=data["username"], password=data["password"], **common)
        user = services.change_user(**who, username=obj.username, is_active=data["is_active"], **common)
        if data["password"]:
            user = services.set_password(**who, username=obj.username, password=data["password"])
        return user


@admin.register(AccountEvent)
class AccountEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "by", "action", "subject")
    list_filter = ("action",)
