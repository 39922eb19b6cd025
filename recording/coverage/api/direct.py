"""Coverage for programs, answered before sessions, log-ins and the framework begin (docs/decisions/0013)."""

import gzip
import logging
from collections.abc import Callable
from typing import NamedTuple

from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse
from django.utils.http import http_date
from rest_framework.exceptions import APIException

from accounts.api.authentication import key_of, owner_of
from accounts.api.throttles import count_request
from dukcapil.api.views import finish
from dukcapil.conditional import response_or_304
from dukcapil.errors import Refused
from dukcapil.problems import ROOT
from dukcapil.requests import PortalRequest
from recording.coverage.answer_cache import AnswerKey, Writer, answer, answer_key
from recording.coverage.answers import COLUMNS, RUN_COLUMNS, csv_pieces, json_pieces
from recording.coverage.api.parameters import PARAMETERS, parse_query

log = logging.getLogger(__name__)
PATH = f"{ROOT}coverage/"


class Format(NamedTuple):
    content_type: str
    columns: tuple[str, ...]
    write: Writer


FORMATS = {
    "json": Format("application/json", COLUMNS, json_pieces),
    "csv": Format("text/csv; charset=utf-8", (*COLUMNS, *RUN_COLUMNS), csv_pieces),
}
ACCEPTED = {"application/json": "json", "*/*": "json", "text/csv": "csv"}  # other media types the framework negotiates
KNOWN = frozenset((*PARAMETERS, "format"))


class DirectCoverageMiddleware:
    """Answers the question of a program with a key. Everything else, refusals included, goes the ordinary way."""

    def __init__(self, get_response: Callable[[PortalRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: PortalRequest) -> HttpResponse:
        if request.path_info == PATH and request.method in ("GET", "HEAD"):
            try:
                response = _direct_response(request)
            except (Refused, APIException, SuspiciousOperation) as refusal:
                log.debug("left to the framework, which will refuse it: %s", refusal)
                response = None
            if response is not None:
                return response
        return self.get_response(request)


def _direct_response(request: PortalRequest) -> HttpResponse | None:
    """None when no key came along, when it has asked too often, and when only the framework can tell what the request
    wants. What it would refuse raises here too: Refused, or one of the framework's exceptions."""
    accept = request.META.get("HTTP_ACCEPT", "*/*").partition(",")[0].strip()
    form = request.GET.get("format") or ACCEPTED.get(accept, "")
    if form not in FORMATS or not KNOWN.issuperset(request.GET) or any(len(values) > 1 for _n, values in request.GET.lists()):
        return None
    api_key = key_of(request)
    if api_key is None:
        return None
    by = owner_of(api_key)
    key = answer_key(by, parse_query(request.GET, FORMATS[form].columns), form, request.day)
    if count_request(request, by).exceeded:
        return None
    response = answer_response(request, key, answer(by, key, FORMATS[form].write))
    finish(request, response)
    return response_or_304(request, response)


def answer_response(request: PortalRequest, key: AnswerKey, body: bytes) -> HttpResponse:
    """`body` is gzip, and is unpacked for whoever cannot read that."""
    compressed = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
    content = body if compressed else gzip.decompress(body)
    headers = {
        "ETag": f'W/"{key.tag}"',
        "Last-Modified": http_date(key.run.changed_at.timestamp()),
        "Cache-Control": "private, no-cache",
        "Vary": "Accept-Encoding",
        "Content-Length": str(len(content)),
    }
    if compressed:
        headers["Content-Encoding"] = "gzip"
    if key.form == "csv":
        headers["Content-Disposition"] = f'inline; filename="cakupan-{key.run.number}-{key.query.document}.csv"'
    return HttpResponse(content, content_type=FORMATS[key.form].content_type, headers=headers)
