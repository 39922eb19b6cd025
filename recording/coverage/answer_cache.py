"""Answers to coverage queries are built once for each run and kept, compressed, in each process."""

import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.core.cache import caches

from accounts.rights import Actor, home_region, require, scope_of
from accounts.roles import Action
from dukcapil.errors import N_, NotFound
from recording.coverage.figures import Figure
from recording.coverage.query import CoverageQuery, period_of, query_figures
from recording.coverage.runs import newest_runs, runs_for
from recording.models import CoverageRun, Period

Writer = Callable[[CoverageQuery, CoverageRun, Period, Iterator[Figure]], Iterator[bytes]]


@dataclass(frozen=True)
class AnswerKey:
    """Names one answer: to a query, by a run, which other threads may have in hand as well. `form` is json or csv; `tag` is
    the same for all readers who get the same bytes."""

    query: CoverageQuery
    form: str
    run: CoverageRun
    tag: str


def answer_key(by: Actor, query: CoverageQuery, form: str, today: date) -> AnswerKey:
    """The key of the answer that `by` gets today. The right is asked every time, and what it reaches is part of the tag.

    NotFound for an unknown run, and for a parent that `by` may not see.
    """
    run = _run(query, today)
    require(by=by, action=Action.COVERAGE_READ, code=query.parent or None)
    reach = scope_of(by, Action.COVERAGE_READ), home_region(by)
    return AnswerKey(query, form, run, f"{run.number}-{_digest(form, query, run.number, run.audit_now, reach)}")


@lru_cache(1_000)
def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:20]


def answer(by: Actor, key: AnswerKey, write: Writer) -> bytes:
    """The answer as gzip, written by `write` where this process has not built it yet."""
    name = f"coverage:{key.tag}"
    body: bytes | None = caches["answers"].get(name)
    if body is None:
        body = _build(by, key, write)
        caches["answers"].set(name, body, None)
    return body


def _build(by: Actor, key: AnswerKey, write: Writer) -> bytes:
    period = period_of(key.query.period, key.run)
    return b"".join(_gzip(write(key.query, key.run, period, query_figures(by, key.query, key.run, period))))


def _gzip(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Piece by piece: of a whole nation nothing but its compressed answer is ever held."""
    compressor = zlib.compressobj(5, wbits=31)
    for piece in pieces:
        yield compressor.compress(piece)
    yield compressor.flush()


def _run(query: CoverageQuery, today: date) -> CoverageRun:
    """The one that answers, with `audit_now`."""
    number = query.run
    if query.day is not None:
        of_day = CoverageRun.objects.credible(today).filter(as_of=query.day).newest_first().first()
        if of_day is None:
            raise NotFound(N_("Tidak ada perhitungan keadaan %(day)s."), "date", day=query.day.isoformat())
        number = of_day.number
    runs = newest_runs(today) if number is None else runs_for(number, today)
    if runs is None:
        raise NotFound(N_("Belum ada perhitungan."), "run")
    return runs.shown
