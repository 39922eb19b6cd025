"""Looking at a file from outside, before anything that parses it: its kind by content, its size, what hides in it."""

import stat
from pathlib import Path

from dukcapil.errors import Refused
from recording.imports.spreadsheets.ooxml import MEGABYTE, inspect_ooxml
from recording.imports.spreadsheets.refusals import EMPTY, FOREIGN, RESAVE, TOO_LARGE, UNREADABLE, refuse
from recording.imports.spreadsheets.xls import inspect_xls

MAX_WORKBOOK_BYTES = 20 * MEGABYTE
MAX_FILE_BYTES = 150 * MEGABYTE  # of CSV, which is streamed
SIGNATURE_BYTES = 512

SIGNATURES = {
    "zip": (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"),
    "ole": (b"\xd0\xcf\x11\xe0",),
    "foreign": (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"{\\rt"),
    "other": (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00"),  # BIFF without OLE
}
# Tables that programs give the suffix .xls and office programs open: web pages, XML of 2003, SYLK. A lone "<" is not
# enough: a column may be called "<5 tahun", and another "ID".
OTHER_TABLES = tuple(b"<html <table <!doctype <?xml <?mso <head <meta <body <style <div <!-- mime-version: id;pwxl".split())


def inspect(file: Path, name: str) -> str:
    """The kind, one of xlsx, xls, ods and csv, by content and not by name. Refused when it is not safe to open."""
    try:
        info = file.stat()
        if not stat.S_ISREG(info.st_mode):
            refuse(UNREADABLE, name)
        with file.open("rb") as content:
            start = content.read(SIGNATURE_BYTES)
    except OSError as problem:
        raise Refused(UNREADABLE, "file", file=name) from problem
    if not info.st_size:
        refuse(EMPTY, name)
    kind = next((kind for kind, signatures in SIGNATURES.items() if start.startswith(signatures)), "text")
    if kind == "foreign":
        refuse(FOREIGN, name)
    if kind == "other" or _first_letters(start).startswith(OTHER_TABLES):
        refuse(RESAVE, name)
    limit = MAX_FILE_BYTES if kind == "text" else MAX_WORKBOOK_BYTES
    if info.st_size > limit:
        raise Refused(TOO_LARGE, "file", file=name, most=limit // MEGABYTE)
    if kind == "text":
        return "csv"
    return inspect_ooxml(file, name) if kind == "zip" else inspect_xls(file, name)


def _first_letters(start: bytes) -> bytes:
    """In lower case, without byte-order mark and the zero bytes of UTF-16."""
    return start.lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\0", b"").lstrip().lower()
