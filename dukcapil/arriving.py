"""A request on its way in: its bytes are kept until the last one is there.

Pure: it is given what came over the line and says what is still missing.
"""

import re
from tempfile import SpooledTemporaryFile

MAX_HEAD_BYTES = 64 * 1024
MAX_BODY_BYTES = 160 * 1024 * 1024  # a little more than the largest file that an import takes
IN_MEMORY_BYTES = 512 * 1024
HEAD_ENDS = b"\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r\n", re.IGNORECASE)
IN_CHUNKS = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
CHUNK_HEAD = re.compile(rb"([0-9a-fA-F]{1,8})[^\r\n]*\r\n")
MAX_CHUNK_HEAD_BYTES = 1024
TOO_LONG = "413 Content Too Large"
ASKS_FIRST = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*(?=\r\n)", re.IGNORECASE)


class Unwanted(Exception):
    """The request is answered with this status and not looked at."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


class Chunks:
    """Finds the end of a body that is sent in chunks: each after its length, the last one of length 0 and followed by
    lines up to an empty one. What is malformed ends here too: the parser will refuse it."""

    def __init__(self) -> None:
        self.ended = False
        self._skip = 0  # bytes of the chunk that are to come
        self._head = b""  # what came of the next chunk's head, or of the lines after the last chunk
        self._last = False

    def length_of(self, data: bytes) -> int:
        """How many of these bytes, the next ones, belong to the body."""
        place = 0
        while place < len(data) and not self.ended:
            if self._skip:
                step = min(self._skip, len(data) - place)
                self._skip -= step
                place += step
            else:
                self._add_to_head(data[place : place + 1])
                place += 1
        return place

    def _add_to_head(self, byte: bytes) -> None:
        self._head += byte
        if self._last:
            self.ended = self._head == b"\r\n" or self._head.endswith(HEAD_ENDS) or len(self._head) > MAX_CHUNK_HEAD_BYTES
        elif byte == b"\n":
            size = CHUNK_HEAD.fullmatch(self._head)
            self._head = b""
            if size is None:
                self.ended = True
            elif length := int(size[1], 16):
                self._skip = length + len(b"\r\n")
            else:
                self._last = True
        else:
            self.ended = len(self._head) > MAX_CHUNK_HEAD_BYTES


class ArrivingRequest:
    """The bytes of one request, for the parser to read once they are complete (`recv`, as from a line).

    `surplus`: what came after its end. `body_bytes`: how long its body is, 0 before the head is there.
    """

    def __init__(self) -> None:
        self.surplus = b""
        self.body_bytes = 0
        self.head_is_there = False
        self._head = b""
        self._to_read = b""
        self._body: SpooledTemporaryFile[bytes] | None = None
        self._missing = 0
        self._chunks: Chunks | None = None

    @property
    def is_complete(self) -> bool:
        return self.head_is_there and not self._missing

    @property
    def waits_for_a_word(self) -> bool:
        """Whether its sender does before the body. The word is given once: the parser is not told of it."""
        return bool(self._missing and ASKS_FIRST.search(self._head))

    def add(self, data: bytes) -> None:
        """Take in what came over the line. Unwanted for a head or a body that is too long."""
        if not self.head_is_there:
            data = self._add_to_head(data)
        if self.head_is_there and data:
            self._add_to_body(data)

    def _add_to_head(self, data: bytes) -> bytes:
        """What of the data belongs to the body."""
        searched = max(len(self._head) - len(HEAD_ENDS), 0)
        self._head += data
        end = self._head.find(HEAD_ENDS, searched)
        if end < 0:
            if len(self._head) > MAX_HEAD_BYTES:
                raise Unwanted("431 Request Header Fields Too Large")
            return b""
        end += len(HEAD_ENDS)
        self._head, rest = self._head[:end], self._head[end:]
        length = LENGTH.search(self._head)
        self.body_bytes = self._missing = int(length[1]) if length else 0
        if IN_CHUNKS.search(self._head):
            self._chunks, self._missing = Chunks(), 1  # at least: its end is found as it comes
        if self.body_bytes > MAX_BODY_BYTES:
            raise Unwanted(TOO_LONG)
        self.head_is_there, self._to_read = True, ASKS_FIRST.sub(b"", self._head)
        return rest

    def _add_to_body(self, data: bytes) -> None:
        length = self._missing if self._chunks is None else self._chunks.length_of(data)
        ours, self.surplus = data[:length], self.surplus + data[length:]
        if not ours:
            return
        if self._body is None:
            self._body = SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 - closed by close()
        self._body.write(ours)
        if self._chunks is None:
            self._missing -= len(ours)
        else:
            self._missing = 0 if self._chunks.ended else 1
            if self._body.tell() > MAX_BODY_BYTES:
                raise Unwanted(TOO_LONG)
        if not self._missing:
            self._body.seek(0)

    def recv(self, size: int) -> bytes:
        """The next bytes of the complete request; b"" after its end."""
        if self._to_read:
            part, self._to_read = self._to_read[:size], self._to_read[size:]
            return part
        return self._body.read(size) if self._body is not None else b""

    def close(self) -> None:
        """Give its memory and its file back."""
        if self._body is not None:
            self._body.close()
            self._body = None

    __del__ = close
