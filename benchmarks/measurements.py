"""What is measured, in its order: first what begins with empty tables, then on ever more counts."""

import argparse
from collections.abc import Iterator

from django.core.management import call_command

from accounts.acts import Act
from accounts.rights import SYSTEM
from benchmarks import data, growth, night, pages
from benchmarks.api import measurements as api
from benchmarks.forecast import measurements as forecast
from benchmarks.imports.measurements import measure as measure_imports
from benchmarks.lines import Measured
from benchmarks.load import measurements as load
from benchmarks.plan import measurements as plan
from dukcapil import clock
from dukcapil.region_codes import is_within
from recording.coverage.services import recompute_coverage
from recording.models import Door
from recording.regions.region_file import REGIONS, read_regions
from recording.regions.services import RegionRow, load_regions

DKI_DAYS = 1_826  # 5 years: 975 k rows
API_DAYS = 30  # where the API is measured alone
# Days of the nation whose counts are set up in about 2 minutes: 10 M rows on SQLite, 43 M on PostgreSQL.
NATION_DAYS = {"sqlite": 61, "postgres": 260}


def measure(part: str, engine: str, asked: argparse.Namespace) -> Iterator[Measured]:
    """The lines of one part, each as soon as it is known, in an empty database."""
    if part == "forecast":
        yield from forecast.measure()
        return
    if part == "plan":
        yield from plan.measure(asked.quick)
        return
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if part == "load":
        yield from load.measure(engine, asked)
        return
    if part == "growth":
        load_regions(act=Act(SYSTEM, clock.real_now(), Door.COMMAND), rows=read_regions(REGIONS))
        yield from growth.measure(asked.rounds)
        return
    data.load(read_regions(REGIONS))
    data.set_targets_of_villages(data.LAST_DAY.year)
    yield from _api_alone(asked) if part == "api" else _everything(engine, asked)


def _everything(engine: str, asked: argparse.Namespace) -> Iterator[Measured]:
    yield from measure_imports(asked.rounds, quick=asked.quick)
    yield from api.posting(asked.rounds)
    data.fill(DKI_DAYS // 10)
    night.run_seconds(data.LAST_DAY)
    small = night.median_seconds(data.LAST_DAY, 3 * asked.rounds)
    data.fill(DKI_DAYS)
    yield night.against_bare("nightly run, 5 years of DKI", data.LAST_DAY, 2 * asked.rounds + 1)
    large = night.median_seconds(data.LAST_DAY, asked.rounds)
    yield Measured("nightly run, ten times the counts", f"{large:.3f} s", f"{small:.3f} s", large / small)
    yield from pages.measure()
    yield from api.coverage(asked.rounds)
    if not asked.quick:
        yield _load_nation()
        data.fill(NATION_DAYS[engine])
        yield night.against_bare("nightly run, the nation", data.LAST_DAY, asked.rounds)
        yield from api.nation()


def _api_alone(asked: argparse.Namespace) -> Iterator[Measured]:
    """On fewer counts."""
    yield from api.posting(asked.rounds)
    data.fill(API_DAYS)
    yield from api.coverage(asked.rounds)
    if not asked.quick:
        _load_nation()
        data.fill(1)
        recompute_coverage(by=SYSTEM, day=data.LAST_DAY, now=clock.real_now())
        yield from api.nation()


def _load_nation() -> Measured:
    took = night.seconds(lambda: load_regions(act=Act(SYSTEM, clock.real_now(), Door.COMMAND), rows=_others()))
    return Measured("regions of the nation loaded, s", f"{took:.1f} s", "-", took)


def _others() -> list[RegionRow]:
    """The nation, with the real regions of DKI in place of the made-up ones."""
    made_up = [row for row in data.nation() if not is_within(row.code, "31")]
    return [*made_up, *read_regions(REGIONS)]
