"""Importing a table of counts: staged, compared and written by the database."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeVar

from django.conf import settings

from dukcapil.errors import Refused
from dukcapil.locks import long_statement_timeout
from recording.imports.counts.against_targets import standings
from recording.imports.counts.beside import ask_about_levels
from recording.imports.counts.daily import NOT_AS_READ, RunningTotal, stage_daily
from recording.imports.counts.day_or_total import ask_day_or_total
from recording.imports.counts.staging import Rows, stage_rows
from recording.imports.counts.unlikely import ask_about_days, ask_about_targets
from recording.imports.job import Imported, Job, Table
from recording.imports.preview import Change, City, Comparison, Preview, folded
from recording.imports.reading.tables import CityDay
from recording.imports.saving import not_to_save, note_saved
from recording.imports.summary import MAX_SHOWN
from recording.imports.targets_beside import TargetsBeside, targets_beside
from recording.ledger.large_writes import Writing, writers_turn
from recording.ledger.stage import DaySums, Stage, Tally
from recording.ledger.stage_checks import Replaced, replaced_sums
from recording.models import Posting, PostingKind
from recording.parsing.region_names import city_of

Key = TypeVar("Key")


class Compared(NamedTuple):
    """A table beside what is stored."""

    table: Table
    rows: Rows
    tally: Tally
    targets: TargetsBeside
    preview: Preview


def import_counts(table: Table) -> Imported:
    """Read the counts of a table, compare them, and save them when that was confirmed."""
    with Stage() as stage:
        rows = stage_rows(table, stage)
        if table.job.decision is None:
            with long_statement_timeout():
                return Imported(_compare(table, stage, rows).preview)
        is_large = stage.size() > settings.COUNTS_WRITTEN_AT_ONCE
        renew = lambda: table.job.progress(rows.reading.last_row)  # noqa: E731
        with writers_turn(stage, lambda: _compare(table, stage, rows), is_large, table.job.act.now, renew) as compared:
            complete = _begin(stage, compared)
        return complete()


def _compare(table: Table, stage: Stage, rows: Rows) -> Compared:
    table, rows = ask_day_or_total(table, stage, rows)
    made = stage_daily(stage, rows.totals, table)
    stage.analyze()
    tally, sums = stage.compare()
    replaced = replaced_sums() if tally.changed else []
    if not is_as_read(rows, made, sums):
        table.findings.stop(Refused(NOT_AS_READ))
    targets = targets_beside(table, rows.reading)
    if tally.new or tally.changed:
        ask_about_levels(table, rows.reading)
        ask_about_targets(table, standings(table, [row.target for row in targets.rows]))
        ask_about_days(table, rows, replaced)
    preview = table.preview(rows.reading, _comparison(stage, table, tally, sums, replaced), targets.preview)
    return Compared(table, rows, tally, targets, preview)


def _begin(stage: Stage, compared: Compared) -> Callable[[], Imported]:
    """Write what was confirmed; the rest of a large file by what this answers, outside of the transaction."""
    table, preview = compared.table, compared.preview
    if (answer := not_to_save(table, preview)) is not None:
        return lambda: answer
    if not compared.tally.new and not compared.tally.changed:
        done = note_saved(table, Imported(preview, saved=True, written=compared.targets.write()))
        return lambda: done
    posting = _posting(table.job)

    def finish() -> Imported:
        return note_saved(table, Imported(preview, saved=True, posting=posting, written=compared.targets.write()))

    writing = Writing(stage, posting, finish, renew=lambda: table.job.progress(compared.rows.reading.last_row))
    writing.begin()
    return writing.complete


def is_as_read(rows: Rows, made: Mapping[CityDay, int], staged: Iterable[DaySums]) -> bool:
    """Whether the database, adding up the staged counts of each city, document and day, finds what the preview says of
    the file. `made`: the counts that were made of its running totals."""
    per_city: Counter[tuple[str, str]] = Counter()
    for (city, document, _day), people in rows.people.items():
        per_city[city, document] += people
    promised = Counter(rows.people)
    promised.subtract(_people_of(rows.totals))
    promised.update(made)
    found = {(each.city, each.document, each.day): each.after for each in staged}
    shown = {(city, each): people for city, of_city in rows.reading.totals.per_city.items() for each, people in of_city.items()}
    return _nonzero(per_city) == _nonzero(shown) and _nonzero(promised) == _nonzero(found)


def _people_of(totals: Iterable[RunningTotal]) -> Counter[CityDay]:
    people: Counter[CityDay] = Counter()
    for total in totals:
        people[city_of(total.code), total.document, total.day.isoformat()] += total.people
    return people


def _nonzero(people: Mapping[Key, int]) -> dict[Key, int]:
    return {key: number for key, number in people.items() if number}


def _comparison(stage: Stage, table: Table, tally: Tally, sums: Iterable[DaySums], replaced: Iterable[Replaced]) -> Comparison:
    """What writing would change, and the sums per city and document before and after."""
    names = table.places.names
    before: Counter[tuple[str, str]] = Counter()
    after: Counter[tuple[str, str]] = Counter()
    for each in sums:
        before[each.city, each.document] += each.before
        after[each.city, each.document] += each.after
    changes = stage.changes(MAX_SHOWN) if tally.changed else []
    return Comparison(
        tally,
        [City(key[0], names.get(key[0], ""), key[1], before[key], after[key]) for key in sorted(after)],
        [
            Change(code, names.get(code, ""), document, day, source, old, new)
            for code, document, day, source, old, new in changes
        ],
        folded(((each.city, each.document, each.counts, each.before, each.after) for each in replaced), names),
    )


def _posting(job: Job) -> Posting:
    """The posting under which the counts will stand."""
    reason = f": {job.decision.reason}" if job.decision and job.decision.reason else ""
    return Posting.objects.create(
        at=job.act.now, by=job.act.author, door=job.act.door, kind=PostingKind.ENTRY, reason=f"Impor {job.name}{reason}"[:500]
    )
