"""Reading counts and their histories."""

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count, Max, Min
from django.utils.translation import gettext as _

from accounts.rights import Actor
from dukcapil import figures
from dukcapil.locks import long_statement_timeout
from recording.models import CountChange, CurrentCount, is_beyond


def counts_of_source(by: Actor, source: str) -> list[CurrentCount]:
    """Every count of one source with who entered it, by day, region and document."""
    counts = CurrentCount.objects.visible_to(by).filter(source=source, people__isnull=False)
    return list(counts.select_related("posting__by").order_by("day", "region_id", "document"))


def current_count(by: Actor, code: str, document: str, day: date, source: str) -> CurrentCount | None:
    """The stored value of one count with who wrote it last, or None."""
    return (
        CurrentCount.objects.visible_to(by)
        .filter(region_id=code, document=document, day=day, source=source)
        .select_related("region", "posting__by")
        .first()
    )


def history(by: Actor, code: str, document: str, day: date, source: str) -> list[CountChange]:
    """Every change of one count, newest first, with who, when and why."""
    return list(
        CountChange.objects.visible_to(by)
        .finished()
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
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_nestloop = off")  # looking a million counts up one by one takes twice as long
        cursor.execute(LEDGER_CHECK)
        row = cursor.fetchone()
    return LedgerCheck(*(int(number) for number in row))  # PostgreSQL sums big integers as decimals


# Only what has several changes, which are few, is looked at one after the other: that sorts.
LEDGER_CHECK = """
    WITH summed AS (
        SELECT region_id, document, day, source, SUM(delta) AS people, COUNT(*) AS changes, MAX(old_people) AS old_people,
               SUM(CASE WHEN delta <> COALESCE(new_people, 0) - COALESCE(old_people, 0) THEN 1 ELSE 0 END) AS wrong
          FROM recording_countchange GROUP BY region_id, document, day, source
    ), chain AS (
        SELECT h.region_id, h.document, h.day, h.source, h.old_people,
               LAG(h.new_people) OVER (PARTITION BY h.region_id, h.document, h.day, h.source ORDER BY h.id) AS before_it
          FROM summed s JOIN recording_countchange h
            ON h.region_id = s.region_id AND h.document = s.document AND h.day = s.day AND h.source = s.source
         WHERE s.changes > 1
    ), chained AS (
        SELECT region_id, document, day, source,
               SUM(CASE WHEN COALESCE(old_people, -1) <> COALESCE(before_it, -1) THEN 1 ELSE 0 END) AS broken
          FROM chain GROUP BY region_id, document, day, source
    ), judged AS (
        SELECT region_id, document, day, source, people, changes, wrong + COALESCE(old_people, -1) + 1 AS broken
          FROM summed WHERE changes = 1
        UNION ALL
        SELECT s.region_id, s.document, s.day, s.source, s.people, s.changes, s.wrong + c.broken
          FROM chained c JOIN summed s
            ON s.region_id = c.region_id AND s.document = c.document AND s.day = c.day AND s.source = c.source
    ), compared AS (
        SELECT COUNT(c.region_id) AS found, SUM(j.changes) AS changes,
               SUM(CASE WHEN c.region_id IS NULL OR COALESCE(c.people, 0) <> j.people OR j.broken > 0 THEN 1 ELSE 0 END)
                   AS mismatches
          FROM judged j LEFT JOIN recording_dailycount c
            ON c.region_id = j.region_id AND c.document = j.document AND c.day = j.day AND c.source = j.source
    )
    SELECT counts.number, COALESCE(compared.changes, 0), COALESCE(compared.mismatches, 0)
           + CASE WHEN counts.number = compared.found THEN 0 ELSE (
                 SELECT COUNT(*) FROM recording_dailycount c
                  WHERE NOT EXISTS (
                        SELECT 1 FROM recording_countchange h
                         WHERE h.region_id = c.region_id AND h.document = c.document AND h.day = c.day AND h.source = c.source)
             ) END
      FROM compared CROSS JOIN (SELECT COUNT(*) AS number FROM recording_dailycount) counts
"""


def counts_beyond_days() -> list[str]:
    """Counts of days on which their region is not open, one sentence for each region."""
    beyond = CurrentCount.objects.filter(is_beyond("region", "day"), people__isnull=False)
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
