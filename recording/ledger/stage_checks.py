"""What staged counts stand beside in the table of counts: one statement each over the stage of this connection."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db import connection

from recording.ledger.stage import SAME_KEY, as_date
from recording.models import OF_TRIP, Source

STORED, STAGED = "recording_currentcount", "count_stage"
MAX_OVERLAPS = 5
# As `summed_source` of the models: every van's report counts for the vans.
IS_OF_VANS = f"k.source = '{Source.VAN.value}' AND d.source LIKE '{OF_TRIP}%%'"
SUMMED_SOURCE = f"CASE WHEN source LIKE '{OF_TRIP}%%' THEN '{Source.VAN.value}' ELSE source END"
# Which regions are held against each other: the staged one, the other one, and which sources count as the same.
ABOVE, BELOW, HERE = (
    ("descendant_id", "ancestor_id", "<>", f"(d.source = k.source OR {IS_OF_VANS})"),
    ("ancestor_id", "descendant_id", "<>", f"(d.source = k.source OR {IS_OF_VANS})"),
    ("ancestor_id", "descendant_id", "=", IS_OF_VANS),
)


@dataclass(frozen=True)
class Overlap:
    """A staged count (all days of a region, where days do not matter) with people of the same document and source in
    regions above or below it, or in the reports of the vans of the region itself: its own people, and theirs."""

    region: str
    document: str
    source: str
    people: int
    beside: int


def overlaps(where: tuple[str, str, str, str], *, same_day: bool, table: str = STORED) -> tuple[int, list[Overlap]]:
    """How many staged counts have people ABOVE or BELOW them, or HERE in reports of vans, in this table; and the first.

    `same_day`: only of the very day; otherwise any day is the same thing, as for running totals.
    """
    own, other, differs, same_source = where
    key = "region_id, document, source" + (", day" if same_day else "")
    and_day = "AND d.day = k.day" if same_day else ""
    group = ", ".join(f"k.{column}" for column in key.split(", "))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT COUNT(*) OVER (), k.region_id, k.document, k.source, k.people, SUM(d.people)
                  FROM (SELECT {key}, SUM(people) AS people FROM count_stage GROUP BY {key}) k
                  JOIN recording_regiontree t ON t.{own} = k.region_id AND t.ancestor_id {differs} t.descendant_id
                  JOIN {table} d ON d.region_id = t.{other} AND d.document = k.document AND {same_source} {and_day}
                 WHERE k.people > 0 AND d.people > 0
                 GROUP BY {group}, k.people
                 ORDER BY {group} LIMIT %s""",
            [MAX_OVERLAPS],
        )
        rows = cursor.fetchall()
    return (rows[0][0] if rows else 0), [
        Overlap(region, document, source, int(people), int(beside)) for _all, region, document, source, people, beside in rows
    ]


def sums_by_region(periods: Sequence[tuple[int, date, date]]) -> list[tuple[str, str, int, int, int]]:
    """(region, document, key of the period, people staged, people stored under the staged keys) of the staged counts.

    `periods`: key, first and last day of each; days outside all of them are left out.
    """
    if not periods:
        return []
    cases = " ".join("WHEN s.day BETWEEN %s AND %s THEN %s" for _ in periods)
    params = [part for key, first, last in periods for part in (first, last, key)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT s.region_id, s.document, CASE {cases} END, SUM(s.people), COALESCE(SUM(d.people), 0)
                  FROM count_stage s LEFT JOIN recording_currentcount d ON {SAME_KEY}
                 GROUP BY 1, 2, 3""",
            params,
        )
        return [
            (code, document, period, int(people or 0), int(stored))
            for code, document, period, people, stored in cursor.fetchall()
            if period is not None
        ]


class Replaced(NamedTuple):
    """Stored counts that staged ones differ from: how many of a city, document and source, and their people now and
    then."""

    city: str
    document: str
    source: str
    counts: int
    before: int
    after: int


def replaced_sums() -> list[Replaced]:
    """What the staged counts would replace with something else, by city, document and source."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT substr(s.region_id, 1, 5), s.document, s.source, COUNT(*), SUM(d.people), SUM(s.people)
                  FROM count_stage s JOIN recording_currentcount d ON {SAME_KEY}
                 WHERE d.people <> s.people
                 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""
        )
        return [
            Replaced(city, document, source, counts, int(before), int(after))
            for city, document, source, counts, before, after in cursor.fetchall()
        ]


class Later(NamedTuple):
    """What is stored on a day after staged ones, and not staged itself: its people, and the usual staged day of the same
    regions, document and source."""

    document: str
    source: str
    day: date
    people: int
    usual: float


def later_sums() -> list[Later]:
    """The stored days after the first staged one of their region, document and source, added up over the regions.

    Staged days are left out by grouping, not by looking each of them up: the stage has no index. Mostly a file brings the
    newest days, and then nothing is grouped: the writers of the portal may be waiting.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {STORED} WHERE day > (SELECT MIN(day) FROM {STAGED}) LIMIT 1")
        if cursor.fetchone() is None:
            return []
        cursor.execute(
            """SELECT document, source, day, SUM(people), SUM(usual)
                  FROM (SELECT region_id, document, source, day, MAX(people) AS people, MAX(usual) AS usual
                          FROM (SELECT d.region_id, d.document, d.source, d.day, d.people, k.people * 1.0 / k.days AS usual,
                                       0 AS staged
                                  FROM (SELECT region_id, document, source, MIN(day) AS first, SUM(people) AS people,
                                               COUNT(*) AS days
                                          FROM count_stage WHERE people > 0 GROUP BY region_id, document, source) k
                                  JOIN recording_currentcount d ON d.region_id = k.region_id AND d.document = k.document
                                                             AND d.source = k.source AND d.day > k.first
                                 WHERE d.people > 0
                                UNION ALL
                                SELECT region_id, document, source, day, 0, 0, 1 FROM count_stage) beside
                         GROUP BY region_id, document, source, day HAVING MAX(staged) = 0) later
                 GROUP BY document, source, day ORDER BY document, source, day"""
        )
        return [
            Later(document, source, as_date(day), int(people), float(usual))
            for document, source, day, people, usual in cursor.fetchall()
        ]


def day_sums(first: date, last: date) -> dict[tuple[str, str], list[int]]:
    """By document and source: the people that are stored of the staged regions for each of these days that has any."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT document, {SUMMED_SOURCE}, SUM(people) FROM recording_currentcount
                WHERE day BETWEEN %s AND %s AND people IS NOT NULL
                  AND region_id IN (SELECT region_id FROM count_stage)
                GROUP BY 1, 2, day""",
            [first, last],
        )
        sums: dict[tuple[str, str], list[int]] = defaultdict(list)
        for document, source, people in cursor.fetchall():
            sums[document, source].append(int(people))
    return sums
