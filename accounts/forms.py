"""The form to log in with."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dukcapil.forms import ServiceForm
from dukcapil.nik import contains_nik


class LoginForm(AuthenticationForm):
    """Also checks the length of the name, which Django's own form only writes on the page: a failed log-in is stored
    with its name, in a column of limited width."""

    username = UsernameField(
        label=_("Nama pengguna"),
        max_length=User._meta.get_field("username").max_length,
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
    password = forms.CharField(
        label=_("Kata sandi"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def clean_username(self) -> str:
        """Refuses a NIK, which must not be stored among the failed log-ins."""
        username: str = self.cleaned_data["username"]
        if contains_nik(username):
            raise forms.ValidationError(_("Tulis nama pengguna, bukan NIK."))
        return username

    error_messages = {**AuthenticationForm.error_messages, "invalid_login": _("Nama pengguna atau kata sandi salah.")}


class CodeForm(ServiceForm):
    """A code from the application, or a recovery code."""

    code = forms.CharField(
        label=_("Kode"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
    )
