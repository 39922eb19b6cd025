"""The one place where what a view raises becomes a problem (dukcapil/problems.py)."""

from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DataError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from dukcapil.errors import Refused
from dukcapil.problems import CONTENT_TYPE, problem, problem_of


def handle(raised: Exception, context: dict[str, Any]) -> Response | None:
    """A problem for everything that a request can be blamed for. None for a real error and for a database that is away:
    the middleware answers those, as everywhere."""
    headers: dict[str, str] = {}
    if isinstance(raised, Refused):
        body = problem_of(raised)
    elif isinstance(raised, exceptions.APIException):
        body = _of_framework(raised)
        if wait := getattr(raised, "wait", None):
            headers["Retry-After"] = str(int(wait))
        if challenge := getattr(raised, "auth_header", None):
            headers["WWW-Authenticate"] = challenge
        if isinstance(raised, exceptions.MethodNotAllowed):
            headers["Allow"] = ", ".join(context["view"].allowed_methods)
    elif isinstance(raised, Http404):
        body = problem(404, _("Alamat ini tidak ada."))
    elif isinstance(raised, PermissionDenied):
        body = problem(403, _("Permintaan ini ditolak."))
    elif isinstance(raised, RequestDataTooBig):
        body = problem(413, _("Kiriman terlalu besar."))
    elif isinstance(
        raised, SuspiciousOperation | BadRequest | RecursionError | UnicodeError | OverflowError | DataError
    ):
        body = problem(400, _("Permintaan ini tidak dapat dibaca."))
    else:
        return None
    set_rollback()
    return Response(body, status=int(str(body["status"])), headers=headers, content_type=CONTENT_TYPE)


def _of_framework(raised: exceptions.APIException) -> dict[str, object]:
    """Its classes, in our words where they are about the address or the form of the request."""
    if isinstance(raised, exceptions.ValidationError):
        errors = list(_fields(raised.detail))
        told = _("Permintaan ini tidak sah: %(fields)s.") % {"fields": ", ".join(str(each["field"]) for each in errors)}
        return problem(400, told, errors)
    words = {
        exceptions.NotAuthenticated: _("Kirim kunci API: Authorization: Bearer KUNCI, atau masuk lebih dahulu."),
        exceptions.MethodNotAllowed: _("Metode ini tidak dilayani di alamat ini."),
        exceptions.NotAcceptable: _("Jawaban hanya tersedia sebagai json atau csv."),
        exceptions.UnsupportedMediaType: _("Kirim isi sebagai application/json."),
        exceptions.Throttled: _("Terlalu banyak permintaan. Tunggu sesuai Retry-After, lalu lanjutkan."),
    }
    return problem(raised.status_code, words.get(type(raised), str(raised.detail)))


def _fields(detail: Any, field: str = "") -> Any:
    if isinstance(detail, dict):
        for name, each in detail.items():
            yield from _fields(each, f"{field}.{name}" if field else str(name))
    elif isinstance(detail, list):
        for each in detail:
            yield from _fields(each, field)
    else:
        yield {"field": field, "detail": str(detail)}
