"""The ledger summed once for all, span by span: pages of large regions read these sums (docs/decisions/0025)."""

from django.db import connection, transaction
from django.db.models import Max, Min

from recording.models import OF_TRIP, CountChange, CoverageRun, LedgerSpan, Level, Source

MAX_CHANGES = 50_000  # of the ledger, in one span: a transaction of a fraction of a second
# Writes nothing for whoever comes second. On SQLite the guard refuses a conflict before it could do nothing.
BEGIN = """
    INSERT INTO recording_ledgerspan (until, after)
    SELECT %s, %s WHERE NOT EXISTS (SELECT 1 FROM recording_ledgerspan WHERE after = %s) ON CONFLICT DO NOTHING
"""
# Kelurahan go into their kecamatan at once, so that only those few sums go up the tree. CROSS: SQLite reads the tables
# in this order; by itself it reads the whole ledger, region by region.
SUMS = f"""
    INSERT INTO recording_ledgersum (region_id, document, day, source, until, people)
    SELECT t.ancestor_id, s.document, s.day, s.source, %s, SUM(s.people)
      FROM (SELECT CASE r.level WHEN '{Level.VILLAGE}' THEN r.parent_id ELSE r.code END AS region_id, c.document, c.day,
                   CASE WHEN c.source LIKE '{OF_TRIP}%%' THEN '{Source.VAN}' ELSE c.source END AS source,
                   SUM(c.delta) AS people
              FROM recording_countchange c CROSS JOIN recording_region r
             WHERE c.id > %s AND c.id <= %s AND r.code = c.region_id
             GROUP BY 1, 2, 3, 4) s
      JOIN recording_regiontree t ON t.descendant_id = s.region_id
     GROUP BY t.ancestor_id, s.document, s.day, s.source
"""


def sum_ledger(*, max_spans: int | None = None) -> None:
    """Sum what the ledger has gained up to the newest run, ending a span where a run's ledger ends; `max_spans` None:
    all of it. Safe to call at any time, from any process, and after having been killed: a page reads what is not
    summed yet from the ledger itself."""
    spans = 0
    while (max_spans is None or spans < max_spans) and (span := _next_span()):
        _sum(*span)
        spans += 1


def _next_span() -> tuple[int, int] | None:
    after = LedgerSpan.objects.aggregate(last=Max("until"))["last"] or 0
    position = CoverageRun.objects.filter(ledger_position__gt=after).aggregate(next=Min("ledger_position"))["next"]
    if position is None:
        return None
    last = CountChange.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[MAX_CHANGES - 1 : MAX_CHANGES]
    return after, min([position, *last])


def _sum(after: int, until: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BEGIN, [until, after, after])
        if cursor.rowcount:
            cursor.execute(SUMS, [until, after, until])
