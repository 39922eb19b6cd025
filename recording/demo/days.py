"""Cutting the demo's totals into days: service days, van stops in rotation, people at the counters.

Pure and seeded. The sums are exact by construction: what goes in as a total comes out as days, to the last person.
"""

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from dukcapil.region_codes import is_within
from recording.coverage.workdays import free_days

FIRST_DAY, LAST_DAY = date(2021, 1, 4), date(2021, 12, 31)
SATURDAY_DRIVES = frozenset(
    date(2021, month, day)
    for month, day in ((2, 20), (3, 27), (4, 24), (6, 12), (8, 28), (9, 25), (10, 23), (11, 13), (12, 4))
)
# A Sudin has 3 vans; the 2 of the agency are lent to one city. The islands have none: a boat takes the people there.
OWN_VANS, AGENCY_VANS = 3, 2
WITHOUT_VANS = "31.01"
LEAST_AT_STOP, MOST_AT_STOP = 5, 60
SHARE_AT_STOPS = {"KTP": 88, "KIA": 40}  # per cent; the rest comes to the counters
PEOPLE_AT_COUNTER = {"KTP": 2, "KIA": 8}  # per day and kelurahan, on average
LATE_CITY, LATE_WEEK, LATE_ENTRY = "31.72", (date(2021, 6, 14), date(2021, 6, 18)), date(2021, 6, 25)


class PlannedCount(NamedTuple):
    """One count as it stands on the day asked for. `entered_on` is the day on which somebody typed it in."""

    region: str
    document: str
    day: date
    source: str
    people: int
    entered_on: date


def planned(code: str, document: str, day: date, source: str, people: int) -> PlannedCount:
    """A count that is entered on its own day, or late when it belongs to the late week."""
    late = is_within(code, LATE_CITY) and LATE_WEEK[0] <= day <= LATE_WEEK[1]
    return PlannedCount(code, document, day, source, people, LATE_ENTRY if late else day)


def service_days() -> list[date]:
    """The days on which people are served: Monday to Friday but for public holidays, and a few Saturday drives."""
    free = free_days(FIRST_DAY.year)
    every = (FIRST_DAY + timedelta(days=number) for number in range((LAST_DAY - FIRST_DAY).days + 1))
    return [day for day in every if day not in free and (day.weekday() < 5 or day in SATURDAY_DRIVES)]


def largest_remainder(total: int, weights: Sequence[int]) -> list[int]:
    """`total` people split in proportion to whole, not negative weights, to the last person; ties go to the earlier."""
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0 or total < 0:
        raise ValueError("A total and weights of at least 0, not all of them 0, are needed.")
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda index: -(total * weights[index] % whole))
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts


def cut_into_days(
    rng: random.Random,
    days: Sequence[date],
    goals: Mapping[str, Mapping[str, int]],
    pace: Mapping[str, float],
    *,
    lent_to: str,
) -> list[PlannedCount]:
    """Counts on these days that add up to the goals (people by document and kelurahan).

    `pace` is each city's van stops on an ordinary day; the agency's vans are in the city `lent_to`.
    """
    counts: list[PlannedCount] = []
    for city, stops_a_day in pace.items():
        vans = OWN_VANS + (AGENCY_VANS if city == lent_to else 0)
        expected = {
            code: people * SHARE_AT_STOPS["KTP"] // 100
            for code, people in goals["KTP"].items()
            if is_within(code, city)
        }
        stops = _rotation(rng, expected, _slots(rng, days, stops_a_day, vans))
        for code in expected:
            for document in goals:
                counts += _village_days(rng, (code, document), goals[document][code], stops.get(code, []), days)
    return counts


def _slots(rng: random.Random, days: Sequence[date], stops_a_day: float, vans: int) -> list[date]:
    """The days of a city's stops: each day once per van that is out. What no van is left for waits for the next day."""
    slots: list[date] = []
    due = rng.random()
    for day in days:
        due += stops_a_day * rng.uniform(0.7, 1.3)
        out = min(int(due), vans)
        due -= out
        slots += [day] * out
    return slots


def _rotation(rng: random.Random, expected: Mapping[str, int], slots: Sequence[date]) -> dict[str, list[date]]:
    """The slots that each kelurahan gets: as many as its people are worth, spread evenly, never two on one day."""
    if not slots or not any(expected.values()):
        return {}
    shares = largest_remainder(len(slots), list(expected.values()))
    visits: list[tuple[float, str]] = []
    for (code, people), share in zip(expected.items(), shares, strict=True):
        number = min(share, people // LEAST_AT_STOP)
        offset = rng.uniform(0, 0.7)
        visits += [((turn + offset + rng.uniform(0, 0.3)) / number, code) for turn in range(number)]
    visits.sort()
    found: dict[str, list[date]] = {}
    for index, (_turn, code) in enumerate(visits):
        day = slots[index * len(slots) // len(visits)]
        if day not in found.setdefault(code, []):
            found[code].append(day)
    return found


def _village_days(
    rng: random.Random, key: tuple[str, str], people: int, stops: Sequence[date], days: Sequence[date]
) -> list[PlannedCount]:
    """A kelurahan's people of one document: a share on its van stops, the rest on some days at the counter."""
    code, document = key
    least = LEAST_AT_STOP if document == "KTP" else 1
    served = min(people * SHARE_AT_STOPS[document] // 100, MOST_AT_STOP * len(stops))
    stops = stops[: served // least]
    served = served if stops else 0
    rest = people - served
    counter_days = sorted(rng.sample(days, min(rest // PEOPLE_AT_COUNTER[document] + 1, rest, len(days))))
    out = "jemput-bola" if is_within(code, WITHOUT_VANS) else "mobil"
    found = [(day, out, number) for day, number in zip(stops, _parts(rng, served, len(stops), least), strict=True)]
    at_counter = _parts(rng, rest, len(counter_days), 1)
    found += [(day, "loket", number) for day, number in zip(counter_days, at_counter, strict=True)]
    return [planned(code, document, day, source, number) for day, source, number in found]


def _parts(rng: random.Random, total: int, number: int, least: int) -> list[int]:
    """`total` cut unevenly into this many parts, each at least `least` and at most MOST_AT_STOP."""
    if not number:
        return []
    weights = [1 + int(100 * rng.expovariate(1)) for _ in range(number)]
    parts = [least + more for more in largest_remainder(total - least * number, weights)]
    over = sum(max(0, part - MOST_AT_STOP) for part in parts)
    for index, part in enumerate(parts):
        kept = min(part, MOST_AT_STOP)
        moved = min(over, MOST_AT_STOP - kept)
        parts[index] = kept + moved
        over -= moved
    if over:
        raise ValueError(f"{total} people do not fit into {number} days.")
    return parts
