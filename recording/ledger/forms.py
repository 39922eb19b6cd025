"""What people type: fields that read numbers, days and regions the Indonesian way, and the form for one count."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.rights import Actor
from dukcapil.errors import Refused
from dukcapil.forms import ServiceForm
from recording.ledger.checks import CountInput
from recording.models import Document, Level, Region, Source
from recording.parsing.numbers import parse_people
from recording.regions.selectors import find_region

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


class DayField(forms.DateField):
    """A day as typed: 2021-11-25 or 25/11/2021.

    `offers`: the ids of what its page offers for this day, read again when the day is changed (static/dukcapil/offers.js);
    `parameter`: how the address of the page calls the day.
    """

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def __init__(self, *, offers: str = "", parameter: str = "", **kwargs: object) -> None:
        messages = {"invalid": _("Tanggal tidak sah. Tulis seperti 25/11/2021.")}
        super().__init__(input_formats=DAY_FORMATS, error_messages=messages, **kwargs)  # type: ignore[arg-type]
        if offers:
            self.widget.attrs |= {"data-offers": offers, "data-parameter": parameter}


class RecordForm(ServiceForm):
    """One count by hand. `seen` says which stored value the writer saw, `key` makes sending it twice safe."""

    level = forms.ChoiceField(
        label=_("Tingkat"), choices=[choice for choice in Level.choices if choice[0] != Level.PROVINCE], initial=Level.VILLAGE
    )
    region = forms.CharField(
        label=_("Wilayah"),
        max_length=100,
        help_text=_("Kode atau nama, misalnya 31.73.01.1001 atau Kapuk."),
        widget=forms.TextInput(attrs={"list": "wilayah", "autocomplete": "off"}),
    )
    document = forms.ChoiceField(label=_("Dokumen"), choices=Document.choices)
    day = DayField(label=_("Tanggal pelayanan"), offers="wilayah", parameter="tanggal")
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
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.by, self.today = by, today
        self.chosen_region: Region | None = None

    def clean(self) -> dict[str, object]:
        """Look the region up at the level that was chosen, as it was on the day."""
        data = super().clean() or {}
        if "region" in data and "level" in data:
            try:
                self.chosen_region = find_region(data["region"], data["level"], by=self.by, day=self.service_day)
            except Refused as problem:
                self.add_error("region", str(problem))
                self.status = problem.status
        return data

    @property
    def service_day(self) -> date:
        """The service day that was typed, else the one that the address gave, else today."""
        typed = self.cleaned_data.get("day") if self.is_bound else self.initial.get("day")
        return typed if isinstance(typed, date) else self.today

    def clean_people(self) -> int:
        """A dash is as blank as nothing: ask for the number."""
        people = self.cleaned_data["people"]
        if people is None:
            raise forms.ValidationError(self.fields["people"].error_messages["required"])
        return int(people)

    @property
    def region_name(self) -> str:
        """The name of the region that was found, or that the address gave."""
        return self.chosen_region.name if self.chosen_region else str(self.initial.get("region_name", ""))

    def count(self) -> CountInput:
        """What to record; `expected` is the posting that was seen, 0 when the form showed no value for this key."""
        data = self.cleaned_data
        region = self.chosen_region.code if self.chosen_region else ""
        expected = seen_posting(data["seen"], region, data["document"], data["day"], data["source"])
        return CountInput(region, data["document"], data["day"], data["source"], data["people"], expected)


def seen_token(code: str, document: str, day: date, source: str, posting: int) -> str:
    """What the hidden field `seen` holds: the key of the value that was shown, and its version."""
    return f"{code}|{document}|{day.isoformat()}|{source}|{posting}"


def seen_posting(token: str, code: str, document: str, day: date, source: str) -> int:
    """The version in a token when it is of this very key, else 0: the writer believes that nothing is stored."""
    key, _bar, posting = token.rpartition("|")
    same = key == seen_token(code, document, day, source, 0).rpartition("|")[0]
    return int(posting) if same and posting.isascii() and posting.isdigit() and len(posting) < 19 else 0
