"""Errors as programs read them (RFC 9457, application/problem+json): one shape at every address of the API.

`type` is stable and leads to its explanation on the page "API"; `title`, `detail` and the sentences of `errors` are in
the reader's language.
"""

import json
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from dukcapil.errors import N_, Refused, RefusedRows

ROOT = "/api/v1/"
CONTENT_TYPE = "application/problem+json"
MAX_ERRORS = 100  # of a batch; `detail` tells how many there are

# The stable word in `type`, by status, with its title.
KINDS: dict[int, tuple[str, str]] = {
    400: ("invalid", N_("Permintaan tidak sah")),
    401: ("unauthenticated", N_("Kunci atau log masuk diperlukan")),
    403: ("not-allowed", N_("Tidak berwenang")),
    404: ("not-found", N_("Tidak ditemukan")),
    405: ("method-not-allowed", N_("Metode tidak dilayani")),
    406: ("not-acceptable", N_("Bentuk jawaban tidak dikenal")),
    409: ("conflict", N_("Bertentangan dengan keadaan sekarang")),
    411: ("length-required", N_("Panjang kiriman tidak disebut")),
    413: ("too-large", N_("Kiriman terlalu besar")),
    415: ("unsupported-media-type", N_("Bentuk kiriman tidak dikenal")),
    422: ("key-reused", N_("Kunci kiriman sudah dipakai")),
    429: ("too-many-requests", N_("Terlalu banyak permintaan")),
    500: ("error", N_("Kesalahan pada portal")),
    503: ("unavailable", N_("Portal sedang tidak dapat melayani")),
}


def is_api(request: HttpRequest) -> bool:
    """Whether a program asks: errors are then problems and not pages."""
    return request.path_info.startswith(ROOT)


def kind_url(slug: str) -> str:
    """Where a kind of problem is explained; a relative address, the same in every installation."""
    return f"{reverse('api_page')}#{slug}"


def problem(status: int, detail: str, errors: Sequence[dict[str, object]] = ()) -> dict[str, object]:
    """The body: type, title, status, detail; where fields are wrong `errors` (field, detail; in a batch also row)."""
    slug, title = KINDS.get(status, KINDS[400 if status < 500 else 500])
    body: dict[str, object] = {"type": kind_url(slug), "title": gettext(title), "status": status, "detail": detail}
    return body | ({"errors": list(errors)} if errors else {})


def problem_of(refused: Refused) -> dict[str, object]:
    """What a service refused: of a batch every row that is wrong (the first 100), counted from 0."""
    if isinstance(refused, RefusedRows):
        errors: list[dict[str, object]] = [
            {"row": row, "field": reason.field, "detail": str(reason)} for row, reason in refused.errors[:MAX_ERRORS]
        ]
    else:
        errors = [{"field": refused.field, "detail": str(refused)}] if refused.field else []
    return problem(refused.status, str(refused), errors)


def problem_response(body: dict[str, object]) -> HttpResponse:
    """The body as an answer outside of the views: middleware, unknown addresses, a database that is away."""
    text = json.dumps(body, ensure_ascii=False)
    return HttpResponse(text, content_type=CONTENT_TYPE, status=int(str(body["status"])))
