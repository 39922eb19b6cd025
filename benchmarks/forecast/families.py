"""Families of made-up campaigns, the same for the same seed. Pure.

Each area has a number of people who will come, a start and a speed of its own. What a family adds is the reason why its
pace does not last: a list that runs out, waves of groups that are called, holidays, a catch-up, reports that come late or
are corrected. Weeks differ by chance too, for an area alone and for all areas at once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, exp
from random import Random

FIRST = date(2021, 1, 4)  # a Monday
Counts = dict[str, dict[date, int]]
# People expected of an area on a day, after so many were recorded.
Expected = Callable[["Place", int, float], float]


@dataclass(frozen=True)
class Place:
    """An area: `demand` people will come in the end, beginning on day `start`, `speed` times as fast as usual; `moment`
    is a day that only this area knows."""

    demand: int
    start: int
    speed: float
    moment: int


@dataclass(frozen=True)
class Campaign:
    """Without `targets` each area's are shares of its own last total."""

    counts: Counts
    targets: Mapping[str, list[int]] | None = None


def _places(chance: Random, number: int, people: tuple[int, int] = (800, 60_000)) -> list[Place]:
    """Areas whose sizes differ by orders of magnitude."""
    low, high = people
    return [
        Place(
            demand=round(low * (high / low) ** chance.random()),
            start=chance.randrange(15),
            speed=chance.lognormvariate(0, 0.25),
            moment=chance.randrange(60, 170),
        )
        for _area in range(number)
    ]


def _play(chance: Random, places: list[Place], days: int, expected: Expected, area_week: float = 0.12) -> Counts:
    """Each day's people: what is expected, times the week's chance of all areas and of this one, by Poisson's law."""
    common = [chance.lognormvariate(0, 0.06) for _week in range(days // 7 + 1)]
    counts: Counts = {}
    for number, place in enumerate(places):
        own = [chance.lognormvariate(0, area_week) for _week in range(days // 7 + 1)]
        recorded, area = 0, counts.setdefault(f"A{number:03d}", {})
        for day in range(days):
            mean = max(0.0, expected(place, day, recorded)) * common[day // 7] * own[day // 7]
            people = _poisson(chance, mean)
            recorded += people
            area[FIRST + timedelta(days=day)] = people
    return counts


def _poisson(chance: Random, mean: float) -> int:
    if mean > 30:
        return max(0, round(chance.gauss(mean, mean**0.5)))
    number, left = 0, chance.random()
    step = exp(-mean)
    while left > step and number < 1_000:
        left *= chance.random()
        number += 1
    return number


def _left(place: Place, recorded: float) -> float:
    return place.demand - recorded


def steady(chance: Random) -> Campaign:
    """The same pace from beginning to end."""
    return Campaign(_play(chance, _places(chance, 16), 200, lambda place, _day, _recorded: place.speed * place.demand / 200))


def ramp_up(chance: Random) -> Campaign:
    """Sixty days of growing pace, then a level one."""

    def expected(place: Place, day: int, _recorded: float) -> float:
        return place.speed * place.demand / 200 * min(1.0, max(0.02, (day - place.start) / 60))

    return Campaign(_play(chance, _places(chance, 16), 240, expected))


def exhausted_list(chance: Random) -> Campaign:
    """Each day finds the same share of those who are left."""
    return Campaign(_play(chance, _places(chance, 16), 220, lambda place, _day, done: 0.018 * place.speed * _left(place, done)))


def weekly_rhythm(chance: Random) -> Campaign:
    """The same, on working days only, Mondays strong and Fridays weak."""
    rhythm = (1.4, 1.2, 1.1, 1.0, 0.6, 0.0, 0.0)
    return Campaign(
        _play(
            chance, _places(chance, 16), 260, lambda place, day, done: 0.02 * place.speed * _left(place, done) * rhythm[day % 7]
        )
    )


def holiday_break(chance: Random) -> Campaign:
    """A level pace that slowly falls, and two weeks without anything, for all areas at once."""
    begin = chance.randrange(80, 120)

    def expected(place: Place, day: int, done: float) -> float:
        return 0 if begin <= day < begin + 14 else 0.006 * place.speed * (_left(place, done) + 0.3 * place.demand)

    return Campaign(_play(chance, _places(chance, 16), 220, expected))


def catch_up_at_once(chance: Random) -> Campaign:
    """A falling pace, and from one day on four times as many for a month, in all areas."""
    begin = chance.randrange(90, 140)

    def expected(place: Place, day: int, done: float) -> float:
        return 0.007 * place.speed * _left(place, done) * (4 if begin <= day < begin + 30 else 1)

    return Campaign(_play(chance, _places(chance, 16), 260, expected))


def catch_up_each(chance: Random) -> Campaign:
    """The same, each area on a day of its own."""

    def expected(place: Place, day: int, done: float) -> float:
        return 0.007 * place.speed * _left(place, done) * (4 if place.moment <= day < place.moment + 30 else 1)

    return Campaign(_play(chance, _places(chance, 16), 260, expected))


def _s_curve(chance: Random) -> Expected:
    """Slow at first, quick in the middle, slow at the end: word spreads, then few are left."""
    steep, uneven = chance.uniform(0.045, 0.08), chance.uniform(0.15, 0.35)

    def expected(place: Place, day: int, done: float) -> float:
        if day < place.start:
            return 0
        share = done / place.demand
        return steep * place.speed**uneven * (0.01 + share) * _left(place, done)

    return expected


def s_curve(chance: Random) -> Campaign:
    """Saturation of a demand that spreads by word of mouth."""
    return Campaign(_play(chance, _places(chance, 16, (50_000, 4_000_000)), 260, _s_curve(chance), 0.15))


def _waves(chance: Random) -> Expected:
    """Three groups are called one after the other on days that all areas share; each comes quickly, then trickles."""
    opens = (0, chance.randrange(50, 80), chance.randrange(100, 140))
    share = (0.2, 0.35, 0.45)

    def expected(place: Place, day: int, done: float) -> float:
        called = sum(part for part, first in zip(share, opens, strict=True) if day >= first + place.start / 3)
        return 0.035 * place.speed * max(0.002 * place.demand, called * place.demand - done)

    return expected


def waves(chance: Random) -> Campaign:
    """Groups become entitled one after the other."""
    return Campaign(_play(chance, _places(chance, 20), 300, _waves(chance)))


def holiday_dips(chance: Random) -> Campaign:
    """An S-curve with weekends at a third, and three festive weeks at a fifth."""
    curve, dips = _s_curve(chance), sorted(chance.sample(range(6, 34), 3))

    def expected(place: Place, day: int, done: float) -> float:
        return curve(place, day, done) * (0.33 if day % 7 >= 5 else 1.25) * (0.2 if day // 7 in dips else 1)

    return Campaign(_play(chance, _places(chance, 16), 280, expected))


def weekly_reports(chance: Random) -> Campaign:
    """Waves of which one number a week is reported; one report in twelve is missing and comes with the next."""
    daily = _play(chance, _places(chance, 20), 308, _waves(chance))

    def reports(day: int) -> bool:
        return day % 7 == 6 and chance.random() > 1 / 12

    return Campaign({area: _reported(counts, reports) for area, counts in daily.items()})


def irregular_reports(chance: Random) -> Campaign:
    """An exhausted list of which each area reports now and then, three to twenty days apart."""
    daily = _play(chance, _places(chance, 24), 300, lambda place, _day, done: 0.014 * place.speed * _left(place, done))
    return Campaign({area: _reported(counts, lambda _day: chance.random() < 0.12) for area, counts in daily.items()})


def _reported(counts: Mapping[date, int], reports: Callable[[int], bool]) -> dict[date, int]:
    """What was counted since the last report, on the days that have one; the last day always has."""
    found: dict[date, int] = {}
    waiting = 0
    for number, (day, people) in enumerate(sorted(counts.items())):
        waiting += people
        if reports(number) or number == len(counts) - 1:
            found[day], waiting = waiting, 0
    return found


def backlog(chance: Random) -> Campaign:
    """Waves, reported daily; now and then an area reports nothing for one to three weeks and all of it on one day."""
    daily = _play(chance, _places(chance, 16), 300, _waves(chance))
    counts: Counts = {}
    for area, days in daily.items():
        silent = waiting = 0
        counts[area] = {}
        for day, people in days.items():
            if not silent and chance.random() < 0.012:
                silent = chance.randrange(7, 22)
            waiting += people
            silent = max(0, silent - 1)
            counts[area][day] = 0 if silent else waiting
            waiting = waiting if silent else 0
    return Campaign(counts)


def corrections(chance: Random) -> Campaign:
    """An S-curve; now and then up to a twentieth of what was recorded turns out to be counted twice and is taken back."""
    daily = _play(chance, _places(chance, 16), 260, _s_curve(chance))
    for days in daily.values():
        recorded = 0
        for day, people in days.items():
            if chance.random() < 0.01:
                days[day] = people - round(recorded * chance.uniform(0.005, 0.05))
            recorded += days[day]
    return Campaign(daily)


def beyond_demand(chance: Random) -> Campaign:
    """Targets from the paper: three areas in four find fewer than these, some by a third."""
    places = _places(chance, 24)
    counts = _play(chance, places, 300, lambda place, _day, done: 0.016 * place.speed * _left(place, done))
    names = sorted(counts)
    paper = {name: place.demand / chance.uniform(0.65, 1.1) for name, place in zip(names, places, strict=True)}
    return Campaign(counts, {name: [ceil(0.7 * paper[name]), ceil(0.9 * paper[name])] for name in names})


def eight_areas(chance: Random) -> Campaign:
    """An S-curve in so few areas that a range is just possible."""
    return Campaign(_play(chance, _places(chance, 8), 260, _s_curve(chance)))


def many_areas(chance: Random) -> Campaign:
    """Waves in 300 areas, the smallest with fifty people."""
    return Campaign(_play(chance, _places(chance, 300, (50, 20_000)), 300, _waves(chance)))


FAMILIES: Mapping[str, Callable[[Random], Campaign]] = {
    "steady": steady,
    "ramp-up": ramp_up,
    "exhausted list": exhausted_list,
    "weekly rhythm": weekly_rhythm,
    "holiday break": holiday_break,
    "catch-up at once": catch_up_at_once,
    "catch-up, each": catch_up_each,
    "S-curve": s_curve,
    "waves": waves,
    "holiday dips": holiday_dips,
    "weekly reports": weekly_reports,
    "irregular reports": irregular_reports,
    "backlog": backlog,
    "corrections": corrections,
    "beyond demand": beyond_demand,
    "eight areas": eight_areas,
    "many areas": many_areas,
}


def campaign(family: str, seed: int) -> Campaign:
    """The campaign of a family with this seed."""
    return FAMILIES[family](Random(f"{family} {seed}"))
