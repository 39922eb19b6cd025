"""What the example's vans do and tell: which van makes which stop, and the report of a stop (data contoh).

Without the database: the same stops give the same trips and reports. What a report tells of KTP, KIA and the people
who were not found is the stop's; the other services and those who live elsewhere are invented.
"""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby

from fleet.reports.body import SERVED, ReportBody
from fleet.schedule.trips import USUAL_SERVICES, TripInput
from recording.public import DemoStop

PLACES = (
    "Kantor RW 02",
    "Balai warga RW 05",
    "Kantor kelurahan",
    "SMAN setempat",
    "Puskesmas",
    "RPTRA",
    "Pasar",
    "Masjid RW 07",
)
NOT_FOUND = {"moved": 70, "unknown": 18, "died": 6, "duplicate": 4, "abroad": 2}  # why, in per cent


def vans_of_stops(
    stops: Iterable[DemoStop], ready: Mapping[date, Mapping[str, Sequence[int]]]
) -> Iterator[tuple[DemoStop, int]]:
    """Each stop with its van. `ready`: the vans that can go out on a day, by base; a city's own go first and take
    turns, those of the province help where there are more stops."""
    by_city = lambda stop: (stop.day, stop.region[:5])  # noqa: E731
    for day, of_day in groupby(sorted(stops, key=by_city), key=lambda stop: stop.day):
        agency = list(ready[day]["31"])
        for city, of_city in groupby(of_day, key=lambda stop: stop.region[:5]):
            vans = ready[day][city]
            turn = day.toordinal() % len(vans)
            own = [*vans[turn:], *vans[:turn]]
            for stop in of_city:
                yield stop, (own or agency).pop(0)


def session_of(day: date) -> str:
    """In rotation in the morning, for schools and offices all day from Thursday on, drives on Saturday afternoon."""
    return ("morning", "morning", "morning", "full", "full", "afternoon", "afternoon")[day.weekday()]


def trip_of(stop: DemoStop, van: int) -> TripInput:
    """The trip of a stop; another day is at another place of the kelurahan."""
    place = PLACES[(int(stop.region[-4:]) + stop.day.toordinal()) % len(PLACES)]
    services = [*USUAL_SERVICES, "birth", "family_card"]
    return TripInput(van, stop.day, session_of(stop.day), stop.region, place, services=services)


def report_of(stop: DemoStop) -> ReportBody:
    """The daily report of a stop."""
    rng = random.Random(f"{stop.region} {stop.day}")
    elsewhere = min(rng.choice((0, 0, 0, 1, 2)), stop.ktp)
    first = (stop.ktp + elsewhere) * rng.randint(20, 45) // 100
    lines = {"record_first": first, "record": stop.ktp + elsewhere - first, "kia": stop.kia}
    lines["replacement"] = rng.randint(0, 14)
    if rng.random() < 0.6:
        lines |= {"birth": rng.randint(0, 4), "family_card": rng.randint(0, 6)}
    not_found = Counter(rng.choices(list(NOT_FOUND), list(NOT_FOUND.values()), k=stop.not_found))
    obstacles = "Jaringan lambat sampai siang." if rng.random() < 0.04 else ""
    return ReportBody(SERVED, lines, elsewhere, 0, dict(not_found), obstacles)
