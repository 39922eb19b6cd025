"""JSON and CSV: the same rows in both."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import Http404
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer

from dukcapil.cells import csv_of


class Json(JSONRenderer):
    """Dates ISO, names in UTF-8."""

    charset = None


class Csv(BaseRenderer):
    """RFC 4180 in UTF-8: always a header, one line for each row of `results`, an empty cell for a missing value. A list
    is whole unless a page is asked for (`Rows.list`); then the next one is in the Link header."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        """A problem stays JSON: its content type says so."""
        response = renderer_context["response"] if renderer_context else None
        if response is not None and response.status_code >= 400:
            return json.dumps(data, ensure_ascii=False).encode()
        rows = data["results"] if isinstance(data, dict) and "results" in data else [data]
        view = renderer_context["view"] if renderer_context else None
        columns = view.columns() if view is not None and hasattr(view, "columns") else list(rows[0]) if rows else []
        return csv_of(columns, [[row.get(name) for name in columns] for row in rows])


class Negotiation(DefaultContentNegotiation):
    """An unknown `format` is an answer that we do not have (406), not an address that does not exist."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        if request.query_params.get("format") == "":
            raise NotAcceptable
        return super().select_renderer(request, renderers, format_suffix)

    def filter_renderers(self, renderers: Any, format: str) -> Any:
        try:
            return super().filter_renderers(renderers, format)
        except Http404:
            raise NotAcceptable from None
