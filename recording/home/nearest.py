"""What stands nearest to an address that leads nowhere (settings.NEAREST_SOURCES): a day, run, period or region."""

from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from dukcapil import figures
from dukcapil.errors import Refused
from dukcapil.nik import contains_nik
from dukcapil.requests import PortalRequest
from recording.coverage.runs import nearest_runs_by_day, nearest_runs_by_number
from recording.models import CoverageRun, Period
from recording.parsing.days import parse_day
from recording.parsing.region_names import is_code, line_of
from recording.regions.search import region_index, suggestions
from recording.regions.search_index import Hit

MAX_OFFERS = 5


def offers(request: PortalRequest) -> list[tuple[str, str]]:
    """(address, label), for a page that was asked for and is not there; only what the reader may open."""
    match = request.resolver_match
    if match is None or request.method not in ("GET", "HEAD") or not request.user.is_authenticated:
        return []
    code = match.kwargs.get("code", "")
    found = [*_days(request), *_runs(request), *_periods(request), *(_regions(request, code) if code else ())]
    return found[:MAX_OFFERS]


def _days(request: PortalRequest) -> Iterator[tuple[str, str]]:
    """The runs of the nearest days, for a day without one."""
    if request.resolver_match is None or request.resolver_match.view_name != "runs":
        return
    with suppress(Refused):
        day = parse_day(request.GET.get("tanggal", ""))
        for run in nearest_runs_by_day(day, request.day):
            yield _with(request, tanggal=run.as_of.isoformat()), _run_label(run)


def _runs(request: PortalRequest) -> Iterator[tuple[str, str]]:
    """The nearest numbers, for one that no run has."""
    number = request.GET.get("run", "")
    if number.isascii() and number.isdigit() and len(number) < 10:
        for run in nearest_runs_by_number(int(number), request.day):
            yield _with(request, run=run.number), _run_label(run)


def _periods(request: PortalRequest) -> Iterator[tuple[str, str]]:
    name = request.GET.get("periode")
    periods = list(Period.objects.order_by("-first_day")) if name else []
    if name not in {period.name for period in periods}:
        for period in periods[:MAX_OFFERS]:
            yield _with(request, periode=period.name), _("Periode %(name)s") % {"name": period.name}


def _regions(request: PortalRequest, code: str) -> Iterator[tuple[str, str]]:
    """The region in which one would lie, as far as the reader may see it; for what is no code, those called so."""
    index, match = region_index(request.user), request.resolver_match
    if match is None or code in index.regions or contains_nik(code):
        return
    if is_code(code):
        above = [index.regions[each] for each in reversed(line_of(code)[:-1]) if each in index.regions]
        hits = [Hit(region) for region in above[:1]]
    else:
        hits = index.search(code[:100], MAX_OFFERS)
    for each in suggestions(request.user, hits):
        address = reverse(match.view_name, kwargs={**match.kwargs, "code": each.code})
        yield _with(request, address), " · ".join(filter(None, (each.name, each.level, each.place)))


def _run_label(run: CoverageRun) -> str:
    return _("%(day)s, nomor %(number)s") % {"day": figures.long_day(run.as_of), "number": run.number}


def _with(request: PortalRequest, path: str = "", **other: object) -> str:
    """The address that was asked for with another path or parameter."""
    query = urlencode({**request.GET.dict(), **other})
    return f"{path or request.path}?{query}" if query else path or request.path
