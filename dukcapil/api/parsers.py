"""Reading a request's JSON strictly: nothing is guessed, and what is too large or too deep is refused."""

import json
import re
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

# NUL, which PostgreSQL does not store, and halves of surrogate pairs, which no encoding takes. Whole pairs are refused
# with them: letters of that kind stand in no code, day, document or source, and can be written as themselves.
_UNSTORABLE = re.compile(rb"\\u(0000|[dD][89a-fA-F])")
MAX_BODY_BYTES = 4_000_000  # ten thousand counts need less than half of it


class TooLarge(APIException):
    status_code = 413


class LengthRequired(APIException):
    status_code = 411


class AnyLengthRequest(Request):
    """A request whose body may come in chunks, without a Content-Length. The framework would take it for empty."""

    _stream: Any

    def _load_stream(self) -> None:
        super()._load_stream()
        meta = self._request.META
        if self._stream is not None or not meta.get("HTTP_TRANSFER_ENCODING"):
            return
        if not meta.get("wsgi.input_terminated"):  # the server does not say where the body ends: reading would never end
            raise LengthRequired(_("Kirim dengan Content-Length: kiriman terpotong-potong tidak dapat dibaca di sini."))
        self._stream = meta["wsgi.input"]


class StrictJson(BaseParser):
    """UTF-8 JSON of at most 4 MB. A name that stands twice, NaN and Infinity are refused; numbers keep their kind:
    1e3 and 5.0 are no integers."""

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        """The value; ParseError or TooLarge with a sentence otherwise."""
        body = stream.read(MAX_BODY_BYTES + 1)
        if len(body) > MAX_BODY_BYTES:
            raise TooLarge(_("Kiriman lebih dari 4 MB; bagi menjadi beberapa kiriman."))
        if parser_context is not None:
            parser_context["request"]._request.api_body = body  # what an idempotency key is compared by
        if _UNSTORABLE.search(body):
            raise ParseError(_("Teks berisi tanda yang tidak dapat disimpan."))
        try:
            return json.loads(body.decode("utf-8"), object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
        except RecursionError:
            raise ParseError(_("JSON bersarang terlalu dalam.")) from None
        except UnicodeDecodeError:
            raise ParseError(_("Kiriman bukan UTF-8.")) from None
        except json.JSONDecodeError as problem:
            place = {"line": problem.lineno, "column": problem.colno}
            raise ParseError(_("JSON tidak dapat dibaca: baris %(line)s, kolom %(column)s.") % place) from None
        except ValueError as problem:  # a name twice, a constant, a number of thousands of digits
            raise ParseError(_("JSON tidak dapat dibaca: %(why)s.") % {"why": problem}) from None


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        duplicate = next(name for index, (name, _value) in enumerate(pairs) if name in dict(pairs[:index]))
        raise ValueError(_("“%(name)s” ada dua kali") % {"name": duplicate[:40]})
    return values


def _no_constant(text: str) -> Any:
    raise ValueError(_("%(text)s bukan bilangan") % {"text": text})
