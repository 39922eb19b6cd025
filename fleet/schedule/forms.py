"""What people type for the schedule."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.rights import Actor
from accounts.roles import Action
from dukcapil.clock import JAKARTA
from dukcapil.errors import N_, Refused
from dukcapil.forms import ServiceForm
from fleet.models import Service, Session, Trip, Van
from fleet.schedule.requests import RequestInput
from fleet.schedule.trips import USUAL_SERVICES, TripInput
from recording.public import DayField, Level, Region

LAST_DAY = date(2100, 12, 31)  # the calendar itself ends in 9999
SESSION_HINT = _("Penuh memakai seluruh hari; mobil itu tidak dapat dijadwalkan lagi pada hari yang sama.")


class ServicesField(forms.MultipleChoiceField):
    """Which services the stop offers."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self) -> None:
        super().__init__(label=_("Layanan"), choices=Service.choices, initial=[str(each) for each in USUAL_SERVICES])


class TimeField(forms.TimeField):
    """An hour of the day as typed: 08:00 or 08.00."""

    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})

    def __init__(self, **kwargs: object) -> None:
        formats, hint = ["%H:%M", "%H.%M", "%H:%M:%S"], _("Kosong: jam biasa sesi itu.")
        super().__init__(required=False, input_formats=formats, help_text=hint, **kwargs)  # type: ignore[arg-type]


class TripForm(ServiceForm):
    """A stop. Vans are those of the bases that the planner answers for; kelurahan are typed by code or picked."""

    van = forms.TypedChoiceField(label=_("Mobil"), coerce=int)
    day = DayField(label=_("Hari"))
    session = forms.ChoiceField(label=_("Sesi"), choices=Session.choices, help_text=SESSION_HINT)
    village = forms.ChoiceField(label=_("Kelurahan"))
    place = forms.CharField(
        label=_("Tempat"), max_length=120, widget=forms.TextInput(attrs={"list": "tempat", "autocomplete": "off"})
    )
    opens = TimeField(label=_("Mulai"))
    closes = TimeField(label=_("Selesai"))
    services = ServicesField()

    def __init__(self, *args: object, vans: list[Van], villages: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["van"].choices = [(van.pk, f"{van.plate} · {van.base.name}") for van in vans]  # type: ignore[attr-defined]
        self.fields["village"].choices = [("", _("Pilih kelurahan")), *villages]  # type: ignore[attr-defined]

    def trip(self) -> TripInput:
        """What to plan."""
        data = self.cleaned_data
        return TripInput(
            data["van"],
            data["day"],
            data["session"],
            data["village"],
            data["place"],
            data["opens"],
            data["closes"],
            data["services"],
        )


def trip_initial(trip: Trip) -> dict[str, object]:
    """What the form shows of a stop that stands."""
    return {
        "van": trip.van_id,
        "day": trip.day,
        "session": trip.session,
        "village": trip.village_id,
        "place": trip.place,
        "opens": trip.opens,
        "closes": trip.closes,
        "services": trip.services,
    }


class RequestForm(ServiceForm):
    """What a Sudin asks of the agency's vans."""

    day = DayField(label=_("Hari"))
    session = forms.ChoiceField(label=_("Sesi"), choices=Session.choices)
    village = forms.ChoiceField(label=_("Kelurahan"))
    place = forms.CharField(label=_("Tempat"), max_length=120)
    why = forms.CharField(
        label=_("Keperluan"), max_length=200, help_text=_("Misalnya: perekaman pemula, 180 siswa kelas XII.")
    )

    def __init__(self, *args: object, villages: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["village"].choices = [("", _("Pilih kelurahan")), *villages]  # type: ignore[attr-defined]

    def request(self) -> RequestInput:
        data = self.cleaned_data
        return RequestInput(data["day"], data["session"], data["village"], data["place"], data["why"])


class ReasonForm(ServiceForm):
    reason = forms.CharField(label=_("Alasan"), max_length=500)


class PermitForm(ServiceForm):
    """Until the end of which day a city may report a closed one."""

    city = forms.ChoiceField(label=_("Kota"))
    day = DayField(label=_("Hari yang dibuka"))
    until = DayField(label=_("Sampai akhir hari"))
    reason = forms.CharField(label=_("Alasan"), max_length=200)

    def __init__(self, *args: object, by: Actor, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        cities = Region.objects.allowed_to(by, Action.REPORT_DECIDE).filter(level=Level.CITY, closed=None)
        self.fields["city"].choices = [(city.code, city.name) for city in cities]  # type: ignore[attr-defined]

    def expires(self) -> datetime:
        """The midnight after that day in Jakarta."""
        until: date = self.cleaned_data["until"]
        if until > LAST_DAY:
            raise Refused(N_("Tanggal itu di luar jangkauan jadwal."), "until")
        return datetime.combine(until + timedelta(days=1), time(0), tzinfo=JAKARTA)


def village_choices(by: Actor, action: Action, code: str) -> list[tuple[str, str]]:
    """The kelurahan of a region in which `by` may act, by name within their kecamatan's code."""
    rows = Region.objects.allowed_to(by, action).below(code).filter(level=Level.VILLAGE, closed=None)
    return [(row.code, f"{row.name} · {row.parent.name}") for row in rows.select_related("parent") if row.parent]
