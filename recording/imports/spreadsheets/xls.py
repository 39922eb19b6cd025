"""XLS from outside: a stream of records (BIFF) inside an OLE file."""

from collections.abc import Iterator
from pathlib import Path

import olefile

from dukcapil.errors import Refused
from recording.imports.spreadsheets.refusals import BROKEN, FOREIGN, LINKS, MACROS, PASSWORD, refuse, refuse_nik_in

FILEPASS, SUPBOOK, BOUNDSHEET, TEXT_OBJECT, CONTINUE = 0x002F, 0x01AE, 0x0085, 0x01B6, 0x003C
# What a reference says in place of a path: the book itself, functions of an add-in; a path has two letters or more.
OWN_BOOK = (b"\x01\x04", b"\x01\x3a", b"\x00\x00", b"\x01\x00")
MACRO_SHEET, MODULE = 1, 6
PROPERTIES = ("\x05SummaryInformation", "\x05DocumentSummaryInformation")


def inspect_xls(file: Path, name: str) -> str:
    """ "xls". Refused: another kind, password, macros, links, a NIK in comments or properties."""
    try:
        with olefile.OleFileIO(file) as book:
            streams = {"/".join(entry).lower() for entry in book.listdir()}
            if any("encryptedpackage" in stream for stream in streams):
                refuse(PASSWORD, name)
            if any("_vba_project" in stream for stream in streams):
                refuse(MACROS, name)
            if not streams & {"workbook", "book"}:
                refuse(FOREIGN, name)
            _inspect_records(stream_of(book), name)
            _inspect_properties(book)
    except Refused:
        raise
    except Exception as problem:  # olefile checks little: broken bytes raise whatever they happen to raise
        raise Refused(BROKEN, "file", file=name) from problem
    return "xls"


def stream_of(book: olefile.OleFileIO) -> bytes:
    """The records of the workbook."""
    content: bytes = book.openstream("Workbook" if book.exists("Workbook") else "Book").read()
    return content


def records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(where it begins, what it is, what it holds) of every record."""
    place, end = 0, len(stream)
    while place + 4 <= end:
        kind, length = stream[place] | stream[place + 1] << 8, stream[place + 2] | stream[place + 3] << 8
        yield place, kind, stream[place + 4 : place + 4 + length]
        place += 4 + length


def _inspect_records(stream: bytes, name: str) -> None:
    previous_kind = 0
    for _place, kind, body in records(stream):
        if kind == FILEPASS:
            refuse(PASSWORD, name)
        if kind == SUPBOOK and body[2:4] not in OWN_BOOK:
            refuse(LINKS, name)
        if kind == BOUNDSHEET and body[5:6] and body[5] in (MACRO_SHEET, MODULE):
            refuse(MACROS, name)
        if kind == CONTINUE and previous_kind == TEXT_OBJECT and body:
            # The text of a comment: a flag, then letters of one or two bytes.
            refuse_nik_in(body[1:].decode("utf-16-le" if body[0] & 1 else "latin-1", "replace"))
        previous_kind = kind


def _inspect_properties(book: olefile.OleFileIO) -> None:
    for stream in PROPERTIES:
        if book.exists(stream):
            for value in book.getproperties(stream).values():
                for text in value if isinstance(value, list) else [value]:
                    if isinstance(text, bytes):
                        refuse_nik_in(text.decode("utf-8", "replace"))
                    elif isinstance(text, str):
                        refuse_nik_in(text)
