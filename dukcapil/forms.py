"""The form behind every page that writes through a service."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from dukcapil.errors import Question, Refused, Unconfirmed

REQUIRED = forms.Field.default_error_messages["required"]  # Django's own sentence, where a field has no other


class ServiceForm(forms.Form):
    """A form whose service may still refuse the input. The refusal goes to its field, and `status` is that of the page
    which shows the form again. `questions` are those that wait for a yes (dukcapil/_questions.html)."""

    status = 400
    questions: Sequence[Question] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.error_messages.get("required") == REQUIRED:
                field.error_messages["required"] = _("Isian ini wajib diisi.")

    @property
    def confirmed(self) -> list[str]:
        """The codes of the questions that were answered with yes."""
        return self.data.getlist("confirmed") if isinstance(self.data, QueryDict) else []

    def offer(self, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
        """These (value, label) pairs are the choices of the field."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    def refuse(self, problem: Refused) -> None:
        """Show a refusal at its field, or above the form when the reader sees no such field; a question as a box to
        tick."""
        if isinstance(problem, Unconfirmed):
            self.questions = problem.questions
        field = self.fields.get(problem.field)
        self.add_error(problem.field if field and not field.widget.is_hidden else None, str(problem))
        self.status = problem.status
