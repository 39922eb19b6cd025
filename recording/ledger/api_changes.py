"""The feed of changes: what happened to the counts, in order, for ever."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import Action
from dukcapil.api.paging import DEFAULT_LIMIT, LIMIT_WORDS, MAX_LIMIT, limit_of, next_link, next_url
from dukcapil.api.plain_rows import PlainRows
from dukcapil.api.schema import FIELDS
from recording.filters import CountFilter
from recording.models import CountChange, Document, Door, PostingKind

MAX_POSITION_DIGITS = 18  # below 2^63
CURSOR_HEADER = "Changes-Cursor"
CURSOR = OpenApiParameter(
    CURSOR_HEADER,
    {"type": "string", "pattern": "^[0-9]{1,18}$"},
    OpenApiParameter.HEADER,
    response=[200],
    description="`cursor` again, for readers of CSV: keep it, it is the `since` of the next visit.",
)


class Feed(BasePagination):
    """After `since`, in the order of the ledger. Positions are in commit order (docs/decisions/0001), so that whoever
    has read up to one has read everything up to it, however many write meanwhile."""

    def paginate_queryset(self, queryset: QuerySet[Any], request: Request, view: Any = None) -> list[Any]:
        """One page; `cursor` is where to go on, also at the end, where one asks again later."""
        self.request, limit = request, limit_of(request)
        self.cursor = _since(request)
        rows = list(queryset.filter(pk__gt=self.cursor).order_by("pk")[: limit + 1])
        self.more = len(rows) > limit
        page = rows[:limit]
        if page:
            self.cursor = page[-1].pk
        return page

    def all_pages(self, queryset: QuerySet[Any], request: Request, view: Any) -> Iterator[list[Any]]:
        """Every change after `since` up to the last one of this moment, which is the cursor of the next visit."""
        position = _since(request)
        rows = queryset.order_by("pk")
        end = rows.filter(pk__gt=position).last()
        self.cursor = end.pk if end else position
        page = list(rows.filter(pk__gt=position, pk__lte=self.cursor)[:MAX_LIMIT])
        yield page
        while len(page) == MAX_LIMIT:
            page = list(rows.filter(pk__gt=page[-1].pk, pk__lte=self.cursor)[:MAX_LIMIT])
            yield page

    @property
    def headers(self) -> dict[str, str]:
        """Of every answer: a reader of CSV has no body in which the cursor could stand."""
        return {CURSOR_HEADER: str(self.cursor)}

    def get_paginated_response(self, data: Any) -> Response:
        """`next` and the Link header agree: both lead on only while more is there. `cursor` is for the next visit."""
        url = next_url(self.request, "since", str(self.cursor)) if self.more else None
        response = Response({"cursor": str(self.cursor), "next": url, "results": data}, headers=self.headers)
        if url:
            response["Link"] = next_link(url)
        return response

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """For the contract."""
        return {
            "type": "object",
            "required": ["cursor", "next", "results"],
            "properties": {
                "cursor": {"type": "string", "description": "Keep it; the next `since`."},
                "next": {"type": ["string", "null"], "format": "uri", "description": "null: nothing more at present."},
                "results": schema | {"description": "The rows of this page."},
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """For the contract."""
        return [
            {
                "name": "since",
                "in": "query",
                "schema": {"type": "string", "pattern": "^[0-9]{1,18}$", "default": "0"},
                "description": "The `cursor` of the answer before; without it from the beginning.",
            },
            {
                "name": "limit",
                "in": "query",
                "description": LIMIT_WORDS,
                "schema": {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
            },
        ]


def _since(request: Request) -> int:
    """?since=: a position in the ledger, 0 without it."""
    text = request.query_params.get("since", "0")
    if not (text.isascii() and text.isdigit() and len(text) <= MAX_POSITION_DIGITS):
        raise ValidationError({"since": _("Penanda ini tidak sah. Pakai cursor dari jawaban sebelumnya.")})
    return int(text)


class ChangeRow(serializers.Serializer[Any]):
    position = serializers.IntegerField(source="pk", help_text="Position in the ledger; rises, with gaps.")
    region = serializers.CharField(source="region_id", help_text="Code of the region.")
    document = serializers.ChoiceField(Document.choices, help_text="KTP or KIA.")
    day = serializers.DateField(help_text="The service day.")
    source = serializers.CharField(help_text="Where the people were served, or what told it.")
    delta = serializers.IntegerField(help_text="New less old, missing taken as nothing.")
    old = serializers.IntegerField(source="old_people", allow_null=True, help_text="Before; null: missing.")
    new = serializers.IntegerField(source="new_people", allow_null=True, help_text="After; null: taken out again.")
    kind = serializers.ChoiceField(PostingKind.choices, source="posting.kind", help_text="entry, return (of a report) or undo.")
    reason = serializers.CharField(source="posting.reason", help_text="Why; empty for what was new.")
    door = serializers.ChoiceField(Door.choices, source="posting.door", help_text="Through which door it came.")
    posting = serializers.IntegerField(source="posting_id", help_text="The act of writing.")
    at = serializers.DateTimeField(source="posting.at", help_text="When it was written.")


@extend_schema(tags=["counts"], summary="Changes", parameters=[FIELDS, CURSOR])
class Changes(PlainRows):
    """Every change of every count. Applied in order, `new` of the last change of a count is its current value: a reader
    that keeps `cursor` and asks again rebuilds the table of counts exactly, and sees why each changed."""

    reads = Action.COUNT_READ
    serializer_class = ChangeRow
    queryset = CountChange.objects.none()
    filterset_class = CountFilter
    pagination_class = Feed
    others = ("since",)

    def get_queryset(self) -> QuerySet[CountChange]:
        return CountChange.objects.visible_to(self.request.user).settled()
