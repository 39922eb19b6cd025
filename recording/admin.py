"""Admin pages of recording: periods and targets are written by the services, everything else is only shown.

Counts are not here: they have pages of their own, and a key of four parts, which the admin does not take.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.acts import Act
from accounts.rights import can
from accounts.roles import Action
from dukcapil import figures
from dukcapil.admin import ReadOnlyAdmin, ServiceAdmin
from dukcapil.requests import PortalRequest
from recording.ledger.forms import DayField, PeopleField
from recording.models import (
    AuditEntry,
    CountChange,
    CoverageRun,
    Door,
    FormerName,
    JobDay,
    JobFailure,
    Period,
    Posting,
    Region,
    RegionAlias,
    Target,
)
from recording.parsing.region_names import parse_code
from recording.targets.services import SUPERSEDED, TargetInput, define_period, set_target, superseded_params


class PeriodForm(forms.ModelForm):
    first_day = DayField(label=_("Hari pertama"))
    last_day = DayField(label=_("Hari terakhir"))

    class Meta:
        model = Period
        fields = ("name", "first_day", "last_day")


@admin.register(Period)
class PeriodAdmin(ServiceAdmin):
    """Defined once: targets and figures of all regions stand on its days, so it never changes afterwards."""

    form = PeriodForm
    list_display = ("name", "first_day", "last_day")

    def write(self, request: PortalRequest, obj: Period, data: dict[str, Any], change: bool) -> Period:
        return define_period(act=Act(request.user, request.now, Door.ADMIN), **data)


class TargetForm(forms.ModelForm):
    """A target as it should be from a day on. `region` is typed: no list of a whole nation's regions is of any use."""

    region = forms.CharField(label=_("Wilayah"), max_length=20, help_text=_("Kode, misalnya 31.73 atau 31.73.01.1001."))
    people = PeopleField(
        label=_("Jumlah orang"),
        required=False,
        help_text=_("Contoh: 31.000. Kosongkan untuk mencabut: jumlah target di bawahnya berlaku lagi."),
    )
    opening = PeopleField(
        label=_("Angka awal"),
        required=False,
        help_text=_("Hanya untuk wajib KTP: yang sudah direkam sebelum periode dimulai. Selain itu kosong."),
    )
    effective_from = DayField(label=_("Berlaku sejak"))
    source = forms.CharField(label=_("Sumber"), max_length=200, help_text=_("Nomor keputusan atau surat yang menetapkannya."))

    class Meta:
        model = Target
        fields = ("region", "document", "period", "kind", "people", "opening", "effective_from", "source")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """A revision has a source and a first day of its own: those of the version before would backdate it unseen."""
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial.update(source="", effective_from=None)


@admin.register(Target)
class TargetAdmin(ServiceAdmin):
    """All versions. Adding writes the first version of a target, changing a version writes the next one."""

    form = TargetForm
    list_display = ("region", "document", "period", "kind", "version", "people_shown", "effective_from")
    list_display_links = ("version",)
    list_filter = ("document", "kind", "period", "region__level")
    list_select_related = ("region", "period", "by")
    search_fields = ("region__code", "region__name", "source")
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Target]:
        return Target.objects.visible_to(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Target | None = None) -> bool:
        in_reach = obj is None or can(request.user, Action.TARGET_WRITE, obj.region_id)
        return in_reach and super().has_change_permission(request, obj)

    @admin.display(description=_("jumlah orang"), ordering="people")
    def people_shown(self, obj: Target) -> str:
        return figures.people(obj.people)

    def get_readonly_fields(self, request: HttpRequest, obj: Target | None = None) -> tuple[str, ...]:
        return ("region", "document", "period", "kind", "version", "at", "by") if obj else ()

    def get_fields(self, request: HttpRequest, obj: Target | None = None) -> tuple[str, ...]:
        return (*TargetForm.Meta.fields, "version", "at", "by") if obj else TargetForm.Meta.fields

    def write(self, request: PortalRequest, obj: Target, data: dict[str, Any], change: bool) -> Target:
        """The writer saw the version of the page: somebody else's later one is a conflict, never overwritten."""
        if change:
            region, document, period, kind, seen = obj.region_id, obj.document, obj.period, obj.kind, obj.version
        else:
            region, seen = parse_code(data["region"]), 0
            document, period, kind = data["document"], data["period"], data["kind"]
        target = TargetInput(
            region,
            document,
            period.name,
            data["people"],
            data["source"],
            data["effective_from"],
            kind=kind,
            opening=data["opening"] or 0,
            expected=seen,
        )
        outcome = set_target(act=Act(request.user, request.now, Door.ADMIN), target=target)
        if outcome.superseded_from:
            messages.warning(request, gettext(SUPERSEDED) % superseded_params(outcome))
        return Target.objects.get(region=region, document=document, period=period, kind=kind, version=outcome.version)


class FixedInline(admin.TabularInline):
    """Rows that are shown and never written."""

    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class AliasInline(FixedInline):
    model = RegionAlias
    fields = ("alias",)


class FormerNameInline(FixedInline):
    model = FormerName
    fields = ("name", "first_day", "last_day")


@admin.register(Region)
class RegionAdmin(ReadOnlyAdmin):
    """Regions, their other spellings and their former names come from `load_regions`."""

    list_display = ("code", "name", "level", "opened", "closed")
    list_filter = ("level", ("closed", admin.EmptyFieldListFilter))
    search_fields = ("code", "name")
    show_full_result_count = False
    inlines = (AliasInline, FormerNameInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Region]:
        return Region.objects.visible_to(request.user)


@admin.register(Posting)
class PostingAdmin(ReadOnlyAdmin):
    """Who wrote counts, when and why: the acts behind the counts that the reader may see."""

    list_display = ("id", "at", "by", "door", "kind", "reason")
    list_filter = ("door", "kind")
    list_select_related = ("by",)
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Posting]:
        changes = CountChange.objects.visible_to(request.user).filter(posting=OuterRef("pk"))
        return super().get_queryset(request).filter(Exists(changes))


@admin.register(CoverageRun)
class CoverageRunAdmin(ReadOnlyAdmin):
    ordering = ("-number",)
    list_display = ("number", "as_of", "status", "finished_at", "ledger_position", "by")
    list_filter = ("status",)
    list_select_related = ("by",)


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "by", "door", "action", "subject")
    list_filter = ("action", "door")
    list_select_related = ("by",)
    ordering = ("-pk",)


@admin.register(JobDay)
class JobDayAdmin(ReadOnlyAdmin):
    list_display = ("day", "job", "run", "finished_at")
    list_select_related = ("run",)
    ordering = ("-day",)


@admin.register(JobFailure)
class JobFailureAdmin(ReadOnlyAdmin):
    list_display = ("day", "job", "at", "error")
    ordering = ("-at",)
