"""The parameters of coverage addresses: what each may be, and what a value means. Refused at the one that is wrong."""

import re
from typing import Any

from django.http import QueryDict
from drf_spectacular.utils import OpenApiParameter

from dukcapil.api.schema import FIELDS
from dukcapil.errors import N_, Refused
from dukcapil.sparse_fields import selected_fields
from recording.coverage.answers import COLUMNS
from recording.coverage.query import CoverageQuery
from recording.models import Document, Level
from recording.parsing.days import parse_day
from recording.parsing.region_names import is_code

DOCUMENTS, LEVELS = frozenset(Document.values), frozenset(Level.values)
PARAMETERS = ("document", "level", "parent", "period", "run", "date", "fields")
RUN_NUMBER: dict[str, Any] = {"type": "integer", "minimum": 1, "maximum": 999_999_999}
DOCUMENT = OpenApiParameter("document", str, enum=Document.values, default="KTP", description="What is counted.")
PARAMETER_DOCS = [
    DOCUMENT,
    OpenApiParameter(
        "level",
        str,
        enum=Level.values,
        description="All regions of this level at or below `parent`; without it the parent and the regions just below.",
    ),
    OpenApiParameter("parent", str, description="Code of a region; without it all that you reach."),
    OpenApiParameter("period", str, description="Name of a period; without it that of the as-of day."),
    OpenApiParameter("run", RUN_NUMBER, description="Number of a run; without it the newest."),
    OpenApiParameter(
        "date", {"type": "string", "format": "date"}, description="Instead of `run`: the newest run of this as-of day."
    ),
    FIELDS,
]


def parse_query(parameters: QueryDict, columns: tuple[str, ...] = COLUMNS) -> CoverageQuery:
    """`columns` are the fields of the answer, of which ?fields= may name some."""
    document, level = parameters.get("document", Document.KTP), parameters.get("level", "")
    if document not in DOCUMENTS:
        raise Refused(N_("Dokumen tidak dikenal; pilih KTP atau KIA."), "document")
    if level not in LEVELS and "level" in parameters:
        raise Refused(N_("Tingkat tidak dikenal; pilih province, city, district, atau village."), "level")
    parent = parameters.get("parent", "")
    if "parent" in parameters and not is_code(parent):
        raise Refused(N_("Tulis kode wilayah, misalnya 31.73 atau 31.73.02.1001."), "parent")
    if "run" in parameters and "date" in parameters:
        raise Refused(N_("Sebut run atau date, tidak keduanya."), "date")
    day = parameters.get("date")
    return CoverageQuery(
        document,
        level,
        parent,
        parameters.get("period"),
        parse_run_number(parameters, "run"),
        None if day is None else parse_day(day, "date"),
        selected_fields(parameters.get("fields"), columns),
    )


def parse_run_number(parameters: QueryDict, name: str) -> int | None:
    """The number of a run, at most nine digits; None without the parameter."""
    text = parameters.get(name)
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise Refused(N_("Tulis nomor perhitungan, misalnya 142."), name)
    return int(text)
