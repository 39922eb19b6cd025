"""Is the work being done? One list of checks, for monitors (/readyz, /metrics) and in words for people (Keadaan sistem).

Each app has its own, in a module that settings.HEALTH_SOURCES names: CHECKS, and `measures`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from typing import Any

from django.conf import settings
from django.utils.functional import Promise

from dukcapil import clock
from dukcapil.kept import Kept

OK = "ok"
UNKNOWN = "unknown"  # it asks the database, which is away


@dataclass(frozen=True)
class Check:
    """`ask` answers "ok" or a word for what is wrong, perhaps with particulars behind a colon; `words` say what each of
    them means and what to do. A warning is for a person: the portal does its work. `applies` is asked once for all."""

    name: str
    label: str | Promise
    ask: Callable[[datetime], str]
    words: Mapping[str, str | Promise] = field(default_factory=dict)
    warns: bool = False
    asks_database: bool = True
    applies: Callable[[], bool] = lambda: True


@dataclass(frozen=True)
class Condition:
    """What a check has found."""

    check: Check
    answer: str

    @property
    def is_ok(self) -> bool:
        return self.answer == OK

    @property
    def keeps_unready(self) -> bool:
        return not self.is_ok and not self.check.warns

    @property
    def sentence(self) -> str:
        """What it means and what to do; "" when all is well."""
        return str(self.check.words.get(self.answer.partition(":")[0], "")) if not self.is_ok else ""

    @property
    def particulars(self) -> str:
        return self.answer.partition(":")[2].strip()


def conditions() -> list[Condition]:
    """All of them, as of at most a second ago."""
    return _conditions()


@Kept
def _conditions() -> list[Condition]:
    return list(_ask_all())


def _ask_all() -> Iterator[Condition]:
    database_is_there = True
    now: datetime = clock.real_now()
    for check in checks():
        if check.asks_database and not database_is_there:
            yield Condition(check, UNKNOWN)
            continue
        try:
            if check.name == "database":
                answer = check.ask(now)
                now = clock.now()  # that of the example, where there is one
            else:
                answer = check.ask(now)
        except Exception as problem:  # whatever keeps the portal from its work is what a monitor asks for
            answer = type(problem).__name__
        database_is_there = database_is_there and not (check.name == "database" and answer != OK)
        yield Condition(check, answer)


def checks() -> list[Check]:
    """Those that apply to this installation; the database comes first."""
    return [check for source in _sources() for check in source.CHECKS if check.applies()]


@dataclass(frozen=True)
class Measure:
    """A number for /metrics. Moments are told as their age in seconds; None: there is none yet."""

    name: str
    help: str
    values: Mapping[str, float | None]  # by the value of `label`; by "" where there is one number
    label: str = ""


def measures(now: datetime) -> list[Measure]:
    """Of every app."""
    return [measure for source in _sources() for measure in source.measures(now)]


def _sources() -> list[Any]:
    return [import_module(path) for path in settings.HEALTH_SOURCES]


def exposition(found: list[Measure]) -> str:
    """The text that Prometheus reads (format 0.0.4)."""
    lines = []
    for measure in found:
        lines += [f"# HELP {measure.name} {measure.help}", f"# TYPE {measure.name} gauge"]
        for value_of, number in measure.values.items():
            if number is not None:
                labels = f'{{{measure.label}="{value_of}"}}' if measure.label else ""
                lines.append(f"{measure.name}{labels} {float(number):.15g}")
    return "\n".join(lines) + "\n"
