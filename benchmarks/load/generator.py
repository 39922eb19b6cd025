"""The people of eight o'clock, in a process of its own so that it can say how much of the processor the asking took.

Reads the plan as JSON from its standard input. Everybody logs in; then it prints a line, and the minute begins. Each act
starts when it is due, whether or not those before it were answered, and its time counts from then. Prints the outcome as JSON.
"""

import json
import resource
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from http.client import HTTPException
from pathlib import Path
from time import monotonic, sleep
from typing import Any, NamedTuple

from benchmarks.load.acts import import_file, open_first_page, send_report
from benchmarks.load.browser import Connections, Failed, Person

MAX_AT_ONCE = 64
BEGIN = "begin"


class Outcome(NamedTuple):
    """`problem`: "" when it worked. `seconds` from the moment at which it was due."""

    kind: str
    subject: str
    seconds: float
    problem: str


def main() -> None:
    plan = json.load(sys.stdin)
    portal = Connections(plan["host"])
    people = {name: Person(name, plan["password"], plan["scheme"]) for name in plan["people"]}
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda person: person.log_in(portal), people.values()))
    print(BEGIN, flush=True)
    before = _cpu_seconds()
    outcomes = _live(plan, portal, people)
    print(json.dumps({"cpu": _cpu_seconds() - before, "outcomes": outcomes}))


def _live(plan: dict[str, Any], portal: Connections, people: dict[str, Person]) -> list[Outcome]:
    acts: list[tuple[float, str, str, Callable[[], object]]] = [
        *((at, "page", "", partial(open_first_page, portal, people[name])) for at, name in plan["pages"]),
        *(
            (at, "report", str(trip), partial(send_report, portal, people[name], trip, fields))
            for at, name, trip, fields in plan["reports"]
        ),
        (0.0, "import", "", partial(import_file, portal, people[plan["importer"]], Path(plan["file"]))),
    ]
    start = monotonic()
    running: list[Future[Outcome]] = []
    with ThreadPoolExecutor(MAX_AT_ONCE) as pool:
        for at, kind, subject, act in sorted(acts, key=lambda act: act[0]):
            sleep(max(0.0, start + at - monotonic()))
            running.append(pool.submit(_outcome, start + at, kind, subject, act))
        return [future.result() for future in running]


def _outcome(due: float, kind: str, subject: str, act: Callable[[], object]) -> Outcome:
    """Whatever goes wrong is an outcome."""
    problem = ""
    try:
        act()
    except (Failed, OSError, HTTPException) as failure:
        problem = f"{type(failure).__name__}: {failure}"
    return Outcome(kind, subject, monotonic() - due, problem)


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
