"""The form behind every page that writes through a service."""

from collections.abc import Sequence

from django import forms
from django.http import QueryDict

from dukcapil.errors import Question, Refused, Unconfirmed


class ServiceForm(forms.Form):
    """A form whose service may still refuse the input. The refusal goes to its field, and `status` is that of the page
    which shows the form again. `questions` are those that wait for a yes (dukcapil/_questions.html)."""

    status = 400
    questions: Sequence[Question] = ()

    @property
    def confirmed(self) -> list[str]:
        """The codes of the questions that were answered with yes."""
        return self.data.getlist("confirmed") if isinstance(self.data, QueryDict) else []

    def refuse(self, problem: Refused) -> None:
        """Show a refusal at its field, or above the form when the reader sees no such field; a question as a box to
        tick."""
        if isinstance(problem, Unconfirmed):
            self.questions = problem.questions
        field = self.fields.get(problem.field)
        self.add_error(problem.field if field and not field.widget.is_hidden else None, str(problem))
        self.status = problem.status
