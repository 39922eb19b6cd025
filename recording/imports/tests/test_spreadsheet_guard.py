"""What hides in a file, how a child process ends, and cells that only some programs write."""

import os
import shutil
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import olefile
import psutil  # type: ignore[import-untyped]
import pytest
import xlsxwriter
import xlwt
from django.conf import settings
from xlwt.CompoundDoc import XlsDoc

from dukcapil.errors import Refused
from recording.imports.spreadsheets import (
    Cell,
    child,
    guard,
    ooxml,
    outline,
    read_rows,
    text_rows,
    unseen_xls,
    unseen_xlsx,
    xls,
)
from recording.imports.spreadsheets.cells import Unseen

pytestmark = pytest.mark.once

NIK = "3173010101010001"
SHARED = settings.BASE_DIR.parent / "shared" / "data"
CHILD = Path(child.__file__)
Maker = Callable[[Path], Path]

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OFFICE = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


def cells(file: Path, sheet: str = "") -> list[list[Cell]]:
    return [row for _, row in read_rows(file, name=file.name, sheet=sheet)]


def refused(file: Path) -> str:
    """The sentence, the same for the preview and for the rows."""
    with pytest.raises(Refused) as first:
        outline(file, name="laporan.xlsx")
    with pytest.raises(Refused) as second:
        list(read_rows(file, name="laporan.xlsx"))
    assert str(first.value) == str(second.value)
    assert NIK not in str(first.value)
    return str(first.value)


def raw(content: bytes) -> Maker:
    def make(folder: Path) -> Path:
        (folder / "berkas").write_bytes(content)
        return folder / "berkas"

    return make


def book(folder: Path) -> Path:
    """A harmless XLSX."""
    with xlsxwriter.Workbook(str(folder / "buku"), {"in_memory": True}) as made:
        made.add_worksheet("Data ").write_row(0, 0, ["KODE", "JUMLAH"])
    return folder / "buku"


def with_parts(parts: dict[str, bytes], make: Maker = book) -> Maker:
    """The workbook with these parts added or put in place of its own."""

    def changed(folder: Path) -> Path:
        file = make(folder)
        with zipfile.ZipFile(file) as old:
            all_parts = {name: old.read(name) for name in old.namelist()} | parts
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
            for name, content in all_parts.items():
                new.writestr(name, content)
        return file

    return changed


def sheet_of(rows: str, head: str = "") -> Maker:
    """An XLSX whose one sheet holds these rows as XML."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    xml = f'<worksheet xmlns="{space}">{head}<sheetData>{rows}</sheetData></worksheet>'
    return with_parts({"xl/worksheets/sheet1.xml": xml.encode()})


def open_document(body: str, **parts: str) -> Maker:
    """An ODS with one sheet of these rows; a part is named with "__" for "/"."""

    def make(folder: Path) -> Path:
        with zipfile.ZipFile(folder / "berkas", "w", zipfile.ZIP_DEFLATED) as made:
            made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            made.writestr("META-INF/manifest.xml", "<manifest/>")
            made.writestr(
                "content.xml",
                f'<?xml version="1.0"?><office:document-content {OFFICE}><office:body><office:spreadsheet>'
                f'<table:table table:name="Data ">{body}</table:table>'
                "</office:spreadsheet></office:body></office:document-content>",
            )
            for name, text in parts.items():
                made.writestr(name.replace("__", "/") + ".xml", text)
        return folder / "berkas"

    return make


def ods_row(*cells: str) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def ods_text(text: str, inside: str = "") -> str:
    return f'<table:table-cell office:value-type="string">{inside}<text:p>{text}</text:p></table:table-cell>'


def old_book(*records: tuple[int, bytes], stream: str = "Workbook") -> Maker:
    """An XLS with these records after its first one, or with its stream under another name."""

    def make(folder: Path) -> Path:
        made = xlwt.Workbook()
        made.add_sheet("Data ").write(0, 0, "KODE")
        content = made.get_biff_data()
        first = 4 + int.from_bytes(content[2:4], "little")
        more = b"".join(struct.pack("<HH", kind, len(body)) + body for kind, body in records)
        start = next(place for place, kind, _ in xls.records(content) if kind == xls.BOUNDSHEET) + 4
        moved = struct.pack("<L", int.from_bytes(content[start : start + 4], "little") + len(more))
        content = content[:start] + moved + content[start + 4 :]
        file = folder / "berkas"
        with file.open("wb") as out:
            XlsDoc().save(out, content[:first] + more + content[first:])
        entry = "Workbook".encode("utf-16-le")
        name = stream.encode("utf-16-le")
        packed = file.read_bytes()
        start = packed.index(entry)
        header = name.ljust(64, b"\0") + struct.pack("<H", len(name) + 2)
        file.write_bytes(packed[:start] + header + packed[start + 66 :])
        return file

    return make


def lying_bomb(folder: Path) -> Path:
    """A part of 60 MB that its directory calls 100 bytes long, with the check sum of these."""
    file = with_parts({"xl/media/a.png": bytes(60_000_000)})(folder)
    content = bytearray(file.read_bytes())
    with zipfile.ZipFile(file) as made:
        part = made.getinfo("xl/media/a.png")
    wrong = struct.pack("<L", 100)
    place = content.rindex(b"xl/media/a.png") - 46
    content[place + 24 : place + 28] = wrong
    content[part.header_offset + 22 : part.header_offset + 26] = wrong
    file.write_bytes(content)
    return file


def nested_comment(*runs: str) -> bytes:
    """A comment as office programs write it: every look of its letters makes a run of its own."""
    pieces = "".join(f"<r><rPr><b/><sz val='9'/></rPr><t>{run}</t></r>" for run in runs)
    return f"<comments><commentList><comment ref='A1'><text>{pieces}</text></comment></commentList></comments>".encode()


def a_fifo(folder: Path) -> Path:
    os.mkfifo(folder / "berkas")
    return folder / "berkas"


MANIFEST = b"<manifest><file-entry><encryption-data/></file-entry></manifest>"
ANNOTATION = "<office:annotation><dc:date>2021-11-30T00:00:00</dc:date><text:p>{}</text:p></office:annotation>"
OUTSIDE = """<table:table-cell table:formula="of:=[&apos;file:///x/lain.ods&apos;#$A.A1]" office:value="1"/>"""
UNSAFE: list[tuple[str, Maker, str]] = [
    ("a folder", lambda folder: folder, "tidak dapat dibaca"),
    ("a missing file", lambda folder: folder / "tidak-ada", "tidak dapat dibaca"),
    ("a pipe", a_fifo, "tidak dapat dibaca"),
    ("an empty zip", raw(b"PK\x05\x06" + bytes(18)), "bukan lembar kerja"),
    ("a page with a mark", raw(b"\xef\xbb\xbf\r\n<HTML><body>"), "Simpan ulang sebagai XLSX"),
    ("a page in UTF-16", raw("\ufeff<table><tr>".encode("utf-16-le")), "Simpan ulang sebagai XLSX"),
    ("XML of 2003", raw(b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'), "Simpan ulang"),
    ("a page with pictures", raw(b"MIME-Version: 1.0\r\nX-Document-Type: Workbook"), "Simpan ulang"),
    ("records without OLE", raw(b"\x09\x04\x06\x00\x00\x00\x10\x00" + bytes(50)), "Simpan ulang"),
    ("another OLE file", old_book(stream="WordDocument"), "bukan lembar kerja"),
    ("an encrypted XLSX", old_book(stream="EncryptedPackage"), "kata sandi"),
    ("an encrypted XLS", old_book((0x2F, bytes(6))), "kata sandi"),
    ("macros in XLS", old_book(stream="_VBA_PROJECT"), "makro"),
    ("a sheet of macros in XLS", old_book((0x85, struct.pack("<LBBBB", 0, 0, 1, 1, 0) + b"M")), "makro"),
    ("a link in XLS", old_book((0x1AE, struct.pack("<HHB", 1, 9, 0) + b"\x01lain.xls")), "menautkan"),
    ("a comment in XLS", old_book((0x1B6, bytes(18)), (0x3C, b"\0" + NIK.encode())), "16 digit"),
    ("a wide comment in XLS", old_book((0x1B6, bytes(18)), (0x3C, b"\1" + NIK.encode("utf-16-le"))), "16 digit"),
    (
        "an encrypted ODS",
        with_parts({"content.xml": b"\xff\xfe\0", "META-INF/manifest.xml": MANIFEST}, open_document("")),
        "kata sandi",
    ),
    ("macros in ODS", open_document("", Scripts__a="<a/>"), "makro"),
    ("a table from elsewhere", open_document('<table:table-source xlink:href="../a.ods"/>'), "menautkan"),
    ("a cell from elsewhere", open_document(ods_row(OUTSIDE)), "menautkan"),
    (
        "another kind of document",
        with_parts({"mimetype": b"application/vnd.oasis.opendocument.text"}, open_document("")),
        "bukan lembar kerja",
    ),
    (
        "macros under another name",
        with_parts(
            {
                "xl/_rels/workbook.xml.rels": (
                    f'<a><Relationship Id="a" Type="{RELATIONS}/vbaProject" Target="a.png"/></a>'
                ).encode()
            }
        ),
        "makro",
    ),
    (
        "a link under another name",
        with_parts({"xl/_rels/a.rels": f'<a Type="{RELATIONS}/externalLink"/>'.encode()}),
        "menautkan",
    ),
    ("a link with backslashes", with_parts({"xl\\externalLinks\\a.xml": b"<a/>"}), "menautkan"),
    ("a sheet of macros", with_parts({"xl/macrosheets/sheet1.xml": b"<a/>"}), "makro"),
    ("entities in a part of any name", with_parts({"xl/worksheets/sheet1.data": b"<!ENTITY a 'b'>"}), "tidak aman"),
    ("UTF-16 without mark", with_parts({"xl/a.xml": "<a/>".encode("utf-16-le")}), "tidak aman"),
    ("UTF-7", with_parts({"xl/a.xml": b"<?xml version='1.0' encoding='utf-7'?><a/>"}), "tidak aman"),
    ("a bomb that lies", lying_bomb, "mengembang"),
    ("many parts", with_parts({f"xl/{number}": b"" for number in range(2_001)}), "mengembang"),
    (
        "a large sum",
        with_parts(dict.fromkeys((f"xl/{number}.png" for number in range(280)), os.urandom(9_000) + bytes(900_000))),
        "mengembang",
    ),
    ("a wrong check sum", lambda folder: damaged(book(folder)), "rusak"),
    ("a workbook without its list of sheets", raw(b"PK\x03\x04" + bytes(100)), "rusak"),
    ("NIK in runs of a comment", with_parts({"xl/comments1.xml": nested_comment(NIK[:5], NIK[5:])}), "16 digit"),
    (
        "NIK in a threaded comment",
        with_parts(
            {"xl/threadedComments/threadedComment1.xml": (f"<a><text>{NIK[:6]}.{NIK[6:12]}.{NIK[12:]}</text></a>").encode()}
        ),
        "16 digit",
    ),
    ("NIK in properties", with_parts({"docProps/core.xml": f"<a><title>{NIK}</title></a>".encode()}), "16 digit"),
    (
        "NIK as references",
        with_parts({"docProps/core.xml": ("<a>" + "".join(f"&#{ord(digit)};" for digit in NIK) + "</a>").encode()}),
        "16 digit",
    ),
    ("NIK in a text box", with_parts({"xl/drawings/drawing1.xml": f"<a:t>{NIK}</a:t>".encode()}), "16 digit"),
    ("NIK in the properties of an ODS", open_document("", meta=f"<a>{NIK}</a>"), "16 digit"),
    ("NIK in the header of an ODS page", open_document("", styles=f"<text:p>{NIK}</text:p>"), "16 digit"),
    ("NIK in a note of an ODS", open_document(ods_row(ods_text("a", ANNOTATION.format(NIK)))), "16 digit"),
    (
        "NIK in pieces of a note",
        open_document(ods_row(ods_text("a", ANNOTATION.format(f"<text:span>{NIK[:3]}</text:span>{NIK[3:]}")))),
        "16 digit",
    ),
    (
        "NIK in the name of an ODS sheet",
        with_parts(
            {
                "content.xml": (
                    f"<office:document-content {OFFICE}><office:body><office:spreadsheet>"
                    f"<table:table table:name='{NIK}'/>"
                    "</office:spreadsheet></office:body></office:document-content>"
                ).encode()
            },
            open_document(""),
        ),
        "16 digit",
    ),
    ("only a chart", with_parts({"xl/workbook.xml": b"<workbook/>"}), "lembar kerja"),
    ("a CSV with a line without end", raw(b"kode;jumlah\n" + b"a;" * 2_000_000), "terlalu panjang"),
    ("a CSV with a quote never closed", raw(b'kode;jumlah\n"' + b"a;b\n" * 60_000), "terlalu panjang"),
    ("a CSV too wide", raw(b"a;" * 1_000 + b"a\n"), "terlalu lebar"),
    ("no letters of any encoding", raw(b"kode;jumlah\n\x81\xff;1\n"), "sebagai CSV"),
]


def damaged(file: Path) -> Path:
    content = bytearray(file.read_bytes())
    with zipfile.ZipFile(file) as made:
        place = made.getinfo("xl/styles.xml").header_offset
    content[place + 14 : place + 18] = b"\0\0\0\0"
    directory = content.rindex(b"xl/styles.xml") - 46
    content[directory + 16 : directory + 20] = b"\0\0\0\0"
    file.write_bytes(content)
    return file


@pytest.mark.parametrize(("make", "words"), [case[1:] for case in UNSAFE], ids=[case[0] for case in UNSAFE])
def test_an_unsafe_file_is_refused_in_words(tmp_path: Path, make: Maker, words: str) -> None:
    assert words in refused(make(tmp_path))


SAFE: list[tuple[str, Maker]] = [
    ("a plain XLSX", book),
    ("a plain XLS", old_book()),
    ("a reference of an XLS to itself", old_book((0x1AE, b"\x01\0\x01\x04"))),
    ("functions of an add-in", old_book((0x1AE, b"\x01\0\x01\x3a"))),
    ("a link to a page in ODS", open_document(ods_row(ods_text('<text:a xlink:href="https://a.id/">x</text:a>')))),
    (
        "a sheet named in a formula",
        open_document(
            ods_row('<table:table-cell table:formula="of:=[&apos;Data &apos;.A1]" office:value-type="float" office:value="1"/>')
        ),
    ),
    ("days and codes in a comment", with_parts({"xl/comments1.xml": nested_comment("25-11-2021 31.73.01.1001")})),
    ("numbers of two comments", with_parts({"xl/comments1.xml": b"<a><text>31730101</text><text>01010001</text></a>"})),
    (
        "properties of an office program",
        with_parts({"docProps/app.xml": (b"<a><TotalTime>31730101</TotalTime><AppVersion>16.0300</AppVersion></a>")}),
    ),
    ("a dense part below a megabyte", with_parts({"xl/a.bin": bytes(900_000)})),
    ("a picture that looks like XML", with_parts({"xl/media/a.svg": b"<!DOCTYPE svg><svg/>"})),
    ("a column below five years", raw(b"<5 tahun;jumlah\n1;2\n")),
    ("a column called PK", raw(b"PK;jumlah\n1;2\n")),
    ("a column called ID", raw(b"ID;PROVINSI\n1;2\n")),
]


@pytest.mark.parametrize("make", [case[1] for case in SAFE], ids=[case[0] for case in SAFE])
def test_what_only_looks_unsafe_is_read(tmp_path: Path, make: Maker) -> None:
    file = make(tmp_path)
    assert len(outline(file, name="a")) == 1
    assert cells(file)


@pytest.mark.parametrize("suffix", [".xls", ".ods", ".csv", ".xlsb", ""])
def test_the_kind_follows_the_content_not_the_suffix(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"laporan{suffix}"
    shutil.copy(book(tmp_path), file)
    assert (guard.inspect(file, "a"), cells(file)) == ("xlsx", [["KODE", "JUMLAH"]])
    shutil.copy(old_book()(tmp_path), file)
    assert (guard.inspect(file, "a"), cells(file)) == ("xls", [["KODE"]])


@pytest.mark.parametrize(
    ("field", "value", "words"), [("MAX_UNPACKED_BYTES", 2_000, "mengembang"), ("MAX_TEXT_BYTES", 100, "mengembang")]
)
def test_what_comes_out_of_a_zip_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, field: str, value: int, words: str
) -> None:
    file = with_parts({"xl/comments1.xml": b"<a/>" * 100})(tmp_path)
    assert cells(file)
    monkeypatch.setattr(ooxml, field, value)
    assert words in refused(file)


def test_every_byte_comes_out_wherever_a_block_ends() -> None:
    for size in range(ooxml.BLOCK_BYTES - 2, ooxml.BLOCK_BYTES + 600):
        packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        packed = packer.compress(bytes(size)) + packer.flush()
        assert sum(map(len, ooxml._inflated(iter([packed])))) == size


@pytest.mark.parametrize(("text", "safe"), [(NIK, False), ("Laporan 30 November 2021", True)])
def test_the_properties_of_an_xls_are_checked(tmp_path: Path, text: str, safe: bool) -> None:
    letters = text.encode().ljust(28, b"\0")
    title = struct.pack("<LLLLLL", 56, 1, 2, 16, 30, 28) + letters
    stream = struct.pack("<HHL", 0xFFFE, 0, 0) + bytes(16) + struct.pack("<L", 1) + bytes(16) + struct.pack("<L", 48)
    with (tmp_path / "a").open("wb") as out:
        XlsDoc().save(out, (stream + title).ljust(4096, b"\0"))
    packed = (tmp_path / "a").read_bytes()
    start, name = packed.index("Workbook".encode("utf-16-le")), "\x05SummaryInformation".encode("utf-16-le")
    header = name.ljust(64, b"\0") + struct.pack("<H", len(name) + 2)
    (tmp_path / "a").write_bytes(packed[:start] + header + packed[start + 66 :])
    with olefile.OleFileIO(tmp_path / "a") as opened:
        if safe:
            xls._inspect_properties(opened)
            assert opened.getproperties("\x05SummaryInformation")[2] == text.encode()
        else:
            with pytest.raises(Refused, match="16 digit"):
                xls._inspect_properties(opened)


CLAIM = '<dimension ref="A1:XFD1048576"/>'
FIVE = '<row r="1"><c r="A1"><v>5</v></c></row>'
LONG = "terlalu banyak baris atau kolom"
WIDE: list[tuple[str, Maker, str]] = [
    ("one cell in the last corner", sheet_of('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), LONG),
    ("two cells in the corners", sheet_of(FIVE + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), LONG),
    ("a sheet of empty cells", sheet_of(FIVE + '<row r="200000"><c r="SF200000"><v>1</v></c></row>'), LONG),
    ("a row too far down", sheet_of(FIVE + '<row r="200001"><c r="A200001"><v>1</v></c></row>'), LONG),
    ("a column too far right", sheet_of('<row r="1"><c r="SG1"><v>1</v></c></row>'), LONG),
    (
        "a row repeated without end",
        open_document(
            '<table:table-row table:number-rows-repeated="1048576">'
            '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
            "</table:table-row>"
        ),
        "rusak",
    ),
]


@pytest.mark.parametrize(("make", "words"), [case[1:] for case in WIDE], ids=[case[0] for case in WIDE])
def test_a_small_file_claiming_hugeness_is_refused(tmp_path: Path, make: Maker, words: str) -> None:
    file = make(tmp_path)
    assert file.stat().st_size < 10_000
    assert words in refused(file)


def test_a_sheet_claiming_a_false_dimension_is_read(tmp_path: Path) -> None:
    assert cells(sheet_of(FIVE, CLAIM)(tmp_path)) == [[5]]


def test_trailing_repeated_empty_rows_are_dropped(tmp_path: Path) -> None:
    file = open_document(
        ods_row(ods_text("KODE")) + '<table:table-row table:number-rows-repeated="1048575"><table:table-cell'
        ' table:number-columns-repeated="16384"/></table:table-row>'
    )(tmp_path)
    assert cells(file) == [["KODE"]]


def test_cells_with_errors_are_text_and_not_empty(tmp_path: Path) -> None:
    xlsx = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(xlsx)) as made:
        made.add_worksheet("Kosong & lain")
        sheet = made.add_worksheet('Data "1" ')
        for row in range(3_000):
            sheet.write_row(row, 0, ["31.73", row])
        sheet.write_formula(2_500, 1, "=A1/0", None, "#DIV/0!")
        sheet.write_formula(2_501, 27, "=x", None, "#REF!")
    found = cells(xlsx, 'Data "1" ')
    assert found[2_500][:2] == ["31.73", "#DIV/0!"]
    assert (found[2_501][27], found[2_501][:2]) == ("#REF!", ["31.73", 2_501])
    assert sum(str(cell).startswith("#") for row in found for cell in row) == 2
    old = xlwt.Workbook()
    old.add_sheet("Kosong")
    sheet = old.add_sheet("Données ")
    sheet.write(1, 0, "31.73")
    sheet.row(1).set_cell_error(1, "#N/A!")
    sheet.row(4).set_cell_error(2, "#REF!")
    old.save(str(tmp_path / "a.xls"))
    found = cells(tmp_path / "a.xls", "Données ")
    assert (found[1][1], found[-1]) == ("#N/A", ["", "", "#REF!"])
    assert outline(tmp_path / "a.xls", name="a")[1].rows[1] == (2, ["31.73", "#N/A"])


@pytest.mark.parametrize("block", [7, 64, 1_000])
def test_an_error_is_found_wherever_a_block_ends(block: int) -> None:
    xml = b'<row r="2"><c r="A2" t="n"><v>1</v></c><c r="AB2" s="1" t="e"><f>A1/0</f><v>#DIV/0!</v></c></row>' * 3
    blocks = (xml[start : start + block] for start in range(0, len(xml), block))
    unseen = Unseen()
    for text in unseen_xlsx._texts(blocks):
        unseen_xlsx._read_text(text, unseen)
    assert unseen.errors == {2: [(27, "#DIV/0!")] * 3}


def test_an_error_from_an_xls_formula_is_recognised() -> None:
    place, result = struct.pack("<HHH", 3, 2, 0), b"\x02\0\x17\0\0\0\xff\xff"
    assert unseen_xls._error_code(unseen_xls.FORMULA, place + result) == 0x17
    assert unseen_xls._error_code(unseen_xls.FORMULA, place + struct.pack("<d", 2.0)) is None
    assert list(xls.records(b"\x06\0\x02\0abcut")) == [(0, 6, b"ab")]


def test_days_times_and_truths_are_text(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(file)) as made:
        sheet = made.add_worksheet()
        for column, (form, cell) in enumerate(
            [
                ("dd/mm/yyyy", datetime(2021, 11, 30)),
                ("dd/mm/yyyy hh:mm", datetime(2021, 11, 30, 9)),
                ("hh:mm", 0.375),
                ("0%", 0.5),
                ("0", 1.0),
                ("0.000", 31.0),
                ("@", "31.000"),
            ]
        ):
            sheet.write(0, column, cell, made.add_format({"num_format": form}))
        sheet.write_boolean(0, 7, False)
        sheet.write_number(0, 8, 1e14)
    assert cells(file) == [["2021-11-30", "2021-11-30 09:00", "09:00:00", 0.5, 1, 31, "31.000", "FALSE", 100_000_000_000_000]]


def test_a_number_without_end_is_text(tmp_path: Path) -> None:
    assert cells(sheet_of('<row r="1"><c r="A1"><v>1e999</v></c></row>')(tmp_path)) == [["inf"]]


def test_the_first_or_the_named_sheet_is_read(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "a")) as made:
        made.add_worksheet("-satu ").write(0, 0, "pertama")
        made.add_worksheet("Dua\N{SNOWMAN}").write(1, 1, "kedua")
    file = tmp_path / "a"
    assert cells(file) == cells(file, "-satu ") == [["pertama"]]
    assert list(read_rows(file, name="a", sheet="Dua\N{SNOWMAN}")) == [(1, ["", ""]), (2, ["", "kedua"])]
    with pytest.raises(Refused, match="“Tiga”") as problem:
        cells(file, "Tiga")
    assert problem.value.field == "sheet"


def test_a_nik_in_an_unread_sheet_is_refused(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "a")) as made:
        made.add_worksheet("Satu").write(0, 0, "KODE")
        made.add_worksheet("Dua").write_row(100, 0, ["x", int(NIK)])
    with pytest.raises(Refused, match="16 digit"):
        next(read_rows(tmp_path / "a", name="a", sheet="Satu"))


def test_the_child_needs_neither_django_nor_an_environment(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-I", "-X", "importtime", str(CHILD), "rows", str(book(tmp_path))],
        env={},
        capture_output=True,
        text=True,
        check=True,
    )
    assert '[1, ["KODE", "JUMLAH"]]' in ran.stdout
    assert [name for name in ("django", "dukcapil", "recording") if name in ran.stderr.replace(str(CHILD), "")] == []


@pytest.mark.usefixtures("started_readers")
def test_no_child_process_outlives_its_reading(tmp_path: Path) -> None:
    file = tmp_path / "a"
    with xlsxwriter.Workbook(str(file)) as made:
        sheet = made.add_worksheet()
        for row in range(8_000):  # more than a pipe holds: the child still writes when the first is read
            sheet.write_row(row, 0, ["31.73.01.1001", row])
    before = set(psutil.Process().children())
    rows = read_rows(file, name="a")
    next(rows)
    assert len(set(psutil.Process().children()) - before) == 1
    rows.close()
    with pytest.raises(Refused):
        cells(file, "tidak ada")
    assert set(psutil.Process().children()) == before


CSV: list[tuple[str, bytes, list[list[str]]]] = [
    ("a tab named", b"sep=\t\na\tb,c\n", [["a", "b,c"]]),
    ("titles above", b"Laporan, November 2021\n\na;b\n1,5;2\n", [["Laporan, November 2021"], [], ["a", "b"], ["1,5", "2"]]),
    ("a header with a newline", b'a;"b\nc, d\ne, f"\n1;2\n', [["a", "b\nc, d\ne, f"], ["1", "2"]]),
    ("one column", b"a\n1\n", [["a"], ["1"]]),
    ("stray spaces", b" a , b\n 1 , 2\n", [[" a ", " b"], [" 1 ", " 2"]]),
    ("thousands with commas", b"a;b;c\n1,234;2,345;x\n", [["a", "b", "c"], ["1,234", "2,345", "x"]]),
    ("letters of Windows", "a;b\n–;é\n".encode("cp1252"), [["a", "b"], ["–", "é"]]),
    ("letters of UTF-16", "a;b\n–;é\n".encode("utf-16"), [["a", "b"], ["–", "é"]]),
]


@pytest.mark.parametrize(("content", "rows"), [case[1:] for case in CSV], ids=[case[0] for case in CSV])
def test_csv_is_read_as_it_was_meant(tmp_path: Path, content: bytes, rows: list[list[str]]) -> None:
    file = raw(content)(tmp_path)
    assert cells(file) == rows
    assert outline(file, name="a")[0].name == ""


def test_csv_reading_stops_at_a_nik(tmp_path: Path) -> None:
    file = raw(f"kode;jumlah\n31.73;1\n31.74;{NIK[:6]} {NIK[6:12]} {NIK[12:]}\n".encode())(tmp_path)
    rows = read_rows(file, name="a")
    assert [next(rows), next(rows)] == [(1, ["kode", "jumlah"]), (2, ["31.73", "1"])]
    with pytest.raises(Refused, match="16 digit"):
        next(rows)


def test_an_endless_row_stops_before_filling_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = raw(b"kode;jumlah\n" + b'"a\n";' * 900_000)(tmp_path)
    monkeypatch.setattr(text_rows, "BLOCK_LETTERS", 1_000)
    assert "terlalu panjang" in refused(file)


@pytest.mark.skipif(not SHARED.exists(), reason="the shared workbooks are not beside the project")
def test_the_workbooks_of_offices_are_read_whole() -> None:
    found = {file.stem[-24:]: outline(file, name=file.name) for file in SHARED.glob("*/*.xlsx")}
    assert len(found) == 10
    for stem, heads in found.items():
        pivot = [("pivot kecamatan", 50)] if "2020" in stem else []
        assert [(head.name, head.height) for head in heads] == (
            [("data", 271), *pivot, ("data_kecamatan", 48)]
            if "Pukul" in stem
            else [("Data Kelurahan", 269), ("Data Kecamatan ", 46)]
        )
    for file in SHARED.glob("*/*.xlsx"):
        for head in found[file.stem[-24:]]:
            numbered = list(read_rows(file, name=file.name, sheet=head.name))
            assert ([number for number, _ in numbered][-1], numbered[:30]) == (head.height, head.rows)
