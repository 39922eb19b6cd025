"""What can go wrong, in words for people: one family of exceptions that every door translates the same way.

A service raises them, a form shows them at the field, the API answers them as a problem, a command prints them.
The sentence is kept as its Indonesian template with named placeholders, so that pure modules can raise it
without Django being set up and each door shows it in the reader's language.
"""

from collections.abc import Sequence

from django.http import Http404
from django.utils.translation import gettext


def N_(template: str) -> str:
    """Mark a sentence for the translation catalogue without translating it yet."""
    return template


class Refused(Exception):
    """Bad input: says what is wrong, where (`field`, "" for the whole), and what to do. Nothing was saved."""

    status = 400

    def __init__(self, template: str, field: str = "", **params: object) -> None:
        super().__init__(template, field, params)
        self.template = template
        self.field = field
        self.params = params

    def __str__(self) -> str:
        return gettext(self.template) % self.params if self.params else gettext(self.template)


class Conflict(Refused):
    """Somebody else was quicker: the value that the writer saw is no longer the current one."""

    status = 409


class KeyReused(Refused):
    """An idempotency key that was used for something else."""

    status = 422


class NotAllowed(Refused):
    """The one who asks may see this but not do it."""

    status = 403


class NotFound(Refused, Http404):
    """Unknown, or not to be seen by the one who asks: both answer alike, so that existence is not told."""

    status = 404


class RefusedRows(Refused):
    """Rows of one batch are wrong; nothing of it was saved. `errors` pairs a row's index with its problem. When all of
    them are conflicts, nothing is wrong with the rows: somebody else was quicker."""

    def __init__(self, errors: Sequence[tuple[int, Refused]]) -> None:
        super().__init__(N_("%(count)s baris ditolak; tidak ada yang disimpan."), count=len(errors))
        self.errors = list(errors)
        if all(isinstance(problem, Conflict) for _row, problem in self.errors):
            self.status = Conflict.status
