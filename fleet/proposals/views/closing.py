"""The page of the closing plan: how many stop-days each city still needs, kelurahan by kelurahan."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.rights import require
from accounts.roles import Action
from dukcapil.requests import PortalRequest
from fleet.pages.tabs import tabs
from fleet.proposals.closing import CityToClose, PlaceToClose, worst_first
from fleet.proposals.closing_plan import closing_plan
from recording.public import Level, Region, visible_region


@require_safe
def closing(request: PortalRequest) -> HttpResponse:
    """All cities of the reader's province, or the one in the address with its kelurahan."""
    require(by=request.user, action=Action.FLEET_READ)
    region = _region(request)
    cities = closing_plan(request.user, region.code, request.day)
    chosen = cities[0] if len(cities) == 1 else None
    context = {
        "tabs": tabs(request, "proposals"),
        "region": region,
        "cities": [(city, f"{reverse('closing')}?wilayah={city.code}") for city in cities],
        "all_cities": _all_cities(request, region) if chosen and chosen.code == region.code else "",
        "groups": _groups(chosen) if chosen else [],
    }
    return render(request, "fleet/proposals/closing.html", context)


def _groups(city: CityToClose) -> list[tuple[str, list[PlaceToClose], bool]]:
    """(title, kelurahan with the worst first, whether unfolded): those that need more visits than are booked, those where
    visits do not help, and the others."""
    places = worst_first(city.places)
    lacking = [place for place in places if place.short_by]
    out_of_reach = [place for place in places if place.out_of_reach]
    others = [place for place in places if not place.short_by and not place.out_of_reach]
    return [
        (_("Kurang kunjungan"), lacking, True),
        (_("Kunjungan tidak menolong lagi: periksa daftar warganya"), out_of_reach, not lacking),
        (_("Cukup"), others, False),
    ]


def _region(request: PortalRequest) -> Region:
    """The city or province in the address, of a kecamatan or kelurahan its city; or all that the reader's account is for."""
    region = visible_region(request.user, request.GET.get("wilayah") or str(getattr(request.user, "jurisdiction", "")))
    is_below_city = region.level in (Level.DISTRICT, Level.VILLAGE)
    return visible_region(request.user, region.code[:5]) if is_below_city else region


def _all_cities(request: PortalRequest, region: Region) -> str:
    """Where all cities of a city's province stand side by side; "" for whoever sees the city only."""
    province = region.code[:2]
    is_visible = Region.objects.visible_to(request.user).filter(code=province).exists()
    return f"{reverse('closing')}?wilayah={province}" if is_visible else ""
