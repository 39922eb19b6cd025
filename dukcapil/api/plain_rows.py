"""Lists whose fields are columns: read as values, without a model instance and a field's work for each row."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from dukcapil.api.views import Rows

AS_STORED = (serializers.CharField, serializers.IntegerField, serializers.ChoiceField)


class PlainRows(Rows):
    """The fields of `serializer_class`, which each say one column (`source`); so do those of `orderings`."""

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        columns = [_column(field) for field in self._fields()]
        return super().filter_queryset(queryset).values_list(*columns, named=True)

    def lines(self, page: Sequence[Any]) -> Iterator[Sequence[Any]]:
        """Days and moments are few: each is written out once a page."""
        columns = self.columns()
        fields = self._fields()
        chosen = [place for place, field in enumerate(fields) if field.field_name in columns]
        written = [(new, _written(fields[old])) for new, old in enumerate(chosen) if not isinstance(fields[old], AS_STORED)]
        every = len(chosen) == len(fields)
        for row in page:
            values = list(row) if every else [row[place] for place in chosen]
            for place, text in written:
                values[place] = text(values[place])
            yield values

    def rows(self, page: Sequence[Any]) -> list[dict[str, Any]]:
        columns = self.columns()
        return [dict(zip(columns, line, strict=True)) for line in self.lines(page)]

    def _fields(self) -> list[Any]:
        """All of them, also those that were not asked for: paging may need them."""
        return list(self.serializer_class().fields.values())


def _column(field: Any) -> str:
    return str(field.source).replace(".", "__")


def _written(field: Any) -> Any:
    return cache(lambda value: None if value is None else field.to_representation(value))
