"""One row by a unique value, with SQL that is built once: what every request asks for itself, its key, session or account.

To build it takes the ORM several times as long as the database needs to answer (docs/decisions/0022).
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import connection, models

Converters = dict[int, tuple[list[Callable[..., Any]], Any]]


class RowByValue:
    """Asks for some columns of a model's row by the value of one of its unique fields. A column may follow a relation."""

    def __init__(self, model: type[models.Model], field: str, columns: tuple[str, ...]) -> None:
        self._model, self._field, self._columns = model, field, columns
        self._prepared = cache(self._prepare)

    def __call__(self, value: int | str) -> tuple[Any, ...] | None:
        """The values as the model's fields would hold them; None when there is no such row."""
        sql, converters = self._prepared(connection.vendor)
        with connection.cursor() as cursor:
            cursor.execute(sql, [value])
            row = cursor.fetchone()
        if row is None:
            return None
        values = list(row)
        for place, (convert, expression) in converters.items():
            for each in convert:
                values[place] = each(values[place], expression, connection)
        return tuple(values)

    def _prepare(self, _vendor: str) -> tuple[str, Converters]:
        rows = self._model._default_manager.order_by().filter(**{self._field: 0}).values_list(*self._columns)
        compiler = rows.query.get_compiler(connection=connection)
        sql, _parameters = compiler.as_sql()
        return sql, compiler.get_converters([column for column, _sql, _alias in compiler.select])
