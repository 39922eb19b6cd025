"""One file and what is to be done with it: what counts and targets share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from accounts.acts import Act
from dukcapil import figures
from dukcapil.errors import N_, Refused
from recording.imports.choices import Choices, Decision
from recording.imports.findings import Findings
from recording.imports.plan import Plan
from recording.imports.preview import Comparison, Preview, Reading
from recording.imports.reading.places import Places
from recording.imports.reading.rejected_rows import RejectedRows
from recording.models import Period, Posting

LINES_OF_A_SHEET = 1_000_000  # more than a sheet of a workbook may have
MAX_ROWS_IN_MEMORY = 100_000  # running totals and targets are compared there
Item = TypeVar("Item")


def ignore_progress(_rows: int) -> None:
    """For a job that nobody watches."""


@dataclass(frozen=True)
class Imported:
    """`saved` says whether anything may have been written; `refused` why not, when it was asked to.

    `written`: (region, document, period name, kind, version) of each target that was written.
    """

    preview: Preview
    saved: bool = False
    refused: Refused | None = None
    posting: Posting | None = None
    written: Sequence[Sequence[object]] = field(default_factory=list)


@dataclass(frozen=True)
class Job:
    """One file and what is to be done with it. Without a `decision` it is only looked at.

    Its rejected rows are written to `rejected_rows`. `finish` is called in the transaction of the write, so that what
    knows of the import is true with it.
    """

    act: Act
    kind: str
    file: Path
    name: str
    choices: Choices = field(default_factory=Choices)
    decision: Decision | None = None
    rejected_rows: Path | None = None
    progress: Callable[[int], None] = ignore_progress
    finish: Callable[[Imported], None] = lambda imported: None


@dataclass(frozen=True)
class Table:
    """The planned table of a job, while its rows are read: their regions, and where everything that is wrong goes.

    Of several sheets `parts` are the tables. The rows of all of them together are numbered as lines: the number of a row
    and the `lines_before` its sheet.
    """

    job: Job
    plan: Plan
    periods: list[Period]
    places: Places
    findings: Findings
    rejected_rows: RejectedRows
    lines_before: int = 0

    @property
    def parts(self) -> "list[Table]":
        """The table of each sheet; itself where one is read."""
        if not self.plan.parts:
            return [self]
        return [self._part(place, plan) for place, plan in enumerate(self.plan.parts)]

    def _part(self, place: int, plan: Plan) -> "Table":
        places = self.places.of_sheet(plan.layout, [plan.sheet, *plan.titles])
        return replace(self, plan=plan, places=places, lines_before=place * LINES_OF_A_SHEET)

    def plan_of(self, line: int) -> Plan:
        """The plan of the sheet in which a line stands."""
        return self.plan.tables[line // LINES_OF_A_SHEET] if self.plan.parts else self.plan

    def position(self, line: int) -> tuple[str, int]:
        """The sheet and the number of the row of a line."""
        return self.plan_of(line).sheet, line % LINES_OF_A_SHEET if self.plan.parts else line

    def preview(self, reading: Reading, comparison: Comparison, targets: Preview | None = None) -> Preview:
        """What was found and would be done. `targets`: of a table of counts that brings them along."""
        written = self.rejected_rows.written
        return Preview(self.job.name, self.findings, self.plan, reading, comparison, written, targets)


def append_bounded(rows: list[Item], row: Item, findings: Findings) -> None:
    """Add a row to those that are compared in memory; the whole file is stopped when they are too many for that."""
    if len(rows) < MAX_ROWS_IN_MEMORY:
        rows.append(row)
        return
    sentence = N_("Total berjalan dan target dibaca paling banyak %(most)s angka sekaligus; bagi berkasnya.")
    findings.stop(Refused(sentence, most=figures.people(MAX_ROWS_IN_MEMORY)))
