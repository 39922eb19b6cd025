"""Files written part by part: the same answers as those of small files, and nothing half done whatever happens."""

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from accounts.models import User
from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil.clock import real_now
from dukcapil.errors import Conflict
from dukcapil.tests.processes import fork, join
from recording.coverage.services import recompute_coverage
from recording.imports import processing
from recording.imports.counts import importing
from recording.imports.job import Job
from recording.imports.tests.imports import imported
from recording.imports.tests.test_batches import confirmed, sent, text, undone
from recording.imports.tests.test_targets_beside import ANSWERED, NAME
from recording.ledger import large_writes
from recording.ledger.selectors import check_ledger
from recording.ledger.tests.test_large_writes import left_behind, run_out, some
from recording.models import CurrentCount, DailyCount, ImportBatch, OpenPosting, Posting, Target
from recording.tests.commands import csv_file
from recording.tests.world import BARAT, DAY, KAPUK, NOON, count, target, write

GROGOL = "31.73.02.1001"
DAYS = [(DAY - timedelta(days=number)).isoformat() for number in range(3)]
FILE = text(*(f"{region},{document},{day},9" for region in (KAPUK, GROGOL) for document in ("KTP", "KIA") for day in DAYS))


@pytest.fixture(autouse=True)
def parts_of_two_rows(settings: LazySettings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings.IMPORTS = tmp_path / "imports"
    settings.COUNTS_WRITTEN_AT_ONCE = 2
    monkeypatch.setattr(large_writes, "FIRST_PART", 2)
    monkeypatch.setattr(large_writes, "SMALLEST_PART", 2)
    monkeypatch.setattr(large_writes, "PART_SECONDS", 0)
    monkeypatch.setattr(large_writes, "PAUSE_SECONDS", 0)


def at_second_part(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Do something when an import by a worker tells of its second part."""
    told, job_of = iter([False, True]), processing._job

    def job(batch: ImportBatch, now: datetime) -> Job:
        def tell(_rows: int) -> None:
            if next(told, False):
                happens()

        job = job_of(batch, now)
        return replace(job, progress=tell) if batch.state == "importing" else job

    monkeypatch.setattr(processing, "_job", job)


def people() -> list[int | None]:
    return list(DailyCount.objects.filter(people__isnull=False).values_list("people", flat=True))


@pytest.mark.usefixtures("small_world")
def test_a_large_file_is_one_act() -> None:
    write(count(7))
    batch = confirmed(sent(FILE, cast.staff()), cast.staff())
    assert (batch.state, people()) == ("done", [9] * 12)
    assert Posting.objects.filter(changes__isnull=False).distinct().count() == 2  # the one of before, and this
    undone(batch, cast.staff())
    assert (batch.state, people()) == ("undone", [7])
    assert check_ledger().mismatches == 0


@pytest.mark.usefixtures("small_world")
def test_a_change_meanwhile_shows_the_file_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """As with a small one: the preview comes again, with what is stored now, and nothing of the file was stored."""
    batch = sent(FILE, cast.staff())
    at_second_part(monkeypatch, lambda: write(count(11), reason="koreksi"))
    confirmed(batch, cast.staff())
    assert (batch.state, people()) == ("ready", [11])
    assert "berubah selama berkas ini ditulis" in batch.refusal
    assert (batch.summary["rows"]["new"], batch.summary["rows"]["changed"]) == (11, 1)
    assert confirmed(batch, cast.staff(), reason="dari laporan").state == "done"


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize(("source", "state"), [("kiriman", "ready"), ("loket", "done")])
def test_others_write_while_it_is_compared(monkeypatch: pytest.MonkeyPatch, source: str, state: str) -> None:
    """Nobody waits for a comparison; one of its own counts, written meanwhile, brings the preview again."""
    batch = sent(FILE.replace(b",9\n", b",9,kiriman\n").replace(b"jumlah\n", b"jumlah,sumber\n"), cast.staff())
    comparing, times = importing._compare, iter([True])

    def compare_while_others_write(*args: Any) -> Any:
        compared = comparing(*args)
        if next(times, False):
            write(count(11, source=source))
        return compared

    monkeypatch.setattr(importing, "_compare", compare_while_others_write)
    assert confirmed(batch, cast.staff()).state == state
    assert sorted(each or 0 for each in people()) == ([9] * 12 + [11] if state == "done" else [11])


@pytest.mark.usefixtures("committed_world")
def test_a_killed_import_goes_on_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = sent(FILE, cast.staff())
    assert batch.by is not None
    name = batch.by.username
    with monkeypatch.context() as patch:
        at_second_part(patch, lambda: os.kill(os.getpid(), signal.SIGKILL))
        assert join([fork(lambda: confirmed(batch, User.objects.get(username=name)))]) == [-signal.SIGKILL]
    assert len(people()) == 4
    assert not CurrentCount.objects.filter(people__isnull=False).exists()
    OpenPosting.objects.update(until=real_now() - timedelta(seconds=1))
    processing.process_due_batches(by=SYSTEM, now=NOON + timedelta(minutes=3))
    batch.refresh_from_db()
    assert (batch.state, people(), check_ledger().mismatches) == ("done", [9] * 12, 0)
    run = recompute_coverage(by=SYSTEM, day=DAY, now=NOON)
    assert run.figures.get(region=BARAT, document="KTP").recorded == 9 * 6


@pytest.mark.usefixtures("small_world")
def test_the_worker_takes_back_what_commands_left() -> None:
    left_behind(some(9), 2)
    run_out()
    processing.process_due_batches(by=SYSTEM, now=NOON)
    assert (people(), OpenPosting.objects.exists()) == ([], False)


@pytest.mark.usefixtures("small_world")
def test_the_next_import_need_not_wait_for_it() -> None:
    batch = sent(FILE, cast.staff())
    left_behind(some(9), 2)
    run_out()
    assert confirmed(batch, cast.staff()).state == "done"
    assert (people(), check_ledger().mismatches) == ([9] * 12, 0)


@pytest.mark.usefixtures("small_world", "at_noon")
def test_a_target_revised_meanwhile_stops_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Targets that come along are written at the end: what was compared must still be so."""
    target(50, KAPUK)
    regions = (KAPUK, GROGOL, "31.71.01.1001")
    rows = "".join(f"{region},100,8\n" for region in regions)
    file = csv_file(tmp_path, f"kode,target,sudah rekam\n{rows}", NAME)
    revise = iter([True])
    parts = large_writes._parts

    def and_revise(first: int, last: int) -> Any:
        yield from parts(first, last)
        if next(revise, False):
            target(60, KAPUK)

    monkeypatch.setattr(large_writes, "_parts", and_revise)
    with pytest.raises(Conflict, match="berubah selama berkas ini ditulis"):
        imported(file, accept=True, **ANSWERED)
    assert (people(), Target.objects.count()) == ([], 2)
    assert imported(file, accept=True, **ANSWERED).saved
    assert (people(), Target.objects.count()) == ([8, 8, 8], 5)
