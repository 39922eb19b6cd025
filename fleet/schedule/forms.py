"""The forms of the pages of the schedule."""

from dataclasses import asdict
from datetime import date
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.rights import Actor
from accounts.roles import Action
from dukcapil.forms import ServiceForm
from fleet.models import Service, Session, Trip, Van
from fleet.schedule.requests import RequestInput
from fleet.schedule.trips import USUAL_SERVICES, TripInput
from recording.public import DayField, Level, RegionField

VILLAGE_HINT = _("Ketik nama atau kode; yang sisanya terbanyak ditawarkan lebih dulu.")
SESSION_HINT = _("Penuh memakai seluruh hari; mobil itu tidak dapat dijadwalkan lagi pada hari yang sama.")


class ServicesField(forms.MultipleChoiceField):
    """Which services the stop offers."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self) -> None:
        super().__init__(label=_("Layanan"), choices=Service.choices, initial=list(map(str, USUAL_SERVICES)))


class TimeField(forms.TimeField):
    """An hour of the day as typed: 08:00 or 08.00."""

    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})

    def __init__(self, **kwargs: Any) -> None:
        formats = ["%H:%M", "%H.%M", "%H:%M:%S"]
        kwargs.setdefault("help_text", _("Kosong: jam biasa sesi itu."))
        super().__init__(required=False, input_formats=formats, **kwargs)


class TripForm(ServiceForm):
    """A stop. `vans` are those that the planner may choose, `by` plans for the day."""

    van = forms.TypedChoiceField(label=_("Mobil"), coerce=int)
    day = DayField(label=_("Hari"), offers="prospects", parameter="hari")
    session = forms.ChoiceField(label=_("Sesi"), choices=Session.choices, help_text=SESSION_HINT)
    village = RegionField(label=_("Kelurahan"), level=Level.VILLAGE, day_field="id_day", help_text=VILLAGE_HINT)
    place = forms.CharField(
        label=_("Tempat"), max_length=120, widget=forms.TextInput(attrs={"list": "tempat", "autocomplete": "off"})
    )
    opens = TimeField(label=_("Mulai"))
    closes = TimeField(label=_("Selesai"))
    services = ServicesField()

    def __init__(self, *args: Any, vans: list[Van], by: Actor, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("van", [(van.pk, f"{van.plate} · {van.base.name}") for van in vans])
        ask_for_village(self, by, day)

    def trip(self) -> TripInput:
        return TripInput(**self.cleaned_data)


def trip_initial(trip: Trip) -> dict[str, object]:
    """What the form shows of a stop that stands."""
    return asdict(TripInput.of(trip))


class RequestForm(ServiceForm):
    """What a Sudin asks of the agency's vans."""

    day = DayField(label=_("Hari"))
    session = forms.ChoiceField(label=_("Sesi"), choices=Session.choices)
    village = RegionField(label=_("Kelurahan"), level=Level.VILLAGE, day_field="id_day", help_text=VILLAGE_HINT)
    place = forms.CharField(label=_("Tempat"), max_length=120)
    why = forms.CharField(label=_("Keperluan"), max_length=200, help_text=_("Misalnya: perekaman pemula, 180 siswa kelas XII."))

    def __init__(self, *args: Any, by: Actor, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_for_village(self, by, day)

    def request(self) -> RequestInput:
        return RequestInput(**self.cleaned_data)


class ReasonForm(ServiceForm):
    reason = forms.CharField(label=_("Alasan"), max_length=500)


def ask_for_village(form: forms.Form, by: Actor, day: date) -> None:
    """Any kelurahan in which `by` may plan; those that are open on the day are suggested."""
    field = form.fields["village"]
    assert isinstance(field, RegionField)
    field.ask(by=by, action=Action.TRIP_WRITE, day=day, source=reverse("village_suggestions"))
