"""Two bases for admin pages: one that only shows, and one that writes through a service."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from dukcapil.authors import author_name
from dukcapil.errors import Refused
from dukcapil.requests import PortalRequest


class ReadOnlyAdmin(admin.ModelAdmin):
    """Shows rows; nobody adds, changes or deletes here. Who did it is text: not everybody may open accounts."""

    @admin.display(description=_("oleh"))
    def author(self, obj: Any) -> str:
        return author_name(obj.by)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("author",) if hasattr(self.model, "by") else ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [name for name in super().get_fields(request, obj) if name != "by"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ServiceModelForm(forms.ModelForm):
    """The form of a ServiceAdmin, mixed into the form that the page names. The service is called while the form is
    validated, inside the admin's transaction, so that its refusal appears at the field."""

    page: "ServiceAdmin"
    request: PortalRequest
    change: bool

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and self.request.method == "POST":
            try:
                with transaction.atomic():
                    self.written = self.page.write(self.request, self.instance, data, self.change)
            except Refused as problem:
                field = problem.field if problem.field in self.fields else None
                self.add_error(field, ValidationError(str(problem)))
        return data

    def _post_clean(self) -> None:
        """Django would now fill the row from the form and check it. The service has done both already: a name that has
        just become a row would be called taken."""

    def save(self, commit: bool = True) -> Any:
        return self.written

    def save_m2m(self) -> None:
        """Nothing is left to save."""


class ServiceAdmin(admin.ModelAdmin):
    """Adds and changes by calling a service: subclasses implement `write`. Nothing is ever deleted."""

    def write(self, request: PortalRequest, obj: Any, data: dict[str, Any], change: bool) -> models.Model:
        raise TypeError(f"{type(self).__name__} has no write()")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        base = super().get_form(request, obj, change, **kwargs)
        return type("Form", (ServiceModelForm, base), {"page": self, "request": request, "change": change})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The service has saved it."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
