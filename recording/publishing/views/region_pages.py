"""A region's figures to be passed on: "Ringkasan" as a text, "Unduh dan cetak" as files."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.rights import require
from accounts.roles import Action
from dukcapil.errors import N_, NotFound
from dukcapil.requests import PortalRequest
from recording.coverage.changes import part_words
from recording.coverage.choices import ChosenFigures, chosen_figures
from recording.coverage.figures import RegionCoverage, change_since_previous
from recording.coverage.forecasts import forecast_for, forecasts_of
from recording.coverage.runs import runs_for
from recording.coverage.tables.choices import TableChoices
from recording.coverage.tables.selectors import find_basis
from recording.publishing.digest import Facts
from recording.publishing.digest import digest as write_digest
from recording.publishing.figure_table import figures_table
from recording.publishing.months import MAX_OFFERED, closed_months
from recording.publishing.sheet import LANDSCAPE, PORTRAIT
from recording.publishing.table_download import CSV, XLSX, download
from recording.regions.selectors import visible_region


@require_safe
def digest(request: PortalRequest, code: str) -> HttpResponse:
    """The text in Indonesian and in English, for the document, period and run of the address."""
    chosen = chosen_figures(request, code)
    if chosen is None:
        return nothing_yet(request, code)
    page = chosen.region_coverage(request.user)
    facts = _facts(page, chosen, example=request.demo is not None)
    context = _context(page, chosen, "digest") | {
        "texts": [("id", "Bahasa Indonesia", write_digest(facts, "id")), ("en", "English", write_digest(facts, "en"))]
    }
    return render(request, "recording/publishing/digest.html", context)


@require_safe
def figure_exports(request: PortalRequest, code: str) -> HttpResponse:
    """What can be downloaded of a region, for the document, period and run of the address."""
    chosen = chosen_figures(request, code)
    if chosen is None:
        return nothing_yet(request, code)
    query = chosen.choices.url("figure_exports").partition("?")[2]
    paper = chosen.choices.url("print_view")
    context = _context(chosen.region_coverage(request.user), chosen, "figure_exports") | {
        "xlsx": f"{reverse('figure_export_file', args=[code, XLSX])}?{query}",
        "csv": f"{reverse('figure_export_file', args=[code, CSV])}?{query}",
        "portrait": f"{paper}&arah={PORTRAIT}",
        "landscape": f"{paper}&arah={LANDSCAPE}",
        "months": [(str(month), month.first_day) for month in list(closed_months(request.day))[:MAX_OFFERED]],
    }
    return render(request, "recording/publishing/figure_exports.html", context)


@require_safe
def figure_export_file(request: PortalRequest, code: str, suffix: str) -> HttpResponseBase:
    """A region and everything below it in the run of the address, as XLSX or CSV; with ?tingkat= the rows of the page
    "Tabel" that has the same query, in its order."""
    if suffix not in (XLSX, CSV):
        raise NotFound(N_("Unduhan hanya ada sebagai xlsx atau csv."))
    require(by=request.user, action=Action.COVERAGE_READ, code=code)
    choices = TableChoices.of(request, code)
    runs = runs_for(choices.run, request.day)
    if runs is None:
        return nothing_yet(request, code)
    basis = find_basis(choices.documents, choices.period, runs)
    chosen_rows = "tingkat" in request.GET
    table = figures_table(request.user, code, basis, choices.rows if chosen_rows else None)
    return download(request, table, suffix)


def _context(page: RegionCoverage, chosen: ChosenFigures, name: str) -> dict[str, Any]:
    """What the pages with tabs have in common; `name` is that of the page."""
    for figure in page.ancestors:
        figure.url = chosen.choices.url(name, code=figure.code)
    return {
        "page": page,
        "run": chosen.run,
        "choices": chosen.choices,
        "tabs": chosen.choices.tabs(name),
        "documents": chosen.choices.documents(name),
        "periods": chosen.period_links(name),
    }


def _facts(page: RegionCoverage, chosen: ChosenFigures, *, example: bool) -> Facts:
    """What the text is written from: a query for the change since the run before, and one for the forecast."""
    code, document = page.figure.code, chosen.choices.document
    forecast = forecasts_of(page.run, document, chosen.period, [code]).get(code)
    change = change_since_previous(page, chosen.choices.document, chosen.period)
    return Facts(
        document=chosen.choices.document,
        period=chosen.period.name,
        portal=settings.PORTAL_NAME,
        day=page.run.as_of,
        number=page.run.number,
        status=page.run.seal.name,
        region=page.figure,
        children=page.children,
        previous_day=page.previous.as_of if page.previous else None,
        change=change.recorded if change else 0,
        causes=[(cause, getattr(change, cause)) for cause in part_words()] if change else [],
        target_change=change.target if change else 0,
        example=example,
        forecast=forecast_for(forecast, page.figure, page.run),
    )


def nothing_yet(request: PortalRequest, code: str) -> HttpResponse:
    visible_region(request.user, code)
    return render(request, "recording/coverage/nothing_yet.html")
