"""Files to take away: templates that can be filled in, and exports that can be imported again."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import chain

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.rights import home_region
from dukcapil.errors import N_, NotFound, Refused
from recording.days import parse_day
from recording.exports import Table, csv_lines, workbook
from recording.models import Document
from recording.selectors import exports

XLSX, CSV = "xlsx", "csv"
TYPES = {
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    CSV: "text/csv; charset=utf-8",
}


@never_cache
@require_safe
def import_template(request: HttpRequest, kind: str) -> HttpResponseBase:
    """A workbook with the kelurahan that the reader may write for: "hitungan" (?tanggal=), or "target" (?periode=)."""
    today = request.day  # type: ignore[attr-defined]
    if kind == "hitungan":
        table = exports.count_template(request.user, _day(request, "tanggal") or today)
    elif kind == "target":
        table = exports.target_template(request.user, request.GET.get("periode"), today)
    else:
        raise NotFound(N_("Templat %(kind)s tidak ada; pilih hitungan atau target."), kind=kind[:40])
    return _answer(request, table, XLSX)


@never_cache
@require_safe
def count_export(request: HttpRequest, suffix: str) -> HttpResponseBase:
    """The counts of ?wilayah= and everything below it, of ?dokumen=, from ?dari= to ?sampai=."""
    _check_suffix(suffix)
    document = request.GET.get("dokumen", "")
    if document and document not in Document.values:
        raise Refused(
            N_("Dokumen %(document)s tidak dikenal; pilih KTP atau KIA."), "document", document=document[:40]
        )
    code, today = _region(request), request.day  # type: ignore[attr-defined]
    first, last = exports.export_days(_day(request, "dari"), _day(request, "sampai"), today)
    table = exports.counts_table(request.user, code, document, first, last, whole=suffix == CSV)
    return _answer(request, table, suffix)


@never_cache
@require_safe
def target_export(request: HttpRequest, suffix: str) -> HttpResponseBase:
    """The newest targets of ?wilayah= and everything below it, in all periods."""
    _check_suffix(suffix)
    table = exports.targets_table(request.user, _region(request), whole=suffix == CSV)
    return _answer(request, table, suffix)


def _check_suffix(suffix: str) -> None:
    if suffix not in TYPES:
        raise NotFound(N_("Ekspor hanya ada sebagai xlsx atau csv."))


def _region(request: HttpRequest) -> str:
    return request.GET.get("wilayah") or home_region(request.user)


def _day(request: HttpRequest, name: str) -> date | None:
    """The day of a field of the query; None when it is not filled in."""
    text = request.GET.get(name)
    return parse_day(text) if text else None


def _answer(request: HttpRequest, table: Table, suffix: str) -> HttpResponseBase:
    response: HttpResponseBase
    if suffix == CSV:
        response = StreamingHttpResponse(_begun(csv_lines(table)), content_type=TYPES[CSV])
    else:
        now = request.now  # type: ignore[attr-defined]
        response = HttpResponse(workbook(table, now), content_type=TYPES[XLSX])
    # A period's name may be anything, and stands in the name of its template.
    name = re.sub(r"[^\w.\-]+", "-", table.file_name)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{suffix}") or ""
    return response


def _begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same pieces, the first of them read now: a database that is away then answers as such, not as half a file."""
    return chain([next(pieces)], pieces)
