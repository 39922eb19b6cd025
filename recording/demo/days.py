"""The working year of the example: visits to each kelurahan, what they yield, and people at the counters.

Pure and seeded. A visit records a part (the take-up) of those who can be reached and are not recorded yet, so that
each further visit to a kelurahan yields less; whoever cannot be reached stays unrecorded.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from dukcapil.region_codes import is_within
from recording.coverage.workdays import free_days

FIRST_DAY, AS_OF, LAST_DAY = date(2021, 1, 4), date(2021, 11, 25), date(2021, 12, 31)
SATURDAY_DRIVES = frozenset(
    date(2021, month, day) for month, day in ((2, 20), (3, 27), (4, 24), (6, 12), (8, 28), (9, 25), (10, 23), (11, 13), (12, 4))
)
LATE_CITY, LATE_WEEK, LATE_ENTRY = "31.72", (date(2021, 6, 14), date(2021, 6, 18)), date(2021, 6, 25)
MIN_MEAN_AT_STOP, MAX_AT_STOP = 5, 60
MAX_TAKE_UP = 0.5
TAKE_UP_ALL_VISITS = 1.6  # divided by the visits up to AS_OF: a visit serves one RW, a large kelurahan has many
REACHED_BY_VAN = {"KTP": 98, "KIA": 45}  # per cent of the people recorded on AS_OF; the counters serve the rest
PEOPLE_AT_COUNTER = {"KTP": 3, "KIA": 8}  # per day and kelurahan, on average


class DemoStop(NamedTuple):
    """A van's visit to a kelurahan: residents recorded, KIA issued, and people on the list who were not found."""

    reported_on: date
    day: date
    region: str
    ktp: int
    kia: int
    not_found: int


def service_days() -> list[date]:
    """The days on which people are served: Monday to Friday but for public holidays, and a few Saturday drives."""
    free = free_days(FIRST_DAY.year)
    year = (FIRST_DAY + timedelta(days=number) for number in range((LAST_DAY - FIRST_DAY).days + 1))
    return [day for day in year if day not in free and (day.weekday() < 5 or day in SATURDAY_DRIVES)]


def entered_on(region: str, day: date) -> date:
    """The day on which a count is typed in: its own, but for the week that one city enters late."""
    late = is_within(region, LATE_CITY) and LATE_WEEK[0] <= day <= LATE_WEEK[1]
    return LATE_ENTRY if late else day


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


def visit_days(
    rng: random.Random, people: Mapping[str, int], days: Sequence[date], stops_a_day: float, vans: int
) -> dict[str, list[date]]:
    """When each kelurahan of a city is visited: as often as its people are worth, never twice on one day. Each has
    its own part of the time, so that some kelurahan are still new when others are done."""
    slots = _slots(rng, days, stops_a_day, vans)
    wishes: list[tuple[float, str]] = []
    for code, share in zip(people, largest_remainder(len(slots), list(people.values())), strict=True):
        visits, start = min(share, people[code] // MIN_MEAN_AT_STOP), rng.uniform(0, 0.8)
        length = rng.uniform(0.2, 1 - start)
        wishes += [(start + length * (turn + rng.random()) / visits, code) for turn in range(visits)]
    found: dict[str, list[date]] = {code: [] for code in people}
    for index, (_moment, code) in enumerate(sorted(wishes)):
        day = slots[index * len(slots) // len(wishes)]
        if day not in found[code]:
            found[code].append(day)
    return found


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


def visit_yields(rng: random.Random, reachable: int, visits: Sequence[date]) -> Iterator[int]:
    """What each visit yields of the people whom a van can reach: about its take-up of those who are left."""
    take_up = min(MAX_TAKE_UP, TAKE_UP_ALL_VISITS / max(1, sum(day <= AS_OF for day in visits)))
    for _day in visits:
        people = min(round(take_up * reachable * rng.uniform(0.7, 1.3)), reachable, MAX_AT_STOP)
        reachable -= people
        yield people


def counter_days(rng: random.Random, people: int, days: Sequence[date], per_day: int) -> list[tuple[date, int]]:
    """These people, cut unevenly into some days at a counter."""
    number = min(people // per_day + 1, people, len(days))
    if number == 0:
        return []
    weights = [1 + int(100 * rng.expovariate(1)) for _ in range(number)]
    parts = largest_remainder(people - number, weights)
    return [(day, 1 + more) for day, more in zip(sorted(rng.sample(days, number)), parts, strict=True)]
