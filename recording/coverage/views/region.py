"""The page of a region with those below it, as of a run; and computing by hand."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.rights import own_region, require
from accounts.roles import Action
from dukcapil.page_cache import built_once, live_mark, shared_page, unshared_page
from dukcapil.requests import PortalRequest
from recording.coverage.choices import chosen_figures
from recording.coverage.freshness import freshness_of
from recording.coverage.runs import Runs, newest_runs, runs_for
from recording.coverage.services import recompute_coverage
from recording.coverage.views.children import children_order
from recording.coverage.views.coverage_page import coverage_page, page_without_figures
from recording.coverage.views.page_key import page_key
from recording.models import Document
from recording.parsing.region_names import is_code
from recording.regions.choices import Choices

TEMPLATE = "recording/coverage/coverage.html"


@require_safe
def front_page(request: PortalRequest) -> HttpResponse:
    """The region that the reader is responsible for: the own city of a head, else the widest that they may see."""
    return region(request, own_region(request.user))


@require_safe
def region(request: PortalRequest, code: str) -> HttpResponse:
    """Coverage of one region and of those below it. Built once for each state of the figures, language and reader's
    rights; the rights themselves are checked every time, before anything else is asked."""
    require(by=request.user, action=Action.COVERAGE_READ, code=code)
    choices, order = Choices.of(request, code), children_order(request)
    runs = newest_runs(request.day) if choices.run is None else runs_for(choices.run, request.day)
    of_moment = _of_moment(request, code)
    build = lambda: _built(request, choices, runs, order, tuple(of_moment))  # noqa: E731
    if runs is None:
        return unshared_page(request, TEMPLATE, build(), of_moment)
    parts = page_key(request, "coverage", runs.newest, choices, order, tuple(of_moment))
    page = lambda: built_once(parts, build)  # noqa: E731
    return shared_page(request, TEMPLATE, (*parts, freshness_of(request)), page, of_moment)


def _of_moment(request: PortalRequest, code: str) -> Mapping[str, str]:
    """What waits for the reader stands on the page of the own region, where it tells of now."""
    if {"run", "periode"} & request.GET.keys() or code != own_region(request.user):
        return {}
    parts: Mapping[str, str] = import_string(settings.LIVE_PARTS)(request)
    return parts


def _built(request: PortalRequest, choices: Choices, runs: Runs | None, order: str, live: tuple[str, ...]) -> dict[str, Any]:
    """The page without what belongs to one log-in or one moment alone: its forms and its messages stand in coverage.html,
    and marks in the place of what is `live`."""
    chosen = chosen_figures(request, choices.code, runs) if runs else None
    page = coverage_page(request.user, chosen, order) if chosen else page_without_figures(request, choices)
    marks = {name: live_mark(name) for name in live}
    html = render_to_string("recording/coverage/_coverage.html", {"page": page, "live": marks, "built_at": request.now})
    return {"page": page["head"], "content": html, "live": marks}


@require_POST
def recompute(request: PortalRequest) -> HttpResponse:
    """Compute today's provisional figures now, and show the same region with them."""
    now = request.now
    run = recompute_coverage(by=request.user, day=request.day, now=now)
    if run.finished_at == now:
        sentence = _("Perhitungan nomor %(number)s siap.")
    else:
        sentence = _("Tidak ada yang berubah; perhitungan nomor %(number)s tetap berlaku.")
    messages.success(request, sentence % {"number": run.number})
    code, document = request.POST.get("wilayah", ""), request.POST.get("dokumen", "")
    if not is_code(code) or document not in Document.values:
        return redirect("coverage")
    return redirect(Choices(code, document, None, None).url())
