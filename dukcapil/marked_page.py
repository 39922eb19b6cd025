"""A page that many get, with marks in the places of what belongs to each reader: what lies between them is compressed once.

To compress all of it takes longer than everything else about a page that is kept. What is filled in is not compressed
with anything, so that the length of an answer tells nothing about it.
"""

import re
import struct
import zlib
from collections.abc import Collection, Mapping
from typing import NamedTuple

GZIP_BEGIN = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
GZIP_END = b"\x03\x00"  # the last block, which is empty
MAX_STORED = 65_535  # bytes of a block that is not compressed


class _Piece(NamedTuple):
    """Text of the page, the same as compressed blocks, and the mark that follows it ("": none)."""

    text: bytes
    compressed: bytes
    mark: str


class MarkedPage:
    """`page` with the places of `marks`, none of which is a part of another one."""

    def __init__(self, page: str, marks: Collection[str]) -> None:
        parts = re.split("(" + "|".join(map(re.escape, marks)) + ")", page)
        texts = [text.encode() for text in parts[::2]]
        self._pieces = [_Piece(text, _blocks(text), mark) for text, mark in zip(texts, [*parts[1::2], ""], strict=True)]

    def filled(self, values: Mapping[str, str]) -> bytes:
        """The page with a value in the place of each mark."""
        encoded = _encoded(values)
        return b"".join(part for piece in self._pieces for part in (piece.text, encoded[piece.mark]))

    def gzipped(self, values: Mapping[str, str]) -> bytes:
        """The same as gzip (RFC 1952)."""
        encoded = _encoded(values)
        stored = {mark: _stored(value) for mark, value in encoded.items()}
        blocks, digest, size = [GZIP_BEGIN], 0, 0
        for piece in self._pieces:
            value = encoded[piece.mark]
            blocks += (piece.compressed, stored[piece.mark])
            digest = zlib.crc32(value, zlib.crc32(piece.text, digest))
            size += len(piece.text) + len(value)
        return b"".join([*blocks, GZIP_END, struct.pack("<LL", digest, size & 0xFFFF_FFFF)])


def _encoded(values: Mapping[str, str]) -> dict[str, bytes]:
    return {mark: value.encode() for mark, value in values.items()} | {"": b""}


def _blocks(text: bytes) -> bytes:
    """Deflate blocks that end on a whole byte and need nothing of what comes before."""
    compressor = zlib.compressobj(9, wbits=-15)
    return compressor.compress(text) + compressor.flush(zlib.Z_SYNC_FLUSH)


def _stored(value: bytes) -> bytes:
    """Deflate blocks that hold the value as it is."""
    parts = [value[start : start + MAX_STORED] for start in range(0, len(value), MAX_STORED)]
    return b"".join(b"\x00" + struct.pack("<HH", len(part), len(part) ^ 0xFFFF) + part for part in parts)
