"""XLSX and ODS from outside: a zip of XML parts, unpacked piece by piece and thrown away again."""

import html
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from dukcapil.errors import Refused
from recording.imports.spreadsheets.refusals import (
    BOMB,
    BROKEN,
    ENTITIES,
    FOREIGN,
    LINKS,
    MACROS,
    PASSWORD,
    RESAVE,
    refuse,
    refuse_nik,
)
from recording.parsing.numbers import contains_nik

MEGABYTE = 1_000_000
LARGEST_UNPACKED, MOST_PARTS = 250 * MEGABYTE, 2_000
RATIO, RATIO_FROM = 200, MEGABYTE  # of unpacked to packed bytes; smaller parts may be as dense as they like
MOST_WORDS = 20 * MEGABYTE  # of one part of comments or properties, which is looked at as a whole
BLOCK, EDGE = 1 << 18, 4096  # bytes looked at together; and again with the next block, where two of them meet

# Parts of a workbook that hold words beside the cells: comments, text boxes, properties, defined names.
WORDS = re.compile(r"comment|^docprops/|^xl/workbook\.xml$|^meta\.xml$|persons?/|^xl/drawings/.*xml$")
NO_XML = re.compile(r"\.(?:png|jpe?g|gif|emf|wmf|svg|tiff?|bmp|bin)$")
# The tags of letters' looks stand in the middle of a word and are no gap; all others part one text from the next.
LOOKS = re.compile(rb"</?(?:\w+:)?(?:r|t|span)(?:\s[^>]*)?>|<(?:\w+:)?rPr(?:\s[^>]*)?>.*?</(?:\w+:)?rPr>", re.DOTALL)
TAGS = re.compile(rb"<[^>]*>")
SHEETS = re.compile(rb"""\sname=(?:"([^"]*)"|'([^']*)')""")
OTHER_ENCODING = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["'](?:utf-?(?:16|32|7)|ucs|iso-10646)""", re.IGNORECASE)
ANNOTATION, ANNOTATION_END = b"<office:annotation", b"</office:annotation>"
ANNOTATIONS = re.compile(ANNOTATION + rb"[\s>].*?" + ANNOTATION_END, re.DOTALL)
# 'file:///other.ods'#Sheet in a formula, a table taken from elsewhere, a live link to another program.
ODS_LINKS = re.compile(
    rb"<table:(?:table-source|cell-range-source|dde-link)|<office:dde-source"
    rb"|table:formula=\"[^\"]*(?:&apos;|')[^\"#]*(?:&apos;|')#"
)
FORBIDDEN_RELATIONS = {
    b"/relationships/externalLink": LINKS,
    b"/relationships/vbaProject": MACROS,
    b"/relationships/xlMacrosheet": MACROS,
    b"/relationships/xlIntlMacrosheet": MACROS,
}


def inspect_ooxml(file: Path, name: str) -> str:
    """ "xlsx" or "ods". Refused: another kind, password, macros, links, unsafe XML, a bomb, a NIK in its words."""
    try:
        with zipfile.ZipFile(file) as book, file.open("rb") as content:
            parts = book.infolist()
            if len(parts) > MOST_PARTS:
                refuse(BOMB, name)
            if any(part.flag_bits & 1 for part in parts):
                refuse(PASSWORD, name)
            kind = _kind(content, parts, name)
            left = LARGEST_UNPACKED
            for part in parts:
                left -= _look_into(content, part, left, name)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError) as problem:
        raise Refused(BROKEN, "file", file=name) from problem
    return kind


def plain(part: str) -> str:
    """A part's name as it is compared; some programs write it with backslashes or other capitals."""
    return part.replace("\\", "/").lstrip("/").lower()


def _kind(content: IO[bytes], parts: list[zipfile.ZipInfo], name: str) -> str:
    names = {plain(part.filename): part for part in parts}
    if "xl/workbook.bin" in names:
        refuse(RESAVE, name)
    if "mimetype" in names and "xl/workbook.xml" not in names:
        if b"opendocument.spreadsheet" not in first_bytes(content, names["mimetype"]):
            refuse(FOREIGN, name)
        manifest = names.get("meta-inf/manifest.xml")
        # Before the other parts are looked at, which are no XML then.
        if manifest and b"encryption-data" in first_bytes(content, manifest):
            refuse(PASSWORD, name)
        if any(part.startswith(("basic/", "scripts/")) for part in names):
            refuse(MACROS, name)
        return "ods"
    if "xl/workbook.xml" not in names:
        types = names.get("[content_types].xml")
        refuse(BROKEN if types and b"spreadsheetml" in first_bytes(content, types) else FOREIGN, name)
    if any("vbaproject" in part or part.startswith("xl/macrosheets/") for part in names):
        refuse(MACROS, name)
    if any(part.startswith("xl/externallinks/") for part in names):
        refuse(LINKS, name)
    return "xlsx"


def first_bytes(content: IO[bytes], part: zipfile.ZipInfo, most: int = MEGABYTE) -> bytes:
    """The beginning of a part, at most about `most` bytes of it."""
    found = b""
    for block in unpacked(content, part):
        found += block
        if len(found) >= most:
            break
    return found


def unpacked(content: IO[bytes], part: zipfile.ZipInfo) -> Iterator[bytes]:
    """All that comes out of a part, a block at a time. BadZipFile or zlib.error when it is broken.

    `ZipFile.open` ends where the directory says that the part ends; a bomb lies there, and other readers go on.
    """
    content.seek(part.header_offset)
    head = content.read(30)
    if len(head) < 30 or head[:4] != b"PK\x03\x04":
        raise zipfile.BadZipFile("no header")
    content.seek(int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little"), 1)
    if part.compress_type == zipfile.ZIP_DEFLATED:
        blocks = _inflated(_packed(content, part.compress_size))
    elif part.compress_type == zipfile.ZIP_STORED:
        blocks = _packed(content, part.compress_size)
    else:
        raise zipfile.BadZipFile("packed in an unusual way")
    check = 0
    for block in blocks:
        check = zlib.crc32(block, check)
        yield block
    if check != part.CRC:
        raise zipfile.BadZipFile("wrong check sum")


def _packed(content: IO[bytes], size: int) -> Iterator[bytes]:
    while size > 0:
        block = content.read(min(size, BLOCK))
        if not block:
            raise zipfile.BadZipFile("cut off")
        size -= len(block)
        yield block


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    for rest in packed:
        block = b""
        while rest or len(block) == BLOCK:
            block = unpacker.decompress(rest, BLOCK)
            rest = unpacker.unconsumed_tail
            if block:
                yield block
        if unpacker.eof:
            return
    if not unpacker.eof:
        raise zipfile.BadZipFile("cut off")


def _look_into(content: IO[bytes], part: zipfile.ZipInfo, left: int, name: str) -> int:
    """Unpack a part, counting what really comes out. Answers its size."""
    size, path = 0, plain(part.filename)
    xml, keep = not NO_XML.search(path), WORDS.search(path) is not None
    words, edge = bytearray(), b""
    for block in unpacked(content, part):
        size += len(block)
        if size > left or (size > RATIO_FROM and size > RATIO * max(part.compress_size, 1)):
            refuse(BOMB, name)
        if xml:
            if size == len(block) and _is_encoded_otherwise(block):
                refuse(ENTITIES, name)
            _refuse_unsafe_xml(edge + block, path, name)
            edge = _edge(edge + block) if path == "content.xml" else block[-EDGE:]
        if keep:
            words += block
            if len(words) > MOST_WORDS:
                refuse(BOMB, name)
    if keep:
        named = b" ; ".join(one or other for one, other in SHEETS.findall(words))
        _refuse_nik_in(bytes(words) + b"<end>" + named)
    return size


def _is_encoded_otherwise(start: bytes) -> bool:
    """XML in UTF-16 and the like, in which nothing would be found."""
    return start[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in start[:4] or bool(OTHER_ENCODING.match(start))


def _edge(text: bytes) -> bytes:
    """What is looked at again with the next block: an annotation that is still open, else the last bytes."""
    start = text.rfind(ANNOTATION)
    is_open = start >= 0 and ANNOTATION_END not in text[start:]
    return text[start:] if is_open and len(text) - start < MEGABYTE else text[-EDGE:]


def _refuse_unsafe_xml(text: bytes, path: str, name: str) -> None:
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        refuse(ENTITIES, name)
    if path.endswith(".rels"):
        for relation, sentence in FORBIDDEN_RELATIONS.items():
            if relation in text:
                refuse(sentence, name)
    if path == "content.xml":
        if ODS_LINKS.search(text):
            refuse(LINKS, name)
        for annotation in ANNOTATIONS.findall(text):
            _refuse_nik_in(annotation)


def _refuse_nik_in(xml: bytes) -> None:
    text = TAGS.sub(b" ; ", LOOKS.sub(b"", xml)).decode("utf-8", "replace")
    if contains_nik(html.unescape(text)):
        refuse_nik()
