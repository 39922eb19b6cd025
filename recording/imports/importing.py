"""Importing one file: read it, say what would happen, or do it. The page, the commands and the worker call this."""

from accounts.rights import can, require
from accounts.roles import Action
from recording.imports.counts.importing import import_counts
from recording.imports.findings import Findings
from recording.imports.job import Imported, Job, Table
from recording.imports.layouts.table_rows import NumberedRows
from recording.imports.planner import Planner
from recording.imports.preview import Preview
from recording.imports.reading.places import Places
from recording.imports.reading.rejected_rows import RejectedRows
from recording.imports.reading.whole_workbook import as_one
from recording.imports.spreadsheets import outline, read_rows
from recording.imports.spreadsheets.refusals import refuse_nik_in_name
from recording.imports.targets import import_targets
from recording.models import IMPORT_ACTIONS, ImportKind, Period


def import_file(job: Job) -> Imported:
    """Read a file and say what would happen, or do it: all that was confirmed or nothing.

    Raises Refused when the file itself cannot be read or holds a NIK, NotAllowed when `by` may write nothing at all,
    Conflict when what was confirmed is no longer what would happen.
    """
    action = IMPORT_ACTIONS[ImportKind(job.kind)]
    require(by=job.act.by, action=action)
    refuse_nik_in_name(job.name)
    findings = Findings(job.choices.answers)
    heads = outline(job.file, name=job.name)
    periods = list(Period.objects.all())

    def rows_of(sheet: str) -> NumberedRows:
        return read_rows(job.file, name=job.name, sheet=sheet)

    offers_targets = job.kind == ImportKind.COUNTS and can(job.act.by, Action.TARGET_WRITE)
    planner = Planner(job.kind, job.name, job.choices, periods, findings, rows_of, offers_targets)
    plan = as_one(planner.plans(heads))
    if plan.refusal:
        findings.stop(plan.refusal)
        return Imported(Preview(job.name, findings, plan), refused=plan.refusal)
    spellings = dict(job.choices.spellings)
    places = Places(by=job.act.by, action=action, layout=plan.layout, spellings=spellings, periods=periods)
    with RejectedRows(job.rejected_rows, plan) as rejected_rows:
        table = Table(job, plan, periods, places, findings, rejected_rows)
        return (import_counts if job.kind == ImportKind.COUNTS else import_targets)(table)
