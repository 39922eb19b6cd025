"""The form to log in with."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm, UsernameField

from accounts.models import User


class LoginForm(AuthenticationForm):
    """Django writes the longest possible name on the page only. Here it is also checked, before a name of any length
    is counted as a failed log-in, for which the database has a column of a certain width."""

    username = UsernameField(
        max_length=User._meta.get_field("username").max_length,
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
