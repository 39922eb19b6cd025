"""The example's schedule and reports, invented around its counts: every count of source "mobil" becomes one stop.

Pure and seeded: the same counts give the same stops. What a stop tells of KTP and KIA is exactly its count; the other
services, those who live elsewhere and those who were not found are invented (data contoh).
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dukcapil.region_codes import is_within
from fleet.reports.body import SERVED, ReportBody

PLACES = (
    "Kantor RW 02",
    "Balai warga RW 05",
    "Kantor kelurahan",
    "SMAN setempat",
    "Puskesmas",
    "RPTRA",
    "Pasar",
    "Masjid RW 07",
    "SMKN setempat",
    "Lapangan RW 09",
)
MOVED_CITIES = ("31.71", "31.75")  # many there were not found at their address


@dataclass(frozen=True)
class Stop:
    """One trip of a van and what its report tells."""

    van: str
    day: date
    session: str
    village: str
    place: str
    body: ReportBody


def stops(
    counts: Iterable[tuple[str, str, date, int]],
    vans: Mapping[str, Sequence[str]],
    absent: frozenset[tuple[str, date]],
    *,
    seed: int = 17,
) -> list[Stop]:
    """The stops behind counts (region, document, day, people). `vans`: the plates of each base; a city's own go out
    first, those of the province help where there are more stops; no van goes out on a day on which it is absent."""
    rng = random.Random(seed)
    told: dict[date, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for region, document, day, people in counts:
        told[day][region][document] = people
    made = []
    for day in sorted(told):
        agency = [plate for plate in vans.get("31", ()) if (plate, day) not in absent]
        for city in sorted({region[:5] for region in told[day]}):
            villages = sorted(region for region in told[day] if is_within(region, city))
            own = [plate for plate in vans.get(city, ()) if (plate, day) not in absent]
            turn = day.toordinal() % max(len(own), 1)
            ready = own[turn:] + own[:turn] + agency
            for village, plate in zip(villages, ready, strict=False):
                if plate in agency:
                    agency.remove(plate)
                place = PLACES[(int(village[-4:]) + day.toordinal()) % len(PLACES)]
                made.append(Stop(plate, day, session_of(day), village, place, _body(rng, village, told[day][village])))
    return made


def session_of(day: date) -> str:
    """In rotation in the morning, for schools and offices all day from Thursday on, drives on Saturday afternoon."""
    return ("morning", "morning", "morning", "full", "full", "afternoon", "afternoon")[day.weekday()]


def _body(rng: random.Random, village: str, people: Mapping[str, int]) -> ReportBody:
    lines: dict[str, int] = {}
    elsewhere_ktp = elsewhere_kia = None
    if "KTP" in people:
        elsewhere_ktp = min(rng.choice((0, 0, 0, 1, 2)), people["KTP"])
        recorded = people["KTP"] + elsewhere_ktp
        lines["record_first"] = recorded * rng.randint(20, 45) // 100
        lines["record"] = recorded - lines["record_first"]
        lines["replacement"] = rng.randint(0, 14)
    if "KIA" in people:
        elsewhere_kia = 0
        lines["kia"] = people["KIA"]
    if rng.random() < 0.6:
        lines["birth"], lines["family_card"] = rng.randint(0, 4), rng.randint(0, 6)
    many = village[:5] in MOVED_CITIES
    not_found = {"moved": rng.randint(2, 9), "unknown": rng.randint(1, 6)} if many else {"moved": rng.randint(0, 2)}
    obstacles = "Jaringan lambat sampai siang." if rng.random() < 0.04 else ""
    return ReportBody(SERVED, lines, elsewhere_ktp, elsewhere_kia, not_found, obstacles)
