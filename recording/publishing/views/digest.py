""" "Ringkasan": a run as a text to be sent on."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dukcapil.requests import PortalRequest
from recording.coverage.changes import part_words
from recording.coverage.choices import ChosenFigures, chosen_figures
from recording.coverage.figures import RegionCoverage, change_since_previous
from recording.models import RunStatus
from recording.publishing.digest import Facts
from recording.publishing.digest import digest as write
from recording.regions.selectors import visible_region


@require_safe
def digest(request: PortalRequest, code: str) -> HttpResponse:
    """The text in Indonesian and in English, for the document, period and run of the address."""
    chosen = chosen_figures(request, code)
    if chosen is None:
        visible_region(request.user, code)
        return render(request, "recording/coverage/nothing_yet.html")
    choices = chosen.choices
    page = chosen.region_coverage(request.user)
    facts = _facts(page, chosen)
    for figure in page.ancestors:
        figure.url = choices.url("digest", code=figure.code)
    context = {
        "page": page,
        "run": chosen.run,
        "choices": choices,
        "tabs": choices.tabs("digest"),
        "documents": choices.documents("digest"),
        "periods": chosen.period_links("digest"),
        "texts": [("id", "Bahasa Indonesia", write(facts, "id")), ("en", "English", write(facts, "en"))],
    }
    return render(request, "recording/publishing/digest.html", context)


def _facts(page: RegionCoverage, chosen: ChosenFigures) -> Facts:
    """What the text is written from: one query for the change since the run before."""
    change = change_since_previous(page, chosen.choices.document, chosen.period)
    return Facts(
        document=chosen.choices.document,
        period=chosen.period.name,
        portal=settings.PORTAL_NAME,
        day=page.run.as_of,
        number=page.run.number,
        official=page.run.status == RunStatus.OFFICIAL,
        region=page.figure,
        children=page.children,
        previous_day=page.previous.as_of if page.previous else None,
        change=change.recorded if change else 0,
        causes=[(cause, getattr(change, cause)) for cause in part_words()] if change else [],
        target_change=change.target if change else 0,
    )
