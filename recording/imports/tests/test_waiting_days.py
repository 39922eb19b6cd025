"""Files with days that no period holds yet: asked about once, kept, and in the figures once the period is made."""

from pathlib import Path

import pytest

from recording.imports.tests.imports import imported, tally
from recording.models import DailyCount
from recording.tests.world import KAPUK, NOON, count, value, write

JANUARY = NOON.replace(year=2022, month=1, day=6)
pytestmark = pytest.mark.usefixtures("small_world")


def file_of(folder: Path, *lines: str) -> Path:
    file = folder / "januari.csv"
    file.write_text("\n".join(["kode;dokumen;tanggal;jumlah", *lines]))
    return file


def test_days_without_a_period_are_asked_about_once(tmp_path: Path) -> None:
    days = ("2021-12-31", "2022-01-03", "2022-01-04")
    file = file_of(tmp_path, *(f"{KAPUK};KTP;{day};5" for day in days))
    seen = imported(file, now=JANUARY, dry_run=True)
    (question,) = [row for row in seen.preview.findings.questions.values() if row.kind == "waiting"]
    assert "2 hari belum punya periode (Senin, 3 Januari 2022 sampai Selasa, 4 Januari 2022)" in question.sentence
    assert not imported(file, now=JANUARY).saved
    assert not DailyCount.objects.exists()
    done = imported(file, now=JANUARY, accept=True)
    assert (done.saved, tally(done)) == (True, (3, 0, 0, 0))


def test_running_totals_of_waiting_days_begin_anew(tmp_path: Path) -> None:
    """What was recorded in the year before is not taken off it."""
    write(count(30_000, source="impor"))
    file = file_of(tmp_path, f"{KAPUK};KTP;2022-01-03;7", f"{KAPUK};KTP;2022-01-05;9")
    done = imported(file, now=JANUARY, accept=True, running=True, running_since="period", source="impor")
    assert done.saved, done.preview.findings
    stored = [value(day=JANUARY.date().replace(day=day), source="impor") for day in (3, 5)]
    assert stored == [7, 2]
