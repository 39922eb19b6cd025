"""The form behind every page that writes through a service."""

from django import forms

from dukcapil.errors import Refused


class ServiceForm(forms.Form):
    """A form whose service may still refuse the input. The refusal goes to its field, and `status` is that of the page
    which shows the form again."""

    status = 400

    def refuse(self, problem: Refused) -> None:
        """Show a refusal at its field, or above the form when the reader sees no such field."""
        field = self.fields.get(problem.field)
        self.add_error(problem.field if field and not field.widget.is_hidden else None, str(problem))
        self.status = problem.status
