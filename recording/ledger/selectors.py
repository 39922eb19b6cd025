"""Reading counts and their histories."""

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count, Max, Min
from django.utils.translation import gettext as _

from accounts.rights import Actor
from dukcapil import figures
from dukcapil.locks import long_statement_timeout
from recording.models import CountChange, DailyCount, is_beyond


def counts_of_source(by: Actor, source: str) -> list[DailyCount]:
    """Every count of one source with who entered it, by day, region and document."""
    counts = DailyCount.objects.visible_to(by).filter(source=source, people__isnull=False)
    return list(counts.select_related("posting__by").order_by("day", "region_id", "document"))


def current_count(by: Actor, code: str, document: str, day: date, source: str) -> DailyCount | None:
    """The stored value of one count with who wrote it last, or None."""
    return (
        DailyCount.objects.visible_to(by)
        .filter(region_id=code, document=document, day=day, source=source)
        .select_related("region", "posting__by")
        .first()
    )


def history(by: Actor, code: str, document: str, day: date, source: str) -> list[CountChange]:
    """Every change of one count, newest first, with who, when and why."""
    return list(
        CountChange.objects.visible_to(by)
        .filter(region_id=code, document=document, day=day, source=source)
        .select_related("posting__by")
        .order_by("-pk")
    )


@dataclass(frozen=True)
class LedgerCheck:
    """`mismatches`: counts whose value is not the sum of their changes, or whose changes do not follow each other."""

    keys: int
    changes: int
    mismatches: int


def check_ledger() -> LedgerCheck:
    """Prove that the ledger and the counts say the same: the sum of deltas is the value, and each change begins where
    the one before it ended. Also finds changes of counts that do not exist. One statement, so one instant."""
    with long_statement_timeout(), connection.cursor() as cursor:
        cursor.execute(LEDGER_CHECK)
        row = cursor.fetchone()
    return LedgerCheck(*(int(number) for number in row))  # PostgreSQL sums big integers as decimals


LEDGER_CHECK = """
    WITH chain AS (
        SELECT region_id, document, day, source, delta, old_people, new_people,
               LAG(new_people) OVER one AS before_it, ROW_NUMBER() OVER one AS place
          FROM recording_countchange
        WINDOW one AS (PARTITION BY region_id, document, day, source ORDER BY id)
    ), summed AS (
        SELECT region_id, document, day, source, SUM(delta) AS people, COUNT(*) AS changes,
               SUM(CASE WHEN delta <> COALESCE(new_people, 0) - COALESCE(old_people, 0)
                          OR COALESCE(old_people, -1) <> COALESCE(before_it, -1) THEN 1 ELSE 0 END) AS broken
          FROM chain GROUP BY region_id, document, day, source
    ), both_sides AS (
        SELECT c.people AS value, s.people, s.changes, s.broken, 1 AS is_count
          FROM recording_dailycount c LEFT JOIN summed s
            ON s.region_id = c.region_id AND s.document = c.document AND s.day = c.day AND s.source = c.source
        UNION ALL
        SELECT NULL, s.people, s.changes, 1, 0 FROM summed s
         WHERE NOT EXISTS (SELECT 1 FROM recording_dailycount c
                            WHERE s.region_id = c.region_id AND s.document = c.document
                              AND s.day = c.day AND s.source = c.source)
    )
    SELECT COALESCE(SUM(is_count), 0), COALESCE(SUM(changes), 0),
           COALESCE(SUM(CASE WHEN COALESCE(value, 0) <> COALESCE(people, 0) OR COALESCE(broken, 0) > 0
                        THEN 1 ELSE 0 END), 0)
      FROM both_sides
"""


def counts_beyond_days() -> list[str]:
    """Counts of days on which their region is not open, one sentence for each region."""
    beyond = DailyCount.objects.filter(is_beyond("region", "day"), people__isnull=False)
    rows = beyond.values("region_id", "region__name").annotate(n=Count("day"), first=Min("day"), last=Max("day"))
    return [
        _("%(n)s catatan dari %(code)s %(name)s di luar harinya: %(first)s sampai %(last)s.")
        % {
            "n": figures.people(row["n"]),
            "code": row["region_id"],
            "name": row["region__name"],
            "first": figures.short_day(row["first"]),
            "last": figures.short_day(row["last"]),
        }
        for row in rows.order_by("region_id")
    ]
