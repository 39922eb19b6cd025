"""Files to take away: templates hold what one may write, exports come back unchanged, nothing is a formula."""

import csv
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.http.response import HttpResponseBase
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from accounts.acts import Act
from accounts.models import User
from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil.cells import safe_cell
from dukcapil.errors import Refused
from recording.imports.reading.whole_workbook import NOTHING
from recording.imports.spreadsheets import child
from recording.ledger.checks import CountInput
from recording.ledger.services import undo_posting
from recording.models import DailyCount, Door, Period, Region
from recording.publishing import stored_tables, table_download
from recording.publishing import workbook as xlsx
from recording.publishing.table import Column, Table
from recording.publishing.table_download import csv_lines
from recording.publishing.workbook import workbook
from recording.targets.services import TargetInput, define_period, set_target
from recording.tests.commands import run
from recording.tests.pages import logged_in, words
from recording.tests.world import BARAT, DAY, KAPUK, NOON, after, count, target, value, write

TEMPLATE, TARGETS_TO_FILL = "/impor/templat/hitungan.xlsx", "/impor/templat/target.xlsx"
COUNTS, TARGETS = "/impor/ekspor/hitungan", "/impor/ekspor/target"
PUSAT_ROWS = [
    ["31.71.01.1001", "Kota Administrasi Jakarta Pusat", "Gambir", "Gambir", "", ""],
    ["31.71.01.1002", "Kota Administrasi Jakarta Pusat", "Gambir", "Cideng", "", ""],
]
BARAT_ROWS = [
    ["31.73.01.1001", "Kota Administrasi Jakarta Barat", "Cengkareng", "Cengkareng Barat", "", ""],
    ["31.73.01.1004", "Kota Administrasi Jakarta Barat", "Cengkareng", "Kapuk", "", ""],
    ["31.73.02.1001", "Kota Administrasi Jakarta Barat", "Grogol Petamburan", "Grogol", "", ""],
]
TIMUR_ROWS = [["31.75.01.1004", "Kota Administrasi Jakarta Timur", "Matraman", "Palmeriam", "", ""]]
COUNT_HEAD = ["Kode", "Kota", "Kecamatan", "Kelurahan", "Dokumen", "Tanggal", "Sumber", "Jumlah"]
TARGET_HEAD = ["Kode", "Nama", "Dokumen", "Periode", "Target", "Sumber", "Berlaku", "Jenis", "Awal"]


def get(address: str, user: User | None = None) -> Any:
    return logged_in(user or cast.staff()).get(address)


def body(answer: HttpResponseBase) -> bytes:
    """All of a file, however it is sent."""
    assert answer.status_code == 200
    return b"".join(answer)


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def lines(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def table(address: str, suffix: str, user: User | None = None) -> list[list[Any]]:
    """The rows of an export with its header, numbers as text."""
    name, _mark, query = address.partition("?")
    content = body(get(f"{name}.{suffix}?{query}", user))
    found = lines(content) if suffix == "csv" else next(iter(sheets(content).values()))
    return [[f"{cell:.0f}" if isinstance(cell, float) else cell for cell in row] for row in found]


def named(answer: HttpResponseBase) -> str:
    """Without what an example adds: see test_files_of_an_example_say_so."""
    return re.findall(r'^attachment; filename="contoh-(.*)"$', answer.headers["Content-Disposition"])[0]


def saved(folder: Path, answer: HttpResponseBase) -> Path:
    file = folder / named(answer)
    file.write_bytes(body(answer))
    return file


def dry_run(kind: str, file: Path) -> dict[str, Any]:
    """What importing would do: the five numbers and everything that is said about the file."""
    answer = run(f"import_{kind}", file, "--dry-run", "--json").json
    assert answer["problems"] == []
    rows: dict[str, Any] = answer["rows"]
    return {name: number for name, number in rows.items() if number}


def filled(content: bytes, cells: dict[str, str | int]) -> bytes:
    """The workbook after a person has typed into these cells and saved it."""
    fresh = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            text = old.read(part)
            if part == "xl/worksheets/sheet1.xml":
                for cell, typed in cells.items():
                    said = (
                        f'<c r="{cell}" t="str"><v>{typed}</v></c>'
                        if isinstance(typed, str)
                        else (f'<c r="{cell}"><v>{typed}</v></c>')
                    )
                    text, found = re.subn(rf'<c r="{cell}" [^>]*/>'.encode(), said.encode(), text)
                    assert found == 1
            new.writestr(part, text)
    return fresh.getvalue()


@pytest.fixture
def counted(at_noon: None) -> None:
    """Counts of several levels, days, documents and sources; one was taken out again."""
    write(
        count(5),
        count(0, day=date(2021, 11, 24)),
        count(1_250, document="KIA"),
        count(3, source="jemput-bola"),
        count(7, "31.75.01.1004"),
        count(11, BARAT),
        count(13, "31.73.02"),
        count(17, day=date(2020, 3, 1)),
    )
    gone = write(count(99, "31.71.01.1001"))
    assert gone.posting is not None
    undo_posting(act=Act(SYSTEM, after(hours=1), Door.COMMAND), posting=gone.posting.pk, reason="uji")
    assert DailyCount.objects.filter(people=None).count() == 1


@pytest.fixture
def aimed(at_noon: None) -> None:
    """Targets of several levels and both kinds; one was revised and one withdrawn."""
    target(60_000, "31")
    target(10_000, BARAT)
    target(12_000, BARAT, since=date(2021, 8, 1))
    target(11_000, BARAT, since=date(2021, 3, 1))  # entered after the decree that supersedes it
    target(900_000, BARAT, kind="stock", opening=850_000)
    target(100, KAPUK)
    target(None, KAPUK, since=date(2021, 9, 1))
    wanted = TargetInput("31.75", "KIA", "2020", 5, "Surat 4/2020", date(2020, 2, 1))
    set_target(act=Act(SYSTEM, NOON, Door.COMMAND), target=wanted)


# Templates


@pytest.mark.usefixtures("at_noon")
@pytest.mark.parametrize(
    ("who", "rows"),
    [
        (cast.staff, [*PUSAT_ROWS, *BARAT_ROWS, *TIMUR_ROWS]),
        (cast.admin, [*PUSAT_ROWS, *BARAT_ROWS, *TIMUR_ROWS]),
        (cast.head_barat, BARAT_ROWS),
        (cast.head_timur, TIMUR_ROWS),
        (cast.api_barat, BARAT_ROWS),
    ],
)
def test_a_template_of_counts_holds_writable_kelurahan(who: Any, rows: list[Any]) -> None:
    answer = get(TEMPLATE, who())
    found = sheets(body(answer))
    assert list(found) == ["Hitungan", "Petunjuk"]
    title, head, *below = found["Hitungan"]
    assert title[0] == "Hitungan harian, keadaan 25 November 2021"
    assert head == ["Kode", "Kota/Kabupaten", "Kecamatan", "Kelurahan", "Perekaman KTP-el", "KIA terbit"]
    assert below == rows
    assert named(answer) == "templat-hitungan-2021-11-25.xlsx"


@pytest.mark.usefixtures("at_noon")
def test_a_template_of_targets_repeats_no_kelurahan() -> None:
    answer = get(TARGETS_TO_FILL)
    title, head, *below = sheets(body(answer))["Target"]
    city = "Kota Administrasi Jakarta Pusat"
    assert title[0] == "Target periode 2021"
    assert head == ["Kode", "Nama", "Kecamatan", "Kota", "Dokumen", "Periode", "Target", "Sumber", "Berlaku"]
    assert len(below) == 12
    assert below[:2] == [
        ["31.71.01.1001", "Gambir", "Gambir", city, "KTP", "2021", "", "", "2021-01-01"],
        ["31.71.01.1001", "Gambir", "Gambir", city, "KIA", "2021", "", "", "2021-01-01"],
    ]
    assert named(answer) == "templat-target-2021.xlsx"
    earlier = sheets(body(get(f"{TARGETS_TO_FILL}?periode=2020")))["Target"]
    assert {(row[5], row[8]) for row in earlier[2:]} == {("2020", "2020-01-01")}


@pytest.mark.usefixtures("at_noon")
def test_a_template_leaves_out_regions_closed_then() -> None:
    Region.objects.filter(code=KAPUK).update(closed=date(2021, 11, 24))
    Region.objects.filter(code="31.73.02.1001").update(opened=date(2021, 11, 25))

    def codes(address: str) -> list[str]:
        first = next(iter(sheets(body(get(address, cast.admin()))).values()))
        return list(dict.fromkeys(row[0] for row in first[2:] if row[0].startswith("31.73")))

    assert codes(f"{TEMPLATE}?tanggal=2021-11-24") == ["31.73.01.1001", "31.73.01.1004"]
    assert codes(f"{TEMPLATE}?tanggal=2021-11-25") == ["31.73.01.1001", "31.73.02.1001"]
    assert codes(f"{TARGETS_TO_FILL}?periode=2021") == ["31.73.01.1001", "31.73.01.1004", "31.73.02.1001"]
    assert codes(f"{TARGETS_TO_FILL}?periode=2020") == ["31.73.01.1001", "31.73.01.1004"]
    since = {row[0]: row[8] for row in sheets(body(get(TARGETS_TO_FILL)))["Target"][2:]}
    assert since["31.73.02.1001"] == "2021-11-25"  # no target holds before its region is there


@pytest.mark.usefixtures("at_noon")
def test_a_template_validates_its_cells_and_freezes_headings() -> None:
    with zipfile.ZipFile(BytesIO(body(get(TEMPLATE, cast.head_barat())))) as book:
        sheet, styles = book.read("xl/worksheets/sheet1.xml").decode(), book.read("xl/styles.xml").decode()
        assert "<f>" not in sheet + book.read("xl/worksheets/sheet2.xml").decode()
    assert '<pane ySplit="2"' in sheet
    rules = re.findall(r'<dataValidation type="custom"[^>]*sqref="(\S+)"[^>]*><formula1>(.*?)<', sheet)
    for (cells, rule), (where, first) in zip(rules, [("E3:E5", "E3"), ("F3:F5", "F3")], strict=True):
        assert cells == where
        people = f"AND({first}&gt;=0,{first}&lt;=999999999,{first}=INT({first}))"
        assert rule == f'IF(ISNUMBER({first}),{people},{first}="NIHIL")'
    code, entry = (re.findall(rf'<c r="{cell}" s="(\d+)"', sheet)[0] for cell in ("A3", "E3"))
    shown = re.findall(r"<xf [^>]*>", styles.partition("<cellXfs")[2])
    assert 'numFmtId="49"' in shown[int(code)]  # text
    assert 'applyFill="1"' in shown[int(entry)]
    assert 'applyFill="1"' not in shown[int(code)]


@pytest.mark.usefixtures("at_noon")
def test_a_template_says_how_to_fill_it_in() -> None:
    for address in (TEMPLATE, TARGETS_TO_FILL):
        notes = [row[0] for row in sheets(body(get(address)))["Petunjuk"]]
        assert notes[0] == "Petunjuk"
        for word in ("berwarna", "Kosong berarti belum ada", "NIHIL", "NIK"):
            assert any(word in note for note in notes), word


@pytest.mark.usefixtures("at_noon")
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_filled_template_of_counts_is_imported(tmp_path: Path, language: str) -> None:
    client = logged_in(cast.head_barat())
    client.cookies["django_language"] = language
    answer = client.get(TEMPLATE)
    file = saved(tmp_path, answer)
    assert sheets(file.read_bytes())["Hitungan"][1][4:] == ["Perekaman KTP-el", "KIA terbit"]
    empty = run("import_counts", file, "--dry-run", "--json").json
    assert [problem["reason"] for problem in empty["problems"]] == [NOTHING]
    file.write_bytes(filled(file.read_bytes(), {"E3": 7, "F3": "NIHIL", "F4": 1250}))
    assert dry_run("counts", file) == {"new": 3}
    assert run("import_counts", file).code == 0
    assert value("31.73.01.1001") == 7
    assert value("31.73.01.1001", document="KIA") == 0
    assert value(document="KIA") == 1_250
    assert value() is None
    assert dry_run("counts", file) == {"unchanged": 3}


@pytest.mark.usefixtures("at_noon")
def test_a_filled_template_of_targets_is_imported(tmp_path: Path) -> None:
    file = saved(tmp_path, get(TARGETS_TO_FILL))
    assert dry_run("targets", file) == {}
    file.write_bytes(filled(file.read_bytes(), {"G3": 7, "H3": "SK 5/2021", "G6": 12000, "H6": "SK 5/2021"}))
    assert dry_run("targets", file) == {"new": 2}
    assert run("import_targets", file).code == 0
    assert dry_run("targets", file) == {"unchanged": 2}


# Exports


@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_an_export_of_counts_comes_back_unchanged(suffix: str, tmp_path: Path) -> None:
    file = saved(tmp_path, get(f"{COUNTS}.{suffix}?dari=2020-01-01"))
    assert dry_run("counts", file) == {"unchanged": 8}


@pytest.mark.usefixtures("aimed")
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_an_export_of_targets_comes_back_unchanged(suffix: str, tmp_path: Path) -> None:
    file = saved(tmp_path, get(f"{TARGETS}.{suffix}"))
    assert dry_run("targets", file) == {"unchanged": 4}


@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_an_export_of_counts_is_ordered_without_gaps(suffix: str) -> None:
    barat, timur = "Kota Administrasi Jakarta Barat", "Kota Administrasi Jakarta Timur"
    kapuk = [KAPUK, barat, "Cengkareng", "Kapuk"]
    assert table(COUNTS, suffix) == [
        COUNT_HEAD,
        [*kapuk, "KTP", "2021-11-24", "loket", "0"],
        [BARAT, barat, "", "", "KTP", "2021-11-25", "loket", "11"],
        [*kapuk, "KIA", "2021-11-25", "loket", "1250"],
        [*kapuk, "KTP", "2021-11-25", "jemput-bola", "3"],
        [*kapuk, "KTP", "2021-11-25", "loket", "5"],
        ["31.73.02", barat, "Grogol Petamburan", "", "KTP", "2021-11-25", "loket", "13"],
        ["31.75.01.1004", timur, "Matraman", "Palmeriam", "KTP", "2021-11-25", "loket", "7"],
    ]


@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize(
    ("query", "people", "name"),
    [
        ("", "0 11 1250 3 5 13 7", "hitungan-31-2021-01-01-2021-12-31"),
        ("wilayah=31.75", "7", "hitungan-31.75-2021-01-01-2021-12-31"),
        (f"wilayah={KAPUK}&dari=2020-01-01", "17 0 1250 3 5", f"hitungan-{KAPUK}-2020-01-01-2021-12-31"),
        ("dokumen=KIA", "1250", "hitungan-31-KIA-2021-01-01-2021-12-31"),
        ("dari=2021-11-24&sampai=2021-11-24", "0", "hitungan-31-2021-11-24-2021-11-24"),
        ("dari=&sampai=2021-11-24&wilayah=&dokumen=", "0", "hitungan-31-2021-01-01-2021-11-24"),
        ("wilayah=31.71", "", "hitungan-31.71-2021-01-01-2021-12-31"),
    ],
)
def test_an_export_of_counts_follows_its_filters(query: str, people: str, name: str) -> None:
    assert [row[-1] for row in table(f"{COUNTS}?{query}", "csv")[1:]] == people.split()
    for suffix in ("csv", "xlsx"):
        assert named(get(f"{COUNTS}.{suffix}?{query}")) == f"{name}.{suffix}"


@pytest.mark.usefixtures("aimed")
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_an_export_of_targets_holds_newest_versions(suffix: str) -> None:
    dki, barat = "Daerah Khusus Ibukota Jakarta", "Kota Administrasi Jakarta Barat"
    own = [
        [BARAT, barat, "KTP", "2021", "900000", "SK 1/2021", "2021-01-01", "stock", "850000"],
        [BARAT, barat, "KTP", "2021", "12000", "SK 1/2021", "2021-08-01", "task", "0"],
    ]
    assert table(TARGETS, suffix) == [
        TARGET_HEAD,
        ["31.75", "Kota Administrasi Jakarta Timur", "KIA", "2020", "5", "Surat 4/2020", "2020-02-01", "task", "0"],
        ["31", dki, "KTP", "2021", "60000", "SK 1/2021", "2021-01-01", "task", "0"],
        *own,
    ]
    assert table(f"{TARGETS}?wilayah=31.73", suffix) == [TARGET_HEAD, *own]
    assert table(TARGETS, suffix, cast.reader_barat()) == [TARGET_HEAD, *own]
    assert named(get(f"{TARGETS}.{suffix}")) == f"target-31.{suffix}"


@pytest.mark.usefixtures("counted")
def test_a_csv_export_has_a_bom_and_semicolons() -> None:
    answer = get(f"{COUNTS}.csv?wilayah=31.75")
    city = "Kota Administrasi Jakarta Timur"
    text = f"31.75.01.1004;{city};Matraman;Palmeriam;KTP;2021-11-25;loket;7\r\n"
    content = body(answer)
    assert content == f"\ufeff{';'.join(COUNT_HEAD)}\r\n{text}".encode()
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.streaming
    assert "no-store" in answer["Cache-Control"]
    assert body(get(f"{COUNTS}.csv?wilayah=31.75")) == content


@pytest.mark.usefixtures("counted", "aimed")
@pytest.mark.parametrize("address", [f"{COUNTS}.xlsx", TEMPLATE, TARGETS_TO_FILL, f"{TARGETS}.xlsx"])
def test_a_workbook_has_fixed_bytes_and_portal_time(address: str) -> None:
    answer = get(address)
    content = body(answer)
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    with zipfile.ZipFile(BytesIO(content)) as book:
        assert b"2021-11-25T05:00" in book.read("docProps/core.xml")
        parts = {
            name: book.read(name) for name in book.namelist() if not name.startswith("docProps/")
        }  # the clock goes on between two
    with zipfile.ZipFile(BytesIO(body(get(address)))) as again:
        assert {name: again.read(name) for name in parts} == parts


@pytest.mark.usefixtures("counted")
def test_a_city_reader_exports_the_own_city() -> None:
    assert [row[-1] for row in table(COUNTS, "csv", cast.reader_barat())[1:]] == ["0", "11", "1250", "3", "5", "13"]
    assert get(f"{COUNTS}.csv?wilayah=31.75", cast.reader_barat()).status_code == 404
    assert get(f"{TARGETS}.csv?wilayah=31.75", cast.reader_barat()).status_code == 404
    assert get(f"{COUNTS}.csv?wilayah=31.75", cast.head_barat()).status_code == 200


@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        (f"{COUNTS}.csv?dari=kemarin", 400, "Tanggal “kemarin” tidak sah"),
        (f"{COUNTS}.xlsx?sampai=2021-02-30", 400, "Tanggal “2021-02-30” tidak sah"),
        (f"{COUNTS}.csv?dokumen=SIM", 400, "Dokumen SIM tidak dikenal"),
        (f"{COUNTS}.csv?dari=2021-11-25&sampai=2021-11-24", 400, "Hari terakhir mendahului hari pertama."),
        (f"{COUNTS}.csv?dari=2022-01-01", 400, "Hari terakhir mendahului hari pertama."),
        (f"{COUNTS}.csv?wilayah=31.99", 404, "Wilayah 31.99 tidak ditemukan."),
        (f"{COUNTS}.csv?wilayah=Kapuk", 404, "Wilayah Kapuk tidak ditemukan."),
        (f"{COUNTS}.pdf", 404, "Ekspor hanya ada sebagai xlsx atau csv."),
        (f"{TARGETS}.ods", 404, "Ekspor hanya ada sebagai xlsx atau csv."),
        (f"{TARGETS}.xlsx?wilayah=32", 404, "Wilayah 32 tidak ditemukan."),
        (f"{TEMPLATE}?tanggal=25/11/2021", 400, "Tanggal “25/11/2021” tidak sah"),
        (f"{TARGETS_TO_FILL}?periode=1999", 404, "Periode 1999 tidak ada."),
        ("/impor/templat/regions.xlsx", 404, "Templat regions tidak ada"),
    ],
)
def test_a_wrong_filter_is_answered_in_words(address: str, status: int, sentence: str) -> None:
    answer = get(address)
    assert (answer.status_code, sentence in words(answer)) == (status, True)


@pytest.mark.usefixtures("at_noon")
@pytest.mark.parametrize(
    ("who", "address", "status"),
    [
        (cast.reader, TEMPLATE, 403),
        (cast.reader_barat, TEMPLATE, 403),
        (cast.head_barat, TARGETS_TO_FILL, 403),
        (cast.reader, TARGETS_TO_FILL, 403),
        (cast.staff_jabar, TEMPLATE, 404),
    ],
)
def test_whoever_may_not_write_gets_no_template(who: Any, address: str, status: int) -> None:
    assert get(address, who()).status_code == status


@pytest.mark.usefixtures("db")
def test_without_any_period_a_download_is_refused() -> None:
    for address in (f"{COUNTS}.csv", TARGETS_TO_FILL):
        answer = get(address, cast.admin())
        assert (answer.status_code, "Belum ada periode" in words(answer)) == (400, True)


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.usefixtures("at_noon")
def test_nothing_in_a_download_is_a_formula(suffix: str) -> None:
    evil = '=HYPERLINK("http://contoh.invalid";"klik")'
    wanted = TargetInput(KAPUK, "KTP", "2021", 5, evil, date(2021, 1, 1))
    set_target(act=Act(SYSTEM, NOON, Door.COMMAND), target=wanted)
    content = body(get(f"{TARGETS}.{suffix}"))
    if suffix == "csv":
        assert lines(content)[1][5] == f"'{evil}"
        return
    assert sheets(content)["Target"][1][5] == evil
    with zipfile.ZipFile(BytesIO(content)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
        assert not [name for name in book.namelist() if "rels" in name and "sheet" in name]  # no links either


@pytest.mark.usefixtures("at_noon")
def test_a_periods_name_cannot_break_the_filename() -> None:
    define_period(
        act=Act(SYSTEM, NOON, Door.COMMAND), name='2022/"I" +\u00e9', first_day=date(2022, 1, 1), last_day=date(2022, 6, 30)
    )
    answer = get(f"{TARGETS_TO_FILL}?periode=2022/%22I%22%20%2B\u00e9")
    said = answer["Content-Disposition"]
    assert said == "attachment; filename*=utf-8''contoh-templat-target-2022-I-%C3%A9.xlsx"


# Writing


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("", ""),
        ("Kapuk", "Kapuk"),
        ("31.73", "31.73"),
        ("-5", "-5"),
        ("-1,5", "-1,5"),
        ("5-1", "5-1"),
        ("=1+1", "'=1+1"),
        ("+62 21", "'+62 21"),
        ("-", "-"),
        ("-1+1", "'-1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("'=1", "'=1"),
        ("-5\n=1", "'-5\n=1"),
    ],
)
def test_a_text_like_a_formula_gets_an_apostrophe(text: str, safe: str) -> None:
    assert safe_cell(text) == safe


def endless(taken: list[int]) -> Iterator[tuple[str, int]]:
    for number in range(10**9):
        taken.append(number)
        yield "31", number


def test_a_csv_file_is_streamed() -> None:
    taken: list[int] = []
    pieces = csv_lines(Table("a", "A", [Column("Kode", 9), Column("Jumlah", 9)], endless(taken)))
    assert next(pieces).startswith("\ufeffKode;Jumlah\r\n31;0\r\n".encode())
    assert len(taken) == table_download.LINES_PER_PIECE
    assert next(pieces).startswith(b"31;500\r\n")
    assert len(taken) == 2 * table_download.LINES_PER_PIECE


def test_cells_stand_as_the_library_writes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_download, "MAX_KEPT_CELLS", 3)
    plain: list[Any] = ["", "a;b", 'a"b', "a\nb", " a ", None, 5, -3, "ü"]
    written = StringIO(newline="")
    csv.writer(written, delimiter=";", lineterminator="\r\n").writerows([[cell, "x"] for cell in plain])
    rows: list[Any] = [*([cell, "x"] for cell in plain), (Decimal("5.00"), 5), (Decimal("5"), Decimal("72.50")), ("=1", "-5")]
    content = b"".join(csv_lines(Table("a", "A", [Column("Kode", 9), Column("Isi", 9)], rows))).decode()
    assert content == f"\ufeffKode;Isi\r\n{written.getvalue()}5,00;5\r\n5;72,50\r\n'=1;-5\r\n"


def test_a_workbook_stays_within_the_import_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    assert xlsx.MAX_SHEET_ROWS == child.MAX_ROWS
    monkeypatch.setattr(xlsx, "MAX_SHEET_ROWS", 4)
    columns = [Column("Kode", 9)]
    assert len(sheets(workbook(Table("a", "A", columns, [("31",)] * 3), NOON))["A"]) == 4
    for title, rows in (("", 4), ("Judul", 3)):
        with pytest.raises(Refused):
            workbook(Table("a", "A", columns, [("31",)] * rows, title), NOON)


def test_signs_that_no_workbook_holds_become_spaces() -> None:
    content = workbook(Table("a", "A", [Column("Nama", 9)], [("Ka\x01puk\ufffe <&>",)]), NOON)
    assert sheets(content)["A"][1] == ["Ka puk  <&>"]


@pytest.mark.usefixtures("counted", "aimed")
def test_too_many_rows_are_refused_with_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    for address, rows in ((COUNTS, 7), (TARGETS, 4)):
        monkeypatch.setattr(stored_tables, "MAX_SHEET_ROWS", rows + 1)
        assert get(f"{address}.xlsx").status_code == 200
        monkeypatch.setattr(stored_tables, "MAX_SHEET_ROWS", rows)
        answer = get(f"{address}.xlsx")
        assert answer.status_code == 400
        assert "Ambil CSV, atau persempit tanggal dan wilayahnya." in words(answer)
        assert len(table(address, "csv")) == rows + 1


def open_cursors() -> int:
    """How many results the server holds for this connection; none where there is no server."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM pg_cursors WHERE name LIKE '_django_curs_%%'")
        return int(cursor.fetchone()[0])


@pytest.mark.usefixtures("committed_world")
def test_an_export_reads_in_pieces_without_a_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_tables, "ROWS_PER_FETCH", 2)
    monkeypatch.setattr(table_download, "LINES_PER_PIECE", 3)
    write(*(count(number, day=date(2021, 11, number)) for number in range(1, 12)))
    with CaptureQueriesContext(connection) as captured:
        answer = get(f"{COUNTS}.csv?dari=2021-01-01&sampai=2021-12-31")
    # Begun before the first byte is promised: a database that is away then answers 503 and not half a file.
    assert any("recording_currentcount" in query["sql"] for query in captured)
    pieces, held = iter(answer), 1 if connection.vendor == "postgresql" else 0
    first = next(pieces)
    assert first.count(b"\r\n") == 4
    assert open_cursors() == held
    write(count(99, day=date(2021, 11, 20)))  # somebody goes on working meanwhile
    content = first + b"".join(pieces)
    assert [row[-1] for row in lines(content)[1:]] == [str(number) for number in range(1, 12)]
    assert open_cursors() == 0


QUERIES = {TEMPLATE: 1, TARGETS_TO_FILL: 2, f"{COUNTS}.csv": 4, f"{COUNTS}.xlsx": 5, f"{TARGETS}.csv": 2, f"{TARGETS}.xlsx": 3}
EVERY_PAGE = 3  # the clock of the demonstration, the session, the reader


def queries(address: str) -> int:
    client = logged_in(cast.staff())
    client.get(address)  # the first request of a log-in writes down when it was made
    with CaptureQueriesContext(connection) as captured:
        body(client.get(address))
    return len(captured)


@pytest.mark.parametrize("address", QUERIES)
@pytest.mark.usefixtures("counted", "aimed")
def test_a_downloads_queries_do_not_grow_with_rows(address: str) -> None:
    few = queries(address)
    assert run("load_regions").code == 0
    period = Period.objects.get(name="2021")
    codes = list(Region.objects.values_list("code", flat=True))
    write(*(CountInput(code, "KTP", DAY, "uji", 1) for code in codes))
    for code in codes[:50]:
        set_target(
            act=Act(SYSTEM, NOON, Door.COMMAND), target=TargetInput(code, "KIA", period.name, 9, "SK 2", period.first_day)
        )
    assert (few, queries(address)) == (QUERIES[address] + EVERY_PAGE,) * 2
