"""Whether the numbers of a table are counts of its day, or totals up to it: never guessed, always with its reasons."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from operator import attrgetter
from statistics import median

from dukcapil import figures
from dukcapil.errors import N_, Refused
from recording.imports.counts.against_targets import standings
from recording.imports.counts.daily import RunningTotal
from recording.imports.counts.staging import Rows
from recording.imports.job import Table, append_bounded
from recording.imports.layouts.modes import DAILY, RUNNING, Mode
from recording.imports.questions import answer
from recording.imports.reading.tables import CountSlot
from recording.imports.selectors import last_mapping
from recording.ledger.stage import Stage
from recording.ledger.stage_checks import day_sums

TIMES_USUAL_DAY = 10
MIN_RISES = 10  # of counts of a day so many rise in a row, and none falls, once in a thousand files
FORMER_DAYS, MIN_FORMER_DAYS = timedelta(days=60), 3


def ask_day_or_total(table: Table, stage: Stage, rows: Rows) -> tuple[Table, Rows]:
    """Ask what the numbers are, unless the file or a person says it; what speaks for totals is proposed.

    Rows that were staged as counts of the day and now show themselves as totals are given back as such. What was
    remembered of the source is shown and may be changed, but needs no answer unless something speaks against it.
    """
    mode = table.plan.mode
    if mode is None:
        return table, rows
    is_total = any(value.running for part in table.plan.tables if part.mode for value in part.values)
    evidence = [*mode.evidence, *([] if is_total else map(str, _evidence_of_rows(table, rows)))]
    if mode.presumed_daily and not evidence and not is_total:
        return table, rows
    answers = [answer(RUNNING, N_("Total sampai hari itu")), answer(DAILY, N_("Hitungan hari itu saja"))]
    proposed = RUNNING if evidence or mode.remembered else DAILY
    reading = table.findings.ask(
        "running",
        Refused(N_("Angka ini hitungan satu hari, atau total sampai hari itu?")),
        answers if proposed == RUNNING else answers[::-1],
        evidence=[*_remembered(table, mode), *evidence],
        example=mode.example,
        sheet=table.plan.sheet,
        needed=mode.remembered is None or (bool(evidence) and not mode.remembered),
    )
    if reading == DAILY or is_total:
        return table, rows
    return replace(table, plan=table.plan.as_totals()), _as_totals(table, stage, rows)


def _as_totals(table: Table, stage: Stage, rows: Rows) -> Rows:
    totals: list[RunningTotal] = []
    daily = []
    for line, code, document, day, source, people in stage.take_out():
        if table.plan_of(line).mode is None:  # of a sheet that says itself that it is daily
            daily.append((line, code, document, day.isoformat(), source, people))
        else:
            append_bounded(totals, RunningTotal(line, code, document, source, day, people), table.findings)
    stage.load(daily)
    return replace(rows, totals=totals)


def _remembered(table: Table, mode: Mode) -> list[str]:
    if mode.remembered is None:
        return []
    template = (
        N_("Berkas terakhir dari sumber %(source)s dengan kolom yang sama dibaca sebagai total.")
        if mode.remembered
        else N_("Berkas terakhir dari sumber %(source)s dengan kolom yang sama dibaca sebagai hitungan hari.")
    )
    return [str(Refused(template, source=table.plan.source))]


def _evidence_of_rows(table: Table, rows: Rows) -> Iterator[Refused]:
    """The numbers themselves speak for totals; those of one table of one day also beside what is stored. A list that is
    far above a target or a usual day is asked about as such."""
    for document in _never_falling(rows.slots):
        yield Refused(N_("%(document)s: dari hari ke hari tidak ada angka yang turun."), document=document)
    if not table.plan.says_when:
        yield from _stored_evidence(table, rows)


def _never_falling(slots: Iterable[CountSlot]) -> list[str]:
    """The documents of which several days are read, in which regions have more people than on the day before, and none
    has fewer."""
    by_series: dict[tuple[str, str], list[CountSlot]] = defaultdict(list)
    for slot in slots:
        by_series[slot.document, slot.source].append(slot)
    return sorted({document for (document, _), series in by_series.items() if _is_rising(series)})


def _is_rising(series: Iterable[CountSlot]) -> bool:
    rises = 0
    for before, after in pairwise(sorted(series, key=attrgetter("day"))):
        for earlier, later in zip(before.people, after.people, strict=False):
            if 0 <= later < earlier:
                return False
            rises += 0 <= earlier < later
    return rises >= MIN_RISES


def _stored_evidence(table: Table, rows: Rows) -> Iterator[Refused]:
    """What is stored speaks for totals: earlier files of the source, targets, and the source's usual day."""
    former = last_mapping(table.job.kind, table.plan.source)
    if (
        former
        and table.plan.mode
        and table.plan.mode.remembered is None
        and any(use["running"] for use in former.columns.values())
    ):
        yield Refused(N_("Berkas terakhir dari sumber %(source)s dibaca sebagai total."), source=table.plan.source)
    above = [each for each in standings(table) if each.people > each.target]
    if above:
        most = min(above, key=lambda each: (len(each.code), -each.people / each.target))
        yield Refused(
            N_("%(name)s, %(document)s: %(people)s orang dalam berkas melebihi seluruh targetnya, %(target)s."),
            name=table.places.names[most.code],
            document=most.document,
            people=figures.people(most.people),
            target=figures.people(most.target),
        )
    if table.plan.day:
        yield from _above_usual_day(table.plan.day, rows)


def _above_usual_day(day: date, rows: Rows) -> Iterator[Refused]:
    people: Counter[tuple[str, str]] = Counter()
    for slot in rows.slots:
        people[slot.document, slot.source] += sum(number for number in slot.people if number > 0)
    sums = day_sums(day - FORMER_DAYS, day - timedelta(days=1))
    for (document, source), number in people.items():
        days = sums.get((document, source), [])
        if len(days) >= MIN_FORMER_DAYS and number > TIMES_USUAL_DAY * median(days):
            yield Refused(
                N_("%(document)s: %(people)s orang dalam berkas; hari biasa dari sumber ini %(usual)s."),
                document=document,
                people=figures.people(number),
                usual=figures.people(int(median(days))),
            )
