"""One, five and ten years of DKI: what becomes slower with the years, and by how much.

The years are lived through one after the other: counts of every day with their ledger, targets, a run at each year's end and
on the last days. All is measured at the end of the first, of the fifth and of the tenth year.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from django.db import connection
from django.test import Client

from accounts.rights import SYSTEM
from benchmarks import cpu, data, feeds, night
from benchmarks.lines import Measured
from benchmarks.pages import PROVINCE, entries_pages, forget_pages, get, reader
from dukcapil import clock
from recording.coverage.services import recompute_coverage
from recording.ledger.selectors import check_ledger
from recording.models import CountChange, CoverageRun

FIRST_YEAR, AGES = 2012, (1, 5, 10)
LAST_RUNS = (2, 1, 0)  # days before the end of a year of which there is a run, as each night makes one
FLOORS = {"first page built": 150, "explanation of all runs": 300}  # milliseconds, at five years
CHECK_FLOOR = 1.5  # seconds for a million changes


class Value(NamedTuple):
    """A measured number, and how people read it."""

    number: float
    unit: str

    def __str__(self) -> str:
        return f"{self.number:.3f} s" if self.unit == "s" else f"{self.number:.0f} {self.unit}"


def measure(rounds: int) -> Iterator[Measured]:
    """At five years against what is allowed in milliseconds, at five and ten years against the first."""
    cpu.without_helpers()
    client, lived = reader("growth"), 0
    at_one: dict[str, Value] = {}
    for age in AGES:
        for passed in range(lived, age):
            live(FIRST_YEAR + passed)
        lived = age
        last_day = date(FIRST_YEAR + age - 1, 12, 31)
        for name, value in _values(client, last_day, rounds):
            at_one.setdefault(name, value)
            if age == 5:
                yield from _against_floor(name, value)
            if age > 1:
                yield Measured(f"{name}, {age} years", str(value), str(at_one[name]), value.number / at_one[name].number)
        if age == 5:
            yield from feeds.measure(client, date(FIRST_YEAR, 1, 1), last_day, rounds)


def live(year: int) -> None:
    """One year."""
    last_day = date(year, 12, 31)
    data.define_years(year, year)
    data.set_targets_of_villages(year)
    data.add_counts(date(year, 1, 1), last_day)
    for days in LAST_RUNS:
        recompute_coverage(by=SYSTEM, day=last_day - timedelta(days=days), now=clock.real_now())


def _values(client: Client, last_day: date, rounds: int) -> Iterator[tuple[str, Value]]:
    """In processor time, the database's included; a short thing is done often enough to be told from nothing."""
    yield "first page built", Value(_cpu_of_page(client, PROVINCE, 4 * rounds), "ms")
    middle = date(FIRST_YEAR, 1, 1) + (last_day - date(FIRST_YEAR, 1, 1)) / 2
    for name, page in entries_pages(middle).items():
        yield f"entries, {name}", Value(cpu.seconds(page, 10 * rounds) * 1000, "ms")
    runs = CoverageRun.objects.order_by("number")
    since, until = runs[0].number, runs.reverse()[0].number
    explained = f"{PROVINCE}perubahan/?dari={since}&sampai={until}"
    yield "explanation of all runs", Value(_cpu_of_page(client, explained, 4 * rounds), "ms")
    yield "nightly run", Value(cpu.seconds(lambda: night.run_seconds(last_day), rounds), "s")
    yield "ledger check", Value(cpu.seconds(_check, rounds), "s")
    yield "size of the database", Value(_megabytes(), "MB")


def _against_floor(name: str, value: Value) -> Iterator[Measured]:
    """What may take so long at five years, whatever it took at one."""
    if floor := FLOORS.get(name):
        yield Measured(f"{name}, at 5 years", str(value), f"{floor} ms", value.number / floor)
    if name == "ledger check":
        each = value.number / CountChange.objects.count() * 1_000_000
        yield Measured("ledger check of a million changes", f"{each:.3f} s", f"{CHECK_FLOOR} s", each / CHECK_FLOOR)


def _cpu_of_page(client: Client, address: str, rounds: int) -> float:
    """In milliseconds, for a page that nobody has built before."""

    def build() -> None:
        forget_pages()
        get(client, address)

    build()
    return cpu.seconds(build, rounds) * 1000


def _check() -> None:
    if wrong := check_ledger().mismatches:
        raise RuntimeError(f"{wrong} counts differ from their ledger")


def _megabytes() -> float:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        return float(cursor.fetchone()[0]) / 1_000_000
