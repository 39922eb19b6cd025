"""What the forms of the fleet share."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from typing import Any

from django import forms

from dukcapil.errors import Refused
from recording.public import parse_day


def set_choices(form: forms.Form, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Offer these (value, label) pairs in a choice field of the form."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


def chosen_day(text: str | None, otherwise: date) -> date:
    """The day that a form was sent with, or that the address of its page names, for which its regions are offered;
    `otherwise` where it says none."""
    with suppress(Refused):
        return parse_day(text or "")
    return otherwise
