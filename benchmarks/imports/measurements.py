"""Importing in turns with the bare load, the same file again, another tool, and the memory of the command."""

import gc
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from django.db.models import Sum

from accounts.acts import Act
from accounts.rights import SYSTEM
from benchmarks.imports import bare, other_tool
from benchmarks.imports.counts_file import CountsFile, make
from benchmarks.lines import Measured
from dukcapil import clock
from recording.imports import processing
from recording.imports.choices import Decision
from recording.imports.importing import import_file
from recording.imports.job import Job
from recording.models import CountChange, DailyCount, Door, ImportKind, Posting, PostingKind

SMALL, LARGE = 195_000, 2_000_000


def measure(rounds: int, *, quick: bool) -> Iterator[Measured]:
    """`quick` leaves the large file out. The tables of counts are empty afterwards."""
    posting = Posting.objects.create(at=clock.real_now(), door=Door.COMMAND, kind=PostingKind.ENTRY).pk
    with tempfile.TemporaryDirectory() as folder:
        for size in (SMALL,) if quick else (SMALL, LARGE):
            file = make(Path(folder), size)
            ours, again, floor = _in_turns(file, posting, rounds)
            yield _line(f"import of {size:,} rows", ours, floor)
            yield _line(f"the same {size:,} rows again", again, floor)
            if size == SMALL:
                yield _other_tool(file, posting, ours)
            yield _memory(file)
        bare.empty()


def _line(name: str, ours: float, floor: float) -> Measured:
    return Measured(name, f"{ours:.3f} s", f"{floor:.3f} s", ours / floor)


def _other_tool(file: CountsFile, posting: int, ours: float) -> Measured:
    """Our import, ledger and all, as a share of what django-import-export takes for the counts alone."""
    return _line("import, of django-import-export's time", ours, other_tool.import_seconds(file, posting))


def _in_turns(file: CountsFile, posting: int, rounds: int) -> tuple[float, float, float]:
    """Medians of the import, of the same file again, and of the bare load."""
    ours, again, floor = [], [], []
    for _turn in range(rounds):
        bare.empty()
        gc.collect()
        floor.append(bare.load_seconds(file, posting))
        _check_stored(file)
        bare.empty()
        gc.collect()
        ours.append(_import_seconds(file, new=file.size - file.bad))
        _check_stored(file)
        again.append(_import_seconds(file, new=0))
        _check_stored(file)
    return statistics.median(ours), statistics.median(again), statistics.median(floor)


def _import_seconds(file: CountsFile, *, new: int) -> float:
    """What the command `import_counts FILE --good-rows --accept` does with the file."""
    start = time.perf_counter()
    job = Job(
        act=Act(SYSTEM, clock.real_now(), Door.COMMAND),
        kind=ImportKind.COUNTS,
        file=file.path,
        name=file.path.name,
        decision=Decision(good_rows_only=True, accepted=None),
        finish=lambda done: processing.record(imported=done, job=job),
    )
    done = import_file(job)
    seconds = time.perf_counter() - start
    rows = done.preview.rows()
    if (done.saved, rows["new"], rows["changed"], rows["rejected"]) != (True, new, 0, file.bad):
        raise RuntimeError(f"the import of {file.path.name} did something else: {rows}")
    return seconds


def _check_stored(file: CountsFile) -> None:
    """What was timed has written the good rows, all of them, and the ledger of each."""
    people = sum(row[4] for row in file.good())
    for counts, name in ((DailyCount.objects, "people"), (CountChange.objects, "delta")):
        stored = (counts.count(), counts.aggregate(all=Sum(name))["all"])
        if stored != (file.size - file.bad, people):
            raise RuntimeError(f"{counts.model.__name__} of {file.path.name}: {stored}")


def _memory(file: CountsFile) -> Measured:
    """The most memory that the command takes, in a process of its own."""
    bare.empty()
    command = [
        sys.executable,
        "-m",
        "benchmarks.imports.peak",
        "import_counts",
        str(file.path),
        "--good-rows",
        "--accept",
        "--json",
    ]
    answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    _check_stored(file)
    megabytes = int(answer.splitlines()[-1]) / 1_000_000
    return Measured(f"memory of importing {file.size:,} rows, MB", f"{megabytes:.0f} MB", "-", megabytes)
