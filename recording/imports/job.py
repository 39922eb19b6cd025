"""One file and what is to be done with it: what counts and targets share."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from accounts.acts import Act
from dukcapil import figures
from dukcapil.errors import N_, Conflict, Refused, RefusedRows
from recording.imports.choices import Choices, Decision
from recording.imports.places import Places
from recording.imports.plan import Plan
from recording.imports.report import Report
from recording.imports.spreadsheets import read_rows
from recording.imports.tables import CountReader, TargetReader
from recording.models import IMPORT_ACTIONS, ImportKind, Posting

MOST_IN_MEMORY = 100_000  # running totals and targets are compared there


def nothing(_rows: int) -> None:
    """Progress that nobody watches."""


@dataclass
class Imported:
    """`saved` says whether anything may have been written; `refused` why not, when it was asked to."""

    report: Report
    saved: bool = False
    refused: Refused | None = None
    posting: Posting | None = None
    written: list[list[object]] = field(default_factory=list)


@dataclass(frozen=True)
class Job:
    """One file and what is to be done with it. Without a `decision` it is only looked at.

    `finish` is called in the transaction of the write, so that what knows of the import is true with it.
    """

    act: Act
    kind: str
    file: Path
    name: str
    choices: Choices = field(default_factory=Choices)
    decision: Decision | None = None
    rest: Path | None = None
    progress: Callable[[int], None] = nothing
    finish: Callable[[Imported], None] = lambda imported: None


def places_of(job: Job, plan: Plan) -> Places:
    """The regions of a file, for one who may write them."""
    action = IMPORT_ACTIONS[ImportKind(job.kind)]
    return Places(by=job.act.by, action=action, layout=plan.layout, spellings=dict(job.choices.spellings))


def read_table(
    job: Job, plan: Plan, reader: CountReader | TargetReader, flush: Callable[[], None] = lambda: None
) -> None:
    """Every row of the planned sheet; `flush` is called from time to time, so that nothing piles up."""

    def progress(rows: int) -> None:
        flush()
        job.progress(rows)

    with closing(read_rows(job.file, name=job.name, sheet=plan.sheet)) as rows:
        reader.read(rows, progress)


def bounded(rows: list) -> list:
    """The list, unless it is too long to be compared in memory."""
    if len(rows) >= MOST_IN_MEMORY:
        raise Refused(
            N_("Total berjalan dan target dibaca paling banyak %(most)s baris sekaligus; bagi berkasnya."),
            most=figures.people(MOST_IN_MEMORY),
        )
    return rows


def refusal(report: Report, decision: Decision) -> Refused | None:
    """Why what was confirmed is not enough, or None."""
    if report.blocked:
        return Refused("%(reason)s", reason=report.blocked)
    if report.rejected and not decision.good_rows_only:
        return RefusedRows([(0, Refused(N_("ditolak")))] * report.rejected)
    open_asks = [
        ask for kind, ask in report.asks.items() if decision.accepted is not None and kind not in decision.accepted
    ]
    if open_asks:
        return Refused(N_("Belum dipastikan: %(sentence)s"), "accepted", sentence=open_asks[0].sentence)
    if report.needs_reason and not decision.reason:
        return Refused(N_("Total yang turun adalah koreksi: tulis alasannya."), "reason")
    return None


def check_expected(report: Report, decision: Decision) -> None:
    """Conflict when what was shown is no longer what would happen."""
    if decision.expected is not None and dict(decision.expected) != report.rows():
        raise Conflict(N_("Angka di portal berubah sejak berkas ini diperiksa. Periksa sekali lagi, lalu pastikan."))
