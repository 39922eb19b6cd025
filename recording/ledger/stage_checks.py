"""What staged counts stand beside in the table of counts: one statement each over the stage of this connection."""

from dataclasses import dataclass

from django.db import connection

STORED, STAGED = "recording_dailycount", "count_stage"
MAX_OVERLAPS = 5


@dataclass(frozen=True)
class Overlap:
    """A staged count (all days of a region, where days do not matter) with people of the same document and source in
    regions above or below it: its own people, and theirs."""

    region: str
    document: str
    source: str
    people: int
    beside: int


def overlaps(*, above: bool, same_day: bool, table: str = STORED) -> tuple[int, list[Overlap]]:
    """How many staged counts have people `above` (or below) them in this table, and the first of them.

    `same_day`: only of the very day; otherwise any day is the same thing, as for running totals.
    """
    own, other = ("descendant_id", "ancestor_id") if above else ("ancestor_id", "descendant_id")
    key, and_day = (
        ("region_id, document, source, day", "AND d.day = k.day") if same_day else ("region_id, document, source", "")
    )
    group = ", ".join(f"k.{column}" for column in key.split(", "))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT COUNT(*) OVER (), k.region_id, k.document, k.source, k.people, SUM(d.people)
                  FROM (SELECT {key}, SUM(people) AS people FROM count_stage GROUP BY {key}) k
                  JOIN recording_regiontree t ON t.{own} = k.region_id AND t.ancestor_id <> t.descendant_id
                  JOIN {table} d ON d.region_id = t.{other} AND d.document = k.document AND d.source = k.source {and_day}
                 WHERE k.people > 0 AND d.people > 0
                 GROUP BY {group}, k.people
                 ORDER BY {group} LIMIT %s""",
            [MAX_OVERLAPS],
        )
        rows = cursor.fetchall()
    return (rows[0][0] if rows else 0), [Overlap(*row[1:4], int(row[4]), int(row[5])) for row in rows]
