"""Reading counts and their histories."""

import secrets
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count, Max, Min, Subquery, Sum
from django.utils.translation import gettext as _

from accounts.rights import Actor
from dukcapil import figures
from dukcapil.locks import long_statement_timeout
from recording.models import CountChange, CurrentCount, is_beyond


def current_count(by: Actor, code: str, document: str, day: date, source: str) -> CurrentCount | None:
    """The stored value of one count with who wrote it last, or None."""
    return (
        CurrentCount.objects.visible_to(by)
        .filter(region_id=code, document=document, day=day, source=source)
        .select_related("region", "posting__by")
        .first()
    )


def people_of_source(by: Actor, source: str, places: Collection[tuple[str, date]]) -> Counter[tuple[str, date]]:
    """The people of both documents that one source counted in these regions on these days, in one query."""
    codes, days = {code for code, _day in places}, {day for _code, day in places}
    counts = CurrentCount.objects.visible_to(by).filter(source=source, region__in=codes, day__in=days, people__isnull=False)
    sums: Counter[tuple[str, date]] = Counter()
    for code, day, people in counts.values_list("region_id", "day", "people"):
        sums[code, day] += people or 0
    return sums


def recorded_before(by: Actor, code: str, document: str, since: date, until: Subquery) -> dict[str, int]:
    """What was recorded in each region of a region from a day on and before `until`, a query for the day of each of them; in
    one query. Nothing where that finds none."""
    counts = CurrentCount.objects.visible_to(by).below(code).filter(document=document, day__gte=since, people__isnull=False)
    rows = counts.filter(day__lt=until).values_list("region_id").annotate(people=Sum("people"))
    return {region: people or 0 for region, people in rows}


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
    the one before it ended. Also finds changes of counts that do not exist.

    First both tables are read through once, in the order in which they lie: fingerprints of all values that came, less
    those that went, must add up to those of the values that are there. Then the counts that changed more than once are
    looked at one by one; all of them where the sums differ (docs/decisions/0024). Writers may go on writing meanwhile:
    each statement sees one instant.
    """
    with long_statement_timeout(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            fingerprint = f"hashtextextended({COUNT}, {secrets.randbits(62)})"
        else:
            connection.connection.create_function("fingerprint", 1, hash)  # of Python, which each process salts anew
            fingerprint = f"(fingerprint({COUNT}) >> 20)"  # the sums hold 64 bits
        cursor.execute(_sums(fingerprint))
        keys, changes, same = cursor.fetchone()
        if connection.vendor == "postgresql":  # it takes few for many and many for few
            for way in ("hashjoin", "mergejoin") if same else ("nestloop",):
                cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(_mismatches(CHANGED if same else ALL))
        (mismatches,) = cursor.fetchone()
    return LedgerCheck(keys, changes, mismatches)


KEY = "region_id, document, day, source"
# As one text: the hashes of rows and tuples are nearly sums themselves, so that two values in each other's place, which
# leave the sum of people as it is, would leave that of the hashes as well.
COUNT = "%s || '|' || region_id || '|' || document || '|' || day || '|' || source"


def _sums(fingerprint: str) -> str:
    """SQL of the number of counts, of changes, and whether both say the same of every count that changed once.

    A change that changes nothing, or whose delta is wrong, makes them differ: the sums would not tell.
    """
    came, went, there = (fingerprint % column for column in ("new_people", "old_people", "people"))
    return f"""
        SELECT c.keys, h.changes, COALESCE(h.odd = 0 AND h.people = c.people, c.keys + h.changes = 0)
          FROM (SELECT COUNT(*) AS keys, SUM(CASE WHEN people IS NULL THEN 0 ELSE {there} END) AS people
                  FROM recording_dailycount) c
         CROSS JOIN (SELECT COUNT(*) AS changes,
                            SUM(CASE WHEN new_people IS NULL THEN 0 ELSE {came} END)
                            - SUM(CASE WHEN old_people IS NULL THEN 0 ELSE {went} END) AS people,
                            SUM(CASE WHEN old_people IS NULL AND delta = new_people THEN 0
                                     WHEN old_people <> COALESCE(new_people, -1)
                                      AND delta = COALESCE(new_people, 0) - old_people THEN 0 ELSE 1 END) AS odd
                       FROM recording_countchange) h
    """


# Which counts are looked at one by one, as a table of keys.
CHANGED = f"""
    SELECT {KEY} FROM recording_countchange WHERE old_people IS NOT NULL
    UNION SELECT {KEY} FROM recording_dailycount WHERE people IS NULL
"""
ALL = f"SELECT {KEY} FROM recording_countchange UNION SELECT {KEY} FROM recording_dailycount"


def _mismatches(keys: str) -> str:
    """SQL of the number of counts, among these keys, that are not what their changes say."""
    same = "{0}.region_id = k.region_id AND {0}.document = k.document AND {0}.day = k.day AND {0}.source = k.source"
    return f"""
        WITH looked_at AS ({keys}), chain AS (
            SELECT k.region_id, k.document, k.day, k.source, h.delta, h.old_people, h.new_people,
                   LAG(h.new_people) OVER (PARTITION BY k.region_id, k.document, k.day, k.source ORDER BY h.id) AS before_it
              FROM looked_at k LEFT JOIN recording_countchange h ON {same.format("h")}
        ), judged AS (
            SELECT {KEY}, SUM(delta) AS people,
                   SUM(CASE WHEN COALESCE(old_people, -1) <> COALESCE(before_it, -1)
                              OR delta <> COALESCE(new_people, 0) - COALESCE(old_people, 0) THEN 1 ELSE 0 END) AS broken
              FROM chain GROUP BY {KEY}
        )
        SELECT COUNT(*) FROM judged k LEFT JOIN recording_dailycount c ON {same.format("c")}
         WHERE c.region_id IS NULL OR k.people IS NULL OR COALESCE(c.people, 0) <> k.people OR k.broken > 0
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
