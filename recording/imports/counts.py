"""Importing a table of counts: staged, compared and written by the database."""

from dukcapil.clock import business_date
from dukcapil.locks import long_statement_timeout, one_writer
from recording.imports import mappings
from recording.imports.daily import stage_daily
from recording.imports.job import Imported, Job, bounded, check_expected, places_of, read_table, refusal
from recording.imports.places import Places
from recording.imports.plan import Plan, Value
from recording.imports.rejected_rows import RejectedRows
from recording.imports.report import SHOWN, Change, Report
from recording.imports.tables import CountReader, CountSlot
from recording.ledger.checks import CountChecks
from recording.ledger.stage import Stage
from recording.models import Period, Posting, PostingKind


def import_counts(job: Job, plan: Plan, periods: list[Period], report: Report, rest: RejectedRows) -> Imported:
    places = places_of(job, plan)
    totals: list[tuple[int, str, CountSlot, int]] = []
    with Stage() as stage:
        staged = stage.rows.append

        def take(number: int, code: str, slot: CountSlot, value: Value, people: int) -> None:
            if value.running:
                bounded(totals).append((number, code, slot, people))
            else:
                staged((number, code, slot.document, slot.iso, slot.source, people))

        reader = CountReader(
            checks=CountChecks({}, periods, business_date(job.act.now)),
            plan=plan,
            places=places,
            report=report,
            rest=rest,
            take=take,
        )
        read_table(job, plan, reader, stage.flush)
        stage.flush()
        if reader.totals.subtotals:
            stage.drop_lines(reader.totals.subtotals)
        daily = [each for each in totals if each[0] not in reader.totals.subtotals]
        if job.decision is None:
            stage_daily(stage, daily, plan, periods, places, report)
            with long_statement_timeout():
                _compare(stage, places, report)
            return Imported(report)
        with one_writer(), long_statement_timeout():
            stage_daily(stage, daily, plan, periods, places, report)
            _compare(stage, places, report)
            done = Imported(report, refused=refusal(report, job.decision))
            if done.refused is None:
                check_expected(report, job.decision)
                if report.tally.new or report.tally.changed:
                    done.posting = _posting(job)
                    stage.write(done.posting)
                done.saved = True
                mappings.save_mapping(job=job, plan=plan, report=report)
                job.finish(done)
    return done


def _compare(stage: Stage, places: Places, report: Report) -> None:
    """What writing would change, and the sums per city before and after."""
    stage.analyze()
    report.tally, sums = stage.compare()
    report.cities = [
        {"code": each.city, "name": places.names.get(each.city, ""), "before": each.before, "after": each.after}
        for each in sums
    ]
    report.changes = [
        Change(code, places.names.get(code, ""), document, day, source, old, new)
        for code, document, day, source, old, new in (stage.changes(SHOWN) if report.tally.changed else [])
    ]


def _posting(job: Job) -> Posting:
    said = f"Impor {job.name}" + (f": {job.decision.reason}" if job.decision and job.decision.reason else "")
    return Posting.objects.create(
        at=job.act.now, by=job.act.author, door=job.act.door, kind=PostingKind.ENTRY, reason=said[:500]
    )
