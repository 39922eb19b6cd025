"""What is typed about targets: one of a region, the split of a total, and a period of its own days."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dukcapil.errors import Refused
from dukcapil.forms import ServiceForm
from recording.ledger.forms import DayField, PeopleField
from recording.models import Period, TargetKind
from recording.parsing.numbers import parse_people
from recording.targets.services import TargetInput
from recording.targets.split import EQUAL, PROPORTION, REMAINING

BELOW, VILLAGES = "below", "villages"
NUMBER = "people-"  # before the code of a region, in the names of the fields of a split


class DecreeForm(ServiceForm):
    """The decree or letter that a change stands on, and the day from which it counts."""

    source = forms.CharField(
        label=gettext_lazy("Nomor keputusan atau surat"),
        max_length=200,
        help_text=gettext_lazy("Misalnya SK Kepala Dinas 12/2021. Tersimpan dalam riwayat target."),
    )
    effective_from = DayField(
        label=gettext_lazy("Berlaku sejak"), help_text=gettext_lazy("Tanggal berlaku menurut keputusannya; boleh sudah lewat.")
    )


class TargetForm(DecreeForm):
    """The target of one region, document, period and kind as it should be from a day on, or its withdrawal."""

    people = PeopleField(label=gettext_lazy("Target baru, orang"), required=False)
    opening = PeopleField(
        label=gettext_lazy("Sudah direkam sebelum periode"),
        required=False,
        help_text=gettext_lazy("Ikut dihitung dalam cakupan, di samping yang direkam dalam periode ini."),
    )
    withdraw = forms.BooleanField(label=gettext_lazy("Cabut target ini"), required=False)
    field_order = ["people", "opening", "withdraw", "source", "effective_from"]

    def __init__(self, *args: Any, kind: str, own: bool, **kwargs: Any) -> None:
        """`own`: there is a target that can be withdrawn."""
        super().__init__(*args, **kwargs)
        if kind != TargetKind.STOCK:
            del self.fields["opening"]
        if not own:
            del self.fields["withdraw"]

    def clean(self) -> dict[str, Any]:
        """A number or a withdrawal: blank is not a withdrawal, and neither is 0."""
        data = super().clean() or {}
        if data.get("withdraw"):
            data["people"] = None
        elif data.get("people") is None and "people" not in self.errors:
            self.add_error("people", _("Isi jumlahnya. Tulis 0 bila tidak ada yang ditargetkan."))
        return data

    def target(self, region: str, document: str, period: Period, kind: str) -> TargetInput:
        data = self.cleaned_data
        opening = 0 if data["people"] is None else data.get("opening") or 0
        return TargetInput(region, document, period.name, data["people"], data["source"], data["effective_from"], kind, opening)


class SplitForm(DecreeForm):
    """A new total and how it is split; the numbers of the regions stand in `numbers`."""

    total = PeopleField(label=gettext_lazy("Total baru, orang"))
    way = forms.ChoiceField(
        label=gettext_lazy("Dibagi menurut"),
        choices=(
            (PROPORTION, gettext_lazy("target sekarang (sebanding)")),
            (REMAINING, gettext_lazy("sisa orang; yang sudah tercapai tetap")),
            (EQUAL, gettext_lazy("sama rata")),
        ),
    )
    depth = forms.ChoiceField(label=gettext_lazy("Dibagi sampai"), choices=())
    field_order = ["total", "way", "depth", "source", "effective_from"]

    def __init__(self, *args: Any, depths: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("depth", depths)
        if len(depths) == 1:
            self.fields["depth"].widget = forms.HiddenInput()
            self.fields["depth"].initial = depths[0][0]

    def clean_total(self) -> int:
        total = self.cleaned_data["total"]
        if total is None:
            raise forms.ValidationError(_("Isi jumlahnya. Tulis 0 bila tidak ada yang ditargetkan."))
        return int(total)

    @property
    def day(self) -> date:
        day: date = self.cleaned_data["effective_from"]
        return day


def read_numbers(data: Mapping[str, str]) -> tuple[dict[str, int], dict[str, str]]:
    """The numbers of a split by region code, and what is wrong with the others."""
    numbers: dict[str, int] = {}
    wrong: dict[str, str] = {}
    for name in data:
        if not name.startswith(NUMBER):
            continue
        code = name.removeprefix(NUMBER)
        try:
            people = parse_people(data[name])
            if people is None:
                wrong[code] = _("Isi jumlahnya; tulis 0 bila tidak ada.")
            else:
                numbers[code] = people
        except Refused as problem:
            wrong[code] = str(problem)
    return numbers, wrong


class PeriodForm(ServiceForm):
    """A period with its own name and days."""

    name = forms.CharField(label=gettext_lazy("Nama periode"), max_length=40, help_text=gettext_lazy("Misalnya 2021."))
    first_day = DayField(label=gettext_lazy("Hari pertama"))
    last_day = DayField(label=gettext_lazy("Hari terakhir"))

    @classmethod
    def of(cls, period: Period) -> "PeriodForm":
        """To be corrected: what is there now, with names of its own on a page that shows several."""
        now = {"name": period.name, "first_day": period.first_day, "last_day": period.last_day}
        return cls(initial=now, auto_id=f"id_{period.pk}_%s")
