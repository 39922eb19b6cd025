"""The targets that a file of counts brings along: read from the same rows, saved and undone with its counts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Max

from dukcapil.errors import N_, Conflict, Refused
from recording.imports.findings import ERROR, Findings
from recording.imports.job import Table
from recording.imports.plan import Plan
from recording.imports.preview import Preview, Reading
from recording.imports.reading.places import Places
from recording.imports.reading.rejected_rows import RejectedRows
from recording.imports.target_terms import with_terms
from recording.imports.targets import TargetRow, compare_targets, read_targets, write_targets
from recording.ledger.large_writes import CHANGED
from recording.models import IMPORT_ACTIONS, ImportKind, Target
from recording.parsing.days import Span

OF_TARGETS = "target-"  # before the kinds of the questions about them


@dataclass(frozen=True)
class TargetsBeside:
    """The targets of a file of counts. `preview`: None when nobody wants them."""

    table: Table
    rows: Sequence[TargetRow] = ()
    preview: Preview | None = None
    newest: int = 0

    def write(self) -> list[list[object]]:
        """What `undo_targets` takes back: the versions that were written.

        Conflict when a target was written since they were compared, as may be while a large file is written.
        """
        if not self.rows:
            return []
        if _newest_target() != self.newest:
            raise Conflict(CHANGED)
        return write_targets(self.table, self.rows)


def targets_beside(table: Table, reading: Reading) -> TargetsBeside:
    """The targets in the rows of a table of counts that were good (`reading`), compared with what is stored.

    Rows that are rejected bring no target. Whatever is wrong with a target alone stops the file: a person mends it, or
    brings the counts without the targets.
    """
    if not any(part.plan.targets for part in table.parts):
        return TargetsBeside(table)
    findings = Findings({kind.removeprefix(OF_TARGETS): value for kind, value in table.findings.answers.items()})
    plan = _plan_of_targets(table, reading)
    spellings = dict(table.job.choices.spellings)
    by, action = table.job.act.by, IMPORT_ACTIONS[ImportKind.TARGETS]
    places = Places(by=by, action=action, layout=plan.layout, spellings=spellings, periods=table.periods)
    beside = replace(table, plan=plan, places=places, findings=findings, rejected_rows=RejectedRows(None, plan))
    newest = _newest_target()
    read, rows = read_targets(beside)
    rejected = {(problem.sheet, problem.row) for problem in table.findings.problems if problem.tier == ERROR}
    rows, comparison = compare_targets(beside, [row for row in rows if beside.position(row.number) not in rejected])
    _tell(table.findings, findings, rejected)
    return TargetsBeside(beside, rows, beside.preview(read, comparison), newest)


def _newest_target() -> int:
    """Targets are only ever added."""
    return Target.objects.aggregate(newest=Max("pk"))["newest"] or 0


def _plan_of_targets(table: Table, reading: Reading) -> Plan:
    """The plan of the counts with the columns of targets in place of theirs; their period is the one of its days."""
    days = [date.fromisoformat(day) for day in reading.spans]
    spans = [Span(day, day, day.isoformat()) for day in days]

    def of_targets(plan: Plan) -> Plan:
        fresh = replace(plan, kind=ImportKind.TARGETS, values=plan.targets, day=None, mode=None)
        return with_terms(fresh, spans, table.job.choices, table.periods, table.findings)

    parts = tuple(of_targets(part) for part in table.plan.parts if part.targets)
    return replace(of_targets(table.plan), parts=parts)


def _tell(told: Findings, found: Findings, rejected: set[tuple[str, int]]) -> None:
    """Add to what was `told` of the counts what was `found` of the targets alone."""
    known = {(problem.sheet, problem.row, problem.reason) for problem in told.problems}
    for problem in found.problems:
        if problem.tier == ERROR and (problem.sheet, problem.row) not in rejected:
            sentence = N_("Target di baris %(row)s: %(reason)s Perbaiki berkasnya, atau impor hitungannya saja.")
            told.stop(Refused(sentence, row=f"{problem.sheet} {problem.row}".strip(), reason=problem.reason))
        elif problem.tier != ERROR and (problem.sheet, problem.row, problem.reason) not in known:
            told.add(problem.row, problem.column, Refused("%(reason)s", reason=problem.reason), problem.tier, problem.sheet)
    asked = {question.sentence for question in told.questions.values()}
    for kind, question in found.questions.items():
        if question.sentence not in asked:
            told.questions[OF_TARGETS + kind] = replace(question, kind=OF_TARGETS + kind)
    if found.blocked:
        told.stop(Refused("%(reason)s", reason=found.blocked))
