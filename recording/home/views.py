""" "Beranda": where the reader's own region stands, and what waits for the reader."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe

from accounts.rights import can, own_region
from accounts.roles import Action
from dukcapil.requests import PortalRequest
from recording.coverage.choices import chosen_figures
from recording.regions.choices import Choices


@require_safe
def home(request: PortalRequest) -> HttpResponse:
    """The own region's headline and everything that waits for the reader, by role."""
    code = own_region(request.user)
    chosen = chosen_figures(request, code)
    choices = Choices.of(request, code)
    figure = None
    if chosen is not None:
        figure = chosen.region_coverage(request.user).figure
        figure.url = choices.url()
    context = {
        "figure": figure,
        "run": chosen.run if chosen else None,
        "period": chosen.period if chosen else None,
        "choices": choices,
        "items": [item for source in settings.WORK_LIST_SOURCES for item in import_string(source)(request)],
        "may_record": can(request.user, Action.COUNT_WRITE, code) and "." in code,
        "record_url": f"{reverse('record')}?wilayah={code}",
        "links": choices.tabs("")[1:4],
    }
    return render(request, "recording/home/home.html", context)
