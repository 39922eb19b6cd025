"""Importing a table of counts: staged, compared and written by the database."""

from contextlib import nullcontext

from dukcapil.clock import business_date
from dukcapil.errors import N_, Refused
from dukcapil.locks import long_statement_timeout, one_writer
from recording.imports.columns import Value
from recording.imports.daily import RunningTotal, stage_daily
from recording.imports.job import Imported, Job, Table, append_bounded
from recording.imports.preview import Change, City, Comparison, Reading
from recording.imports.saving import save_confirmed
from recording.imports.summary import MAX_SHOWN
from recording.imports.tables import CountReader, CountSlot
from recording.ledger.checks import CountChecks
from recording.ledger.stage import Stage, Tally
from recording.models import Posting, PostingKind

_NOT_AS_READ = N_(
    "Angka yang disiapkan berbeda dari yang terbaca; tidak ada yang disimpan. Kirim berkas ini ke pengelola portal."
)


def import_counts(table: Table) -> Imported:
    """Read the counts of a table, compare them, and save them when that was confirmed."""
    with Stage() as stage:
        reading, totals = _stage_rows(table, stage)
        with one_writer() if table.job.decision else nullcontext(), long_statement_timeout():
            stage_daily(stage, totals, table)
            comparison = _compare(stage, table)
            if not is_as_read(reading, comparison) and not totals:
                table.findings.stop(Refused(_NOT_AS_READ))
            preview = table.preview(reading, comparison)
            return save_confirmed(
                table, preview, lambda: Imported(preview, saved=True, posting=_write(stage, table.job, comparison.tally))
            )


def is_as_read(reading: Reading, comparison: Comparison) -> bool:
    """Whether the database, adding up the staged counts of each city, finds what the preview says of the file. Running
    totals are another number than the counts that are made of them."""
    staged = {city.code: city.after for city in comparison.cities if city.after}
    return staged == {code: people for code, people in reading.totals.per_city.items() if people}


def _stage_rows(table: Table, stage: Stage) -> tuple[Reading, list[RunningTotal]]:
    """Every row of the table: counts of a day are staged; running totals are given back, to be made into counts."""
    totals: list[RunningTotal] = []
    staged = stage.rows.append

    def take(number: int, code: str, slot: CountSlot, value: Value, people: int) -> None:
        if value.running:
            append_bounded(totals, RunningTotal(number, code, slot.document, slot.source, slot.day, people))
        else:
            staged((number, code, slot.document, slot.iso, slot.source, people))

    checks = CountChecks({}, table.periods, business_date(table.job.act.now))
    reading = CountReader(table, take, checks).read(stage.flush)
    stage.flush()
    subtotals = reading.totals.subtotals
    if subtotals:
        stage.drop_lines(subtotals)
    return reading, [total for total in totals if total.row not in subtotals]


def _compare(stage: Stage, table: Table) -> Comparison:
    """What writing would change, and the sums per city before and after."""
    stage.analyze()
    tally, sums = stage.compare()
    names = table.places.names
    changes = stage.changes(MAX_SHOWN) if tally.changed else []
    return Comparison(
        tally,
        [City(city.city, names.get(city.city, ""), city.before, city.after) for city in sums],
        [
            Change(code, names.get(code, ""), document, day, source, old, new)
            for code, document, day, source, old, new in changes
        ],
    )


def _write(stage: Stage, job: Job, tally: Tally) -> Posting | None:
    """The posting under which the counts stand now; None when all of them already were so."""
    if not tally.new and not tally.changed:
        return None
    reason = f": {job.decision.reason}" if job.decision and job.decision.reason else ""
    posting = Posting.objects.create(
        at=job.act.now, by=job.act.author, door=job.act.door, kind=PostingKind.ENTRY, reason=f"Impor {job.name}{reason}"[:500]
    )
    stage.write(posting)
    return posting
