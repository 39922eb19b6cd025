"""Cells as office programs and people leave them: nothing is guessed from what the reader cannot see."""

import re
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from recording.imports.reading.whole_workbook import NOTHING
from recording.imports.tests.imports import imported, reasons, tally
from recording.imports.tests.workbooks import xlsx
from recording.models import DailyCount
from recording.tests.commands import csv_file
from recording.tests.world import BARAT, KAPUK, value

pytestmark = pytest.mark.usefixtures("small_world")
HEAD = "kode,dokumen,tanggal,jumlah"
GROGOL = "31.73.02.1001"


@pytest.mark.parametrize("code", [f"'{KAPUK}", "'3173011004", " '3173011004"])
@pytest.mark.parametrize("people", ["'435", "'435 ", "435"])
def test_a_leading_apostrophe_is_dropped_with_a_note(tmp_path: Path, code: str, people: str) -> None:
    done = imported(csv_file(tmp_path, f"{HEAD}\n{code},KTP,2021-11-25,{people}\n"))
    assert (tally(done), value(KAPUK)) == ((1, 0, 0, 0), 435)
    assert reasons(done) == ["Tanda petik di depan kode atau angka diabaikan."]


@pytest.mark.parametrize("line", ["Dicetak oleh: staf,,,", "Catatan: angka sementara,,,"])
def test_a_line_without_numbers_below_is_a_note(tmp_path: Path, line: str) -> None:
    done = imported(csv_file(tmp_path, f"wilayah,dokumen,tanggal,jumlah\nKapuk,KTP,2021-11-25,5\n{line}\n"))
    assert (tally(done), value(KAPUK)) == ((1, 0, 0, 0), 5)
    assert reasons(done) == ["Baris tanpa angka dan tanpa nama wilayah dilewati."]


def test_an_unknown_name_with_a_number_is_rejected(tmp_path: Path) -> None:
    done = imported(csv_file(tmp_path, "wilayah,dokumen,tanggal,jumlah\nDicetak oleh: staf,KTP,2021-11-25,5\n"))
    assert (tally(done), DailyCount.objects.count()) == ((0, 0, 0, 1), 0)


@pytest.mark.parametrize("day", ["25/11/21", "25-11-21", "25.11.21", "25-Nov-21", "25 November 21", "25/Nop/21"])
def test_two_digit_years_are_of_this_century(tmp_path: Path, day: str) -> None:
    assert tally(imported(csv_file(tmp_path, f"{HEAD}\n{KAPUK},KTP,{day},5\n"))) == (1, 0, 0, 0)
    assert value(KAPUK) == 5


@pytest.mark.parametrize("day", ["11/25/21", "32/11/21", "2021/11", "25/11/2", "25/11/021"])
def test_what_is_no_day_month_year_is_refused(tmp_path: Path, day: str) -> None:
    assert tally(imported(csv_file(tmp_path, f"{HEAD}\n{KAPUK},KTP,{day},5\n"))) == (0, 0, 0, 1)


@pytest.mark.parametrize(
    ("cell", "people"), [(434.99999999999994, 435), (435.0000001, 435), (5.0, 5), (1e-9, 0), (434.9999, None), (0.5, None)]
)
def test_a_number_shown_as_whole_is_whole(tmp_path: Path, cell: float, people: int | None) -> None:
    file = xlsx(tmp_path / "a.xlsx", {"S": [HEAD.split(","), [KAPUK, "KTP", "2021-11-25", cell]]})
    assert (imported(file).saved, value(KAPUK)) == (people is not None, people)


RESULTS = {"nothing": "", "an empty result": "<v></v>", "a closed result": "<v/>"}


def with_formulas(path: Path, result: str, kind: str = "") -> Path:
    """Two rows and their total, whose numbers are formulas; the second row's has been computed."""
    plain = path.with_name("plain.xlsx")
    with xlsxwriter.Workbook(str(plain)) as book:
        sheet = book.add_worksheet("S")
        for row, cells in enumerate(
            [HEAD.split(","), [KAPUK, "KTP", "2021-11-25"], [GROGOL, "KTP", "2021-11-25"], ["TOTAL", "KTP", "2021-11-25"]]
        ):
            sheet.write_row(row, 0, cells)
            if row:
                sheet.write_formula(row, 3, "=1+4", None, 5 if row == 2 else 987)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w") as new:
        for part in old.namelist():
            text = old.read(part)
            if part.endswith("sheet1.xml"):
                text = re.sub(rb'<c (r="D\d")>(<f>[^<]*</f>)<v>987</v>', rf"<c \1{kind}>\2{result}".encode(), text)
            new.writestr(part, text)
    return path


@pytest.mark.parametrize("result", RESULTS.values(), ids=RESULTS)
def test_an_uncomputed_formula_is_rejected_not_missing(tmp_path: Path, result: str) -> None:
    done = imported(with_formulas(tmp_path / "a.xlsx", result), good_rows=True, accept=True)
    assert (tally(done), value(KAPUK), value(GROGOL)) == ((1, 0, 0, 2), None, 5)
    rejected = [(problem.row, problem.reason) for problem in done.preview.all_problems()]
    sentence = "Rumus tanpa hasil: buka berkas ini di Excel, simpan, lalu kirim lagi."
    assert rejected == [(2, sentence), (4, sentence)]


def test_a_formula_giving_empty_text_is_missing(tmp_path: Path) -> None:
    done = imported(with_formulas(tmp_path / "a.xlsx", "<v></v>", ' t="str"'), accept=True)
    assert (tally(done), value(KAPUK), value(GROGOL)) == ((1, 0, 0, 0), None, 5)


def test_a_city_keeps_its_row(tmp_path: Path) -> None:
    """A blank number beside a known region is missing, and no line under the table."""
    done = imported(csv_file(tmp_path, f"{HEAD}\n{BARAT},KTP,2021-11-25,\n"))
    assert tally(done) == (0, 0, 0, 0)
    assert reasons(done) == [NOTHING]


@pytest.mark.parametrize("form", ["{}", "'{}", '"=""{}"""', "{}.0"])
def test_numbers_kept_as_text_show_totals_too(tmp_path: Path, form: str) -> None:
    line = ",".join(form.format(people) for people in (60, 40, 20))
    file = csv_file(tmp_path, f"kode,target,rekam ktp,sisa\n{KAPUK},{line}\n", "rekap 24 November 2021.csv")
    question = imported(file, dry_run=True).preview.findings.questions["running"]
    assert (question.answer, len(question.evidence)) == ("running", 1)


def test_an_error_in_another_column_is_told(tmp_path: Path) -> None:
    done = imported(csv_file(tmp_path, f"{HEAD},catatan\n{KAPUK},KTP,2021-11-25,5,#REF!\n"))
    assert (tally(done), value(KAPUK)) == ((1, 0, 0, 0), 5)
    assert "Sel ini menunjukkan kesalahan #REF!; kolomnya tidak diimpor." in reasons(done)


def test_an_error_beside_known_cells_is_told(tmp_path: Path) -> None:
    """All that is read of its row was met in earlier ones."""
    rows = [f"{KAPUK},KTP,2021-11-23,5,", f"{GROGOL},KTP,2021-11-24,5,", f"{KAPUK},KTP,2021-11-24,5,#REF!"]
    done = imported(csv_file(tmp_path, "\n".join([f"{HEAD},catatan", *rows, ""])))
    assert tally(done) == (3, 0, 0, 0)
    assert [problem.row for problem in done.preview.findings.problems if "#REF!" in problem.reason] == [4]
