"""XLSX and ODS from outside: a zip of XML parts, unpacked piece by piece and thrown away again."""

import html
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from dukcapil.errors import Refused
from recording.imports.spreadsheets import refusals
from recording.imports.spreadsheets.refusals import refuse, refuse_nik_in

MEGABYTE = 1_000_000
MAX_UNPACKED_BYTES, MAX_PARTS = 250 * MEGABYTE, 2_000
MAX_RATIO, RATIO_FROM_BYTES = 200, MEGABYTE  # of unpacked to packed; smaller parts may be as dense as they like
MAX_TEXT_BYTES = 20 * MEGABYTE  # of one part of comments or properties, which is looked at as a whole
# Bytes looked at together; and again with the next block, where two of them meet.
BLOCK_BYTES, EDGE_BYTES = 1 << 18, 4096

# Parts of a workbook that hold text beside the cells: comments, text boxes, properties, defined names, addresses, headers.
TEXT_PARTS = re.compile(
    r"comment|^docprops/|^xl/workbook\.xml$|^meta\.xml$|^styles\.xml$|persons?/|^xl/drawings/.*xml$|^xl/worksheets/_rels/"
)
SHEET_PART = re.compile(r"^xl/worksheets/[^/]+\.xml$")
# What follows in a sheet: headers and footers of its print, lists of choices, hyperlinks.
CELLS_END = re.compile(rb"</(?:\w+:)?sheetData>|<(?:\w+:)?sheetData\s*/>")
NOT_XML = re.compile(r"\.(?:png|jpe?g|gif|emf|wmf|svg|tiff?|bmp|bin)$")
# Tags of styling stand in the middle of a word and are no gap; all others part one text from the next.
STYLING = re.compile(rb"</?(?:\w+:)?(?:r|t|span)(?:\s[^>]*)?>|<(?:\w+:)?rPr(?:\s[^>]*)?>.*?</(?:\w+:)?rPr>", re.DOTALL)
TAGS = re.compile(rb"<[^>]*>")
NAMES = re.compile(
    rb"""\s(?:name|Target|location|display|tooltip|prompt|promptTitle|error|errorTitle)=(?:"([^"]*)"|'([^']*)')"""
)
OTHER_ENCODING = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["'](?:utf-?(?:16|32|7)|ucs|iso-10646)""", re.IGNORECASE)
ANNOTATION, ANNOTATION_END = b"<office:annotation", b"</office:annotation>"
ANNOTATIONS = re.compile(ANNOTATION + rb"[\s>].*?" + ANNOTATION_END, re.DOTALL)
# 'file:///other.ods'#Sheet in a formula, a table taken from elsewhere, a live link to another program.
ODS_LINKS = re.compile(
    rb"<table:(?:table-source|cell-range-source|dde-link)|<office:dde-source"
    rb"|table:formula=\"[^\"]*(?:&apos;|')[^\"#]*(?:&apos;|')#"
)
FORBIDDEN_RELATIONS = {
    b"/relationships/externalLink": refusals.LINKS,
    b"/relationships/vbaProject": refusals.MACROS,
    b"/relationships/xlMacrosheet": refusals.MACROS,
    b"/relationships/xlIntlMacrosheet": refusals.MACROS,
}


def inspect_ooxml(file: Path, name: str) -> str:
    """ "xlsx" or "ods". Refused: another kind, password, macros, links, unsafe XML, a bomb, a NIK in its words."""
    try:
        with zipfile.ZipFile(file) as book, file.open("rb") as content:
            parts = book.infolist()
            if len(parts) > MAX_PARTS:
                refuse(refusals.BOMB, name)
            if any(part.flag_bits & 1 for part in parts):
                refuse(refusals.PASSWORD, name)
            kind = _kind(content, parts, name)
            left = MAX_UNPACKED_BYTES
            for part in parts:
                left -= _inspect_part(content, part, left, name)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError) as problem:
        raise Refused(refusals.BROKEN, "file", file=name) from problem
    return kind


def plain_name(part: str) -> str:
    """A part's name as it is compared; some programs write it with backslashes or other capitals."""
    return part.replace("\\", "/").lstrip("/").lower()


def _kind(content: IO[bytes], parts: list[zipfile.ZipInfo], name: str) -> str:
    by_name = {plain_name(part.filename): part for part in parts}
    if "xl/workbook.bin" in by_name:
        refuse(refusals.RESAVE, name)
    if "mimetype" in by_name and "xl/workbook.xml" not in by_name:
        if b"opendocument.spreadsheet" not in first_bytes(content, by_name["mimetype"]):
            refuse(refusals.FOREIGN, name)
        manifest = by_name.get("meta-inf/manifest.xml")
        # Before the other parts are looked at, which are no XML then.
        if manifest and b"encryption-data" in first_bytes(content, manifest):
            refuse(refusals.PASSWORD, name)
        if any(part.startswith(("basic/", "scripts/")) for part in by_name):
            refuse(refusals.MACROS, name)
        return "ods"
    if "xl/workbook.xml" not in by_name:
        types = by_name.get("[content_types].xml")
        refuse(refusals.BROKEN if types and b"spreadsheetml" in first_bytes(content, types) else refusals.FOREIGN, name)
    if any("vbaproject" in part or part.startswith("xl/macrosheets/") for part in by_name):
        refuse(refusals.MACROS, name)
    if any(part.startswith("xl/externallinks/") for part in by_name):
        refuse(refusals.LINKS, name)
    return "xlsx"


def first_bytes(content: IO[bytes], part: zipfile.ZipInfo, limit: int = MEGABYTE) -> bytes:
    """The beginning of a part: whole blocks, until they are `limit` bytes or more."""
    start = b""
    for block in unpacked(content, part):
        start += block
        if len(start) >= limit:
            break
    return start


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
        block = content.read(min(size, BLOCK_BYTES))
        if not block:
            raise zipfile.BadZipFile("cut off")
        size -= len(block)
        yield block


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    for rest in packed:
        block = b""
        while rest or len(block) == BLOCK_BYTES:
            block = unpacker.decompress(rest, BLOCK_BYTES)
            rest = unpacker.unconsumed_tail
            if block:
                yield block
        if unpacker.eof:
            return
    if not unpacker.eof:
        raise zipfile.BadZipFile("cut off")


def _inspect_part(content: IO[bytes], part: zipfile.ZipInfo, left: int, name: str) -> int:
    """Unpack a part, counting what really comes out. Answers its size."""
    size, path = 0, plain_name(part.filename)
    is_xml, is_text = not NOT_XML.search(path), TEXT_PARTS.search(path) is not None
    is_sheet = SHEET_PART.search(path) is not None
    text, edge = bytearray(), b""
    for block in unpacked(content, part):
        size += len(block)
        if size > left or (size > RATIO_FROM_BYTES and size > MAX_RATIO * max(part.compress_size, 1)):
            refuse(refusals.BOMB, name)
        if is_xml:
            if size == len(block) and _is_encoded_otherwise(block):
                refuse(refusals.ENTITIES, name)
            _refuse_unsafe_xml(edge + block, path, name)
            if is_sheet and not is_text and (cells_end := CELLS_END.search(edge + block)):
                is_text, block = True, (edge + block)[cells_end.end() :]
            edge = _edge(edge + block) if path == "content.xml" else block[-EDGE_BYTES:]
        if is_text:
            text += block
            if len(text) > MAX_TEXT_BYTES:
                refuse(refusals.BOMB, name)
    if is_text:
        names = b" ; ".join(one or other for one, other in NAMES.findall(text))
        _refuse_nik_in_xml(bytes(text) + b"<end>" + names)
    return size


def _is_encoded_otherwise(start: bytes) -> bool:
    """XML in UTF-16 and the like, in which nothing would be found."""
    return start[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in start[:4] or bool(OTHER_ENCODING.match(start))


def _edge(text: bytes) -> bytes:
    """What is looked at again with the next block: an annotation that is still open, else the last bytes."""
    start = text.rfind(ANNOTATION)
    is_open = start >= 0 and ANNOTATION_END not in text[start:]
    return text[start:] if is_open and len(text) - start < MEGABYTE else text[-EDGE_BYTES:]


def _refuse_unsafe_xml(text: bytes, path: str, name: str) -> None:
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        refuse(refusals.ENTITIES, name)
    if path.endswith(".rels"):
        for relation, sentence in FORBIDDEN_RELATIONS.items():
            if relation in text:
                refuse(sentence, name)
    if path == "content.xml":
        if ODS_LINKS.search(text):
            refuse(refusals.LINKS, name)
        for annotation in ANNOTATIONS.findall(text):
            _refuse_nik_in_xml(annotation)


def _refuse_nik_in_xml(xml: bytes) -> None:
    text = TAGS.sub(b" ; ", STYLING.sub(b"", xml)).decode("utf-8", "replace")
    refuse_nik_in(html.unescape(text))
