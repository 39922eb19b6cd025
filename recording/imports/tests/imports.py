"""Importing a file in a test as the command does, without the command."""

from datetime import datetime
from pathlib import Path
from typing import Any

from accounts.acts import Act
from accounts.rights import SYSTEM, Actor
from recording.imports.choices import Choices, Decision
from recording.imports.importing import import_file
from recording.imports.job import Imported, Job
from recording.models import Door, ImportKind
from recording.tests.world import NOON


def imported(
    file: Path,
    kind: str = ImportKind.COUNTS,
    *,
    by: Actor = SYSTEM,
    dry_run: bool = False,
    accept: bool = False,
    good_rows: bool = False,
    reason: str = "",
    now: datetime = NOON,
    rejected_rows: Path | None = None,
    **choices: Any,
) -> Imported:
    """Read the file, and unless `dry_run` save it; `accept` answers every question with yes."""
    decision = Decision(good_rows, None if accept else frozenset(), reason)
    return import_file(
        Job(
            act=Act(by, now, Door.COMMAND),
            kind=kind,
            file=file,
            name=file.name,
            choices=Choices.read(choices),
            decision=None if dry_run else decision,
            rejected_rows=rejected_rows,
        )
    )


def tally(done: Imported) -> tuple[int, int, int, int]:
    """(new, changed, unchanged, rejected) of what was read."""
    rows = done.preview.rows()
    return (rows["new"], rows["changed"], rows["unchanged"], rows["rejected"])


def reasons(done: Imported) -> list[str]:
    """Everything that was said about the file."""
    return [problem.reason for problem in done.preview.all_problems()]
