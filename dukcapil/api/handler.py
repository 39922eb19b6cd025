"""The one place where what a view raises becomes a problem (dukcapil/problems.py)."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DataError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from dukcapil.errors import N_, Refused
from dukcapil.problems import CONTENT_TYPE, problem, problem_of

UNREADABLE = (SuspiciousOperation, BadRequest, RecursionError, UnicodeError, OverflowError, DataError)
# What Django and Python raise, with its status and sentence; the first that fits counts.
OTHERS: tuple[tuple[tuple[type[Exception], ...], int, str], ...] = (
    ((Http404,), 404, N_("Alamat ini tidak ada.")),
    ((PermissionDenied,), 403, N_("Permintaan ini ditolak.")),
    ((RequestDataTooBig,), 413, N_("Kiriman terlalu besar.")),
    (UNREADABLE, 400, N_("Permintaan ini tidak dapat dibaca.")),
)
# The framework's own errors about the address or the form of a request, in our words.
OF_FRAMEWORK: dict[type[exceptions.APIException], str] = {
    exceptions.NotAuthenticated: N_("Kirim kunci API: Authorization: Bearer KUNCI, atau masuk lebih dahulu."),
    exceptions.MethodNotAllowed: N_("Metode ini tidak dilayani di alamat ini."),
    exceptions.NotAcceptable: N_("Jawaban hanya tersedia sebagai json atau csv."),
    exceptions.UnsupportedMediaType: N_("Kirim isi sebagai application/json."),
    exceptions.Throttled: N_("Terlalu banyak permintaan. Tunggu sesuai Retry-After, lalu lanjutkan."),
}


def handle(raised: Exception, context: dict[str, Any]) -> Response | None:
    """A problem for everything that a request can be blamed for. None for a real error and for a database that is away:
    the middleware answers those, as everywhere."""
    body = _body(raised)
    if body is None:
        return None
    headers: dict[str, str] = {}
    if wait := getattr(raised, "wait", None):
        headers["Retry-After"] = str(int(wait))
    if challenge := getattr(raised, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    set_rollback()
    return Response(body, status=int(str(body["status"])), headers=headers, content_type=CONTENT_TYPE)


def _body(raised: Exception) -> dict[str, object] | None:
    if isinstance(raised, Refused):
        return problem_of(raised)
    if isinstance(raised, exceptions.ValidationError):
        errors = list(_field_errors(raised.detail))
        fields = ", ".join(str(error["field"]) for error in errors)
        return problem(400, _("Permintaan ini tidak sah: %(fields)s.") % {"fields": fields}, errors)
    if isinstance(raised, exceptions.APIException):
        sentence = OF_FRAMEWORK.get(type(raised))
        return problem(raised.status_code, _(sentence) if sentence else str(raised.detail))
    for kinds, status, sentence in OTHERS:
        if isinstance(raised, kinds):
            return problem(status, _(sentence))
    return None


def _field_errors(detail: Any, field: str = "") -> Iterator[dict[str, object]]:
    """Every sentence of the framework's nested errors, with its field ("a.b" for one inside another)."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _field_errors(inner, f"{field}.{name}" if field else str(name))
    elif isinstance(detail, list):
        for inner in detail:
            yield from _field_errors(inner, field)
    else:
        yield {"field": field, "detail": str(detail)}
