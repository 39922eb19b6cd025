"""The SQL of a coverage run: the same statements on both engines; the database only sums (docs/decisions/0007).

1. `stage`: ONE statement sums the raw counts at the region that each row names and picks the targets in force,
   together with the ledger position. One statement sees one instant, on both engines and at any isolation level.
2. Those sums (regions, not rows) go up to the region above, level by level, and are written as the run's figures.

PostgreSQL plans a `CREATE TABLE AS` in parallel but an `INSERT ... SELECT` not, hence the temporary table.
"""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from django.db import connection

from recording.models import FIGURE_ACTIONS, Level, Period

DROP = ("DROP TABLE IF EXISTS run_input", "DROP TABLE IF EXISTS run_target")


def stage(periods: Sequence[Period], as_of: date) -> tuple[str, list[date]]:
    """The staging statement. Counts up to and including `as_of`, by region, document and period."""
    sql = f"""
        CREATE TEMPORARY TABLE run_input AS
        {counts(periods, as_of)}
        UNION ALL
        SELECT kind, region_id, document, period_id, people, 0, opening
          FROM (SELECT kind, region_id, document, period_id, people, opening,
                       ROW_NUMBER() OVER (PARTITION BY region_id, document, period_id, kind
                                          ORDER BY effective_from DESC, version DESC) AS place
                  FROM recording_target
                 WHERE effective_from <= %s) begun
         WHERE place = 1 AND people IS NOT NULL
        UNION ALL
        SELECT 'ledger', NULL, NULL, NULL, (SELECT COALESCE(MAX(id), 0) FROM recording_countchange),
               (SELECT COUNT(*) FROM recording_openposting), 0
    """
    return sql, [as_of]


def counts(periods: Sequence[Period], as_of: date) -> str:
    """The sums of raw counts. PostgreSQL reads the table once for all periods. SQLite reads period by period along the
    key, which comes in the order of the groups: sorted by period, ten years took fifty times as long as one."""
    if connection.vendor == "postgresql" or not periods:
        return _sums(periods, as_of)
    return " UNION ALL ".join(_sums([period], as_of) for period in periods)


def _sums(periods: Sequence[Period], as_of: date) -> str:
    which, span = _period_of_day(periods)
    # A bare number in GROUP BY would mean a column's place.
    by_period = f", {which}" if len(periods) > 1 else ""
    return f"""
        SELECT 'count' AS part, region_id, document, {which} AS period_id,
               SUM(people) AS people, COUNT(people) AS entries, 0 AS opening
          FROM recording_dailycount
         WHERE {span} AND day <= {_day(as_of)}
         GROUP BY region_id, document{by_period}
    """


def _period_of_day(periods: Sequence[Period]) -> tuple[str, str]:
    """SQL that names a day's period, and a condition for the days that have one.

    Periods are few and never overlap, so a CASE on the day beats a join on every raw row. Only our own numbers
    and dates are written into the text.
    """
    if not periods:
        return "0", "1 = 0"
    cases = " ".join(f"WHEN day <= {_day(period.last_day)} THEN {int(period.pk)}" for period in periods)
    which = str(int(periods[0].pk)) if len(periods) == 1 else f"CASE {cases} END"
    if _without_gaps(periods):
        return which, f"day BETWEEN {_day(periods[0].first_day)} AND {_day(periods[-1].last_day)}"
    spans = (f"day BETWEEN {_day(period.first_day)} AND {_day(period.last_day)}" for period in periods)
    return which, f"({' OR '.join(spans)})"


def _without_gaps(periods: Sequence[Period]) -> bool:
    return all((after.first_day - before.last_day).days == 1 for before, after in pairwise(periods))


def _day(day: date) -> str:
    return f"DATE '{day.isoformat()}'" if connection.vendor == "postgresql" else f"'{day.isoformat()}'"


# Each region's sum so far goes up to its parent; run once per level, from below.
COUNTS_TO_PARENTS = """
    INSERT INTO run_input (part, region_id, document, period_id, people, entries, opening)
    SELECT 'count', r.parent_id, i.document, i.period_id, SUM(i.people), SUM(i.entries), 0
      FROM run_input i JOIN recording_region r ON r.code = i.region_id
     WHERE i.part = 'count' AND r.level = %s
     GROUP BY r.parent_id, i.document, i.period_id
"""

OWN_TARGETS = """
    CREATE TEMPORARY TABLE run_target AS
    SELECT r.level AS level, i.region_id AS region_id, r.parent_id AS parent_id, i.document AS document,
           i.period_id AS period_id, i.part AS kind, i.people AS people, i.opening AS opening
      FROM run_input i JOIN recording_region r ON r.code = i.region_id
     WHERE i.part IN ('task', 'stock')
"""
# Without it SQLite looks through all targets for each of them.
TARGETS_BY_REGION = "CREATE INDEX run_target_region ON run_target (region_id, document, period_id, kind)"

# A region without a target of its own has the sum of its children's; run once per level, from below.
CHILDREN_TARGETS = """
    INSERT INTO run_target (level, region_id, parent_id, document, period_id, kind, people, opening)
    SELECT p.level, p.code, p.parent_id, t.document, t.period_id, t.kind, SUM(t.people), SUM(t.opening)
      FROM run_target t JOIN recording_region p ON p.code = t.parent_id
     WHERE t.level = %s
       AND NOT EXISTS (SELECT 1 FROM run_target own
                        WHERE own.region_id = p.code AND own.document = t.document
                          AND own.period_id = t.period_id AND own.kind = t.kind)
     GROUP BY p.level, p.code, p.parent_id, t.document, t.period_id, t.kind
"""
LEVELS_FROM_BELOW = (Level.VILLAGE, Level.DISTRICT, Level.CITY)

FIGURES = """
    INSERT INTO recording_coveragefigure
           (run_id, document, period_id, region_id, recorded, entries, target, eligible, opening)
    SELECT %s, document, period_id, region_id, COALESCE(SUM(recorded), 0), COALESCE(SUM(entries), 0),
           SUM(target), SUM(eligible), SUM(opening)
      FROM (SELECT document, period_id, region_id, people AS recorded, entries,
                   NULL AS target, NULL AS eligible, NULL AS opening
              FROM run_input
             WHERE part = 'count'
            UNION ALL
            SELECT document, period_id, region_id, NULL, NULL,
                   CASE WHEN kind = 'task' THEN people END,
                   CASE WHEN kind = 'stock' THEN people END,
                   CASE WHEN kind = 'stock' THEN opening END
              FROM run_target) parts
     GROUP BY document, period_id, region_id
"""

# With it the number of large acts of writing that were going on in the same instant.
LEDGER_POSITION = "SELECT people, entries FROM run_input WHERE part = 'ledger'"
_ACTIONS = ", ".join(f"'{action}'" for action in FIGURE_ACTIONS)
AUDIT_POSITION = f"SELECT COALESCE(MAX(id), 0) FROM recording_auditentry WHERE action IN ({_ACTIONS})"
