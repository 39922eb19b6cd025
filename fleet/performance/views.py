"""How the vans do, over the last days."""

from datetime import timedelta
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.rights import require
from accounts.roles import Action
from dukcapil import figures
from dukcapil.requests import PortalRequest
from fleet.pages.regions import chosen_region, region_choices
from fleet.pages.tabs import tabs
from fleet.performance.selectors import Group, Visit, by_repeat, by_session, grouped, plan_and_held, visits

SPANS_IN_DAYS = (30, 90, 365)
MAX_BEST_SHOWN = 15


@require_safe
def performance(request: PortalRequest) -> HttpResponse:
    """Recordings per visit over the last days: by kelurahan, weekday, session and repeat visit; plan against held."""
    require(by=request.user, action=Action.FLEET_READ)
    region, today = chosen_region(request), request.day
    span = request.GET.get("rentang", "")
    length = int(span) if span in map(str, SPANS_IN_DAYS) else SPANS_IN_DAYS[1]
    first = today - timedelta(days=length - 1)
    held = visits(request.user, region.code, first, today)
    villages = grouped(held, lambda visit: visit.village, lambda visit: visit.name)
    places = grouped(held, lambda visit: (visit.village, visit.place), lambda visit: f"{visit.place}, {visit.name}")
    weekdays = grouped(held, lambda visit: visit.day.weekday(), _weekday)
    context = {
        "tabs": tabs(request, "performance"),
        "region": region,
        "first": first,
        "last": today,
        "visits": len(held),
        "recordings": sum(visit.recordings for visit in held),
        "regions": region_choices(request, region, reverse("performance")),
        "tables": [
            (_("Menurut hari"), _("Hari"), weekdays),
            (_("Menurut sesi"), _("Sesi"), by_session(held)),
            (_("Kunjungan ulang ke kelurahan yang sama"), _("Kunjungan ke-"), by_repeat(held)),
        ],
        "places": _best(villages),
        "spots": _best(places),
        "kept": plan_and_held(request.user, region.code, first, today),
        "spans": [(_address(region.code, days), days, days == length) for days in SPANS_IN_DAYS],
    }
    return render(request, "fleet/performance/performance.html", context)


def _weekday(visit: Visit) -> str:
    return figures.long_day(visit.day).split(",")[0]


def _best(groups: list[Group]) -> list[Group]:
    """Those with the most recordings per visit."""
    return sorted(groups, key=lambda group: (-group.per_visit, group.label))[:MAX_BEST_SHOWN]


def _address(code: str, days: int) -> str:
    return f"{reverse('performance')}?{urlencode({'wilayah': code, 'rentang': days})}"
