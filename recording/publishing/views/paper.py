"""Reports on A4 with letterhead and signature: a region in a run, and a closed month."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.rights import require
from accounts.roles import Action
from dukcapil import figures
from dukcapil.errors import N_, NotFound
from dukcapil.requests import PortalRequest
from recording.coverage.choices import chosen_figures
from recording.coverage.definitions import definitions
from recording.publishing.months import monthly_report, parse_month
from recording.publishing.sheet import LANDSCAPE, PORTRAIT, Sheet, letterhead, sheet
from recording.regions.choices import Choices
from recording.regions.selectors import visible_region


@require_safe
def print_view(request: PortalRequest, code: str) -> HttpResponse:
    """The figures of one run; ?arah= turns the paper. Landscape also lists the level below."""
    orientation = request.GET.get("arah", PORTRAIT)
    if orientation not in (PORTRAIT, LANDSCAPE):
        raise NotFound(N_("Arah kertas %(way)s tidak dikenal; pilih tegak atau mendatar."), way=orientation[:40])
    chosen = chosen_figures(request, code)
    if chosen is None:
        visible_region(request.user, code)
        return render(request, "recording/coverage/nothing_yet.html")
    choices, deep = chosen.choices, orientation == LANDSCAPE
    printed = sheet(request.user, code, chosen.runs, choices.document, chosen.period, deep=deep)
    title = _("Laporan %(document)s %(period)s") % {"document": choices.document_label, "period": chosen.period.name}
    context = _context(choices, title, [printed]) | {"orientation": orientation, "back": choices.url("figure_exports")}
    return render(request, "recording/publishing/print.html", context)


@require_safe
def month(request: PortalRequest, code: str) -> HttpResponse:
    """The report of the month ?bulan= ("2021-10"): one sheet of the region, and for a province one of each city. Without a
    month it leads to where one is chosen."""
    require(by=request.user, action=Action.COVERAGE_READ, code=code)
    if "bulan" not in request.GET:
        return redirect("figure_exports", code)
    choices, chosen = Choices.of(request, code), parse_month(request.GET["bulan"])
    sheets = monthly_report(request.user, code, chosen, choices.document, today=request.day)
    title = _("Laporan bulanan %(document)s, %(month)s") % {
        "document": choices.document_label,
        "month": figures.month(chosen.first_day),
    }
    context = _context(choices, title, sheets) | {
        "orientation": PORTRAIT,
        "monthly": True,
        "back": f"{reverse('figure_exports', args=[code])}?dokumen={choices.document}",
    }
    return render(request, "recording/publishing/print.html", context)


def _context(choices: Choices, title: str, sheets: list[Sheet]) -> dict[str, Any]:
    return {
        "title": title,
        "sheets": sheets,
        "document": choices.document,
        "definitions": definitions(choices.document),
        "letterhead": letterhead(),
    }
