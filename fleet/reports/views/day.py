"""The page of the day on a phone: the stops that somebody has to report, and those of the coming week."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.rights import own_region, require
from accounts.roles import Action
from dukcapil.requests import PortalRequest
from fleet.models import Trip, VanReport
from fleet.pages.tabs import tabs
from fleet.reports.forms import ReportForm, report_initial
from fleet.reports.selectors import coming_trips, trips_to_report
from fleet.reports.text import in_words


@never_cache
@require_safe
def report_day(request: PortalRequest) -> HttpResponse:
    """The stops that may be reported now, each with its form, and those of the coming week. Kept on the device by the
    service worker, for the reader alone."""
    require(by=request.user, action=Action.REPORT_WRITE)
    code = own_region(request.user)
    cards = [_card(trip) for trip in trips_to_report(request.user, code, request.day, request.now)]
    coming = coming_trips(request.user, code, request.day)
    context = {
        "tabs": tabs(request, "report_day"),
        "cards": cards,
        "day": request.day,
        "coming": coming,
        "shift_seconds": int(request.demo.shift.total_seconds()) if request.demo else 0,
        "coming_forms": [(trip, ReportForm(trip=trip, initial=report_initial(None))) for trip in coming],
        "open": sum(card["form"] is not None for card in cards),
        "user_key": request.user.pk,
    }
    answer = render(request, "fleet/reports/day.html", context)
    answer["X-Keep-Offline"] = str(request.user.pk)
    return answer


def _card(trip: Trip) -> dict[str, Any]:
    """A stop on the page of the day: its form while it waits for a report, and its report in words."""
    report: VanReport | None = getattr(trip, "report", None)
    waits = report is None or report.status == "returned"
    form = ReportForm(trip=trip, initial=report_initial(report)) if waits else None
    return {"trip": trip, "report": report, "form": form, **(in_words(report) if report else {})}
