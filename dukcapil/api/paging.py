"""Paging by cursor: a page begins after the last row of the one before, so that no row is skipped or repeated while
others are being written. The framework's own CursorPagination compares only the first field of an order and counts an
offset among equal values, which new rows shift."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django.core import signing
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

DEFAULT_LIMIT, MAX_LIMIT = 100, 1_000  # rows of a page
LIMIT_WORDS = "Rows of a page. A CSV without `limit` and `cursor` is no page: it holds every row."
_SALT = "dukcapil.api.cursor"


def write_cursor(values: Sequence[Any]) -> str:
    """A place in a list, signed, so that a cursor made elsewhere is refused."""
    return signing.dumps([str(value) for value in values], salt=_SALT, compress=False)


def read_cursor(text: str, length: int, name: str = "cursor") -> list[str]:
    """The values of a cursor of that many parts; ValidationError for anything else."""
    try:
        values = signing.loads(text, salt=_SALT)
    except Exception:  # a stranger's text fails in many ways in base64, JSON and the signature
        values = None
    if not isinstance(values, list) or len(values) != length:
        raise ValidationError({name: _("Penanda halaman ini tidak sah. Mulai lagi tanpa %(name)s.") % {"name": name}})
    return values


def limit_of(request: Request) -> int:
    """?limit=: 1 to 1000 rows, 100 without it."""
    text = request.query_params.get("limit", str(DEFAULT_LIMIT))
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= MAX_LIMIT):
        raise ValidationError({"limit": _("Tulis bilangan bulat 1 sampai %(most)s.") % {"most": MAX_LIMIT}})
    return int(text)


def after(fields: Sequence[str], values: Sequence[Any], *, descending: bool) -> Q:
    """The rows after a place in an order: (a, b) > (x, y), written so that an index on a is used."""
    comparison = "lt" if descending else "gt"
    rows = Q()
    for index, name in enumerate(fields):
        equal = Q(**dict(zip(fields[:index], values[:index], strict=True)))
        rows |= equal & Q(**{f"{name}__{comparison}": values[index]})
    return Q(**{f"{fields[0]}__{comparison}e": values[0]}) & rows


class Cursor(BasePagination):
    """`orderings` of the view: the fields of each order by its name. The last field makes the order unique; no later
    write changes any of them. `-name` is the same order from its end."""

    def paginate_queryset(self, queryset: QuerySet[Any], request: Request, view: Any = None) -> list[Any]:
        """One page. One row more is fetched, to see whether another page follows."""
        self.request, self.limit = request, limit_of(request)
        order = _order(request, view)
        rows = order.of(queryset)
        if text := request.query_params.get("cursor"):
            name, *values = read_cursor(text, len(order.fields) + 1)
            if name != order.name:
                raise ValidationError({"cursor": _("Penanda halaman ini dari urutan lain.")})
            rows = order.after(rows, values)
        page = list(rows[: self.limit + 1])
        self.next_cursor = ""
        if len(page) > self.limit:
            page.pop()
            self.next_cursor = write_cursor([order.name, *order.place(page[-1])])
        return page

    def all_pages(self, queryset: QuerySet[Any], request: Request, view: Any) -> Iterator[list[Any]]:
        """Every row, as many pages as there are: each is a short query of its own, and memory does not grow."""
        order = _order(request, view)
        rows = order.of(queryset)
        page = list(rows[:MAX_LIMIT])
        yield page
        while len(page) == MAX_LIMIT:
            page = list(order.after(rows, order.place(page[-1]))[:MAX_LIMIT])
            yield page

    def get_paginated_response(self, data: Any) -> Response:
        """`next` is the address of the following page, or null; also as a Link header, for CSV."""
        url = next_url(self.request, "cursor", self.next_cursor) if self.next_cursor else None
        response = Response({"next": url, "results": data})
        if url:
            response["Link"] = next_link(url)
        return response

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """For the contract."""
        next_page = {"type": ["string", "null"], "format": "uri", "description": "The next page; null at the end."}
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {"next": next_page, "results": schema | {"description": "The rows of this page."}},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """For the contract."""
        names = [sign + name for name in view.orderings for sign in ("", "-")]
        return [
            {
                "name": "limit",
                "in": "query",
                "description": LIMIT_WORDS,
                "schema": {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
            },
            {
                "name": "cursor",
                "in": "query",
                "schema": {"type": "string"},
                "description": "Where to go on; taken from `next`, never made by hand.",
            },
            {
                "name": "ordering",
                "in": "query",
                "description": "The order of the rows; `-`: from its end.",
                "schema": {"type": "string", "enum": names, "default": view.ordering},
            },
        ]


class _Order(NamedTuple):
    """One of a view's orders: its name in the address, and its fields."""

    name: str
    fields: tuple[str, ...]

    @property
    def descending(self) -> bool:
        return self.name.startswith("-")

    def of(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.order_by(*(f"-{field}" if self.descending else field for field in self.fields))

    def after(self, rows: QuerySet[Any], values: Sequence[Any]) -> QuerySet[Any]:
        return rows.filter(after(self.fields, values, descending=self.descending))

    def place(self, row: Any) -> list[Any]:
        return [_value(row, field) for field in self.fields]


def _order(request: Request, view: Any) -> _Order:
    """The order that is asked for, else the view's own; ValidationError for one that it does not have."""
    name = request.query_params.get("ordering", view.ordering)
    fields = view.orderings.get(name.removeprefix("-"))
    if fields is None:
        names = ", ".join([*view.orderings, *(f"-{order}" for order in view.orderings)])
        raise ValidationError({"ordering": _("Pilih salah satu dari: %(names)s.") % {"names": names}})
    return _Order(name, fields)


def next_link(url: str) -> str:
    """The Link header of a page that another one follows (RFC 8288)."""
    return f'<{url}>; rel="next"'


def next_url(request: Request, name: str, cursor: str) -> str:
    """The address that was asked, with the cursor replaced."""
    query = request.query_params.copy()
    query[name] = cursor
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def _value(row: Any, path: str) -> Any:
    """The value of a field on a model instance, which may lie behind a relation (`trip__day`)."""
    for part in path.split("__"):
        row = getattr(row, part)
    return row
