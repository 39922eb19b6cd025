"""Coverage as machines ask for it: any level below a region of any run, built once for each run."""

import hashlib
import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.core.cache import caches
from django.http import QueryDict

from accounts.rights import Actor, home_region, region_not_found, require, scope_of
from accounts.roles import Action
from dukcapil.errors import N_, NotFound, Refused
from dukcapil.sparse import asked_fields
from recording.coverage.figures import Figure, coverage_row, period_for, shown_figure, with_figures
from recording.coverage.runs import runs_for
from recording.models import CoverageRun, Document, Level, Period, Region
from recording.parsing.days import parse_day
from recording.parsing.region_names import is_code

PARAMETERS = ("document", "level", "parent", "period", "run", "date", "fields")
COLUMNS = ("region", "name", "level", "document", "period", "recorded", "target", "percent", "remaining")
OF_THE_RUN = ("run", "as_of", "status")
NEWEST_KEPT = 1  # seconds that the number of the newest run may be old
CHUNK = 2_000
_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class Asked:
    """One question. `parent` "": all that the reader reaches; `level` "": the region where that begins, and
    those just below."""

    document: str
    level: str
    parent: str
    period: str | None
    run: int | None
    day: date | None
    fields: tuple[str, ...]


def asked_of(query: QueryDict, columns: tuple[str, ...] = COLUMNS) -> Asked:
    """The question of an address; Refused at the parameter that is wrong."""
    document, level = query.get("document", Document.KTP), query.get("level", "")
    if document not in Document.values:
        raise Refused(N_("Dokumen tidak dikenal; pilih KTP atau KIA."), "document")
    if level not in Level.values and "level" in query:
        raise Refused(N_("Tingkat tidak dikenal; pilih province, city, district, atau village."), "level")
    parent = query.get("parent", "")
    if "parent" in query and not is_code(parent):
        raise Refused(N_("Tulis kode wilayah, misalnya 31.73 atau 31.73.02.1001."), "parent")
    if "run" in query and "date" in query:
        raise Refused(N_("Sebut run atau date, tidak keduanya."), "date")
    text = query.get("date")
    day = None if text is None else parse_day(text, "date")
    return Asked(
        document,
        level,
        parent,
        query.get("period"),
        number_of(query, "run"),
        day,
        asked_fields(query.get("fields"), columns),
    )


def number_of(query: QueryDict, name: str) -> int | None:
    """The number of a run in a parameter; None without it."""
    text = query.get(name)
    if text is not None and not _NUMBER.fullmatch(text):
        raise Refused(N_("Tulis nomor perhitungan, misalnya 142."), name)
    return None if text is None else int(text)


@dataclass(frozen=True)
class State:
    """On what an answer depends: a run, and the last change of regions, periods or targets. `finished` is in seconds.
    Plain values, because it is read from the cache for every answer."""

    run: int
    trail: int
    finished: float


def state_of(asked: Asked) -> State:
    """The run that is asked for; of the newest one the number may be a second old."""
    if asked.run is None and asked.day is None:
        kept: State | None = caches["answers"].get("newest")
        if kept is None:
            kept = _state(None)
            caches["answers"].set("newest", kept, NEWEST_KEPT)
        return kept
    if asked.day is not None:
        newest = CoverageRun.objects.filter(as_of=asked.day).order_by("-number").first()
        if newest is None:
            raise NotFound(N_("Tidak ada perhitungan keadaan %(day)s."), "date", day=asked.day.isoformat())
        return _state(newest.number)
    return _state(asked.run)


def _state(number: int | None) -> State:
    found = runs_for(number)
    if found is None:
        raise NotFound(N_("Belum ada perhitungan."), "run")
    run = found[0]
    return State(run.number, run.audit_now, run.finished_at.timestamp())


@dataclass(frozen=True)
class Body:
    """A built answer, compressed."""

    packed: bytes
    tag: str


def body_of(by: Actor, asked: Asked, state: State, form: str, write: "Writer", *, build: bool) -> Body | None:
    """The answer in one form (json, csv), from the cache or built by `write`; None when it would have to be built and
    `build` is False. Rights are asked every time, and what they reach is part of the key."""
    require(by=by, action=Action.COVERAGE_READ, code=asked.parent or None)
    home = home_region(by)
    key = repr((form, asked, state.run, state.trail, scope_of(by, Action.COVERAGE_READ), home))
    tag = f"{state.run}-{hashlib.sha256(key.encode()).hexdigest()[:20]}"
    body: Body | None = caches["answers"].get(f"coverage:{tag}")
    if body is None and build:
        run = CoverageRun.objects.get(number=state.run)
        period = period_of(asked.period, run)
        figures = _figures(by, asked, run, period, asked.parent or ("" if asked.level else home))
        body = Body(b"".join(_packed(write(asked, run, period, figures))), tag)
        caches["answers"].set(f"coverage:{tag}", body, None)
    return body


def _packed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """gzip, piece by piece: of a whole nation nothing but its compressed answer is ever held."""
    packer = zlib.compressobj(5, wbits=31)
    for piece in pieces:
        yield packer.compress(piece)
    yield packer.flush()


Writer = Callable[[Asked, CoverageRun, Period, Iterator[Figure]], Iterator[bytes]]


def period_of(name: str | None, run: CoverageRun) -> Period:
    """The period of that name, or of the run's day; NotFound when there is none."""
    period = period_for(list(Period.objects.all()), name, run.as_of)
    if period is None:
        raise NotFound(N_("Belum ada periode."), "period")
    return period


def _figures(by: Actor, asked: Asked, run: CoverageRun, period: Period, parent: str) -> Iterator[Figure]:
    """By code; without a parent all that the reader reaches. In pieces, so that a nation needs no more memory than a
    city."""
    regions = Region.objects.visible_to(by)
    if parent and not regions.filter(code=parent).exists():
        raise region_not_found(parent, "parent")
    if asked.level:
        regions = (regions.below(parent) if parent else regions).filter(level=asked.level)
    else:
        regions = regions.filter(code=parent) | regions.filter(parent_id=parent)
    rows = with_figures(regions, run, asked.document, period).order_by("code")
    for row in rows.iterator(CHUNK):
        figure = Figure(**row)
        if figure.code == parent or shown_figure(figure, run.as_of):
            yield figure


def json_lines(asked: Asked, run: CoverageRun, period: Period, figures: Iterator[Figure]) -> Iterator[bytes]:
    """The contract's shape (see `coverage_answer`), written piece by piece."""
    head = {"run": run.number, "as_of": run.as_of.isoformat(), "status": run.status}
    yield json.dumps(head)[:-1].encode() + b', "results": ['
    encode, separator = json.JSONEncoder(ensure_ascii=False).encode, b""
    for figure in figures:
        row = coverage_row(figure, asked.document, period.name)
        if len(asked.fields) < len(COLUMNS):
            row = {name: row[name] for name in asked.fields}
        yield separator + encode(row).encode()
        separator = b", "
    yield b"]}"
