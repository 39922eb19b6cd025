"""Two tables in one sheet: the numbers of the second are never taken for those of the first."""

from pathlib import Path

import pytest

from recording.imports.reading.whole_workbook import NOTHING
from recording.imports.tests.imports import imported, reasons
from recording.imports.tests.workbooks import Rows, xlsx
from recording.models import DailyCount
from recording.tests.world import KAPUK

pytestmark = pytest.mark.usefixtures("small_world")
NAME = "rekap 20 November 2021.xlsx"
HEAD = ["KELURAHAN", "REKAM KTP", "BELUM"]
FIRST: Rows = [HEAD, ["Kapuk", 5, 90]]
BESIDE = ["KELURAHAN", "REKAM KTP", "", "KELURAHAN", "KIA TERBIT"]


def stored(folder: Path, rows: Rows) -> tuple[dict[str, int | None], list[str]]:
    """The people that were stored by region, good rows alone, and what was said of the file."""
    done = imported(xlsx(folder / NAME, {"Data": rows}), accept=True, good_rows=True)
    return dict(DailyCount.objects.values_list("region", "people")), reasons(done)


def test_the_same_header_again_is_skipped(tmp_path: Path) -> None:
    people, said = stored(tmp_path, [*FIRST, [], ["KECAMATAN GROGOL PETAMBURAN"], HEAD, ["Grogol", 6, 80]])
    assert people == {KAPUK: 5, "31.73.02.1001": 6}
    assert "Judul kolom yang sama, ditulis lagi; dilewati." in said


@pytest.mark.parametrize(
    "between",
    [
        [["KELURAHAN", "BELUM", "REKAM KTP"]],
        [["PENERBITAN KIA"], HEAD],
        [["AKTA KELAHIRAN"], HEAD],
        [["BELUM REKAM KTP"], [], HEAD],
        [["REKAM KTP 21 November 2021"], HEAD],
    ],
)
def test_another_table_below_stops_the_file(tmp_path: Path, between: Rows) -> None:
    people, said = stored(tmp_path, [*FIRST, [], *between, ["Grogol", 6, 80]])
    assert (people, [each for each in said if "mulai tabel lain" in each] != []) == ({}, True)


def test_a_wider_table_below_hides_none_above(tmp_path: Path) -> None:
    people, said = stored(tmp_path, [HEAD[:2], ["Kapuk", 5], ["KECAMATAN", *HEAD], ["Grogol Petamburan", "Grogol", 6, 80]])
    assert (people, "baris 1 dan 3" in said[0]) == ({}, True)


def test_lines_of_labels_above_are_no_table(tmp_path: Path) -> None:
    people, _said = stored(tmp_path, [["KECAMATAN", "Cengkareng"], ["PETUGAS", 3], *FIRST])
    assert people == {KAPUK: 5}


def test_tables_beside_each_other_must_agree(tmp_path: Path) -> None:
    people, said = stored(tmp_path, [BESIDE, ["Kapuk", 5, "", "Grogol", 3], ["Grogol", 6, "", "Kapuk", 4]])
    assert (people, sum("dua tabel bersebelahan" in each for each in said)) == ({}, 2)


def test_the_same_places_beside_are_one_row(tmp_path: Path) -> None:
    rows: Rows = [BESIDE, ["Kapuk", 5, "", "KEL. KAPUK", 3], ["Grogol", 6, "", "Grogol", 4], ["JUMLAH", 11, "", "", 7]]
    imported(xlsx(tmp_path / NAME, {"Data": rows}), accept=True)
    assert sorted(DailyCount.objects.values_list("document", "people")) == [("KIA", 3), ("KIA", 4), ("KTP", 5), ("KTP", 6)]


def test_numbered_names_are_the_names(tmp_path: Path) -> None:
    people, _said = stored(tmp_path, [["WILAYAH", "REKAM KTP"], ["12. Kapuk", 5], ["b) Grogol", 6]])
    assert people == {KAPUK: 5, "31.73.02.1001": 6}


def test_a_header_without_numbers_is_told(tmp_path: Path) -> None:
    done = imported(xlsx(tmp_path / NAME, {"Data": [HEAD]}), accept=True)
    assert (done.saved, NOTHING in reasons(done)) == (False, True)
