"""Coverage as a program reads it, the nation's, and 10,000 counts sent, in a server of two workers."""

import gzip
import json
import statistics
import tempfile
import time
from collections.abc import Mapping
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
from dukcapil import clock
from recording.coverage.services import recompute_coverage
from recording.imports import processing
from recording.imports.choices import Decision
from recording.imports.importing import import_file
from recording.imports.job import Job
from recording.models import CountChange, DailyCount, Document, Door, ImportKind, Level, Region
from recording.targets.services import TargetInput, set_targets

Line = tuple[str, str, str, float, float, str]  # what, measured, limit, ratio, allowed, sense
KELURAHAN = "/api/v1/coverage/?document=KTP&level=village"
DISTRICTS = "/api/v1/coverage/?document=KTP&level=district"
PAGE = "/"
EMPTY, BUILT, NAIVE = "/kosong/", KELURAHAN.replace("/api/v1/coverage/", "/dibangun/"), "/polos/"
SECONDS, ROUNDS, POST_ROUNDS = 6, 3, 5
MIN_UNCHANGED, MIN_CACHED, MIN_BUILT, MIN_NAIVE = 0.75, 0.7, 0.13, 8.0  # ratios
MAX_CPU_UNCHANGED, MAX_CPU_CACHED, MAX_CPU_BUILT, MAX_CPU_PAGE = 1.25, 1.4, 6.0, 3.0
POSTED_COUNTS, MAX_POST_RATIO = 10_000, 3.0
MAX_NATION_MEGABYTES, MAX_NATION_CACHED = 150.0, 0.5


def coverage() -> list[Line]:
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
        rounds = [{name: server.load(*kind, SECONDS) for name, kind in kinds.items()} for _turn in range(ROUNDS)]
        for turn in rounds:
            turn["naive"] = server.load(*naive, 3 * SECONDS)  # a slow machine needs seconds for one of them
    return [
        _cpu("processor time, 267 kelurahan, unchanged", rounds, "unchanged", MAX_CPU_UNCHANGED),
        _cpu("processor time, 267 kelurahan, cached", rounds, "cached", MAX_CPU_CACHED),
        _cpu("processor time, 267 kelurahan, built", rounds, "built", MAX_CPU_BUILT),
        _cpu("processor time, the first page, cached", rounds, "page", MAX_CPU_PAGE),
        _rates("coverage of 267 kelurahan, unchanged", rounds, "unchanged", "empty", MIN_UNCHANGED),
        _rates("coverage of 267 kelurahan, cached", rounds, "cached", "empty", MIN_CACHED),
        _rates("coverage of 267 kelurahan, built each time", rounds, "built", "empty", MIN_BUILT),
        _rates("the same, cached, against a ModelSerializer", rounds, "cached", "naive", MIN_NAIVE),
    ]


def _cpu(what: str, rounds: list[dict[str, Load]], ours: str, most: float) -> Line:
    """Of an answer, and of the empty view's."""
    mine, theirs = (statistics.median(turn[name].cpu for turn in rounds) for name in (ours, "empty"))
    ratio = statistics.median(turn[ours].cpu / turn["empty"].cpu for turn in rounds)
    return (what, f"{mine:.2f} ms", f"{theirs:.2f} ms", ratio, most, "<=")


def _rates(what: str, rounds: list[dict[str, Load]], ours: str, other: str, least: float) -> Line:
    """Answers in a second of the one and the other."""
    mine, theirs = (statistics.median(turn[name].rate for turn in rounds) for name in (ours, other))
    ratio = statistics.median(turn[ours].rate / turn[other].rate for turn in rounds)
    return (what, f"{mine:.0f}/s", f"{theirs:.0f}/s", ratio, least, ">=")


def nation() -> list[Line]:
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
    what = f"coverage of {count:,} districts"
    return [
        (f"{what}, memory in MB", f"{grown:.1f} MB", "-", grown, MAX_NATION_MEGABYTES, "<="),
        (f"{what}, cached", f"{again:.3f} s", f"{first:.3f} s", again / first, MAX_NATION_CACHED, "<="),
    ]


def posting() -> list[Line]:
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
        for _turn in range(POST_ROUNDS):
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
    return [(f"POST of {len(rows):,} counts", f"{post:.3f} s", f"{load:.3f} s", post / load, MAX_POST_RATIO, "<=")]


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


def set_targets_of_villages() -> None:
    """One for each village in the last year, as a running portal has them: a night sums them as well."""
    villages = Region.objects.below("31").filter(level=Level.VILLAGE).values_list("code", flat=True)
    name, first = str(data.LAST_DAY.year), data.LAST_DAY.replace(month=1, day=1)
    targets = [TargetInput(code, Document.KTP, name, 15_000, "benchmark", first) for code in villages]
    set_targets(act=Act(SYSTEM, clock.real_now(), Door.COMMAND), targets=targets)


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
