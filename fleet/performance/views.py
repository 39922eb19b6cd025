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
from fleet.performance.selectors import Group, by_repeat, by_session, grouped, plan_and_held, visits

SPANS = (30, 90, 365)
BEST = 15


@require_safe
def performance(request: PortalRequest) -> HttpResponse:
    """Recordings per visit over the last days: by kelurahan, weekday, session and repeat visit; plan against held."""
    require(by=request.user, action=Action.FLEET_READ)
    region, today = chosen_region(request), request.day
    asked = request.GET.get("rentang", "")
    length = int(asked) if asked in map(str, SPANS) else SPANS[1]
    first = today - timedelta(days=length - 1)
    found = visits(request.user, region.code, first, today)
    places = grouped(found, lambda visit: visit.village, lambda visit: visit.name)
    spots = grouped(found, lambda visit: (visit.village, visit.place), lambda visit: f"{visit.place}, {visit.name}")
    weekdays = grouped(
        found, lambda visit: visit.day.weekday(), lambda visit: figures.long_day(visit.day).split(",")[0]
    )
    address = reverse("performance")
    context = {
        "tabs": tabs(request, "performance"),
        "region": region,
        "first": first,
        "last": today,
        "visits": len(found),
        "recordings": sum(visit.recordings for visit in found),
        "regions": region_choices(request, region, address),
        "tables": [
            (_("Menurut hari"), _("Hari"), weekdays),
            (_("Menurut sesi"), _("Sesi"), by_session(found)),
            (_("Kunjungan ulang ke kelurahan yang sama"), _("Kunjungan ke-"), by_repeat(found)),
        ],
        "places": _best(places),
        "spots": _best(spots),
        "kept": plan_and_held(request.user, region.code, first, today),
        "spans": [(_address(region.code, days), days, days == length) for days in SPANS],
    }
    return render(request, "fleet/performance/performance.html", context)


def _best(groups: list[Group]) -> list[Group]:
    """Those with the most recordings per visit."""
    return sorted(groups, key=lambda group: (-group.per_visit, group.label))[:BEST]


def _address(code: str, days: int) -> str:
    return f"{reverse('performance')}?{urlencode({'wilayah': code, 'rentang': days})}"
