"""What people type: fields that read numbers, days and regions the Indonesian way, and the form for one count."""

from contextlib import suppress
from datetime import date
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.rights import Actor
from accounts.roles import Action
from dukcapil.errors import Refused
from dukcapil.forms import ServiceForm
from recording.ledger.checks import CountInput
from recording.models import Document, Source
from recording.parsing.numbers import parse_people
from recording.regions.forms import RegionField

DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]


class PeopleField(forms.CharField):
    """A number of people. "31.000" is thirty-one thousand; Django's own integer field reads it as 31."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def to_python(self, value: object) -> int | None:  # type: ignore[override]
        """None when blank: missing is not zero."""
        try:
            return parse_people("" if value is None else str(value))
        except Refused as problem:
            raise forms.ValidationError(str(problem)) from problem


class DayInput(forms.DateInput):
    """The browser's own control for a date, with the day in words beside it."""

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d", attrs={"type": "date"})

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        html = super().render(name, value, attrs, renderer)
        words = render_to_string("dukcapil/_day_words.html", {"id": (attrs or {}).get("id", name), "day": value})
        return format_html('<span class="day-field">{}{}</span>', html, words)


class DayField(forms.DateField):
    """A day as typed: 2021-11-25 or 25/11/2021.

    `offers`: the ids of what its page offers for this day, read again when the day is changed (static/dukcapil/offers.js);
    `parameter`: how the address of the page calls the day.
    """

    widget = DayInput

    def __init__(self, *, offers: str = "", parameter: str = "", **kwargs: object) -> None:
        messages = {"invalid": _("Tanggal tidak sah. Tulis seperti 25/11/2021.")}
        super().__init__(input_formats=DAY_FORMATS, error_messages=messages, **kwargs)  # type: ignore[arg-type]
        if offers:
            self.widget.attrs |= {"data-offers": offers, "data-parameter": parameter}


class RecordForm(ServiceForm):
    """One count by hand. `seen` says which stored value the writer saw, `key` makes sending it twice safe."""

    region = RegionField(
        label=_("Wilayah"), day_field="id_day", help_text=_("Ketik nama atau kode, misalnya Kapuk atau 31.73.01.1004.")
    )
    document = forms.ChoiceField(label=_("Dokumen"), choices=Document.choices)
    day = DayField(label=_("Tanggal pelayanan"))
    source = forms.ChoiceField(label=_("Tempat pelayanan"), choices=Source.choices)
    people = PeopleField(
        label=_("Jumlah orang"),
        help_text=_("Contoh: 31 atau 1.250. Tulis 0 atau NIHIL bila memang tidak ada."),
        error_messages={"required": _("Isi jumlahnya. Kosong berarti belum ada data; tulis 0 bila nihil.")},
    )
    reason = forms.CharField(
        label=_("Alasan perubahan"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Wajib bila mengubah catatan yang sudah ada; tersimpan dalam riwayat. Selain itu boleh kosong."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    key = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)

    def __init__(self, *args: object, by: Actor, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.today = by, today
        self.region_field.ask(
            by=by, action=Action.COUNT_WRITE, day=self.service_day, source=f"{reverse('region_suggestions')}?untuk=catat"
        )

    @property
    def region_field(self) -> RegionField:
        field = self.fields["region"]
        assert isinstance(field, RegionField)
        return field

    def clean(self) -> dict[str, object]:
        """The status of a region that is refused is that of its refusal."""
        if problem := self.region_field.problem:
            self.status = problem.status
        return super().clean() or {}

    @property
    def service_day(self) -> date:
        """The service day that was typed, else the one that the address gave, else today."""
        typed = self.data.get("day") if self.is_bound else self.initial.get("day")
        with suppress(forms.ValidationError):
            return self.fields["day"].clean(typed) or self.today
        return self.today

    def clean_people(self) -> int:
        """A dash is as blank as nothing: ask for the number."""
        people = self.cleaned_data["people"]
        if people is None:
            raise forms.ValidationError(self.fields["people"].error_messages["required"])
        return int(people)

    @property
    def region_name(self) -> str:
        """The name of the region that was chosen."""
        region = self.region_field.region(self.cleaned_data.get("region", ""))
        return region.name if region else ""

    def count(self) -> CountInput:
        """What to record; `expected` is the posting that was seen, 0 when the form showed no value for this key."""
        data = self.cleaned_data
        expected = seen_posting(data["seen"], data["region"], data["document"], data["day"], data["source"])
        return CountInput(data["region"], data["document"], data["day"], data["source"], data["people"], expected)


def seen_token(code: str, document: str, day: date, source: str, posting: int) -> str:
    """What the hidden field `seen` holds: the key of the value that was shown, and its version."""
    return f"{code}|{document}|{day.isoformat()}|{source}|{posting}"


def seen_posting(token: str, code: str, document: str, day: date, source: str) -> int:
    """The version in a token when it is of this very key, else 0: the writer believes that nothing is stored."""
    key, _bar, posting = token.rpartition("|")
    same = key == seen_token(code, document, day, source, 0).rpartition("|")[0]
    return int(posting) if same and posting.isascii() and posting.isdigit() and len(posting) < 19 else 0
