"""A number for each request, and one line about it in the log."""

import logging
import re
import time
import uuid
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

from dukcapil.log_lines import request_id

log = logging.getLogger("portal.access")
HEADER = "X-Request-ID"
NUMBER = re.compile(r"[A-Za-z0-9-]{8,64}")
LONG_NUMBER = re.compile(r"\d{12,}")  # a NIK, or what may be one
MAX_PATH_LENGTH = 200


class AccessMiddleware:
    """The outermost: it sees every answer, and no answer to HEAD has a body after it.

    The number is that of the proxy, where it gave one; the answer carries it. Static files and the probes of monitors that
    are answered as they should be leave no line.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.quiet = ("/healthz", "/readyz", "/metrics", settings.STATIC_URL)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given, started = request.META.get("HTTP_X_REQUEST_ID", ""), time.monotonic()
        number = given if NUMBER.fullmatch(given) else uuid.uuid4().hex[:16]
        token = request_id.set(number)
        try:
            response = self.get_response(request)
            response.headers[HEADER] = number
            if request.method == "HEAD":
                _take_body(response)
            if response.status_code >= 500 or not request.path_info.startswith(self.quiet):
                _write_line(request, response, time.monotonic() - started)
        finally:
            request_id.reset(token)
        return response


def _write_line(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    status = response.status_code
    level = logging.INFO if status < 400 else logging.WARNING if status < 500 else logging.ERROR
    if not log.isEnabledFor(level):
        return
    fields = {"method": request.method, "path": path_without_secrets(request), "status": status, "ms": round(1000 * seconds)}
    if why := getattr(response, "why", ""):
        fields["why"] = why
    log.log(level, "%s %s", status, fields["path"], extra={"fields": fields})


def path_without_secrets(request: HttpRequest) -> str:
    """The path without its question; the address of a calendar opens it, so that its pattern is told instead."""
    match = getattr(request, "resolver_match", None)
    if match is None:  # answered before any view was looked for
        with suppress(Resolver404):
            match = resolve(request.path_info)
    path = f"/{match.route}" if match is not None and "token" in match.kwargs else request.path_info
    return LONG_NUMBER.sub("…", path)[:MAX_PATH_LENGTH]


def _take_body(response: HttpResponseBase) -> None:
    """Its headers stay as they are for GET; the server would throw the body away, and say so each time."""
    if response.streaming:
        response.close()
        response.streaming_content = ()  # type: ignore[attr-defined]
    elif isinstance(response, HttpResponse):
        response.headers.setdefault("Content-Length", str(len(response.content)))
        response.content = b""
