"""Which van serves which stop: pinned ones first, then each stop by the van that was nearest the day before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

DISTRICT = 8  # letters of a place's code that name its kecamatan


@dataclass(frozen=True)
class NamedVan:
    """`city`: whose van it is, "" for one of the agency. `away`: days on which it cannot go."""

    code: str
    city: str
    away: frozenset[str] = frozenset()


def same_kecamatan(a: str, b: str) -> int:
    """The distance of two kecamatan where nothing else is known of them."""
    return int(a != b)


def name_vans(
    stops: Sequence[Sequence[str]],
    city_of: Mapping[str, str],
    vans: Sequence[NamedVan],
    pinned: Mapping[tuple[str, str], str],
    distance: Callable[[str, str], int] = same_kecamatan,
    last_places: Mapping[str, str] | None = None,
) -> dict[tuple[str, str], str]:
    """A van for each stop (place, day): those of its city before those of others; a stop is left out when no van is free.
    `last_places`: where each van stopped last before the first of these days."""
    named: dict[tuple[str, str], str] = {}
    last = {van: place[:DISTRICT] for van, place in (last_places or {}).items()}
    for day in sorted({day for _place, day in stops}):
        free = {van.code: van for van in vans if day not in van.away}
        places = sorted(place for place, on in stops if on == day)
        for place in places:
            if (van := pinned.get((place, day), "")) in free:
                named[place, day] = free.pop(van).code
        for own_city in (True, False):
            pairs = sorted(
                (
                    van.city != "" and not own_city,
                    van.code not in last,  # who may begin anywhere leaves the near places to the others
                    distance(last.get(van.code, place[:DISTRICT]), place[:DISTRICT]),
                    van.code,
                    place,
                )
                for van in free.values()
                for place in places
                if (place, day) not in named and (van.city == city_of[place]) == own_city
            )
            for *_order, code, place in pairs:
                if code in free and (place, day) not in named:
                    named[place, day] = free.pop(code).code
        last |= {named[place, day]: place[:DISTRICT] for place in places if (place, day) in named}
    return named
