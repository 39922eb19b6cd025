"""Looking at a file from outside, before anything that parses it: its kind by content, its size, what hides in it."""

import stat
from pathlib import Path

from dukcapil.errors import Refused
from recording.imports.spreadsheets.ooxml import inspect_ooxml
from recording.imports.spreadsheets.refusals import EMPTY, FOREIGN, RESAVE, TOO_LARGE, UNREADABLE, refuse
from recording.imports.spreadsheets.xls import inspect_xls

MEGABYTE = 1_000_000
LARGEST_BOOK, LARGEST = 20 * MEGABYTE, 150 * MEGABYTE  # the second for CSV, which is streamed
START = 512  # bytes that tell the kind

KINDS = {
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"PK\x07\x08": "zip",
    b"\xd0\xcf\x11\xe0": "ole",
    b"%PDF": "foreign",
    b"\x89PNG": "foreign",
    b"\xff\xd8\xff": "foreign",
    b"GIF8": "foreign",
    b"Rar!": "foreign",
    b"7z\xbc\xaf": "foreign",
    b"\x1f\x8b": "foreign",
    b"{\\rt": "foreign",
    b"\x09\x08": "other",
    b"\x09\x04": "other",
    b"\x09\x02": "other",
    b"\x09\x00": "other",  # BIFF without OLE
}
# Tables that programs give the suffix .xls and office programs open: web pages, XML of 2003, SYLK. A lone "<" is not
# enough: a column may be called "<5 tahun", and another "ID".
OTHER_TABLES = (
    b"<html",
    b"<table",
    b"<!doctype",
    b"<?xml",
    b"<?mso",
    b"<head",
    b"<meta",
    b"<body",
    b"<style",
    b"<div",
    b"<!--",
    b"mime-version:",
    b"id;pwxl",
)


def inspect(file: Path, name: str) -> str:
    """The kind, one of xlsx, xls, ods and csv, by content and not by name. Refused when it is not safe to open."""
    try:
        about = file.stat()
        if not stat.S_ISREG(about.st_mode):
            refuse(UNREADABLE, name)
        with file.open("rb") as content:
            start = content.read(START)
    except OSError as problem:
        raise Refused(UNREADABLE, "file", file=name) from problem
    if not about.st_size:
        refuse(EMPTY, name)
    kind = next((kind for magic, kind in KINDS.items() if start.startswith(magic)), "text")
    if kind == "foreign":
        refuse(FOREIGN, name)
    if kind == "other" or _words(start).startswith(OTHER_TABLES):
        refuse(RESAVE, name)
    most = LARGEST if kind == "text" else LARGEST_BOOK
    if about.st_size > most:
        raise Refused(TOO_LARGE, "file", file=name, most=most // MEGABYTE)
    if kind == "text":
        return "csv"
    return inspect_ooxml(file, name) if kind == "zip" else inspect_xls(file, name)


def _words(start: bytes) -> bytes:
    """The first letters in lower case, without byte-order mark and the zero bytes of UTF-16."""
    return start.lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\0", b"").lstrip().lower()
