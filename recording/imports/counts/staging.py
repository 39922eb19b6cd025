"""The rows of a table of counts on their way into the stage."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dukcapil import figures
from dukcapil.clock import business_date
from dukcapil.errors import N_, Refused
from recording.imports.counts.daily import RunningTotal
from recording.imports.job import Table, append_bounded
from recording.imports.layouts.columns import Value
from recording.imports.preview import Reading
from recording.imports.reading.tables import CityDay, CountReader, CountSlot, CountSlots
from recording.imports.reading.whole_workbook import read_sheets_of
from recording.ledger.checks import CountChecks
from recording.ledger.stage import Stage
from recording.models import waits_for_period


@dataclass(frozen=True)
class Rows:
    """What was read: the people of each city, document and day, those of them that are running totals, and every
    document, day and source with its people."""

    reading: Reading
    people: Counter[CityDay]
    totals: Sequence[RunningTotal]
    slots: Sequence[CountSlot]


def stage_rows(table: Table, stage: Stage) -> Rows:
    """Every row of the table: counts of a day are staged; running totals are given back, to be made into counts."""
    totals: list[RunningTotal] = []
    staged = stage.rows.append

    def take(number: int, code: str, slot: CountSlot, value: Value, people: int) -> None:
        if value.running:
            total = RunningTotal(number, code, slot.document, slot.source, slot.day, people)
            append_bounded(totals, total, table.findings)
        else:
            staged((number, code, slot.document, slot.iso, slot.source, people))

    checks = CountChecks({}, table.periods, business_date(table.job.act.now))
    slots: CountSlots = {}
    readers = [CountReader(part, take, checks, slots) for part in table.parts]
    reading = read_sheets_of(table, readers, stage.flush)
    stage.flush()
    _ask_about_waiting_days(table, reading)
    subtotals = reading.totals.subtotals
    if subtotals:
        stage.drop_lines(subtotals)
    totals = [total for total in totals if total.row not in subtotals]
    return Rows(reading, readers[0].people_taken(without=subtotals.values()), totals, readers[0].slots)


def _ask_about_waiting_days(table: Table, reading: Reading) -> None:
    """Days without a period may be right, or a slip of the pen: said once for all of them."""
    if any(kind.partition(":")[0] == "day" and each.blocks for kind, each in table.findings.questions.items()):
        return  # its day is not known yet
    days = [day for iso in reading.spans if waits_for_period(table.periods, day := date.fromisoformat(iso))]
    if days:
        sentence = N_(
            "%(n)s hari belum punya periode (%(first)s sampai %(last)s): hitungannya disimpan, dan masuk cakupan begitu "
            "periodenya dibuat. Benar?"
        )
        span = {"first": figures.long_day(min(days)), "last": figures.long_day(max(days))}
        table.findings.ask("waiting", Refused(sentence, "day", n=len(days), **span))
