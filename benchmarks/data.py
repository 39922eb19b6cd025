"""Rows for benchmarks, made inside the database. Their ledger is left out: a nightly run does not read it."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import connection
from django.db.backends.utils import CursorWrapper

from accounts.acts import Act
from accounts.rights import SYSTEM
from dukcapil import clock
from recording.models import Door, Posting, PostingKind
from recording.regions.services import RegionRow, load_regions
from recording.targets.services import define_period

FIRST_YEAR, YEARS = 2017, 5
LAST_DAY = date(FIRST_YEAR + YEARS - 1, 12, 31)


def nation() -> Iterator[RegionRow]:
    """As many regions on each level as the nation has: 38 + 514 + 7,285 + 83,762 = 91,599."""
    cities = [(f"{11 + i % 38}.{1 + i // 38:02}") for i in range(514)]
    districts = [f"{cities[i % 514]}.{1 + i // 514:02}" for i in range(7_285)]
    villages = [f"{districts[i % 7_285]}.{1001 + i // 7_285}" for i in range(83_762)]
    for code in [*(str(11 + i) for i in range(38)), *cities, *districts, *villages]:
        yield RegionRow(code, f"Wilayah {code}")


def load(rows: Iterator[RegionRow]) -> None:
    """The regions and five periods of a year each."""
    now = clock.real_now()
    load_regions(act=Act(SYSTEM, now, Door.COMMAND), rows=rows)
    for year in range(FIRST_YEAR, FIRST_YEAR + YEARS):
        define_period(
            act=Act(SYSTEM, now, Door.COMMAND), name=str(year), first_day=date(year, 1, 1), last_day=date(year, 12, 31)
        )


def fill(days: int) -> None:
    """Counts of both documents for every village on each of the last `days` days, in place of those before."""
    now = clock.real_now()
    posting = Posting.objects.create(at=now, door=Door.COMMAND, kind=PostingKind.ENTRY)
    first = LAST_DAY - timedelta(days=days - 1)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _fill_postgresql(cursor, first, posting.pk)
        else:
            _fill_sqlite(cursor, first, posting.pk)


PICK = """
    SELECT r.code, d.document, {day}, 'loket', {people}, %s
      FROM recording_region r
     CROSS JOIN (SELECT 'KTP' AS document UNION ALL SELECT 'KIA') d
     CROSS JOIN {days}
     WHERE r.level = 'village'
"""
COLUMNS = "INSERT INTO recording_dailycount (region_id, document, day, source, people, posting_id)"


def _fill_postgresql(cursor: CursorWrapper, first: date, posting: int) -> None:
    cursor.execute("SET session_replication_role = replica")  # neither ledger nor foreign keys while filling
    cursor.execute("SET statement_timeout = 0")
    cursor.execute("DELETE FROM recording_dailycount")
    # Indexes are built afterwards, in one go: twice as quick.
    cursor.execute("SET maintenance_work_mem = '1GB'")
    cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'count_day'")
    (index,) = cursor.fetchone()
    cursor.execute("DROP INDEX count_day")
    cursor.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE conrelid = 'recording_dailycount'::regclass AND contype = 'p'"
    )
    name, definition = cursor.fetchone()
    cursor.execute(f"ALTER TABLE recording_dailycount DROP CONSTRAINT {name}")
    pick = PICK.format(
        day="s.day::date",
        people="(random() * 60)::int",
        days="generate_series(%s::timestamp, %s::timestamp, '1 day') AS s(day)",
    )
    cursor.execute(f"{COLUMNS} {pick}", [posting, first, LAST_DAY])
    cursor.execute(f"ALTER TABLE recording_dailycount ADD CONSTRAINT {name} {definition}")
    cursor.execute(index)
    cursor.execute("SET session_replication_role = origin")
    cursor.execute("VACUUM ANALYZE")


def _fill_sqlite(cursor: CursorWrapper, first: date, posting: int) -> None:
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE tbl_name = 'recording_dailycount' AND type = 'trigger'")
    triggers = cursor.fetchall()
    for name, _ in triggers:
        cursor.execute(f"DROP TRIGGER {name}")
    cursor.execute("PRAGMA foreign_keys = OFF")
    cursor.execute("DELETE FROM recording_dailycount")
    pick = PICK.format(
        day="s.day",
        people="abs(random() %% 60)",
        days="""(WITH RECURSIVE span(day) AS (SELECT %s UNION ALL SELECT date(day, '+1 day') FROM span WHERE day < %s)
                 SELECT day FROM span) s""",
    )
    cursor.execute(f"{COLUMNS} {pick} ORDER BY 1, 2, 3", [posting, first.isoformat(), LAST_DAY.isoformat()])
    for _, sql in triggers:
        cursor.execute(sql)
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("ANALYZE")
