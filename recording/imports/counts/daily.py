"""Running totals of a file against the stored counts of the same source."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from dukcapil import figures
from dukcapil.errors import N_, Refused
from recording.imports.counts.running import Move, as_daily, keeps_totals
from recording.imports.findings import FALLING_TOTAL, WARNING
from recording.imports.job import Table
from recording.imports.reading.tables import CityDay
from recording.ledger.stage import Stage
from recording.models import CurrentCount, days_around
from recording.parsing.region_names import city_of

CODES_PER_QUERY, MAX_EVIDENCE = 1_000, 3
NOT_AS_READ = N_(
    "Angka yang disiapkan berbeda dari yang terbaca; tidak ada yang disimpan. Kirim berkas ini ke pengelola portal."
)
_MOVED_FROM = N_(
    "Total sampai %(day)s menjadi %(total)s, sebelumnya %(former)s: %(people)s orang dipindahkan dari hitungan %(later)s, "
    "supaya total hari itu tetap."
)
_MOVED_TO = N_(
    "Total sampai %(day)s turun dari %(former)s menjadi %(total)s: %(people)s orang dipindahkan ke hitungan %(later)s, "
    "hari berikutnya yang tercatat, supaya total hari itu tetap."
)
_GROWN = N_(
    "Total sampai %(day)s, %(total)s, melebihi total tersimpan hari sesudahnya: total hari itu ikut naik %(people)s orang."
)
Key = tuple[str, str, str]  # region, document and source


class RunningTotal(NamedTuple):
    """People up to and with a day, in one row of the file."""

    row: int
    code: str
    document: str
    source: str
    day: date
    people: int

    @property
    def key(self) -> Key:
        return self.code, self.document, self.source


def stage_daily(stage: Stage, totals: Iterable[RunningTotal], table: Table) -> Counter[CityDay]:
    """Turn running totals into the counts of their days, and stage those; answers their people by city, document and
    day. A fall is told and asks for a reason; a total that changes the count of a later day is asked about."""
    groups: dict[tuple[Key, date], list[RunningTotal]] = defaultdict(list)
    for total in totals:
        first, _last = _summed_days(total.day, table)
        groups[total.key, first].append(total)
    stored = _stored({key for key, _ in groups})
    lines: list[tuple[object, ...]] = []
    made: Counter[CityDay] = Counter()
    fallen: list[str] = []
    for (key, first), group in groups.items():
        _first, last = _summed_days(max(total.day for total in group), table)
        known = {day: people for day, people in stored[key].items() if first <= day <= last}
        daily = as_daily(known, [(total.day, total.people) for total in group])
        if not keeps_totals(known, daily, [(total.day, total.people) for total in group]):
            table.findings.stop(Refused(NOT_AS_READ))
        rows = {total.day: total.row for total in group}
        code, document, source = key
        for day, people in daily.counts.items():
            lines.append((rows.get(day, 0), code, document, day.isoformat(), source, people))
            made[city_of(code), document, day.isoformat()] += people
        fallen += _tell_falls(table, code, rows, daily.falls)
        _tell_moves(table, code, rows, daily.moves)
    if fallen:
        asked = Refused(N_("Ada total yang turun. Itu koreksi atas hitungan yang sudah tersimpan; benar?"))
        table.findings.ask(FALLING_TOTAL, asked, evidence=fallen[:MAX_EVIDENCE], count=len(fallen))
    stage.load(lines)
    return made


def _summed_days(day: date, table: Table) -> tuple[date, date]:
    """The first and the last day of the time that a running total of this day belongs to."""
    if table.plan.running_since != "period":
        return date.min, date.max
    period = next((period for period in table.periods if period.holds(day)), None)
    return (period.first_day, period.last_day) if period else days_around(table.periods, day)


def _tell_falls(table: Table, code: str, rows: dict[date, int], falls: Iterable[tuple[date, int, int]]) -> Iterator[str]:
    """`rows`: the number of the row that each day stands in. What was told, with the region's name."""
    for day, before, total in falls:
        problem = Refused(
            N_("Total turun dari %(before)s menjadi %(total)s; selisihnya dikurangkan dari hari sebelumnya."),
            before=figures.people(before),
            total=figures.people(total),
        )
        sheet, row = table.position(rows[day])
        table.findings.add(row, table.places.names[code], problem, WARNING, sheet)
        yield f"{table.places.names[code]}: {problem}"


def _tell_moves(table: Table, code: str, rows: dict[date, int], moves: Iterable[Move]) -> None:
    """What the totals change of days that the file itself does not name."""
    for move in moves:
        if move.later in rows or (move.later is None and max(rows) > move.day):
            continue
        problem = Refused(
            _GROWN if move.later is None else _MOVED_TO if move.people > 0 else _MOVED_FROM,
            total=figures.people(move.total),
            former=figures.people(move.former),
            day=figures.long_day(move.day),
            later=figures.long_day(move.later),
            people=figures.people(abs(move.people)),
        )
        table.findings.add(rows[move.day], table.places.names[code], problem, WARNING, table.plan.sheet)
        asked = Refused(N_("Ada total yang mengubah hitungan hari sesudahnya, yang sudah tersimpan. Benar?"))
        table.findings.ask("later", asked, evidence=[f"{table.places.names[code]}: {problem}"])


def _stored(keys: set[Key]) -> dict[Key, dict[date, int]]:
    """The stored counts of these regions, documents and sources, by day."""
    counts: dict[Key, dict[date, int]] = defaultdict(dict)
    codes = sorted({code for code, _, _ in keys})
    for start in range(0, len(codes), CODES_PER_QUERY):
        rows = CurrentCount.objects.filter(
            region_id__in=codes[start : start + CODES_PER_QUERY],
            source__in={source for _, _, source in keys},
            document__in={document for _, document, _ in keys},
            people__isnull=False,
        ).values_list("region_id", "document", "source", "day", "people")
        for code, document, source, day, people in rows.iterator():
            if (code, document, source) in keys:
                counts[code, document, source][day] = people or 0
    return counts
