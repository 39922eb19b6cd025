"""Admin pages of accounts. Each write calls a service."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import services
from accounts.models import AccountEvent, User
from accounts.services.second_factor import remove_second_factor
from dukcapil.admin import ReadOnlyAdmin, ServiceAdmin
from dukcapil.requests import PortalRequest


class UserForm(forms.ModelForm):
    password = forms.CharField(
        label=_("Kata sandi baru"), required=False, widget=forms.PasswordInput, help_text=_("Kosongkan bila tidak diganti.")
    )

    without_second_factor = forms.BooleanField(
        label=_("Hapus masuk dua langkah"), required=False, help_text=_("Bila ponsel dan kode cadangannya hilang.")
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
        return () if obj else ("is_active", "without_second_factor")  # a new account is active and has none

    def write(self, request: PortalRequest, obj: User, data: dict[str, Any], change: bool) -> User:
        common = {name: data[name] for name in ("full_name", "email", "role", "jurisdiction")}
        by, now = request.user, request.now
        if not change:
            return services.create_user(by=by, now=now, username=data["username"], password=data["password"], **common)
        user = services.change_user(by=by, now=now, username=obj.username, is_active=data["is_active"], **common)
        if data["password"]:
            user = services.set_password(by=by, now=now, username=obj.username, password=data["password"])
            if user == by:
                update_session_auth_hash(request, user)  # the administrator's other log-ins end, not this one
        if data["without_second_factor"]:
            remove_second_factor(by=by, user=user, now=now)
        return user


@admin.register(AccountEvent)
class AccountEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "by", "action", "subject")
    list_filter = ("action",)
    list_select_related = ("by",)
