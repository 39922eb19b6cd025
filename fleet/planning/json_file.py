"""JSON files that anybody may have written: read whole, with exact numbers, or refused with a sentence."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from dukcapil.errors import N_, Refused

MAX_BYTES = 50 * 1024 * 1024


def content_of(path: str) -> bytes:
    """The bytes of a file; Refused when it cannot be read or is too large."""
    try:
        with Path(path).open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Refused(N_("Berkas %(path)s tidak dapat dibaca."), path=path) from error
    if len(content) > MAX_BYTES:
        raise Refused(N_("Berkas terlalu besar: paling banyak %(most)s MB."), most=MAX_BYTES // 1024**2)
    return content


def read_json(content: bytes) -> Any:
    """JSON with exact decimals; Refused when it is none or holds a key twice."""
    try:
        return json.loads(content, parse_float=Decimal, object_pairs_hook=once)
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise Refused(N_("Berkas bukan JSON yang dapat dibaca.")) from error


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)
