"""What the preview says is what is stored, row by row; anything else is refused with a sentence and stores nothing."""

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from dukcapil.errors import Refused
from recording.imports import job
from recording.imports.tests.imports import imported, tally
from recording.ledger.large_writes import Writing
from recording.ledger.stage import Stage
from recording.models import DailyCount, Door, ImportKind, Posting, PostingKind, Target
from recording.tests.commands import csv_file
from recording.tests.world import BARAT, KAPUK, NOON, count, target, value, write

pytestmark = pytest.mark.usefixtures("small_world")
GROGOL = "31.73.02.1001"
Row = tuple[Any, ...]


def _lost(row: Row) -> list[Row]:
    return []


def _doubled(row: Row) -> list[Row]:
    return [row, row]


def _of_another_document(row: Row) -> list[Row]:
    return [(*row[:2], "KIA", *row[3:])]


def _of_another_day(row: Row) -> list[Row]:
    return [(*row[:3], "2021-11-24", *row[4:])]


def _of_another_city(row: Row) -> list[Row]:
    return [(row[0], "31.75.01.1004", *row[2:])]


@pytest.mark.parametrize("fault", [_lost, _doubled, _of_another_document, _of_another_day, _of_another_city])
@pytest.mark.parametrize("running", [False, True])
def test_nothing_else_than_what_was_read_is_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Any, running: bool
) -> None:
    """The stage is given other rows than the reader took: as a fault between them would."""
    load = Stage.load

    def faulty(stage: Stage, rows: list[Row]) -> None:
        load(stage, [*(fault(rows[0]) if rows else ()), *rows[1:]])

    monkeypatch.setattr(Stage, "load", faulty)
    file = csv_file(tmp_path, f"kode,rekam ktp\n{KAPUK},5\n{GROGOL},7\n", "rekap 25 November 2021.csv")
    done = imported(file, accept=True, running=running)
    assert (done.saved, "berbeda dari yang terbaca" in str(done.refused)) == (False, True)
    assert not DailyCount.objects.exists()


@pytest.mark.parametrize("stored", [None, 3])
def test_a_count_staged_twice_is_refused_in_words(stored: int | None) -> None:
    if stored is not None:
        write(count(stored))
    posting = Posting.objects.create(at=NOON, door=Door.COMMAND, kind=PostingKind.ENTRY)

    def stage_and_write() -> None:
        with Stage() as stage, transaction.atomic():
            stage.load([(line, KAPUK, "KTP", "2021-11-25", "loket", 5) for line in (1, 2)])
            stage.compare()
            Writing(stage, posting, lambda: None).begin()

    with pytest.raises(Refused, match="tidak ada yang disimpan"):
        stage_and_write()
    assert value() == stored


@pytest.mark.parametrize("kind", [ImportKind.COUNTS, ImportKind.TARGETS])
def test_too_many_rows_stop_the_whole_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: ImportKind) -> None:
    monkeypatch.setattr(job, "MAX_ROWS_IN_MEMORY", 1)
    lines = [f"kode,{'target' if kind == ImportKind.TARGETS else 'rekam'} ktp", f"{KAPUK},5", f"{GROGOL},7"]
    file = csv_file(tmp_path, "\n".join(lines) + "\n", "rekap 25 November 2021.csv")
    done = imported(file, kind, accept=True, running=True, period="2021", decree="SK 1")
    assert (done.saved, done.preview.findings.rejected) == (False, 0)
    assert "bagi berkasnya" in str(done.refused)
    assert not DailyCount.objects.exists()
    assert not Target.objects.exists()


@pytest.mark.parametrize("first", ["", f"{KAPUK},KTP,2021-11-24,5\n{GROGOL},KTP,2021-11-25,5\n"])
def test_every_number_right_of_the_header_is_told(tmp_path: Path, first: str) -> None:
    """The cells of the long row were met one by one in the rows before, or were not."""
    done = imported(csv_file(tmp_path, f"kode,dokumen,tanggal,jumlah\n{first}{KAPUK},KTP,2021-11-25,5,0\n"))
    assert (tally(done)[3], done.saved) == (1, False)
    assert "lebih panjang" in next(done.preview.all_problems()).reason


def test_targets_refused_by_the_service_are_rejected_rows(tmp_path: Path) -> None:
    target(60, KAPUK)
    lines = [f"{BARAT},KTP,2021,100,SK 1,2021-01-01,5", f"{KAPUK},KTP,2021,80,SK 1,2021-01-01,0"]
    file = csv_file(tmp_path, "\n".join(["kode,dokumen,periode,target,sumber,berlaku,awal", *lines, ""]))
    rejected = tmp_path / "sisa.csv"
    done = imported(file, ImportKind.TARGETS, good_rows=True, rejected_rows=rejected)
    assert (tally(done), done.saved, done.preview.rejected_rows_kept) == ((0, 1, 0, 1), True, True)
    assert [line.split(";")[0] for line in rejected.read_text(encoding="utf-8-sig").splitlines()] == ["kode", BARAT]
