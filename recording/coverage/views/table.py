""" "Tabel": one level below a region in one table, or a few regions side by side."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from accounts.rights import require
from accounts.roles import Action
from dukcapil.page_cache import built_once, shared_page
from dukcapil.requests import PortalRequest
from recording.coverage.freshness import freshness_of
from recording.coverage.runs import Runs, newest_runs, runs_for
from recording.coverage.tables.choices import TableChoices
from recording.coverage.tables.selectors import read_regions
from recording.coverage.views.compare_page import compare_page
from recording.coverage.views.page_key import page_key
from recording.coverage.views.table_page import table_page
from recording.regions.selectors import visible_region

PAGE = "recording/coverage/table.html"


@require_safe
def table(request: PortalRequest, code: str) -> HttpResponse:
    """The level ?tingkat= below a region, in the order ?urut=; with ?banding= those regions side by side. A table is built
    once for each state of the figures, language and reader's rights; but not one in which somebody looks for a text."""
    require(by=request.user, action=Action.COVERAGE_READ, code=code)
    choices = TableChoices.of(request, code)
    runs = newest_runs(request.day) if choices.run is None else runs_for(choices.run, request.day)
    if runs is None:
        return _nothing_yet(request, code)
    if choices.compared:
        return _side_by_side(request, choices, runs)
    if choices.text:
        return render(request, PAGE, _built(request, choices, runs))
    parts = page_key(request, "table", runs.newest, choices)
    build = lambda: built_once(parts, lambda: _built(request, choices, runs))  # noqa: E731
    return shared_page(request, PAGE, (*parts, freshness_of(request)), build)


def _built(request: PortalRequest, choices: TableChoices, runs: Runs) -> dict[str, Any]:
    """The page without what belongs to one log-in alone."""
    page = table_page(request.user, choices, runs)
    html = render_to_string("recording/coverage/_table.html", {"page": page, "built_at": request.now})
    return {"page": page, "content": html}


def _side_by_side(request: PortalRequest, choices: TableChoices, runs: Runs) -> HttpResponse:
    """The address in which everybody shares it holds the codes alone."""
    codes, problems = read_regions(choices.compared, request.user, runs.shown.as_of)
    if not problems and request.GET.getlist("banding") != [",".join(codes)]:
        return redirect(choices.url(compared=tuple(codes)))
    page = compare_page(request.user, choices, runs, codes, problems)
    return render(request, "recording/coverage/compare_regions.html", {"page": page, "built_at": request.now})


def _nothing_yet(request: PortalRequest, code: str) -> HttpResponse:
    visible_region(request.user, code)
    return render(request, "recording/coverage/nothing_yet.html")
