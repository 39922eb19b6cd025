"""The forms of the page of a van that cannot go out."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.rights import Actor
from dukcapil.forms import ServiceForm
from fleet.models import AbsenceKind, Session, Trip, VanAbsence
from fleet.pages.posted import posted_number
from fleet.schedule.breakdowns import StopAnswer
from fleet.schedule.forms import TimeField
from fleet.schedule.offers import CANCEL, OTHER, Offers
from fleet.vans.absences import checked_absence
from recording.public import DayField, short_name


class BreakdownForm(ServiceForm):
    """Why and how long a van cannot go out."""

    TODAY, DAY, OPEN = "today", "day", "open"
    LASTS = ((TODAY, _("Hari itu saja")), (DAY, _("Sampai hari")), (OPEN, _("Sampai diberitahukan")))

    kind = forms.ChoiceField(label=_("Sebab"), choices=AbsenceKind.choices)
    first_day = DayField(label=_("Mulai hari"))
    from_hour = TimeField(label=_("Mulai pukul (kosong: sepanjang hari)"), help_text="")
    lasts = forms.ChoiceField(label=_("Berapa lama"), choices=LASTS, widget=forms.RadioSelect)
    last_day = DayField(label=_("Hari terakhir"), required=False)
    note = forms.CharField(label=_("Keterangan"), required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("lasts") == self.DAY and not data.get("last_day") and "last_day" not in self.errors:
            self.add_error("last_day", _("Isi hari terakhirnya, atau pilih sampai diberitahukan."))
        return data

    def absence(self, by: Actor, van: int) -> VanAbsence:
        """What is written in a valid form; Refused for what is wrong in it."""
        data = self.cleaned_data
        last_day = {self.TODAY: data["first_day"], self.DAY: data["last_day"], self.OPEN: None}[data["lasts"]]
        names = ("first_day", "from_hour", "kind", "note")
        return checked_absence(by=by, van=van, last_day=last_day, **{name: data[name] for name in names})


class StopForm(ServiceForm):
    """What becomes of one stop that a van cannot come to; named `stop-NUMBER`. Its choices are the values of the offers
    (fleet/schedule/offers.py), or `other` and `cancel`."""

    choice = forms.CharField(required=False)
    van = forms.TypedChoiceField(label=_("Mobil"), coerce=int, required=False)
    day = DayField(label=_("Hari"), required=False)
    session = forms.ChoiceField(label=_("Sesi"), choices=Session.choices, required=False)
    reason = forms.CharField(label=_("Alasan"), required=False, max_length=200)

    def __init__(
        self, data: Mapping[str, Any] | None, *, stop: Trip, offers: Offers, reason: str, shown: Mapping[str, Any]
    ) -> None:
        """`shown`: what was chosen while the page only showed the stops; it stays chosen where it is still offered."""
        prefix = f"stop-{stop.pk}"
        initial = {"choice": offers.best, "session": stop.session, "reason": reason}
        kept = {name: shown[f"{prefix}-{name}"] for name in self.base_fields if f"{prefix}-{name}" in shown}
        if kept.get("choice") in offers.values:
            initial |= kept
        super().__init__(data, prefix=prefix, initial=initial)
        self.stop, self.offers = stop, offers
        self.offer("van", [(van.pk, f"{van.plate} · {short_name(van.base.name)}") for van in offers.vans_to_plan])

    @property
    def chosen(self) -> str:
        """The choice that is marked."""
        return str(self["choice"].value() or "")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        choice, *rest = str(data.get("choice", "")).split(":")
        try:
            data["answer"] = self._answer(choice, rest, data)
        except (KeyError, TypeError, ValueError):
            self.add_error("choice", _("Pilih apa yang terjadi dengan titik ini."))
        return data

    def _answer(self, choice: str, rest: list[str], data: dict[str, Any]) -> StopAnswer | None:
        if choice == "van":
            (van,) = rest
            return StopAnswer(_number(van))
        if choice == "slot":
            van, day, session = rest
            return StopAnswer(_number(van), date.fromisoformat(day), session)
        if choice == OTHER:
            if not data.get("day") and "day" not in self.errors:
                self.add_error("day", _("Isi harinya."))
            return StopAnswer(_number(str(data["van"])), data.get("day"), data["session"])
        if choice == CANCEL:
            return StopAnswer(reason=data["reason"])
        raise ValueError(choice)


def _number(text: str) -> int:
    """A row's number; ValueError for anything else."""
    if number := posted_number(text):
        return number
    raise ValueError(text)
