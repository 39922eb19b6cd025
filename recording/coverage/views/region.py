"""The pages of coverage: a region with its children, as of a run; and computing by hand."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.rights import home_region, require, role_of
from accounts.roles import Action
from dukcapil.page_cache import built_once, shared_page
from dukcapil.requests import PortalRequest
from recording.coverage.choices import chosen_figures
from recording.coverage.freshness import freshness_of
from recording.coverage.runs import Runs, newest_runs, runs_for
from recording.coverage.services import recompute_coverage
from recording.coverage.views.children import children_order
from recording.coverage.views.coverage_page import coverage_page, page_without_figures
from recording.models import Document
from recording.parsing.region_names import is_code
from recording.regions.choices import Choices


@require_safe
def home(request: PortalRequest) -> HttpResponse:
    """The widest region that the reader may see: the province for most, the own city for a city's reader."""
    return region(request, home_region(request.user))


@require_safe
def region(request: PortalRequest, code: str) -> HttpResponse:
    """Coverage of one region and of those below it. Built once for each state of the figures, language and reader's
    rights; the rights themselves are checked every time."""
    require(by=request.user, action=Action.COVERAGE_READ, code=code)
    choices, order = Choices.of(request, code), children_order(request)
    runs = newest_runs(request.day) if choices.run is None else runs_for(choices.run, request.day)
    if runs is None:
        return render(request, "recording/coverage/coverage.html", _built(request, choices, None, order))
    newest = runs.newest
    rights = (role_of(request.user), request.user.jurisdiction)  # type: ignore[union-attr]  # a User: strangers were sent to log in
    parts = ("coverage", newest.number, newest.finished_at, newest.audit_now, choices, order, get_language(), rights)
    build = lambda: built_once(parts, lambda: _built(request, choices, runs, order))  # noqa: E731
    return shared_page(request, "recording/coverage/coverage.html", (*parts, freshness_of(request)), build)


def _built(request: PortalRequest, choices: Choices, runs: Runs | None, order: str) -> dict[str, Any]:
    """The page without what belongs to one log-in alone: its form and its messages stand in coverage.html."""
    chosen = chosen_figures(request, choices.code, runs) if runs else None
    page = coverage_page(request.user, chosen, order) if chosen else page_without_figures(request, choices)
    html = render_to_string("recording/coverage/_coverage.html", {"page": page})
    return {"page": page["head"], "content": html}


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
