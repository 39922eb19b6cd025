"""The forms for keys of programs and for webhooks."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rights import Actor, can, stored_user
from accounts.roles import KEY_SCOPES, Action, KeyScope
from accounts.selectors import user_named
from accounts.services.keys import MAX_DAYS
from dukcapil.errors import Refused
from dukcapil.forms import ServiceForm
from recording.models import Level, Region

DEFAULT_DAYS = 90
WHOLE_JURISDICTION = ("", _("Seluas kewenangan pemilik"))


class OnceForm(ServiceForm):
    """A form whose act happens once, however often it is sent: every page brings a new `token`."""

    token = forms.RegexField(
        r"^[0-9a-f]{32}\Z",
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("required", "invalid"), _("Formulir ini tidak lengkap. Muat ulang halamannya, lalu isi lagi.")
        ),
    )


class LinkedCheckboxes(forms.CheckboxSelectMultiple):
    """Checkboxes of which an error message links to the first one; with Django's own it links nowhere."""

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return super().id_for_label(id_, index or "0")


class KeyForm(OnceForm):
    """A key. Scopes and regions are those that the owner may have at all; the service decides."""

    name = forms.CharField(
        label=_("Nama program"),
        max_length=60,
        help_text=_("Agar kelak dikenali, misalnya Dasbor Balai Kota."),
        error_messages={"required": _("Beri nama kunci, misalnya nama program pemakainya.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    owner = forms.CharField(
        label=_("Pemilik"),
        max_length=40,
        help_text=_("Nama pengguna yang diwakili kunci."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    jurisdiction = forms.ChoiceField(label=_("Wilayah"), required=False, help_text=_("Kunci tidak melihat lebih dari ini."))
    days = forms.IntegerField(
        label=_("Berlaku berapa hari"),
        error_messages={"required": _("Tulis berapa hari kunci berlaku."), "invalid": _("Tulis bilangan bulat, misalnya 90.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label=_("Boleh"), widget=LinkedCheckboxes, error_messages={"required": _("Pilih paling sedikit satu.")}
    )

    def __init__(self, *args: object, by: Actor, day: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.named_owner: User | None = None
        scopes = [scope for scope in KeyScope if any(can(by, action) for action in KEY_SCOPES[scope])]
        self.offer("scopes", [(scope.value, scope.label) for scope in scopes])
        rows = Region.objects.visible_to(by).filter(level__in=(Level.PROVINCE, Level.CITY)).open_on(day)
        regions = [(row.code, f"{row.name} ({row.code})") for row in rows]
        self.offer("jurisdiction", [WHOLE_JURISDICTION, *regions])
        self.fields["days"].help_text = _("1 sampai %(most)s.") % {"most": MAX_DAYS}
        if not can(by, Action.USER_MANAGE):
            del self.fields["owner"]

    def clean_owner(self) -> str:
        """Keeps the account in `named_owner`."""
        username: str = self.cleaned_data["owner"]
        try:
            self.named_owner = user_named(username)
        except Refused as problem:
            raise forms.ValidationError(str(problem)) from problem
        return username

    def key_owner(self) -> User | None:
        """Whose key it is to be."""
        return self.named_owner if "owner" in self.fields else stored_user(self.by)


class WebhookForm(OnceForm):
    """An address that is told of every new official run."""

    url = forms.CharField(
        label=_("Alamat"),
        help_text=_("Alamat https milik sistem Anda, di jaringan umum."),
        error_messages={"required": _("Tulis alamat lengkap yang diawali https://.")},
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "autocapitalize": "none"}),
    )
    name = forms.CharField(
        label=_("Nama"),
        required=False,
        max_length=80,
        help_text=_("Boleh kosong: dipakai nama hostnya."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
