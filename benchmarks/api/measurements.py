"""Coverage as a program reads it, the nation's, and 10,000 counts sent, in a server of two workers."""

import gzip
import json
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from django.conf import settings
from django.test import Client

from accounts.acts import Act
from accounts.models import User
from accounts.rights import SYSTEM
from accounts.roles import KeyScope, Role
from accounts.services.keys import issue_key
from benchmarks import data
from benchmarks.api.server import Answer, Load, Server, running
from benchmarks.imports import bare
from benchmarks.imports.counts_file import CountsFile, make
from benchmarks.lines import Measured
from dukcapil import clock
from recording.coverage.services import recompute_coverage
from recording.imports import processing
from recording.imports.choices import Decision
from recording.imports.importing import import_file
from recording.imports.job import Job
from recording.models import CountChange, DailyCount, Door, ImportKind, Level, Region

KELURAHAN = "/api/v1/coverage/?document=KTP&level=village"
DISTRICTS = "/api/v1/coverage/?document=KTP&level=district"
PAGE = "/"
EMPTY, BUILT, NAIVE = "/kosong/", KELURAHAN.replace("/api/v1/coverage/", "/dibangun/"), "/polos/"
SECONDS, POSTED_COUNTS = 6, 10_000


def coverage(rounds: int) -> Iterator[Measured]:
    """For the 267 kelurahan of DKI, and the first page: processor time and answers in a second, all kinds in turns, as
    medians and the median of the ratios. The naive list comes last: its requests would still be worked on."""
    recompute_coverage(by=SYSTEM, day=data.LAST_DAY, now=clock.real_now())
    headers = _headers("bench-api", "31", KeyScope.READ)
    with running() as server:
        first = _answer(server, KELURAHAN, headers)
        kinds = {
            "unchanged": (KELURAHAN, {**headers, "If-None-Match": first.headers["ETag"]}),
            "cached": (KELURAHAN, headers),
            "built": (BUILT, headers),
            "page": (PAGE, _session("bench-page")),
            "empty": (EMPTY, {"Accept-Encoding": "gzip"}),
        }
        naive = (NAIVE, headers)
        _answer(server, *naive)
        for name, (address, sent) in kinds.items():
            _answer(server, address, sent, 304 if name == "unchanged" else 200)
            server.load(address, sent, 1)  # both workers are warm
        turns = [{name: server.load(*kind, SECONDS) for name, kind in kinds.items()} for _turn in range(rounds)]
        for turn in turns:
            turn["naive"] = server.load(*naive, 3 * SECONDS)  # a slow machine needs seconds for one of them
    empty = statistics.median(turn["empty"].cpu for turn in turns)
    yield Measured("CPU of an empty view, ms", f"{empty:.2f} ms", "-", empty)
    yield _cpu("CPU of 267 kelurahan, unchanged", turns, "unchanged")
    yield _cpu("CPU of 267 kelurahan, cached", turns, "cached")
    yield _cpu("CPU of 267 kelurahan, built", turns, "built")
    yield _cpu("CPU of the first page, cached", turns, "page")
    yield _rates("rate of 267 kelurahan, unchanged", turns, "unchanged", "empty")
    yield _rates("rate of 267 kelurahan, cached", turns, "cached", "empty")
    yield _rates("rate of 267 kelurahan, built", turns, "built", "empty")
    yield _rates("rate of 267 kelurahan over a naive list", turns, "cached", "naive")


def _cpu(name: str, turns: list[dict[str, Load]], ours: str) -> Measured:
    """Processor time of an answer, and of the empty view's."""
    mine, theirs = (statistics.median(turn[kind].cpu for turn in turns) for kind in (ours, "empty"))
    return Measured(
        name, f"{mine:.2f} ms", f"{theirs:.2f} ms", statistics.median(turn[ours].cpu / turn["empty"].cpu for turn in turns)
    )


def _rates(name: str, turns: list[dict[str, Load]], ours: str, other: str) -> Measured:
    """Answers in a second of the one and the other."""
    mine, theirs = (statistics.median(turn[kind].rate for turn in turns) for kind in (ours, other))
    return Measured(
        name, f"{mine:.0f}/s", f"{theirs:.0f}/s", statistics.median(turn[ours].rate / turn[other].rate for turn in turns)
    )


def nation() -> Iterator[Measured]:
    """All districts of the nation's last run in one answer: built, then kept; and what building takes of memory."""
    headers = _headers("bench-nation", "31", KeyScope.READ, role=Role.ADMIN)
    count = Region.objects.filter(level=Level.DISTRICT).count()
    fresh = DISTRICTS.replace("/api/v1/coverage/", "/dibangun/")
    with running() as server:
        for _each in range(8):
            _answer(server, "/api/v1/coverage/", headers)
        before = server.peak_bytes()
        first = _seconds(server, [fresh], headers)
        grown = (server.peak_bytes() - before) / 1_000_000
        body = gzip.decompress(_answer(server, DISTRICTS, headers).body)
        _seconds(server, [DISTRICTS] * 4, headers)  # both workers have built it
        again = _seconds(server, [DISTRICTS], headers)
    if (shown := len(json.loads(body)["results"])) != count:
        raise RuntimeError(f"{shown} of {count} districts")
    yield Measured("districts of the nation, memory in MB", f"{grown:.1f} MB", "-", grown)
    yield Measured("districts of the nation, cached", f"{again:.3f} s", f"{first:.3f} s", again / first)


def posting(rounds: int) -> Iterator[Measured]:
    """The same new counts sent as one request and imported as a file, in turns, each into emptied tables."""
    headers = _headers("bench-post", "31", KeyScope.COUNTS_WRITE) | {"Content-Type": "application/json"}
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as folder, running() as server:
        file = make(Path(folder), POSTED_COUNTS + POSTED_COUNTS // 99)  # one row in a hundred is left out
        rows = [
            {"region": region, "document": document, "day": day, "source": source, "people": people}
            for region, document, day, source, people in file.good()
        ]
        body = json.dumps(rows).encode()
        for _turn in range(rounds + 1):
            bare.empty()
            theirs.append(_import_seconds(file))
            _check_stored(file)
            bare.empty()
            start = time.perf_counter()
            answer = server.ask("POST", "/api/v1/counts/", headers, body)
            ours.append(time.perf_counter() - start)
            if answer.status != 200:
                raise RuntimeError(f"POST answered {answer.status}: {answer.body[:300]!r}")
            _check_stored(file)
    bare.empty()
    post, load = statistics.median(ours[1:]), statistics.median(theirs[1:])  # the first ones warm up
    yield Measured("POST of 10,000 counts", f"{post:.3f} s", f"{load:.3f} s", post / load)


def _import_seconds(file: CountsFile) -> float:
    """What the command `import_counts` does with the good rows."""
    start = time.perf_counter()
    job = Job(
        act=Act(SYSTEM, clock.real_now(), Door.COMMAND),
        kind=ImportKind.COUNTS,
        file=file.good_path,
        name=file.good_path.name,
        decision=Decision(good_rows_only=True, accepted=None),
        finish=lambda done: processing.record(imported=done, job=job),
    )
    import_file(job)
    return time.perf_counter() - start


def _check_stored(file: CountsFile) -> None:
    for counts in (DailyCount.objects, CountChange.objects):
        if counts.count() != file.size - file.bad:
            raise RuntimeError(f"{counts.model.__name__}: {counts.count()} rows")


def _headers(name: str, region: str, scope: str, role: str = Role.API) -> dict[str, str]:
    """Those of a new program with a key of its own."""
    user = User.objects.create(username=name, full_name=name, role=role, jurisdiction=region)
    _key, secret = issue_key(by=user, name=name, scopes=[scope], days=2, now=clock.real_now())
    return {"Authorization": f"Bearer {secret}", "Accept-Encoding": "gzip"}


def _session(name: str) -> dict[str, str]:
    """The headers of a reader's browser after the log-in."""
    client = Client()
    client.force_login(User.objects.create(username=name, full_name=name, role=Role.READER, jurisdiction="31"))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}", "Accept-Encoding": "gzip"}


def _answer(server: Server, address: str, headers: Mapping[str, str], status: int = 200) -> Answer:
    answer = server.ask("GET", address, headers)
    if answer.status != status:
        raise RuntimeError(f"{address} answered {answer.status}: {answer.body[:300]!r}")
    return answer


def _seconds(server: Server, addresses: list[str], headers: Mapping[str, str]) -> float:
    start = time.perf_counter()
    for address in addresses:
        _answer(server, address, headers)
    return time.perf_counter() - start
