"""Answers that are the same for everybody: read without an account, and kept by every cache on the way."""

import hashlib

from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.utils.http import http_date

from dukcapil.conditional import response_or_304
from dukcapil.requests import PortalRequest

ANONYMOUS = AnonymousUser()  # these pages are read as this user, also by those who have logged in
MAX_AGE_SECONDS = 300  # how long a browser or a cache on the way may keep an answer


def public_response(
    request: PortalRequest, body: bytes, content_type: str, language: str, changed: int | None = None
) -> HttpResponse:
    """The body with its ETag, and Last-Modified where `changed` (seconds since 1970) is known.

    304 without the body for a browser that has it already.
    """
    response = HttpResponse(body, content_type=content_type)
    response["Cache-Control"] = f"public, max-age={MAX_AGE_SECONDS}"
    response["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    if changed is not None:
        response["Last-Modified"] = http_date(changed)
    answer = response_or_304(request, response)
    answer["Content-Language"] = language  # Django leaves it out of a 304
    return answer
