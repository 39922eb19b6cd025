"""The kelurahan that are suggested while a stop is planned or a van is asked for."""

from contextlib import suppress

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.rights import own_region, require
from accounts.roles import Action
from dukcapil import figures
from dukcapil.errors import NotFound
from dukcapil.nik import contains_nik
from dukcapil.requests import PortalRequest
from fleet.pages.forms import chosen_day
from recording.public import MAX_SUGGESTIONS, Hit, Level, code_in, open_for, region_index, remaining_below, suggestions


@require_safe
def village_suggestions(request: PortalRequest) -> HttpResponse:
    """For ?q= those called so, else those with most people remaining to their target; each open on ?hari=, in which the
    reader may plan, with that number beside it."""
    require(by=request.user, action=Action.TRIP_WRITE)
    text, day = request.GET.get("q", "").strip()[:120], chosen_day(request.GET.get("hari"), request.day)
    index, may = region_index(request.user), open_for(request.user, Action.TRIP_WRITE, day, [Level.VILLAGE])
    remaining: dict[str, int] = {}
    with suppress(NotFound):  # a region that holds no kelurahan
        rows = remaining_below(request.user, own_region(request.user), day, today=request.day)
        remaining = {row.code: row.remaining for row in rows if row.remaining is not None}
    if contains_nik(text):
        hits: list[Hit] = []
    elif text:
        hits = index.search(code_in(text) or text, MAX_SUGGESTIONS, may)
    else:
        by_need = sorted(remaining, key=lambda code: (-remaining[code], code))
        regions = (index.regions[code] for code in by_need if code in index.regions)
        hits = [Hit(region) for region in regions if may(region)][:MAX_SUGGESTIONS]
    notes = {code: _("sisa %(n)s") % {"n": figures.people(people)} for code, people in remaining.items()}
    context = {"text": text, "found": suggestions(request.user, hits, day=day, notes=notes)}
    return render(request, "recording/regions/_suggestions.html", context)
