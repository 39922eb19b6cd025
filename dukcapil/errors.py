"""Errors in words for people. A service raises them, a form shows them at the field, the API answers them as a problem,
a command prints them.

The sentence is kept as an Indonesian template with named placeholders: pure modules raise it without Django being set
up, and it is translated where it is shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import Http404
from django.utils.translation import gettext

from dukcapil.signs import grouped


def N_(template: str) -> str:
    """Mark a sentence for the translation catalogue without translating it yet."""
    return template


class Grouped(int):
    """A number in a sentence, written with the signs of the language in which the sentence is shown: a pure module that
    raises it knows no language."""

    def __str__(self) -> str:
        return grouped(self)


class Refused(Exception):
    """The input was refused and nothing was saved. The sentence says what is wrong and what to do; `field` says where
    ("": the whole input)."""

    status = 400

    def __init__(self, template: str, field: str = "", **params: object) -> None:
        super().__init__(template, field, params)
        self.template = template
        self.field = field
        self.params = params

    def __str__(self) -> str:
        return gettext(self.template) % self.params if self.params else gettext(self.template)


@dataclass(frozen=True)
class Question:
    """Something unlikely that may still be true: asked once, with `code`, and remembered once it was confirmed. `field`
    is where it shows."""

    code: str
    field: str
    template: str
    params: Mapping[str, object]

    def __str__(self) -> str:
        return gettext(self.template) % self.params


class Unconfirmed(Refused):
    """The input may be true but is unlikely: each question needs a yes, its code in what the writer confirms."""

    def __init__(self, template: str, unanswered: Sequence[Question]) -> None:
        super().__init__(template, "questions")
        self.questions = list(unanswered)


class Conflict(Refused):
    """The value that the writer saw is no longer the current one."""

    status = 409


class KeyReused(Refused):
    """The idempotency key was used for another request."""

    status = 422


class NotAllowed(Refused):
    """The actor may see this but not do it."""

    status = 403


class NotFound(Refused, Http404):
    """Unknown, or hidden from the actor: the answer does not tell which."""

    status = 404


class RefusedRows(Refused):
    """Rows of a batch were refused; nothing of it was saved. `errors` pairs a row's index with its problem. The status
    is that of a conflict when every row is one."""

    def __init__(self, errors: Sequence[tuple[int, Refused]]) -> None:
        super().__init__(N_("%(count)s baris ditolak; tidak ada yang disimpan."), count=Grouped(len(errors)))
        self.errors = list(errors)
        if all(isinstance(problem, Conflict) for _row, problem in self.errors):
            self.status = Conflict.status
