"""Rows for benchmarks, made inside the database."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import connection
from django.db.backends.utils import CursorWrapper

from accounts.acts import Act
from accounts.rights import SYSTEM
from dukcapil import clock
from recording.models import Document, Door, Level, Posting, PostingKind, Region
from recording.regions.services import RegionRow, load_regions
from recording.targets.services import TargetInput, define_period, set_targets

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
    """The regions and five years."""
    load_regions(act=_act(), rows=rows)
    define_years(FIRST_YEAR, FIRST_YEAR + YEARS - 1)


def define_years(first: int, last: int) -> None:
    """A period for each of them."""
    for year in range(first, last + 1):
        define_period(act=_act(), name=str(year), first_day=date(year, 1, 1), last_day=date(year, 12, 31))


def set_targets_of_villages(year: int) -> None:
    """One for each village of DKI, as a running portal has them: a night sums them as well."""
    villages = Region.objects.below("31").filter(level=Level.VILLAGE).values_list("code", flat=True)
    decreed = str(year), 15_000, "benchmark", date(year, 1, 1)
    set_targets(act=_act(), targets=[TargetInput(code, Document.KTP, *decreed) for code in villages])


def add_counts(first: date, last: date) -> None:
    """Counts of both documents for every village on each of these days, and their ledger, which the database writes."""
    posting = Posting.objects.create(at=clock.real_now(), door=Door.COMMAND, kind=PostingKind.ENTRY).pk
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET statement_timeout = 0")
            cursor.execute(f"{COLUMNS} {PICK_POSTGRESQL} ORDER BY 3, 1, 2", [posting, first, last])
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute(f"{COLUMNS} {PICK_SQLITE} ORDER BY 3, 1, 2", [posting, first.isoformat(), last.isoformat()])
            cursor.execute("ANALYZE")


def fill(days: int) -> None:
    """Counts of both documents for every village on each of the last `days` days, in place of those before. Their ledger is
    left out: a nightly run does not read it."""
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
PICK_POSTGRESQL = PICK.format(
    day="s.day::date", people="(random() * 60)::int", days="generate_series(%s::timestamp, %s::timestamp, '1 day') AS s(day)"
)
PICK_SQLITE = PICK.format(
    day="s.day",
    people="abs(random() %% 60)",
    days="""(WITH RECURSIVE span(day) AS (SELECT %s UNION ALL SELECT date(day, '+1 day') FROM span WHERE day < %s)
             SELECT day FROM span) s""",
)
COLUMNS = "INSERT INTO recording_dailycount (region_id, document, day, source, people, posting_id)"


def _act() -> Act:
    return Act(SYSTEM, clock.real_now(), Door.COMMAND)


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
    cursor.execute(f"{COLUMNS} {PICK_POSTGRESQL}", [posting, first, LAST_DAY])
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
    cursor.execute(f"{COLUMNS} {PICK_SQLITE} ORDER BY 1, 2, 3", [posting, first.isoformat(), LAST_DAY.isoformat()])
    for _, sql in triggers:
        cursor.execute(sql)
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("ANALYZE")
