"""Nameless subtotals by their position."""

from pathlib import Path

import pytest

from recording.imports.reading import totals
from recording.imports.tests.imports import imported, reasons, tally
from recording.tests.commands import csv_file
from recording.tests.world import KAPUK, value

GROGOL = "31.73.02.1001"
HEAD = "kode,kelurahan,hitungan harian rekam ktp"


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize(("row", "rejected", "note"), [(",,9", 1, ""), (",JUMLAH,9", 0, "sesudah 1 yang pertama")])
def test_rows_beyond_those_kept_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: str, rejected: int, note: str
) -> None:
    monkeypatch.setattr(totals, "MAX_TOTAL_ROWS", 1)
    lines = (HEAD, f"{KAPUK},KAPUK,5", row.replace("9", "5"), row, "")
    done = imported(csv_file(tmp_path, "\n".join(lines), "rekap 25 November 2021.csv"), dry_run=True)
    assert tally(done) == (1, 0, 0, rejected)
    assert note in " ".join(reasons(done))


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize(
    ("lines", "new", "rejected"),
    [
        ((f"{KAPUK},KAPUK,5", "31.73.01.1001,CENGKARENG BARAT,2", ",,7", f"{GROGOL},GROGOL,4", ",,4", ",,11"), 3, 0),
        ((f"{KAPUK},KAPUK,5", ",,5", "31.73.01.1001,CENGKARENG BARAT,2", ",,2", f"{GROGOL},GROGOL,4", ",,6"), 3, 0),
        ((f"{KAPUK},KAPUK,5", "31.73.01.1001,CENGKARENG BARAT,2", ",,8", f"{GROGOL},GROGOL,4"), 3, 1),
        ((",,5", f"{KAPUK},KAPUK,6"), 1, 1),
    ],
)
def test_a_nameless_sum_above_is_a_subtotal(tmp_path: Path, lines: tuple[str, ...], new: int, rejected: int) -> None:
    file = csv_file(tmp_path, "\n".join([HEAD, *lines, ""]), "rekap 25 November 2021.csv")
    done = imported(file, dry_run=True)
    assert tally(done) == (new, 0, 0, rejected), reasons(done)
    assert sum(people["KTP"] for people in done.preview.reading.totals.per_city.values()) == {3: 11, 1: 6}[new]
    assert value() is None
