"""Counts and targets from files: every cell checked, everything wrong told at once, all of it saved or nothing."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from accounts.acts import Act
from accounts.rights import SYSTEM, Actor
from accounts.tests import cast
from dukcapil.errors import NotAllowed, Refused
from recording.imports.findings import Problem
from recording.imports.job import Imported
from recording.imports.tests.imports import imported, reasons, tally
from recording.ledger.selectors import check_ledger
from recording.models import AuditEntry, CountChange, DailyCount, Door, ImportKind, Posting, Region, Target
from recording.regions.services import RegionRow, load_regions
from recording.tests import world
from recording.tests.commands import csv_file
from recording.tests.world import BARAT, DAY, KAPUK, NOON, count, value, versions, write

pytestmark = pytest.mark.usefixtures("small_world")
NIK = "3173010101010001"
GROGOL = "31.73.02.1001"
HEAD = "kode,dokumen,tanggal,jumlah"
TARGETS = "kode,dokumen,periode,target,sumber,berlaku"


def counts(folder: Path, *lines: str, head: str = HEAD, by: Actor = SYSTEM, dry_run: bool = False, **more: Any) -> Imported:
    file = csv_file(folder, "\n".join([head, *lines]) + "\n")
    return imported(file, by=by, dry_run=dry_run, **more)


def targets(folder: Path, *lines: str, head: str = TARGETS, by: Actor = SYSTEM, dry_run: bool = False) -> Imported:
    file = csv_file(folder, "\n".join([head, *lines]) + "\n")
    return imported(file, ImportKind.TARGETS, by=by, dry_run=dry_run)


def problems(done: Imported) -> list[Problem]:
    return list(done.preview.all_problems())


def refused(file: Path, kind: str = ImportKind.COUNTS) -> str:
    """The sentence with which a whole file is refused, by its reader or for want of a table."""
    try:
        done = imported(file, kind)
    except Refused as problem:
        return str(problem)
    assert done.refused is not None
    return str(done.refused)


def nothing_is_saved() -> bool:
    return not (DailyCount.objects.exists() or Posting.objects.exists() or Target.objects.exists())


ROW = ("31.73.01.1004", "KTP", "2021-11-25", "1.250")
WELL_FORMED = [
    "kode,dokumen,tanggal,jumlah\n{},{},{},{}\n",
    "kode;dokumen;tanggal;jumlah\n{};{};{};{}\n",
    "kode\tdokumen\ttanggal\tjumlah\n{}\t{}\t{}\t{}\n",
    "\ufeffkode,dokumen,tanggal,jumlah\n{},{},{},{}\n",
    "kode,dokumen,tanggal,jumlah\r\n{},{},{},{}\r\n",
    "kode,dokumen,tanggal,jumlah\r{},{},{},{}\r",
    "kode,dokumen,tanggal,jumlah\n{},{},{},{}",
    "kode,dokumen,tanggal,jumlah\n\n ,,,\n{},{},{},{}\n\n",
    'kode,dokumen,tanggal,jumlah\n"{}","{}","{}","{}"\n',
    ' KODE ,Dokumen,TANGGAL ,"jumlah"\n {} , {} , {} , {} \n',
    "code,document,date,people\n{},{},{},{}\n",
    "jumlah,tanggal,kode,dokumen\n{3},{2},{0},{1}\n",
    "kode,dokumen,tanggal,jumlah,,\n{},{},{},{},,\n",
]


@pytest.mark.parametrize("text", WELL_FORMED)
def test_every_usual_form_of_csv_is_read(tmp_path: Path, text: str) -> None:
    file = csv_file(tmp_path, text.format(*ROW))
    done = imported(file)
    assert (tally(done), problems(done)) == ((1, 0, 0, 0), [])
    assert value(KAPUK) == 1_250
    posting = Posting.objects.get()
    assert (posting.reason, posting.door, posting.by) == ("Impor berkas.csv", "command", None)


@pytest.mark.parametrize("code", ["31.73.01.1004", "3173011004", "3173011004.0"])
@pytest.mark.parametrize(
    ("text", "people"), [("31.000", 31_000), ("31,000", 31_000), ("31 000", 31_000), ("31000", 31_000), ("NIHIL", 0), ("0", 0)]
)
def test_codes_and_numbers_in_any_form_are_equal(tmp_path: Path, code: str, text: str, people: int) -> None:
    assert counts(tmp_path, f'{code},KTP,2021-11-25,"{text}"').preview.comparison.tally.new == 1
    assert value(KAPUK) == people


def test_blanks_and_dashes_are_never_zero(tmp_path: Path) -> None:
    done = counts(tmp_path, f"{BARAT},KTP,2021-11-25,", f"{BARAT},KIA,2021-11-25,-", f"{KAPUK},KTP,2021-11-25,3")
    assert (tally(done), DailyCount.objects.count()) == ((1, 0, 0, 0), 1)


def test_the_source_is_loket_unless_stated_otherwise(tmp_path: Path) -> None:
    head = f"{HEAD},sumber"
    done = counts(tmp_path, f"{KAPUK},KTP,2021-11-25,3,", f"{KAPUK},KTP,2021-11-25,4,mobil", head=head)
    assert done.preview.comparison.tally.new == 2
    assert (value(source="loket"), value(source="mobil")) == (3, 4)


BAD_ROWS = [
    (f"{KAPUK},KTP,2021-11-25,-5", "jumlah", "tidak boleh negatif"),
    (f'{KAPUK},KTP,2021-11-25,"1,5"', "jumlah", "bukan bilangan bulat"),
    (f'{KAPUK},KTP,2021-11-25,"99,01%"', "jumlah", "adalah persentase"),
    (f"{KAPUK},KTP,2021-11-25,banyak", "jumlah", "bukan jumlah orang"),
    (f"{KAPUK},KTP,2021-11-25,9999999999", "jumlah", "terlalu besar"),
    (f"{KAPUK},KTP,2021-11-26,1", "tanggal", "belum tiba"),
    (f"{KAPUK},KTP,2019-12-31,1", "tanggal", "mendahului periode pertama"),
    (f"{KAPUK},KTP,11/25/2021,1", "tanggal", "tidak sah"),
    (f"{KAPUK},KTP,2021-02-30,1", "tanggal", "tidak sah"),
    (f"{KAPUK},KTP,,1", "tanggal", "tidak sah"),
    (f"{KAPUK},SIM,2021-11-25,1", "dokumen", "pilih KTP atau KIA"),
    ("31.99,KTP,2021-11-25,1", "kode", "tidak dikenal"),
    ("31.7,KTP,2021-11-25,1", "kode", "bukan kode wilayah"),
    (",KTP,2021-11-25,1", "kode", "tidak menyebut wilayah"),
    ("3173010,KTP,2021-11-25,1", "kode", "Kode BPS terdeteksi"),
    ("31.71.01.1002,KTP,2021-11-25,1", "kode", "sudah tutup pada tanggal itu"),
    ("31.73.02,KTP,2021-11-25,1,234", "", "lebih panjang daripada judul"),
]


@pytest.mark.parametrize(("line", "column", "words"), BAD_ROWS)
def test_a_bad_row_keeps_the_whole_file_out(tmp_path: Path, line: str, column: str, words: str) -> None:
    Region.objects.filter(code="31.71.01.1002").update(closed=date(2021, 6, 30))
    for dry_run in (True, False):
        done = counts(tmp_path, f"{BARAT},KIA,2021-11-25,7", line, dry_run=dry_run)
        (problem,) = problems(done)
        assert (problem.row, problem.column, problem.tier) == (3, column, "error")
        assert words in problem.reason
        assert NIK not in str(done)
        assert (tally(done), done.saved) == ((1, 0, 0, 1), False)
    assert nothing_is_saved()


def test_all_errors_of_a_file_come_in_order(tmp_path: Path) -> None:
    Region.objects.filter(code="31.71.01.1002").update(closed=date(2021, 6, 30))
    done = counts(tmp_path, *(line for line, _, _ in BAD_ROWS))
    assert [problem.row for problem in problems(done)] == list(range(2, 2 + len(BAD_ROWS)))
    assert [problem.column for problem in problems(done)] == [column for _, column, _ in BAD_ROWS]
    assert done.preview.findings.rejected == len(BAD_ROWS)


def test_a_repeated_count_is_refused_at_its_second(tmp_path: Path) -> None:
    done = counts(tmp_path, f"{KAPUK},KTP,2021-11-25,3", "3173011004,KTP,2021-11-25,4")
    assert [(problem.row, problem.column) for problem in problems(done)] == [(1, ""), (3, "kode")]
    assert nothing_is_saved()


def test_row_numbers_are_those_a_spreadsheet_program_shows(tmp_path: Path) -> None:
    done = counts(
        tmp_path, "", f'{BARAT},KTP,2021-11-25,1,"dua\nbaris"', "", f"{KAPUK},KTP,2021-11-25,x,", head=f"{HEAD},catatan"
    )
    assert [(each.row, each.tier) for each in problems(done)] == [(1, "note"), (5, "error")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "kosong"),
        (b"\n\n", "Tidak ada judul kolom"),
        (b"kode,dokumen,tanggal\n31,KTP,2021-11-25\n", "tidak berkolom jumlah"),
        (b"kode,dokumen,tanggal,jumlah,people\n", "Mana yang dihitung?"),
        (b"kode,dokumen,tanggal,jumlah," + NIK.encode() + b"\n", "16 digit"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe\x00", "bukan lembar kerja"),
        (b"PK\x03\x04" + bytes(200), "rusak"),
        (b"kode,dokumen,tanggal,jumlah\n31,KTP,2021-11-25," + b"1" * 200_000 + b"\n", "tidak dapat dibaca"),
    ],
)
def test_an_unreadable_file_is_one_problem_in_words(tmp_path: Path, text: bytes, words: str) -> None:
    file = tmp_path / "berkas.csv"
    file.write_bytes(text)
    for kind in ImportKind.values if b"jumlah," not in text else [ImportKind.COUNTS]:
        told = refused(file, kind)
        assert NIK not in told
        if kind == ImportKind.COUNTS:
            assert words in told
    assert nothing_is_saved()


@pytest.mark.parametrize("name", [".", "tidak-ada.csv"])
def test_what_is_no_file_is_one_problem(tmp_path: Path, name: str) -> None:
    assert "tidak dapat dibaca" in refused(tmp_path / name)


def test_an_unknown_column_is_left_out_and_named(tmp_path: Path) -> None:
    done = counts(tmp_path, f"{KAPUK},KTP,2021-11-25,3,60.000,ya", head=f"{HEAD},target,catatan")
    assert [(note.row, note.column, note.tier) for note in problems(done)] == [
        (1, "", "warning"),
        (1, "target", "note"),
        (1, "catatan", "note"),
    ]
    assert (bool(done.refused), value(KAPUK)) == (False, 3)


@pytest.mark.parametrize("place", [0, 1])
def test_a_nik_in_an_unknown_column_is_refused(tmp_path: Path, place: int) -> None:
    cells = ["", ""]
    cells[place] = NIK
    with pytest.raises(Refused, match="16 digit") as told:
        counts(tmp_path, f"{KAPUK},KTP,2021-11-25,3,{','.join(cells)}", head=f"{HEAD},x,y")
    assert NIK not in str(told.value)
    assert nothing_is_saved()


# Code and name


NAMED = f"{HEAD},nama,kota"


@pytest.mark.parametrize(
    ("code", "name", "city"),
    [
        (KAPUK, "KEL. KAPUK", "Jakarta Barat"),
        (KAPUK, "Kapoek", ""),
        (KAPUK, "", "Kota Jakarta Barat"),
        ("31.73", "KOTA ADM. JAKARTA BARAT", "KOTA ADM JAKARTA BARAT"),
        ("31", "Daerah Khusus Ibukota Jakarta", ""),
        ("31.71.01", "Kecamatan Gambir", "JAKARTA PUSAT"),
    ],
)
def test_a_codes_own_name_matches_in_any_spelling(tmp_path: Path, code: str, name: str, city: str) -> None:
    rows = [RegionRow(each, called) for each, called in world.REGIONS]
    load_regions(act=Act(SYSTEM, NOON, Door.COMMAND), rows=rows, aliases=[(KAPUK, "KAPOEK")])
    done = counts(tmp_path, f"{code},KTP,2021-11-25,3,{name},{city}", head=NAMED)
    assert (tally(done), problems(done)) == ((1, 0, 0, 0), [])


@pytest.mark.parametrize(
    ("code", "name", "city", "column", "words"),
    [
        ("3171", "Jakarta Selatan", "", "nama", "Kode BPS terdeteksi"),
        ("31.73", "Kota Jakarta Pusat", "", "nama", "Kode BPS terdeteksi"),
        ("31.71.01", "Gambir", "Jakarta Selatan", "kota", "Kode BPS terdeteksi"),
        (KAPUK, "Kapuk", "KOTA ADM. JAKARTA PUSAT", "kota", "Kode BPS terdeteksi"),
        (KAPUK, "Cengkareng Barat", "", "nama", "Kode dan nama tidak cocok"),
        (KAPUK, "Kapuk", "Jakarta Timur", "kota", "Kode dan nama tidak cocok"),
    ],
)
def test_a_code_with_another_regions_name_is_refused(
    tmp_path: Path, code: str, name: str, city: str, column: str, words: str
) -> None:
    done = counts(tmp_path, f"{code},KTP,2021-11-25,3,{name},{city}", head=NAMED)
    assert [(problem.row, problem.column) for problem in problems(done)] == [(2, column)]
    assert words in problems(done)[0].reason
    assert nothing_is_saved()


def test_bps_codes_are_refused_in_targets_too(tmp_path: Path) -> None:
    swapped = {"3171": "Selatan", "3172": "Timur", "3173": "Pusat", "3174": "Barat", "3175": "Utara"}
    rows = [RegionRow(code, name) for code, name in world.REGIONS]
    rows += [RegionRow("31.72", "Jakarta Utara"), RegionRow("31.74", "Jakarta Selatan")]
    load_regions(act=Act(SYSTEM, NOON, Door.COMMAND), rows=rows)
    lines = [f"{code},KTP,2021,9,SK 1,2021-01-01,Kota Jakarta {name}" for code, name in swapped.items()]
    done = targets(tmp_path, *lines, head=f"{TARGETS},kota")
    assert [problem.row for problem in problems(done)] == [2, 3, 4, 5, 6]
    assert all("Kode BPS terdeteksi" in problem.reason for problem in problems(done))
    assert nothing_is_saved()


# What it answers, and whose rights apply


def test_the_answer_counts_rows_and_people_per_city(tmp_path: Path) -> None:
    write(count(3), count(5, GROGOL))
    lines = [f"{KAPUK},KTP,2021-11-25,3", f"{GROGOL},KTP,2021-11-25,6", "31.75.01,KTP,2021-11-24,1.000", "31,KTP,2021-11-23,2"]
    dry = counts(tmp_path, *lines, dry_run=True)
    assert Posting.objects.count() == 1
    done = counts(tmp_path, *lines, answers={f"levels_{where}": "yes" for where in ("above", "below", "within")})
    for answer in (dry, done):
        assert tally(answer) == (2, 1, 1, 0)
        assert answer.preview.reading.totals.per_city == {"31": {"KTP": 2}, "31.73": {"KTP": 9}, "31.75": {"KTP": 1_000}}
        assert answer.preview.reading.spans == ["2021-11-23", "2021-11-24", "2021-11-25"]
    again = counts(tmp_path, *lines)
    assert tally(again) == (0, 0, 4, 0)
    assert (Posting.objects.count(), CountChange.objects.count(), check_ledger().mismatches) == (2, 5, 0)


def test_each_row_outside_the_city_is_named(tmp_path: Path) -> None:
    lines = [f"{KAPUK},KTP,2021-11-25,3", "31.75.01,KTP,2021-11-25,1", "31,KTP,2021-11-25,1", "32.01,KTP,2021-11-25,1"]
    done = counts(tmp_path, *lines, by=cast.head_barat())
    assert [(problem.row, problem.column) for problem in problems(done)] == [(3, "kode"), (4, "kode"), (5, "kode")]
    assert ["di luar kewenangan" in problem.reason for problem in problems(done)] == [True, True, False]
    assert "tidak dikenal" in problems(done)[2].reason
    assert nothing_is_saved()
    assert counts(tmp_path, lines[0], by=cast.head_barat()).preview.comparison.tally.new == 1
    assert Posting.objects.get().by == cast.head_barat()


@pytest.mark.parametrize("who", [cast.reader, cast.reader_barat])
def test_rights_are_checked_before_reading_the_file(tmp_path: Path, who) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(NotAllowed):
        imported(tmp_path / "tidak-ada.csv", by=who())
    with pytest.raises(NotAllowed):
        imported(tmp_path / "tidak-ada.csv", ImportKind.TARGETS, by=cast.head_barat())


# Targets


def test_targets_are_versions_with_kind_and_opening_figure(tmp_path: Path) -> None:
    done = targets(
        tmp_path,
        f'{BARAT},KTP,2021,"13.770",SK 5/2021,2021-01-01,,',
        f"{BARAT},KTP,2021,1000,SK 5/2021,2021-01-01,stock,900",
        f"{KAPUK},KTP,2021,,SK 5/2021,2021-01-01,,",
        head=f"{TARGETS},jenis,awal",
    )
    assert (tally(done), done.preview.reading.spans, done.preview.reading.totals.per_city) == (
        (2, 0, 0, 0),
        ["2021"],
        {"31.73": {"KTP": 14_770}},
    )
    stored = Target.objects.order_by("kind").values_list("kind", "people", "opening", "source")
    assert list(stored) == [("stock", 1_000, 900, "SK 5/2021"), ("task", 13_770, 0, "SK 5/2021")]
    assert AuditEntry.objects.filter(action="target.set").count() == 1


def test_a_target_file_is_imported_only_once(tmp_path: Path) -> None:
    line = f"{BARAT},KTP,2021,500,SK 5/2021,2021-01-01"
    assert [tally(targets(tmp_path, line)) for _ in range(2)] == [(1, 0, 0, 0), (0, 0, 1, 0)]
    revised = f"{BARAT},KTP,2021,400,SK 9/2021,2021-08-01"
    assert tally(targets(tmp_path, revised, dry_run=True)) == (0, 1, 0, 0)
    assert versions(BARAT) == [500]
    assert tally(targets(tmp_path, revised)) == (0, 1, 0, 0)
    assert versions(BARAT) == [500, 400]


def test_a_decree_superseded_already_is_asked_about(tmp_path: Path) -> None:
    later = f"{BARAT},KTP,2021,400,SK 9/2021,2021-08-01"
    older = f"{BARAT},KTP,2021,500,SK 5/2021,2021-01-01"
    kapuk = f"{KAPUK},KTP,2021,5,SK 5/2021,2021-01-01"
    targets(tmp_path, later)
    done = targets(tmp_path, older, kapuk)
    assert [(question.kind, question.count) for question in done.preview.findings.questions.values()] == [("superseded", 1)]
    assert "sejak hari itu berlaku SK 9/2021" in reasons(done)[0]
    assert versions(BARAT) == [400], "nothing is saved while it is open"
    imported(csv_file(tmp_path, "\n".join([TARGETS, older, kapuk])), ImportKind.TARGETS, accept=True)
    assert (versions(BARAT), versions(KAPUK)) == ([400, 500], [5])
    assert reasons(targets(tmp_path, later)) == reasons(targets(tmp_path, older)) == [], "what is so already is not asked"


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        (f"{BARAT},KTP,2035,5,SK 1,2021-01-01", "periode", "belum ditetapkan"),
        (f"{BARAT},KTP,2021,-5,SK 1,2021-01-01", "target", "tidak boleh negatif"),
        (f"{BARAT},KTP,2021,5,,2021-01-01", "sumber", "Tulis sumber"),
        (f"{BARAT},KTP,2021,5,SK 1,1/13/2021", "berlaku", "tidak sah"),
        (f"{BARAT},KTP,2021,5,SK 1,2022-01-01", "berlaku", "sesudah periode"),
        (f"{BARAT},KTP,2021,5,SK 1,2021-01-01,stok", "jenis", "pilih task atau stock"),
        (f"{BARAT},KTP,2021,5,SK 1,2021-01-01,stock,x", "awal", "bukan jumlah orang"),
        (f"{BARAT},KTP,2021,5,SK 1,2021-01-01,task,5", "awal", "hanya untuk wajib KTP"),
        ("31.99,KTP,2021,5,SK 1,2021-01-01", "kode", "tidak dikenal"),
    ],
)
def test_a_bad_target_keeps_the_whole_file_out(tmp_path: Path, line: str, column: str, words: str) -> None:
    good = f"{KAPUK},KTP,2021,5,SK 1,2021-01-01"
    done = targets(tmp_path, good, line, head=f"{TARGETS},jenis,awal")
    assert problems(done) == [Problem(3, column, problems(done)[0].reason)]
    assert words in problems(done)[0].reason
    assert NIK not in str(done)
    assert nothing_is_saved()


def test_a_reports_people_are_never_its_target(tmp_path: Path) -> None:
    """A report has both columns side by side; each importer takes its own and says which it left out."""
    assert counts(tmp_path, f"{KAPUK},KTP,2021-11-25,31,60", head=f"{HEAD},target").preview.comparison.tally.new == 1
    assert value(KAPUK, day=DAY) == 31
    both = targets(tmp_path, f"{KAPUK},KTP,2021,60,SK 1,2021-01-01,31", head=f"{TARGETS},jumlah")
    assert [(note.column, note.tier) for note in problems(both)] == [("jumlah", "note")]
    assert versions(KAPUK) == [60]


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize("second", [5, 7])
def test_which_of_two_numbers_counts_is_asked(tmp_path: Path, second: int) -> None:
    file = csv_file(tmp_path, f"kode,rekam ktp\n{KAPUK},5\n{KAPUK},{second}\n", "rekap KTP 20 November 2021.csv")
    done = imported(file, accept=True, good_rows=True)
    assert ("twice" in done.preview.findings.questions, done.saved) == (True, False)
    assert imported(file, good_rows=True, answers={"running": "daily", "twice": "yes"}).saved
    assert value(day=date(2021, 11, 20)) == 5


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize("rows", ["", "\n\n", "LUAR DKI,,5\n", "31.73.01.1004,Kapuk,\n"])
def test_a_file_without_numbers_says_so(tmp_path: Path, rows: str) -> None:
    file = csv_file(tmp_path, f"kode,kelurahan,rekam ktp\n{rows}", "rekap KTP 20 November 2021.csv")
    assert "tidak ada satu baris pun" in imported(file, accept=True).preview.findings.blocked


@pytest.mark.usefixtures("small_world")
def test_levels_of_targets_are_not_added(tmp_path: Path) -> None:
    file = csv_file(tmp_path, f"kode,target ktp\n31.73.01,190\n{KAPUK},90\n")
    asked = imported(file, ImportKind.TARGETS, dry_run=True, decree="SK 1", period="2021").preview.findings.questions["levels"]
    assert (asked.answer, "bukan jumlah target bagian-bagiannya" in asked.sentence) == ("", True)


@pytest.mark.usefixtures("small_world")
def test_sums_by_other_names_are_no_regions(tmp_path: Path) -> None:
    rows = "Cengkareng,Kapuk,5\nCengkareng,Cengkareng Barat,6\nJML KEC,,11\nPROVINSI DKI JAKARTA,,11\n"
    file = csv_file(tmp_path, f"kecamatan,kelurahan,rekam ktp\n{rows}", "rekap KTP 20 November 2021.csv")
    done = imported(file, accept=True)
    assert (done.saved, done.preview.findings.rejected, done.preview.reading.totals.file_total) == (True, 0, {"KTP": 11}), (
        reasons(done)
    )


@pytest.mark.usefixtures("small_world")
def test_a_total_beside_a_known_city_is_one(tmp_path: Path) -> None:
    """All its cells but the first were met before: its place, its day and its number."""
    lines = [f",{KAPUK},KTP,2021-11-23,5", f",{BARAT},KTP,2021-11-24,5", f"TOTAL,{BARAT},KTP,2021-11-23,5"]
    file = csv_file(tmp_path, "\n".join(["catatan,kode,dokumen,tanggal,jumlah", *lines, ""]))
    done = imported(file, accept=True, answers={"levels": "yes"}, dry_run=True)
    assert done.preview.reading.totals.per_city == {"31.73": {"KTP": 10}}
