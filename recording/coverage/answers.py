"""The shape in which machines read coverage, in the API and with `--json`: counts are integers, percentages strings."""

import json
from collections.abc import Iterator
from itertools import islice

from dukcapil.cells import csv_of
from recording.coverage.arithmetic import percent_text, remaining
from recording.coverage.figures import Figure
from recording.coverage.query import ROWS_AT_A_TIME, CoverageQuery
from recording.models import CoverageRun, Period

COLUMNS = ("region", "name", "level", "document", "period", "recorded", "target", "percent", "remaining")
RUN_COLUMNS = ("run", "as_of", "status")


def coverage_answer(run: CoverageRun, figures: list[Figure], document: str, period: str) -> dict[str, object]:
    """A whole answer: the run and its rows."""
    return _run_values(run) | {"results": [coverage_row(figure, document, period) for figure in figures]}


def coverage_row(figure: Figure, document: str, period: str) -> dict[str, object]:
    """One region, by COLUMNS."""
    return {
        "region": figure.code,
        "name": figure.name,
        "level": figure.level,
        "document": document,
        "period": period,
        "recorded": figure.recorded,
        "target": figure.target,
        "percent": percent_text(figure.recorded, figure.target),
        "remaining": remaining(figure.recorded, figure.target),
    }


def json_pieces(query: CoverageQuery, run: CoverageRun, period: Period, figures: Iterator[Figure]) -> Iterator[bytes]:
    """`coverage_answer` as JSON, piece by piece."""
    yield json.dumps(_run_values(run))[:-1].encode() + b', "results": ['
    rows = (_fields(coverage_row(figure, query.document, period.name), query.fields) for figure in figures)
    separator = b""
    while piece := list(islice(rows, ROWS_AT_A_TIME)):
        yield separator + json.dumps(piece, ensure_ascii=False)[1:-1].encode()
        separator = b", "
    yield b"]}"


def _fields(row: dict[str, object], names: tuple[str, ...]) -> dict[str, object]:
    return row if len(names) == len(row) else {name: row[name] for name in names}


def csv_pieces(query: CoverageQuery, run: CoverageRun, period: Period, figures: Iterator[Figure]) -> Iterator[bytes]:
    """The same rows as lines, each with RUN_COLUMNS."""
    rows = (coverage_row(figure, query.document, period.name) | _run_values(run) for figure in figures)
    yield csv_of(list(query.fields), ([row[name] for name in query.fields] for row in rows))


def _run_values(run: CoverageRun) -> dict[str, object]:
    return {"run": run.number, "as_of": run.as_of.isoformat(), "status": run.shown_status.value}
