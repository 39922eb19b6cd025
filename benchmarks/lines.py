"""Every line of the table with its bar. What each of them measures, and why that is fair: docs/benchmarks.md."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from benchmarks.forecast.families import FAMILIES

ENGINES = ("sqlite", "postgres")
Row = dict[str, Any]  # a line as it was measured on one engine; see `row`


class Line(NamedTuple):
    """The ratio that is allowed, on SQLite and on PostgreSQL; `at_least`: it may not be smaller, instead of not greater."""

    sqlite: float
    postgres: float
    at_least: bool = False

    def bar(self, engine: str) -> float:
        return self.sqlite if engine == "sqlite" else self.postgres

    def holds(self, engine: str, ratio: float) -> bool:
        return ratio >= self.bar(engine) if self.at_least else ratio <= self.bar(engine)

    def allowed(self, engine: str) -> str:
        """The bar in words: "<= 1.1"."""
        return f"{'>=' if self.at_least else '<='} {self.bar(engine):g}"


class Measured(NamedTuple):
    """What a measurement found: the name of its line, the value and its floor as people read them, and the ratio of the
    two. Without a floor ("-") the ratio is the value itself, in the unit that the name tells."""

    name: str
    value: str
    floor: str
    ratio: float


def at_most(bar: float, postgres: float | None = None) -> Line:
    return Line(bar, bar if postgres is None else postgres)


def at_least(bar: float) -> Line:
    return Line(bar, bar, at_least=True)


EVERYTHING = "make bench"
OPTIONS = ("--api", "--growth", "--load", "--forecast", "--plan")
API, GROWTH, LOAD, FORECAST, PLAN = (f"{EVERYTHING} ARGS={option}" for option in OPTIONS)
CAMPAIGNS = (*FAMILIES, "Malaysia, own totals", "Malaysia, all adults")
# By the command that prints them. `make bench` alone prints the lines of --api as well; --quick leaves some out.
LINES: Mapping[str, Mapping[str, Line]] = {
    EVERYTHING: {
        "import of 195,000 rows": at_most(2.2, postgres=1.4),
        "the same 195,000 rows again": at_most(0.6),
        "import, of django-import-export's time": at_most(0.125),
        "memory of importing 195,000 rows, MB": at_most(150),
        "import of 2,000,000 rows": at_most(2.2, postgres=1.3),
        "the same 2,000,000 rows again": at_most(0.6),
        "memory of importing 2,000,000 rows, MB": at_most(150),
        "nightly run, 5 years of DKI": at_most(1.1),
        "nightly run, ten times the counts": at_most(10),
        "queries of the page of the province": at_most(8),
        "queries of the page of a city": at_most(8),
        "queries of the page of a kecamatan": at_most(8),
        "HTML of the province on the wire, kB": at_most(60),
        "page of the province, cached": at_most(2),
        "entries of the province, newest": at_most(1),
        "entries of the province, by a day": at_most(1),
        "entries of the province, oldest": at_most(1),
        "regions of the nation loaded, s": at_most(20),
        "nightly run, the nation": at_most(1.05, postgres=1.0),
    },
    API: {
        "POST of 10,000 counts": at_most(2),
        "CPU of an empty view, ms": at_most(0.9, postgres=0.7),
        "CPU of 267 kelurahan, unchanged": at_most(1.25),
        "CPU of 267 kelurahan, cached": at_most(1.4),
        "CPU of 267 kelurahan, built": at_most(6),
        "CPU of the first page, cached": at_most(3),
        "rate of 267 kelurahan, unchanged": at_least(0.75),
        "rate of 267 kelurahan, cached": at_least(0.7),
        "rate of 267 kelurahan, built": at_least(0.13),
        "rate of 267 kelurahan over a naive list": at_least(8),
        "districts of the nation, memory in MB": at_most(150),
        "districts of the nation, cached": at_most(0.5),
    },
    GROWTH: {
        "first page built, at 5 years": at_most(1),
        "first page built, 5 years": at_most(1.2),
        "first page built, 10 years": at_most(1.2),
        "entries, newest, 5 years": at_most(1.5),
        "entries, newest, 10 years": at_most(1.5),
        "entries, by a day, 5 years": at_most(1.5),
        "entries, by a day, 10 years": at_most(1.5),
        "entries, oldest, 5 years": at_most(1.5),
        "entries, oldest, 10 years": at_most(1.5),
        "explanation of all runs, at 5 years": at_most(1),
        "explanation of all runs, 5 years": at_most(5),
        "explanation of all runs, 10 years": at_most(10),
        "nightly run, 5 years": at_most(5),
        "nightly run, 10 years": at_most(10),
        "ledger check of a million changes": at_most(1),
        "ledger check, 5 years": at_most(5),
        "ledger check, 10 years": at_most(10),
        "changes feed, at 5 years": at_least(1),
        "export of counts, at 5 years": at_least(1),
        "size of the database, 5 years": at_most(5),
        "size of the database, 10 years": at_most(10),
    },
    LOAD: {
        "eight o'clock, errors": at_most(0),
        "eight o'clock, 95% of pages within": at_most(1),
        "eight o'clock, 95% of reports within": at_most(1),
        "eight o'clock, the slowest report": at_most(1),
        "eight o'clock, import stored within": at_most(1),
        "eight o'clock, nightly run within": at_most(1),
        "eight o'clock, CPU of the asking side": at_most(0.1),
        "eight o'clock, writes not found": at_most(0),
    },
    FORECAST: {
        **{f"{campaign}: off 80%": at_most(5) for campaign in CAMPAIGNS},
        **{f"{campaign}: score": at_most(0.6) for campaign in CAMPAIGNS},
        **{f"{campaign}: with a range": at_least(0.1) for campaign in CAMPAIGNS},
    },
    PLAN: {
        "plan of DKI, 14 days, the slowest": at_most(1),
        "plan of DKI, 14 days, the widest gap": at_most(0.1),
        "plan of DKI, 14 days, proved": at_least(1),
        "plan of DKI, 14 days, checked": at_most(1),
        "plan of DKI, 14 days, greedy, % below": at_most(1.1),
        "plan of DKI, 30 days, the slowest": at_most(1),
        "plan of DKI, 30 days, the widest gap": at_most(0.1),
        "plan of DKI, 30 days, proved": at_least(1),
        "plan of DKI, 30 days, checked": at_most(1),
        "plan of DKI, 30 days, greedy, % below": at_most(1.1),
        "falsified plans accepted, of 200": at_most(0),
        "plan of 514 cities, 14 days": at_most(1),
        "memory of planning 514 cities, MB": at_most(300),
    },
}


def line_of(name: str) -> Line:
    """KeyError for a name that the catalogue does not hold: such a line would stand in no text."""
    return {name: line for lines in LINES.values() for name, line in lines.items()}[name]


def row(engine: str, measured: Measured) -> Row:
    """As `--json` prints it."""
    line = line_of(measured.name)
    return {
        "engine": engine,
        "line": measured.name,
        "measured": measured.value,
        "floor": measured.floor,
        "ratio": round(measured.ratio, 4),
        "allowed": line.allowed(engine),
        "ok": line.holds(engine, measured.ratio),
    }
