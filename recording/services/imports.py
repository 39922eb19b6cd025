"""Counts and targets from files: read, check, preview, and write all of it or nothing."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from accounts.rights import Actor
from dukcapil.errors import Refused, RefusedRows
from recording.count_files import Problem, Read, read_counts, read_targets
from recording.names import city_of
from recording.services.counts import record_counts
from recording.services.targets import set_targets

Row = TypeVar("Row")


@dataclass
class Imported:
    """What an import did, or with `dry_run` would do. With any problem of tier "error" nothing was saved."""

    file: str
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    spans: list[str] = field(default_factory=list)
    per_city: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        return any(problem.tier == "error" for problem in self.problems)


def import_counts(*, by: Actor, file: Path, now: datetime, door: str, dry_run: bool = False) -> Imported:
    """The counts of a CSV file. A value that differs from the stored one is a correction; its reason names the file."""
    read = read_counts(file)
    done = _summary(file, read, lambda count: (count.region, count.people))
    done.spans = sorted({count.day.isoformat() for _, count in read.rows})
    if done.failed or not read.rows:
        return done
    try:
        counts = [count for _, count in read.rows]
        written = record_counts(
            by=by, counts=counts, now=now, door=door, reason=f"Impor {file.name}"[:500], dry_run=dry_run
        )
    except RefusedRows as problem:
        return _rejected(done, read, problem)
    return _tally(done, [outcome.status for outcome in written.outcomes])


def import_targets(*, by: Actor, file: Path, now: datetime, door: str, dry_run: bool = False) -> Imported:
    """The targets of a CSV file, as new versions where they differ from the newest."""
    read = read_targets(file)
    done = _summary(file, read, lambda target: (target.region, target.people or 0))
    done.spans = sorted({target.period for _, target in read.rows})
    if done.failed or not read.rows:
        return done
    try:
        outcomes = set_targets(
            by=by, targets=[row for _, row in read.rows], now=now, door=door, dry_run=dry_run
        )
    except RefusedRows as problem:
        return _rejected(done, read, problem)
    return _tally(done, [outcome.status for outcome in outcomes])


def _summary(file: Path, read: Read, people_of) -> Imported:  # type: ignore[no-untyped-def, type-arg]
    done = Imported(file.name, problems=list(read.problems), rejected=len(read.problems))
    done.problems += [
        Problem(1, name, "Kolom ini tidak dikenal dan dilewati.", "note") for name in read.unknown_columns
    ]
    per_city: dict[str, int] = defaultdict(int)
    for _, row in read.rows:
        code, people = people_of(row)
        per_city[city_of(code)] += people
    done.per_city = dict(sorted(per_city.items()))
    return done


def _rejected(done: Imported, read: "Read[Row]", problem: RefusedRows) -> Imported:
    errors: Sequence[tuple[int, Refused]] = problem.errors
    done.problems += [Problem(read.rows[index][0], reason.field, str(reason)) for index, reason in errors]
    done.rejected += len(errors)
    return done


def _tally(done: Imported, statuses: Sequence[str]) -> Imported:
    counted = Counter(statuses)
    done.new, done.changed, done.unchanged = counted["new"], counted["changed"], counted["unchanged"]
    return done
