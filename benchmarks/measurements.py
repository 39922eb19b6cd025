"""Nightly run against the bare aggregation, growth, imports, pages, the API, and loading the nation."""

import statistics
import time
from collections.abc import Callable

from django.core.management import call_command

from accounts.acts import Act
from accounts.rights import SYSTEM
from benchmarks import data, pages, shell
from benchmarks.api import measurements as api
from benchmarks.imports.measurements import measure as measure_imports
from dukcapil import clock
from dukcapil.region_codes import is_within
from recording.coverage import run_sql
from recording.coverage.services import recompute_coverage
from recording.models import AuditEntry, DailyCount, Door, Period
from recording.regions.region_file import REGIONS, read_regions
from recording.regions.services import RegionRow, load_regions

Row = dict[str, object]
DKI_DAYS = 1_826  # 5 years: 975 k rows
API_DAYS = 30  # where the API is measured alone
# Days of the nation whose counts are set up in about 2 minutes: 10 M rows on SQLite, 43 M on PostgreSQL.
NATION_DAYS = {"sqlite": 61, "postgres": 260}
MAX_NIGHT_RATIO, MAX_GROWTH, MAX_NATION_SECONDS = 1.15, 10.0, 20.0


def measure(engine: str, *, quick: bool) -> list[Row]:
    """All rows of the table for this engine; `quick` leaves the nation and the large import out."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    data.load(read_regions(REGIONS))
    api.set_targets_of_villages()
    imports = [_row(engine, *line) for line in measure_imports(engine, quick=quick)]
    posting = [_row(engine, *line) for line in api.posting()]
    data.fill(DKI_DAYS // 10)
    small, _bare = _night_seconds(rounds=9)
    data.fill(DKI_DAYS)
    large, bare = _night_seconds(rounds=7)
    rows = [
        _night(engine, "5 years of DKI", large, bare),
        _row(engine, "ten times the counts", f"{large / small:.2f} x", "-", large / small, MAX_GROWTH),
        *(_row(engine, *line) for line in pages.measure()),
        *imports,
        *posting,
        *(_row(engine, *line) for line in api.coverage()),
    ]
    if not quick:
        rows.append(_load_nation(engine))
        data.fill(NATION_DAYS[engine])
        rows.append(_night(engine, "the nation", *_night_seconds(rounds=3)))
        rows += [_row(engine, *line) for line in api.nation()]
    return rows


def measure_api(engine: str, *, quick: bool) -> list[Row]:
    """The rows of the API alone, on fewer counts; `quick` leaves the nation out."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    data.load(read_regions(REGIONS))
    api.set_targets_of_villages()
    lines = api.posting()
    data.fill(API_DAYS)
    lines += api.coverage()
    if not quick:
        _load_nation(engine)
        data.fill(1)
        recompute_coverage(by=SYSTEM, day=data.LAST_DAY, now=clock.real_now())
        lines += api.nation()
    return [_row(engine, *line) for line in lines]


def _row(engine: str, what: str, measured: str, limit: str, ratio: float, allowed: float, sense: str = "<=") -> Row:
    """`sense` says whether the ratio has to stay below what is allowed ("<=") or above (">=")."""
    return {
        "engine": engine,
        "what": what,
        "measured": measured,
        "limit": limit,
        "ratio": f"{ratio:.2f}",
        "allowed": f"{sense} {allowed:g}",
        "ok": ratio >= allowed if sense == ">=" else ratio <= allowed,
    }


def _night_seconds(*, rounds: int) -> tuple[float, float]:
    """A whole run, writing its figures, and the same sums in the database's own shell: medians, taken in turns."""
    ours, bare = [], []
    sql = bare_aggregation()
    shell.seconds(sql)
    for turn in range(rounds):
        # A change of the trail: without one the same run would be answered again.
        AuditEntry.objects.create(at=clock.real_now(), door=Door.COMMAND, action="region.load", subject=str(turn))
        bare.append(shell.seconds(sql))
        ours.append(_seconds(lambda: recompute_coverage(by=SYSTEM, day=data.LAST_DAY, now=clock.real_now())))
    return statistics.median(ours), statistics.median(bare)


def _night(engine: str, what: str, ours: float, bare: float) -> Row:
    what = f"nightly run, {what} ({DailyCount.objects.count():,} counts)"
    return _row(engine, what, f"{ours:.3f} s", f"{bare:.3f} s", ours / bare, MAX_NIGHT_RATIO)


def bare_aggregation() -> list[str]:
    """The sums of a run at every region above each count, in the quickest shape known, without writing figures.

    PostgreSQL plans the first statement in parallel only as a CREATE TABLE AS.
    """
    sql, params = run_sql.stage(list(Period.objects.all()), data.LAST_DAY)
    counts = sql[sql.index("SELECT") : sql.index("UNION ALL")].replace("%s", f"'{params[0]}'")
    rolled_up = """
        SELECT COUNT(*) FROM (
            SELECT t.ancestor_id, l.document, l.period_id, SUM(l.people), SUM(l.entries)
              FROM leaf l JOIN recording_regiontree t ON t.descendant_id = l.region_id
             GROUP BY t.ancestor_id, l.document, l.period_id) figures
    """
    return [f"CREATE TEMPORARY TABLE leaf AS {counts}", rolled_up]


def _load_nation(engine: str) -> Row:
    seconds = _seconds(lambda: load_regions(act=Act(SYSTEM, clock.real_now(), Door.COMMAND), rows=_others()))
    return _row(engine, "load_regions, the nation's 91,599", f"{seconds:.1f} s", "-", seconds, MAX_NATION_SECONDS)


def _others() -> list[RegionRow]:
    """The nation, with the real regions of DKI in place of the made-up ones."""
    made_up = [row for row in data.nation() if not is_within(row.code, "31")]
    return [*made_up, *read_regions(REGIONS)]


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
