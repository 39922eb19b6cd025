"""What every address of the API has in common: who asks, the fields of a row, ETag and headers."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from rest_framework import generics, serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dukcapil.api.filters import known_only
from dukcapil.api.parsers import AnyLengthRequest
from dukcapil.api.renderers import Csv
from dukcapil.cells import csv_lines, csv_of
from dukcapil.conditional import response_or_304
from dukcapil.requests import PortalRequest
from dukcapil.sparse_fields import selected_fields

MAX_ID = 2**63 - 1  # the largest number that a database takes
CSV_CONTENT_TYPE = f"{Csv.media_type}; charset={Csv.charset}"
VARY = ("Accept", "Accept-Language", "Authorization", "Cookie")


class Api(APIView):
    """The base of every view; stands before the framework's generic ones."""

    http_method_names = ["get", "head", "post"]

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponse]:
        """The portal leads strangers to its log-in page; a program gets 401 from here instead."""
        view: Callable[..., HttpResponse] = login_not_required(super().as_view(**initkwargs))
        return view

    def initialize_request(self, request: Any, *args: Any, **kwargs: Any) -> Request:
        """As the framework does, but a body that comes in chunks is read."""
        return AnyLengthRequest(
            request,
            parsers=self.get_parsers(),
            authenticators=self.get_authenticators(),
            negotiator=self.get_content_negotiator(),
            parser_context=self.get_parser_context(request),
        )

    def check_permissions(self, request: Request) -> None:
        """Requests are counted before rights are asked: a refusal also says what is left, and is limited as well."""
        if request.user.is_authenticated:
            self.check_throttles(request)
        super().check_permissions(request)

    def dispatch(self, request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A read carries an ETag, and answers 304 to a reader who has it already."""
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        if isinstance(response, Response):
            response.render()
        finish(request, response)
        if request.method in ("GET", "HEAD") and response.status_code == 200:
            response.headers.setdefault("Cache-Control", "private, no-cache")
            if response.streaming:  # what is longer than memory should be has no digest
                return response
            if not response.has_header("ETag"):
                digest = hashlib.sha256(response.content).hexdigest()[:32]
                response["ETag"] = f'W/"{digest}"'
            return response_or_304(request, response)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def finish(request: PortalRequest, response: HttpResponse) -> None:
    """What every answer says: on what it depends, and how many requests are left (set by the throttle)."""
    patch_vary_headers(response, VARY)
    for name, value in getattr(request, "rate_headers", {}).items():
        response[name] = value


class Answers(Api):
    """A view that builds its own answer. `parameters` are the query parameters that it takes."""

    parameters: tuple[str, ...] = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        known_only(request, [*self.parameters, "format"])


class SparseFields(Api, generics.GenericAPIView[Any]):
    """Rows by a serializer, with the fields that ?fields= names."""

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        serializer = super().get_serializer(*args, **kwargs)
        row = serializer.child if isinstance(serializer, serializers.ListSerializer) else serializer
        selected = selected_fields(self.request.query_params.get("fields"), list(row.fields))
        for name in set(row.fields) - set(selected):
            row.fields.pop(name)
        return serializer

    def columns(self) -> list[str]:
        """The header of the CSV."""
        return list(self.get_serializer().fields)


class Rows(SparseFields, generics.ListAPIView[Any]):
    """A list: what the reader may see (`get_queryset`), filtered, ordered, paged, with the fields asked for."""

    orderings: dict[str, tuple[str, ...]] = {}
    ordering = ""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method == "POST":  # those of a GET are checked by the filters
            known_only(request, ())

    def list(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """One page; as CSV every row, unless a page is asked for by `limit` or `cursor`: who opens the address with a
        spreadsheet or a data frame reads no Link header, and would take a hundred rows for all of them."""
        if request.accepted_renderer.format == Csv.format and not {"limit", "cursor"} & set(request.query_params):
            return self._whole_table(request)
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.rows(page or ()))

    def rows(self, page: Sequence[Any]) -> Sequence[dict[str, Any]]:
        """The rows of a page as they are written, with the fields asked for."""
        rows: Sequence[dict[str, Any]] = self.get_serializer(page, many=True).data
        return rows

    def lines(self, page: Sequence[Any]) -> Iterator[Sequence[Any]]:
        """The same as lines of a CSV."""
        columns = self.columns()
        for row in self.rows(page):
            yield [row.get(name) for name in columns]

    def _whole_table(self, request: Request) -> HttpResponseBase:
        """Sent in pieces when it is longer than a page. The first is built now: what is refused answers as such."""
        pages = self.paginator.all_pages(self.filter_queryset(self.get_queryset()), request, self)
        begun = csv_of(self.columns(), self.lines(next(pages)))
        second = next(pages, None)
        sent: dict[str, Any] = {"content_type": CSV_CONTENT_TYPE, "headers": getattr(self.paginator, "headers", {})}
        if second is None:
            return HttpResponse(begun, **sent)
        more = (csv_lines(self.lines(page)) for page in chain([second], pages))
        return StreamingHttpResponse(chain([begun], more), **sent)


class Row(SparseFields, generics.RetrieveAPIView[Any]):
    """One row of a list, by `number`: unknown and not visible answer alike."""

    lookup_url_kwarg = "number"
    filter_backends = ()

    def get_object(self) -> Any:
        known_only(self.request, ["fields", "format"])
        number = self.kwargs[self.lookup_url_kwarg]
        too_large = isinstance(number, int) and number > MAX_ID
        row = None if too_large else self.get_queryset().filter(pk=number).first()
        if row is None:
            raise NotFound(_("Yang diminta tidak ada."))
        return row
