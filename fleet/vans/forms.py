"""The forms of the pages of vans."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.rights import Actor
from accounts.roles import Action
from dukcapil.forms import ServiceForm
from fleet.models import PaperKind
from recording.public import DayField, Level, PeopleField, Region


def own_bases(by: Actor, day: date) -> list[tuple[str, str]]:
    """(code, name) of the provinces and cities that are open on the day and whose vans `by` may change."""
    levels = (Level.PROVINCE, Level.CITY)
    rows = Region.objects.allowed_to(by, Action.VAN_WRITE).filter(level__in=levels).open_on(day)
    return [(row.code, row.name) for row in rows]


class BaseForm(ServiceForm):
    """A form that names a base whose vans `by` may change."""

    base = forms.ChoiceField(label=_("Pangkalan"))

    def __init__(self, *args: Any, by: Actor, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("base", own_bases(by, day))


class RegisterForm(BaseForm):
    plate = forms.CharField(label=_("Nomor polisi"), max_length=12, help_text=_("Seperti B 1234 PKD."))
    sets = PeopleField(label=_("Alat rekam"), help_text=_("Berapa alat rekam di mobil, 1 sampai 6."))
    field_order = ("plate", "base", "sets")


class PaperForm(ServiceForm):
    kind = forms.ChoiceField(label=_("Surat"), choices=PaperKind.choices)
    expires = DayField(label=_("Berlaku sampai"))


class MoveForm(BaseForm):
    reason = forms.CharField(label=_("Alasan"), max_length=200)


class RetireForm(ServiceForm):
    day = DayField(label=_("Mulai hari"))
