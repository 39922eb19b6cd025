"""Admin pages of vans and quotas; they write through the services."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.acts import Act
from accounts.rights import can, within
from accounts.roles import Action
from dukcapil.admin import ServiceAdmin
from dukcapil.requests import PortalRequest
from fleet.models import BaseQuota, Van
from fleet.vans import services
from recording.public import Door, PeopleField


class BaseForm(forms.ModelForm):
    base = forms.CharField(label=_("Pangkalan"), max_length=5, help_text=_("Kode provinsi (Dinas) atau kota (Suku Dinas)."))


class VanForm(BaseForm):
    sets = PeopleField(label=_("alat rekam"))


class QuotaForm(BaseForm):
    vans = PeopleField(label=_("mobil"))


@admin.register(Van)
class VanAdmin(ServiceAdmin):
    """A van is registered once, with its plate and base."""

    form = VanForm
    fields = ("plate", "base", "sets")
    list_display = ("plate", "base", "sets", "retired")
    list_select_related = ("base",)
    search_fields = ("plate", "base__code", "base__name")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Van]:
        return Van.objects.visible_to(request.user)

    def write(self, request: PortalRequest, obj: Van, data: dict[str, Any], change: bool) -> Van:
        return services.register_van(act=Act(request.user, request.now, Door.ADMIN), **data)


@admin.register(BaseQuota)
class BaseQuotaAdmin(ServiceAdmin):
    form = QuotaForm
    fields = ("base", "vans")
    list_display = ("base", "vans")
    list_select_related = ("base",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[BaseQuota]:
        return super().get_queryset(request).filter(within(request.user, Action.FLEET_READ, "base__code"))

    def has_change_permission(self, request: HttpRequest, obj: BaseQuota | None = None) -> bool:
        mine = obj is None or can(request.user, Action.VAN_WRITE, obj.base_id)
        return mine and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: BaseQuota | None = None) -> tuple[str, ...]:
        return ("base",) if obj else ()

    def write(self, request: PortalRequest, obj: BaseQuota, data: dict[str, Any], change: bool) -> BaseQuota:
        base = obj.base_id if change else data["base"]
        return services.set_quota(act=Act(request.user, request.now, Door.ADMIN), base=base, vans=data["vans"])
