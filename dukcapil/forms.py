"""The form behind every page that writes through a service."""

from django import forms

from dukcapil.errors import Refused


class ServiceForm(forms.Form):
    """A form whose service may refuse what the form let pass: the sentence goes to its field, and the page that shows
    the form again answers with `status`."""

    status = 400

    def refuse(self, problem: Refused) -> None:
        """Show a service's refusal at its field; what belongs to none that one sees stands over the form."""
        field = self.fields.get(problem.field)
        self.add_error(problem.field if field and not field.widget.is_hidden else None, str(problem))
        self.status = problem.status
