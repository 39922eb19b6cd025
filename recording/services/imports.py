"""Counts and targets from files: read, check, preview, and write all of it or nothing."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext

from accounts.rights import Actor, require
from accounts.roles import Action
from dukcapil.errors import N_, Refused, RefusedRows
from recording.count_files import Problem, Read, Row, read_counts, read_targets
from recording.models import Region, RegionAlias
from recording.names import city_of, looks_like_bps, normalise
from recording.services.count_checks import CountInput
from recording.services.counts import record_counts
from recording.services.targets import TargetInput, set_targets


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
    require(by=by, action=Action.COUNT_WRITE)

    def write(counts: Sequence[CountInput], only_check: bool) -> list[str]:
        reason = f"Impor {file.name}"[:500]
        written = record_counts(by=by, counts=counts, now=now, door=door, reason=reason, dry_run=only_check)
        return [outcome.status for outcome in written.outcomes]

    try:
        read = read_counts(file)
    except Refused as problem:
        return _unreadable(file, problem)
    done = _import(by, Action.COUNT_WRITE, file, read, write, dry_run)
    done.spans = sorted({count.day.isoformat() for _, count in read.rows})
    return done


def import_targets(*, by: Actor, file: Path, now: datetime, door: str, dry_run: bool = False) -> Imported:
    """The targets of a CSV file, as new versions where they differ from the newest."""
    require(by=by, action=Action.TARGET_WRITE)

    def write(targets: Sequence[TargetInput], only_check: bool) -> list[str]:
        outcomes = set_targets(by=by, targets=targets, now=now, door=door, dry_run=only_check)
        return [outcome.status for outcome in outcomes]

    try:
        read = read_targets(file)
    except Refused as problem:
        return _unreadable(file, problem)
    done = _import(by, Action.TARGET_WRITE, file, read, write, dry_run)
    done.spans = sorted({target.period for _, target in read.rows})
    return done


def _unreadable(file: Path, problem: Refused) -> Imported:
    return Imported(file.name, problems=[Problem(1, problem.field, str(problem))])


def _import(
    by: Actor,
    action: str,
    file: Path,
    read: Read[Row],
    write: Callable[[Sequence[Row], bool], list[str]],
    dry_run: bool,
) -> Imported:
    """All rows are checked, so that one answer names everything that is wrong; a single error keeps all of it out."""
    errors: list[Problem] = [*read.problems, *_outside(by, action, read), *_wrong_names(read)]
    sound = _without(read.rows, errors)
    statuses: list[str] = []
    try:
        statuses = write([row for _, row in sound], dry_run or bool(errors))
    except RefusedRows as problem:
        errors += [read.problem(sound[index][0], reason) for index, reason in problem.errors]
        statuses = write([row for _, row in _without(sound, errors)], True)
    done = Imported(file.name, rejected=len({problem.row for problem in errors}), per_city=_per_city(read))
    done.problems = [*sorted(errors, key=lambda problem: problem.row), *_notes(read)]
    if dry_run or not errors:
        counted = Counter(statuses)
        done.new, done.changed, done.unchanged = counted["new"], counted["changed"], counted["unchanged"]
    return done


def _without(rows: Sequence[tuple[int, Row]], errors: Sequence[Problem]) -> list[tuple[int, Row]]:
    wrong = {problem.row for problem in errors}
    return [(line, row) for line, row in rows if line not in wrong]


def _outside(by: Actor, action: str, read: Read[Row]) -> Iterator[Problem]:
    """The rows of regions for which `by` has no right: each is named, instead of the first refusing the file."""
    refused: dict[str, Refused] = {}
    for code in {row.region for _, row in read.rows}:
        try:
            require(by=by, action=action, code=code)
        except Refused as problem:
            refused[code] = problem
    return (read.problem(line, refused[row.region]) for line, row in read.rows if row.region in refused)


def _wrong_names(read: Read[Row]) -> Iterator[Problem]:
    """The rows whose code and name, where the file has one, do not belong together.

    The statistics office numbers five cities differently: by code alone they would be swapped, and every total would
    still add up.
    """
    named = [
        (line, row.region, read.names[line]) for line, row in read.rows if any(read.names[line].values())
    ]
    codes = {code for _, code, _ in named} | {city_of(code) for _, code, _ in named}
    spellings: dict[str, set[str]] = defaultdict(set)
    regions = Region.objects.in_bulk(codes) if codes else {}
    for region in regions.values():
        spellings[region.code].add(normalise(region.name))
    if codes:
        for code, normalised in RegionAlias.objects.values_list("region_id", "normalised"):
            spellings[code].add(normalised)
    for line, code, names in named:
        for column, of in (("name", code), ("city", city_of(code))):
            name = names[column]
            if not name or of not in regions or _is_called(name, spellings[of]):
                continue
            yield read.problem(line, _mismatch(regions[of], name, column))


def _is_called(name: str, spellings: set[str]) -> bool:
    """Also when KOTA or KABUPATEN stands before the name of an administrative city."""
    given = normalise(name)
    return any(given in (known, f"KOTA{known}", f"KABUPATEN{known}") for known in spellings)


def _mismatch(region: Region, name: str, column: str) -> Refused:
    if looks_like_bps(region.code, name):
        return Refused(
            N_("Kode BPS terdeteksi: menurut Kemendagri %(code)s adalah %(name)s, bukan “%(given)s”."), column,
            code=region.code, name=region.name, given=name[:40],
        )  # fmt: skip
    return Refused(
        N_("Kode dan nama tidak cocok: %(code)s adalah %(name)s, bukan “%(given)s”."), column,
        code=region.code, name=region.name, given=name[:40],
    )  # fmt: skip


def _notes(read: Read[Row]) -> list[Problem]:
    return [
        Problem(1, name, gettext("Kolom ini tidak dikenal dan dilewati."), "note")
        for name in read.unknown_columns
    ]


def _per_city(read: Read[Row]) -> dict[str, int]:
    """People in the file by city, of all rows that could be read."""
    per_city: dict[str, int] = defaultdict(int)
    for _, row in read.rows:
        per_city[city_of(row.region)] += row.people or 0
    return dict(sorted(per_city.items()))
