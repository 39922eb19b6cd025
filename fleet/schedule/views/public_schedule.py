"""Where the vans stop in the next days and what to bring, for everybody, where the installation has public pages."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from dukcapil.errors import N_, NotFound
from dukcapil.region_codes import is_within
from dukcapil.requests import PortalRequest
from fleet.models import Service, Trip
from fleet.schedule.selectors import published_stops
from recording.public import Region, short_name

AHEAD = timedelta(days=7)
MAX_AGE_SECONDS = 300  # how long a browser or a cache on the way may keep the page


@dataclass(frozen=True)
class Village:
    """A kelurahan with its coming stops, each with the services that it offers, in words."""

    code: str
    name: str
    stops: list[tuple[Trip, list[str]]]


@dataclass(frozen=True)
class City:
    code: str
    name: str
    villages: list[Village]

    @property
    def stops(self) -> int:
        return sum(len(village.stops) for village in self.villages)


@login_not_required
@csrf_exempt  # the page takes no POST: it answers 405, and 404 while the page is off
def public_schedule(request: PortalRequest) -> HttpResponse:
    """The stops of a week by city and kelurahan; ?wilayah= shows only those of a city or a kelurahan."""
    if not settings.PUBLIC_DASHBOARD:
        raise NotFound(N_("Halaman ini tidak ada. Periksa lagi alamatnya."))
    return _page(request)


@require_safe
def _page(request: PortalRequest) -> HttpResponse:
    cities = _cities(published_stops(None, request.day, request.day + AHEAD))
    wanted = request.GET.get("wilayah", "")
    shown = [city for city in (_part(city, wanted) for city in cities) if city.villages] if wanted else cities
    near = [] if shown else [city for city in cities if is_within(wanted, city.code)]
    listed = shown or near
    stops = [stop for city in listed for village in city.villages for stop, _services in village.stops]
    context = {
        "choices": cities,
        "wanted": wanted,
        "nothing_there": bool(wanted and not shown),
        "cities": listed,
        "last": request.day + AHEAD,
        "services": [service for service in Service if any(service in stop.services for stop in stops)],
    }
    response = render(request, "fleet/schedule/public_schedule.html", context)
    response["Cache-Control"] = f"public, max-age={MAX_AGE_SECONDS}"
    patch_vary_headers(response, ["Cookie"])  # of which only the language is read
    return response


def _cities(stops: list[Trip]) -> list[City]:
    names = dict(Region.objects.filter(code__in={stop.city for stop in stops}).values_list("code", "name"))
    stops = sorted(stops, key=lambda stop: (stop.city, stop.village.name, stop.village_id, stop.day, stop.opens, stop.pk))
    return [
        City(
            code,
            short_name(names.get(code, "")),
            [_village(list(group)) for _code, group in groupby(of_city, key=lambda stop: stop.village_id)],
        )
        for code, of_city in groupby(stops, key=lambda stop: stop.city)
    ]


def _village(stops: list[Trip]) -> Village:
    village = stops[0].village
    return Village(village.code, village.name, [(stop, _services(stop)) for stop in stops])


def _services(stop: Trip) -> list[str]:
    return [str(service.label) for service in Service if service in stop.services]


def _part(city: City, wanted: str) -> City:
    return City(city.code, city.name, [village for village in city.villages if is_within(village.code, wanted)])
