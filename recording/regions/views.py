"""The search for a region: as a page, and as suggestions while typing. Both lead to the region, or to `ke`."""

from collections.abc import Callable
from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from accounts.rights import require
from accounts.roles import Action
from dukcapil.errors import N_, Refused
from dukcapil.nik import contains_nik
from dukcapil.requests import PortalRequest
from recording.models import Level
from recording.parsing.days import parse_day
from recording.regions.search import MAX_FOUND, MAX_SUGGESTIONS, code_in, only_hit, open_for, region_index, suggestions
from recording.regions.search_index import Known, anyone

MAX_TYPED = 120
REGION = "/wilayah/{kode}/"
TO_RECORD = "catat"  # ?untuk=: only what the reader may write counts for
COUNTED = (Level.CITY, Level.DISTRICT, Level.VILLAGE)


@require_safe
def search(request: PortalRequest) -> HttpResponse:
    """?q= by name or code. What can mean only one region leads there at once; otherwise a person chooses."""
    require(by=request.user, action=Action.COVERAGE_READ)
    text, to = _typed(request), _target(request)
    context: dict[str, object] = {"text": text, "to": to}
    if contains_nik(text):
        context |= {"text": "", "problem": Refused(N_("Tulis nama atau kode wilayah, bukan NIK."))}
    elif text:
        index = region_index(request.user)
        hits = index.search(code_in(text) or text, MAX_FOUND + 1)
        with_code = [hit for hit in hits if hit.region.code == code_in(text)]
        only = with_code[0] if with_code else only_hit(hits, index.called(text))
        found = suggestions(request.user, [only] if only else hits[:MAX_FOUND], to=to or REGION)
        if only:
            return redirect(found[0].url)
        context |= {"found": found, "more": len(hits) > MAX_FOUND}
    return render(request, "recording/regions/search.html", context)


@require_safe
def region_suggestions(request: PortalRequest) -> HttpResponse:
    """The options for finder.js: regions to go to; for ?untuk=catat those that are open on ?hari=, for a form."""
    require(by=request.user, action=Action.COVERAGE_READ)
    text, to = _typed(request), _target(request) or REGION
    day: date | None = None
    may: Callable[[Known], bool] = anyone
    if request.GET.get("untuk") == TO_RECORD:
        day = parse_day(request.GET["hari"]) if request.GET.get("hari") else request.day
        may, to = open_for(request.user, Action.COUNT_WRITE, day, COUNTED), ""
    hits = [] if contains_nik(text) else region_index(request.user).search(code_in(text) or text, MAX_SUGGESTIONS, may)
    context = {"text": text, "found": suggestions(request.user, hits, day=day, to=to)}
    return render(request, "recording/regions/_suggestions.html", context)


def _typed(request: PortalRequest) -> str:
    return request.GET.get("q", "")[:MAX_TYPED].strip()


def _target(request: PortalRequest) -> str:
    """?ke=: an address of the portal itself with {kode} in it; "" for anything else."""
    to = request.GET.get("ke", "").replace("%7Bkode%7D", "{kode}")  # as `reverse` writes it
    own = to.startswith("/") and "{kode}" in to and url_has_allowed_host_and_scheme(to, allowed_hosts=None)
    return to if own else ""
