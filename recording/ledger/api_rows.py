"""What every write of the API does alike: it reads its rows strictly, and is done once under its Idempotency-Key.

The rows are read here and not by their serializer, which describes them in the contract: see docs/decisions/0013.
"""

import json
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, TypeVar

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request

from accounts.services.answers import answer_once
from dukcapil.errors import N_, Refused, RefusedRows
from recording.parsing.days import parse_day

IDEMPOTENCY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Up to 80 printable ASCII letters. The same key and request within 24 hours: the first answer again "
    "(Idempotent-Replayed: true), nothing is done twice. Another request under it: 422.",
)
_INTEGER = N_("Tulis bilangan bulat JSON, misalnya 12; bukan teks, pecahan, 1e3, atau true.")
_TEXT = N_("Tulis teks.")
Row = TypeVar("Row")


def once(request: Request, work: Callable[[], dict[str, Any]], status: int = 200) -> HttpResponse:
    """Do a write and answer it in JSON; under an Idempotency-Key the same request gets the same answer."""
    raw = request._request
    answer = answer_once(
        by=request.user,
        key=raw.headers.get("Idempotency-Key", ""),
        now=raw.now,
        request=f"{raw.method} {raw.path}\n".encode() + raw.api_body,
        work=lambda: (status, json.dumps(work(), ensure_ascii=False, separators=(",", ":"))),
    )
    response = HttpResponse(answer.body, status=answer.status, content_type="application/json")
    if answer.repeated:
        response["Idempotent-Replayed"] = "true"
    return response


def read_rows(
    body: Any, entry: type[serializers.Serializer[Any]], read: Callable[[dict[str, Any]], Row], *, limit: int
) -> list[Row]:
    """`read` of each row of a request: one object or a list of at most `limit`.

    Refused when it is neither or empty; RefusedRows with every row that is wrong. `entry` describes the fields.
    """
    rows = body if isinstance(body, list) else [body]
    if not isinstance(body, list | dict) or not rows:
        raise Refused(N_("Kirim satu objek, atau daftar objek yang tidak kosong."))
    if len(rows) > limit:
        raise Refused(N_("Paling banyak %(most)s baris dalam satu kiriman; bagi menjadi beberapa."), most=limit)
    fields = entry().fields
    known, needed = frozenset(fields), [name for name, field in fields.items() if field.required]
    inputs, errors = [], []
    for index, row in enumerate(rows):
        try:
            _check_names(row, known, needed)
            inputs.append(read(row))
        except Refused as problem:
            errors.append((index, problem))
    if errors:
        raise RefusedRows(errors)
    return inputs


def _check_names(row: Any, known: frozenset[str], needed: Iterable[str]) -> None:
    """Refused by name: a field that nobody knows, and one that is missing."""
    if not isinstance(row, dict):
        raise Refused(N_("Setiap baris harus objek JSON."))
    if not known.issuperset(row):
        name = next(name for name in row if name not in known)
        raise Refused(
            N_("Isian %(name)s tidak dikenal. Yang ada: %(known)s."), name[:40], name=name[:40], known=", ".join(sorted(known))
        )
    for name in needed:
        if name not in row:
            raise Refused(N_("Isian %(name)s belum ada."), name, name=name)


def integer(row: dict[str, Any], name: str, default: int | None = None) -> int | None:
    """A JSON integer; a boolean is none, nor is 5.0."""
    value = row.get(name, default)
    if value is default and name not in row:
        return default
    if type(value) is not int:
        raise Refused(_INTEGER, name)
    return value


def boolean(row: dict[str, Any], name: str) -> bool:
    """A JSON true or false; false where it is not said."""
    value = row.get(name, False)
    if not isinstance(value, bool):
        raise Refused(N_("Tulis true atau false."), name)
    return value


def text(row: dict[str, Any], name: str, default: str = "") -> str:
    """A JSON string."""
    value = row.get(name, default)
    if not isinstance(value, str):
        raise Refused(_TEXT, name)
    return value


def day(row: dict[str, Any], name: str) -> date:
    """An ISO day."""
    return parse_day(text(row, name), name)
