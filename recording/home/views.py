"""The former address of the first page."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from dukcapil.requests import PortalRequest


@require_safe
def home(request: PortalRequest) -> HttpResponse:
    """What waits for a reader stands on the page of coverage now: bookmarks lead on."""
    return redirect("coverage")
