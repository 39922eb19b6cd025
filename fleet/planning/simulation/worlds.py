"""Made-up worlds of the shape of DKI: who of each paper gap can be reached, after how much effort each of them comes, and
which vans go when. A world is drawn from its name and a seed alone, so every way to plan meets the same people."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import expm1, log1p
from random import Random

# Kelurahan, and people of 17 or more, of each city (Dukcapil DKI, December 2019): by these the target is shared out.
CITIES = {
    "31.01": (6, 19_384),
    "31.71": (44, 842_897),
    "31.72": (31, 1_295_356),
    "31.73": (56, 1_825_258),
    "31.74": (65, 1_693_805),
    "31.75": (65, 2_276_450),
}
TARGET = 60_000  # of the period, for the province
SPREAD_OF_GAPS = 0.67  # of their logarithms within a city, as of the vaccination gaps of DKI in 2021 and 2022
REACHABLE = (1, 0.5)  # beta: two thirds of a gap on average, nearly all in one place and hardly any in another
TAKE_UP, SPREAD_OF_TAKE_UPS = 0.18, 0.5  # of those left, who comes to one visit: median, spread between places
MAX_TAKE_UP = 0.6
SPREAD_OF_VISITS = 0.35  # of one place from visit to visit: weather, notice given, a market day
CHECKED = 0.05  # of those who are gone, how many a visit confirms
OWN_VANS, AGENCY_VANS, CAPACITY = 3, 2, 60
WITHOUT_VANS = "31.01"
LAGGING, AHEAD = ("31.71", "31.75"), 0.95  # the other cities have recorded that share already
GROUPS = 8  # RW of a kelurahan
CALLED_OFF = 0.2
WEEK, STOP_DAYS = 5, (1, 3)  # working days; those of a scarce week
MAX_VISITS = 150  # of one place, drawn in advance
WORLDS = ("everyone", "gone", "lag", "groups", "scarce", "called_off")


@dataclass(frozen=True)
class Place:
    """`gap`: target less recorded on the first day. `groups`: those whom one stop serves, each the rising efforts after which
    its people come. `gone`: after how many visits each of the others is confirmed gone. `efforts`: of each visit."""

    code: str
    city: int
    gap: int
    groups: tuple[tuple[float, ...], ...]
    gone: tuple[float, ...]
    efforts: tuple[float, ...]
    take_up: float


@dataclass(frozen=True)
class World:
    name: str
    seed: int
    cities: tuple[str, ...]
    places: tuple[Place, ...]

    @property
    def reachable(self) -> int:
        return sum(len(group) for place in self.places for group in place.groups)

    def vans(self, day: int) -> list[int]:
        """How many each city has, and last how many the agency lends."""
        scarce = self.name == "scarce"
        own = int(day % WEEK in STOP_DAYS) if scarce else OWN_VANS
        return [*(0 if city == WITHOUT_VANS else own for city in self.cities), 0 if scarce else AGENCY_VANS]

    def called_off(self, day: int, van: int) -> bool:
        """Whether the stop of a van is called off that morning."""
        return self.name == "called_off" and Random(f"{self.seed} {day} {van}").random() < CALLED_OFF


def world_of(name: str, seed: int, cities: Mapping[str, tuple[int, int]] = CITIES, target: int = TARGET) -> World:
    """The world of a seed: in all worlds the same gaps and take-ups."""
    draw, places = Random(seed), list[Place]()
    eligible = sum(people for _count, people in cities.values())
    for number, (city, (count, people)) in enumerate(cities.items()):
        sizes = [draw.lognormvariate(0, SPREAD_OF_GAPS) for _place in range(count)]
        behind = 1 - AHEAD if name == "lag" and city not in LAGGING else 1
        for position, size in enumerate(sizes):
            gap = round(target * people / eligible * size / sum(sizes) * behind)
            share, own = draw.betavariate(*REACHABLE), Random(draw.random())
            there = gap if name == "everyone" else round(gap * share)
            places.append(place_of(f"{city}.{position + 1:02}", number, there, gap - there, own, name == "groups"))
    return World(name, seed, tuple(cities), tuple(places))


def place_of(code: str, city: int, there: int, gone: int, draw: Random, grouped: bool) -> Place:
    """A place with its people; where a stop serves one RW, all of its effort is spent on these."""
    count = GROUPS if grouped else 1
    take_up = min(MAX_TAKE_UP, TAKE_UP * draw.lognormvariate(0, SPREAD_OF_TAKE_UPS))
    effort = -log1p(-take_up) * count
    efforts = tuple(effort * draw.lognormvariate(0, SPREAD_OF_VISITS) for _visit in range(MAX_VISITS))
    comes = [draw.expovariate(1) for _person in range(there)]
    confirmed = sorted(draw.expovariate(CHECKED) for _person in range(gone))
    groups = tuple(tuple(sorted(comes[start::count])) for start in range(count))
    return Place(code, city, there + gone, groups, tuple(confirmed), efforts, -expm1(-effort))
