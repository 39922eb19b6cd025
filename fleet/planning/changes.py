"""What changes under a plan, as a change of the request: a van out or lent, a day more, a stop called off, a report come in."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from dukcapil.errors import N_, Refused
from fleet.planning.reasons import Named
from fleet.planning.request import CityVans, PlaceYields, PlanRequest

Change = Callable[[PlanRequest], PlanRequest]


def vans_changed(request: PlanRequest, city: str, days: Iterable[str], by: int) -> PlanRequest:
    """So many vans more (or fewer, never below none) in a city on these days: one is lent, or one is out."""
    if city not in {each.code for each in request.cities}:
        raise Refused(N_("Kota %(name)s tidak dikenal."), name=city)
    changed = set(days)
    refuse_unknown_days(request, changed)

    def with_vans(each: CityVans) -> CityVans:
        vans = zip(request.days, each.vans, strict=True)
        return replace(each, vans=tuple(max(0, n + by) if day in changed else n for day, n in vans))

    return replace(request, cities=tuple(with_vans(each) if each.code == city else each for each in request.cities))


def refuse_unknown_days(request: PlanRequest, days: Iterable[str]) -> None:
    for day in sorted(set(days) - set(request.days)):
        raise Refused(N_("%(day)s bukan hari pelayanan dalam jangka ini."), day=day)


def day_added(request: PlanRequest, day: str, vans: Mapping[str, int], open_to: Callable[[str], bool] = bool) -> PlanRequest:
    """One day more, such as a Saturday, on which so many vans of each city go. It counts as one working day with the day
    before it, so that nobody is visited on both. `open_to` tells of a place's code whether it can be visited that day."""
    if day in request.days:
        raise Refused(N_("%(name)s tertulis dua kali."), name=day)
    at = sum(other < day for other in request.days)
    numbers = list(request.numbered().values())
    number = numbers[at - 1] if at else numbers[0] if numbers else 0

    def wider(row: tuple, value: object) -> tuple:
        return (*row[:at], value, *row[at:])

    return replace(
        request,
        days=wider(request.days, day),
        workdays=wider(tuple(numbers), number),
        cities=tuple(replace(city, vans=wider(city.vans, vans.get(city.code, 0))) for city in request.cities),
        pools={code: wider(row, 0) for code, row in request.pools.items()},
        places=tuple(p if open_to(p.code) else replace(p, closed=p.closed | {day}) for p in request.places),
    )


def called_off(request: PlanRequest, stops: Iterable[Named]) -> PlanRequest:
    """These stops will not be: they are neither published nor planned again on their day."""
    gone = frozenset(stops)
    return replace(request, bans=request.bans | gone, pins=request.pins - gone, published=request.published - gone)


def reported(request: PlanRequest, places: Iterable[PlaceYields]) -> PlanRequest:
    """A report changed what is known and expected of these places."""
    known = {place.code: place for place in places}
    return replace(request, places=tuple(known.get(place.code, place) for place in request.places))
