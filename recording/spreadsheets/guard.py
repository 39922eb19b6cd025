"""Looking at a file from outside, before anything that parses it: its kind by content, its size, what hides in it."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import olefile

from dukcapil.errors import N_, Refused
from recording.numbers import contains_nik
from recording.spreadsheets.text_rows import NIK

MEGABYTE = 1_000_000
LARGEST_BOOK, LARGEST = 20 * MEGABYTE, 150 * MEGABYTE  # the second for CSV, which is streamed
LARGEST_UNPACKED, RATIO, MOST_PARTS = 250 * MEGABYTE, 200, 2_000
BLOCK = 1 << 18

KINDS = {
    b"PK": "zip", b"\xd0\xcf\x11\xe0": "ole", b"%PDF": "foreign", b"\x89PNG": "foreign", b"\xff\xd8\xff": "foreign",
    b"GIF8": "foreign", b"Rar!": "foreign", b"7z\xbc\xaf": "foreign", b"\x1f\x8b": "foreign",
    b"\x09\x08": "ancient", b"\x09\x04": "ancient", b"{\\rt": "foreign",
}  # fmt: skip
# Parts of a workbook that hold words beside the cells: comments, properties, names of sheets.
WORDS = re.compile(r"comment|docProps/|xl/workbook\.xml$|^meta\.xml$|persons?/", re.IGNORECASE)
TAGS = re.compile(rb"<[^>]*>")
NAMES = re.compile(rb'name="([^"]*)"')

UNREADABLE = N_("Berkas %(file)s tidak dapat dibaca.")
EMPTY = N_("Berkas %(file)s kosong.")
TOO_LARGE = N_("Berkas %(file)s lebih dari %(most)s MB. Bagi berkasnya, atau simpan sebagai CSV.")
FOREIGN = N_("Berkas %(file)s bukan lembar kerja. Unggah XLSX, XLS, ODS atau CSV.")
RESAVE = N_(
    "Berkas %(file)s berformat yang tidak dibaca di sini. Simpan ulang sebagai XLSX, lalu unggah lagi."
)
PASSWORD = N_("Berkas %(file)s terkunci kata sandi. Simpan tanpa kata sandi, lalu unggah lagi.")
MACROS = N_("Berkas %(file)s memuat makro. Simpan ulang sebagai XLSX tanpa makro, lalu unggah lagi.")
LINKS = N_(
    "Berkas %(file)s menautkan berkas lain. Putuskan tautannya (tempel sebagai nilai), lalu unggah lagi."
)
ENTITIES = N_(
    "Berkas %(file)s memuat deklarasi XML yang tidak aman. Simpan ulang sebagai XLSX, lalu unggah lagi."
)
BOMB = N_(
    "Berkas %(file)s mengembang terlalu besar saat dibuka. Simpan ulang tabelnya saja, lalu unggah lagi."
)
BROKEN = N_("Berkas %(file)s rusak. Buka dan simpan ulang sebagai XLSX, lalu unggah lagi.")


def inspect(file: Path, name: str) -> str:
    """The kind, one of xlsx, xls, ods and csv, by content and not by name. Refused when it is not safe to open."""
    try:
        size = file.stat().st_size
        with file.open("rb") as content:
            start = content.read(512)
    except OSError as problem:
        raise Refused(UNREADABLE, "file", file=name) from problem
    if not size:
        _refuse(EMPTY, name)
    kind = next((kind for magic, kind in KINDS.items() if start.startswith(magic)), "text")
    if kind == "foreign":
        _refuse(FOREIGN, name)
    if kind == "ancient" or start.lstrip().lower().startswith(
        (b"<html", b"<table", b"<!doctype", b"<?xml", b"<?mso")
    ):
        _refuse(RESAVE, name)
    most = LARGEST if kind == "text" else LARGEST_BOOK
    if size > most:
        raise Refused(TOO_LARGE, "file", file=name, most=most // MEGABYTE)
    return {"zip": _zip, "ole": _ole, "text": lambda *_: "csv"}[kind](file, name)


def _refuse(sentence: str, name: str) -> NoReturn:
    raise Refused(sentence, "file", file=name)


def _zip(file: Path, name: str) -> str:
    try:
        with zipfile.ZipFile(file) as book:
            parts = book.infolist()
            kind = _kind_of_zip(book, name)
            if len(parts) > MOST_PARTS:
                _refuse(BOMB, name)
            left = LARGEST_UNPACKED
            for part in parts:
                left -= _look_into(book, part, left, name)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, UnicodeError) as problem:
        raise Refused(BROKEN, "file", file=name) from problem
    except RuntimeError as problem:  # an encrypted part asks for its password so
        raise Refused(PASSWORD, "file", file=name) from problem
    return kind


def _kind_of_zip(book: zipfile.ZipFile, name: str) -> str:
    names = set(book.namelist())
    if any(part.flag_bits & 1 for part in book.infolist()):
        _refuse(PASSWORD, name)
    if "xl/workbook.bin" in names:
        _refuse(RESAVE, name)
    if "mimetype" in names and book.getinfo("mimetype").file_size < 200:
        if b"opendocument.spreadsheet" not in book.read("mimetype"):
            _refuse(FOREIGN, name)
        if any(part.startswith(("Basic/", "Scripts/")) for part in names):
            _refuse(MACROS, name)
        return "ods"
    if "xl/workbook.xml" not in names:
        _refuse(FOREIGN, name)
    if any("vbaproject" in part.lower() or part.lower().startswith("xl/macrosheets/") for part in names):
        _refuse(MACROS, name)
    if any(part.lower().startswith("xl/externallinks/") for part in names):
        _refuse(LINKS, name)
    return "xlsx"


def _look_into(book: zipfile.ZipFile, part: zipfile.ZipInfo, left: int, name: str) -> int:
    """Unpack a part piece by piece, counting what really comes out; its directory may lie. Answers its size."""
    size, xml = 0, part.filename.lower().endswith((".xml", ".rels", ".vml"))
    words = bytearray()
    keep = bool(WORDS.search(part.filename))
    edge = b""  # the end of the block before, so that nothing hides where two of them meet
    for block in _blocks(book, part):
        size += len(block)
        if size > left or (size > MEGABYTE and size > RATIO * max(part.compress_size, 1)):
            _refuse(BOMB, name)
        if xml:
            _refuse_unsafe_xml(edge + block, part.filename, name)
            edge = block[-40:]
        if keep and len(words) < MEGABYTE:
            words += block
    if keep:
        text = TAGS.sub(b" ", words).decode("utf-8", "replace")
        named = b" ; ".join(NAMES.findall(bytes(words))).decode("utf-8", "replace")
        if contains_nik(text) or contains_nik(named):
            raise Refused(NIK, "file")
    return size


def _blocks(book: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """What comes out, a block at a time."""
    with book.open(part) as content:
        while block := content.read(BLOCK):
            yield block


def _refuse_unsafe_xml(block: bytes, part: str, name: str) -> None:
    if block[:2] in (b"\xff\xfe", b"\xfe\xff") or b"<!DOCTYPE" in block or b"<!ENTITY" in block:
        _refuse(ENTITIES, name)
    if part == "META-INF/manifest.xml" and b"encryption-data" in block:
        _refuse(PASSWORD, name)
    if part == "content.xml" and (b"table:cell-range-source" in block or b"table:table-source" in block):
        _refuse(LINKS, name)


# Old workbooks (BIFF in an OLE file): records of the stream "Workbook" that say what must be known.
FILEPASS, SUPBOOK = 0x002F, 0x01AE
OWN_BOOK = (b"\x01\x04", b"\x01\x3a")  # a reference to the book itself, or to functions of an add-in


def _ole(file: Path, name: str) -> str:
    try:
        with olefile.OleFileIO(file) as book:
            streams = {"/".join(entry).lower() for entry in book.listdir()}
            if any("encryptedpackage" in stream for stream in streams):
                _refuse(PASSWORD, name)
            if any("_vba_project" in stream for stream in streams):
                _refuse(MACROS, name)
            stream = next((each for each in ("Workbook", "Book") if book.exists(each)), None)
            if stream is None:
                _refuse(FOREIGN, name)
            _look_at_records(book.openstream(stream).read(), name)
    except (OSError, olefile.OleFileError, ValueError, IndexError) as problem:
        raise Refused(BROKEN, "file", file=name) from problem
    return "xls"


def _look_at_records(stream: bytes, name: str) -> None:
    place = 0
    while place + 4 <= len(stream):
        record = int.from_bytes(stream[place : place + 2], "little")
        length = int.from_bytes(stream[place + 2 : place + 4], "little")
        body = stream[place + 4 : place + 4 + length]
        if record == FILEPASS:
            _refuse(PASSWORD, name)
        if record == SUPBOOK and body[2:4] not in OWN_BOOK:
            _refuse(LINKS, name)
        place += 4 + length
