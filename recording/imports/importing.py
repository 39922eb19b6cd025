"""Importing one file: read it, say what would happen, or do it. The page, the commands and the worker call this."""

from accounts.rights import require
from dukcapil.errors import Refused
from recording.imports.counts import import_counts
from recording.imports.job import Imported, Job
from recording.imports.plan import make_plan
from recording.imports.rejected_rows import RejectedRows
from recording.imports.report import Report
from recording.imports.spreadsheets import outline
from recording.imports.targets import import_targets
from recording.models import IMPORT_ACTIONS, ImportKind, Period


def import_file(job: Job) -> Imported:
    """Read a file and say what would happen, or do it: all that was confirmed or nothing.

    Raises Refused when the file itself cannot be read or holds a NIK, NotAllowed when `by` may write nothing at all,
    Conflict when what was confirmed is no longer what would happen.
    """
    require(by=job.act.by, action=IMPORT_ACTIONS[ImportKind(job.kind)])
    report = Report(job.name)
    heads = outline(job.file, name=job.name)
    periods = list(Period.objects.all())
    try:
        plan = make_plan(kind=job.kind, name=job.name, heads=heads, choices=job.choices, periods=periods, report=report)
    except Refused as problem:
        report.stop(problem)
        return Imported(report, refused=problem)
    rest = RejectedRows(job.rest, plan.layout)
    try:
        done = (import_counts if job.kind == ImportKind.COUNTS else import_targets)(job, plan, periods, report, rest)
    finally:
        rest.close()
    report.rest = rest.written
    return done
