"""Downloads: templates that can be filled in, and exports that can be imported again."""

from datetime import date

from django.http import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.rights import home_region
from dukcapil.errors import N_, NotFound
from dukcapil.requests import PortalRequest
from recording.models import check_document
from recording.parsing.days import parse_day
from recording.publishing.import_templates import count_template, target_template
from recording.publishing.stored_tables import counts_table, export_days, targets_table
from recording.publishing.table_download import CSV, XLSX, download


@never_cache
@require_safe
def import_template(request: PortalRequest, kind: str) -> HttpResponseBase:
    """A workbook with the kelurahan that the reader may write for: "hitungan" (?tanggal=), or "target" (?periode=)."""
    today = request.day
    if kind == "hitungan":
        table = count_template(request.user, _day(request, "tanggal") or today)
    elif kind == "target":
        table = target_template(request.user, request.GET.get("periode"), today)
    else:
        raise NotFound(N_("Templat %(kind)s tidak ada; pilih hitungan atau target."), kind=kind[:40])
    return download(request, table, XLSX)


@never_cache
@require_safe
def count_export(request: PortalRequest, suffix: str) -> HttpResponseBase:
    """The counts of ?wilayah= and everything below it, of ?dokumen=, from ?dari= to ?sampai=."""
    _check_suffix(suffix)
    document = request.GET.get("dokumen", "")
    if document:
        check_document(document[:40])
    code, today = _region(request), request.day
    first, last = export_days(_day(request, "dari"), _day(request, "sampai"), today)
    table = counts_table(request.user, code, document, first, last, whole=suffix == CSV)
    return download(request, table, suffix)


@never_cache
@require_safe
def target_export(request: PortalRequest, suffix: str) -> HttpResponseBase:
    """The newest targets of ?wilayah= and everything below it, in all periods."""
    _check_suffix(suffix)
    table = targets_table(request.user, _region(request), whole=suffix == CSV)
    return download(request, table, suffix)


def _check_suffix(suffix: str) -> None:
    if suffix not in (XLSX, CSV):
        raise NotFound(N_("Ekspor hanya ada sebagai xlsx atau csv."))


def _region(request: PortalRequest) -> str:
    return request.GET.get("wilayah") or home_region(request.user)


def _day(request: PortalRequest, name: str) -> date | None:
    """The day of a field of the query; None when it is not filled in."""
    text = request.GET.get(name)
    return parse_day(text) if text else None
