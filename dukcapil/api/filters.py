"""Filters of lists: django-filter's sets, and the refusal of unknown parameters."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

LIST_PARAMETERS = ("limit", "fields", "format")


def known_only(request: Request, names: Iterable[str]) -> None:
    """ValidationError for a parameter that is not among the names (a misspelt one would silently be no filter at all)
    or that stands twice."""
    known = set(names)
    for name, values in request.query_params.lists():
        if name not in known:
            raise ValidationError(
                {name: _("Parameter tidak dikenal. Yang ada: %(names)s.") % {"names": ", ".join(sorted(known))}}
            )
        if len(values) > 1:
            raise ValidationError({name: _("Parameter ini ada dua kali; sebut sekali saja.")})


class StrictFilters(DjangoFilterBackend):
    """A value that does not fit its filter is refused by name. So is an empty one, which would filter nothing."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        filters = list(view.filterset_class.base_filters) if getattr(view, "filterset_class", None) else []
        paging = getattr(view, "others", ("cursor", "ordering"))
        known_only(request, [*filters, *paging, *LIST_PARAMETERS])
        for name in filters:
            if request.query_params.get(name) == "":
                raise ValidationError({name: _("Isi nilainya, atau hapus parameternya.")})
        filterset = self.get_filterset(request, queryset, view)
        if filterset is None:
            return queryset
        if not filterset.is_valid():  # the framework would format the sentences again: a % in a value breaks that
            raise ValidationError(
                {name: [str(sentence) for sentence in sentences] for name, sentences in filterset.errors.items()}
            )
        return filterset.qs
