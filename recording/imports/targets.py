"""Importing a table of targets: new versions where they differ from the newest."""

from contextlib import ExitStack

from dukcapil.errors import RefusedRows
from dukcapil.locks import one_writer
from recording.imports import mappings
from recording.imports.job import Imported, Job, bounded, check_expected, places_of, read_table, refusal
from recording.imports.places import Places, label_of
from recording.imports.plan import Plan, Value
from recording.imports.rejected_rows import RejectedRows
from recording.imports.report import ERROR, Change, Report
from recording.imports.tables import TargetReader, TargetSlot
from recording.models import Period
from recording.targets.services import TargetInput, TargetOutcome, set_targets


def import_targets(job: Job, plan: Plan, periods: list[Period], report: Report, rest: RejectedRows) -> Imported:
    places = places_of(job, plan)
    rows: list[tuple[int, TargetInput]] = []

    def take(number: int, code: str, slot: TargetSlot, value: Value, people: int) -> None:
        target = TargetInput(
            code,
            slot.document,
            slot.period,
            people,
            slot.source,
            slot.effective_from,
            kind=slot.kind,
            opening=slot.opening,
        )
        bounded(rows).append((number, target))

    reader = TargetReader(periods=periods, plan=plan, places=places, report=report, rest=rest, take=take)
    read_table(job, plan, reader)
    rows = [row for row in rows if row[0] not in reader.totals.subtotals]
    with one_writer() if job.decision else ExitStack():
        outcomes, rows = _try_targets(job, rows, plan, report)
        _tell_targets(outcomes, rows, places, report)
        done = Imported(report)
        if job.decision is None:
            return done
        done.refused = refusal(report, job.decision)
        if done.refused is None:
            check_expected(report, job.decision)
            outcomes = set_targets(act=job.act, targets=[target for _, target in rows])
            done.written = [
                [each.region, each.document, target.period, target.kind, each.version]
                for each, (_, target) in zip(outcomes, rows, strict=True)
                if each.status != "unchanged"
            ]
            done.saved = True
            mappings.save_mapping(job=job, plan=plan, report=report)
            job.finish(done)
    return done


def _try_targets(
    job: Job, rows: list[tuple[int, TargetInput]], plan: Plan, report: Report
) -> tuple[list[TargetOutcome], list[tuple[int, TargetInput]]]:
    """What writing would do with the rows that can be written; the others are rejected by the service's own words."""
    if report.blocked:
        return [], []
    try:
        return set_targets(act=job.act, targets=[target for _, target in rows], dry_run=True), rows
    except RefusedRows as problem:
        wrong = dict(problem.errors)
    for index, reason in wrong.items():
        column = plan.values[0].column.label if reason.field == "people" else label_of(plan.layout, reason.field)
        report.rejected += 1
        report.add(rows[index][0], column, reason, ERROR, plan.sheet)
    good = [row for index, row in enumerate(rows) if index not in wrong]
    return set_targets(act=job.act, targets=[target for _, target in good], dry_run=True), good


def _tell_targets(
    outcomes: list[TargetOutcome], rows: list[tuple[int, TargetInput]], places: Places, report: Report
) -> None:
    for outcome, (_, target) in zip(outcomes, rows, strict=True):
        setattr(report.tally, outcome.status, getattr(report.tally, outcome.status) + 1)
        if outcome.status == "changed":
            report.changes.append(
                Change(
                    outcome.region,
                    places.names[outcome.region],
                    outcome.document,
                    target.effective_from.isoformat(),
                    target.source,
                    outcome.old,
                    outcome.new,
                )
            )
