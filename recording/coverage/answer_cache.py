"""Answers to coverage queries are built once for each run and kept, compressed, in each process."""

import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

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
class FiguresState:
    """The state of the figures: a run, and the last change of regions, periods or targets. `changed_at` is in seconds.
    Plain values, because threads share it."""

    run: int
    audit_position: int
    changed_at: float


@dataclass(frozen=True)
class AnswerKey:
    """Names one answer. `form` is json or csv; `tag` is the same for all readers who get the same bytes."""

    query: CoverageQuery
    form: str
    state: FiguresState
    tag: str


def answer_key(by: Actor, query: CoverageQuery, form: str, today: date) -> AnswerKey:
    """The key of the answer that `by` gets today. The right is asked every time, and what it reaches is part of the tag.

    NotFound for an unknown run, and for a parent that `by` may not see.
    """
    state = _state(query, today)
    require(by=by, action=Action.COVERAGE_READ, code=query.parent or None)
    reach = scope_of(by, Action.COVERAGE_READ), home_region(by)
    parts = repr((form, query, state.run, state.audit_position, reach))
    return AnswerKey(query, form, state, f"{state.run}-{hashlib.sha256(parts.encode()).hexdigest()[:20]}")


def kept_answer(key: AnswerKey) -> bytes | None:
    """The answer as gzip; None when this process has not built it."""
    body: bytes | None = caches["answers"].get(f"coverage:{key.tag}")
    return body


def build_answer(by: Actor, key: AnswerKey, write: Writer) -> bytes:
    """The answer as gzip, written by `write`, and kept."""
    run = CoverageRun.objects.select_related("void").get(number=key.state.run)
    period = period_of(key.query.period, run)
    body = b"".join(_gzip(write(key.query, run, period, query_figures(by, key.query, run, period))))
    caches["answers"].set(f"coverage:{key.tag}", body, None)
    return body


def _gzip(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Piece by piece: of a whole nation nothing but its compressed answer is ever held."""
    compressor = zlib.compressobj(5, wbits=31)
    for piece in pieces:
        yield compressor.compress(piece)
    yield compressor.flush()


def _state(query: CoverageQuery, today: date) -> FiguresState:
    if query.day is not None:
        run = CoverageRun.objects.credible(today).filter(as_of=query.day).newest_first().first()
        if run is None:
            raise NotFound(N_("Tidak ada perhitungan keadaan %(day)s."), "date", day=query.day.isoformat())
        return _state_of_run(run.number, today)
    return _state_of_run(query.run, today)


def _state_of_run(number: int | None, today: date) -> FiguresState:
    runs = newest_runs(today) if number is None else runs_for(number, today)
    if runs is None:
        raise NotFound(N_("Belum ada perhitungan."), "run")
    run = runs.shown
    return FiguresState(run.number, run.audit_now, run.changed_at.timestamp())
