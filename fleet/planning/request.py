"""What a head asks of the planner, in the words of the office; refused where it contradicts itself."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain, pairwise

from dukcapil.errors import N_, Refused

REVISIT_GAP, MAX_VISITS = 5, 3  # working days between two visits of a place; visits in the horizon
ALPHAS = (Decimal(0), Decimal("0.5"), Decimal(1))


@dataclass(frozen=True)
class CityVans:
    """`vans`: its own that are ready on each day; `pool`: whose vans it may be lent; `floor`: stops that it is promised."""

    code: str
    vans: tuple[int, ...]
    pool: str = ""
    floor: int = 0


@dataclass(frozen=True)
class PlaceYields:
    """`reachable`: the part of the target that can still be found, 0 where unknown. `yields`: expected recordings of the
    next visits. `closed`: days on which nobody can come. Only for the reasons: `ranges` of the yields, how often the place was
    `visited`, and what the `last` visit recorded."""

    code: str
    city: str
    recorded: int
    reachable: int
    yields: tuple[Decimal, ...]
    closed: frozenset[str] = frozenset()
    ranges: tuple[tuple[int, int], ...] = ()
    visited: int = 0
    last: int | None = None


@dataclass(frozen=True)
class PlanRequest:
    """`days`: those on which vans may go; `workdays`: their numbers in working days, where a Saturday is among them. `pools`:
    agency vans by day. Pins and granted requests are met, or the request is refused; `published` stops are kept unless so many
    weighed recordings more can be had without one as `keep` says."""

    days: tuple[str, ...]
    cities: tuple[CityVans, ...]
    places: tuple[PlaceYields, ...]
    pools: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    workdays: tuple[int, ...] = ()
    pins: frozenset[tuple[str, str]] = frozenset()
    bans: frozenset[tuple[str, str]] = frozenset()  # (place, day); the day "" bans the place
    granted: tuple[tuple[str, tuple[str, ...]], ...] = ()  # (place, one of these days)
    published: frozenset[tuple[str, str]] = frozenset()
    alpha: Decimal = Decimal("0.5")
    lend_own: bool = False  # a Sudin's van may serve another city of its pool
    worst_city_first: bool = False
    keep: int = 10

    def numbered(self) -> dict[str, int]:
        """The number of each day, counted in working days."""
        return dict(zip(self.days, self.workdays or range(len(self.days)), strict=True))


def refuse_contradictions(request: PlanRequest) -> None:
    """Refuse what no plan can meet, or nobody can mean, with a sentence that says which place and day."""
    if not request.days:
        raise Refused(N_("Tidak ada hari pelayanan dalam jangka itu: semuanya hari libur."))
    refuse_odd_numbers(request)
    refuse_unknown(request)
    refuse_impossible_pins(request)


def refuse_odd_numbers(request: PlanRequest) -> None:
    days = len(request.days)
    rows = [*(city.vans for city in request.cities), *request.pools.values()]
    if any(len(row) != days for row in [*rows, request.workdays or request.days]):
        raise Refused(N_("Jumlah mobil dan nomor hari kerja harus disebut untuk setiap hari."))
    floors = [request.keep, *(city.floor for city in request.cities)]
    counts = chain(*rows, floors, *((each.recorded, each.reachable) for each in request.places))
    amounts = [*map(Decimal, counts), *(expected for place in request.places for expected in place.yields)]
    if any(not amount.is_finite() or amount < 0 for amount in amounts):
        raise Refused(N_("Jumlah mobil, perekaman dan perkiraan tidak boleh negatif."))
    if request.alpha not in ALPHAS:
        raise Refused(N_("Bobot pemerataan harus 0, 0,5 atau 1."))


def refuse_unknown(request: PlanRequest) -> None:
    places, cities = [place.code for place in request.places], [city.code for city in request.cities]
    for names in (places, cities, request.days):
        for name, times in Counter(names).items():
            if times > 1:
                raise Refused(N_("%(name)s tertulis dua kali."), name=name)
    for place in request.places:
        if place.city not in cities:
            raise Refused(N_("Kota dari kelurahan %(place)s tidak dikenal."), place=place.code)
    for place_code, day in mentioned(request):
        if place_code not in places:
            raise Refused(N_("Kelurahan %(place)s tidak dikenal."), place=place_code)
        if day not in request.days:
            raise Refused(N_("%(day)s bukan hari pelayanan dalam jangka ini."), day=day)


def mentioned(request: PlanRequest) -> Iterator[tuple[str, str]]:
    """Every pair (place, day) that the request names; what is banned or published may lie outside the horizon."""
    yield from sorted(request.pins)
    yield from ((place, day) for place, days in request.granted for day in days)
    yield from ((place, request.days[0]) for place, _day in sorted(request.bans | request.published))


def refuse_impossible_pins(request: PlanRequest) -> None:
    places, number = {place.code: place for place in request.places}, request.numbered()
    by_place: dict[str, list[str]] = {}
    by_city_day: Counter[tuple[str, str]] = Counter()
    for code, day in sorted(request.pins):
        if day in places[code].closed or {(code, day), (code, "")} & request.bans:
            raise Refused(N_("%(place)s dikunci pada %(day)s, tetapi hari itu tertutup baginya."), place=code, day=day)
        by_place.setdefault(code, []).append(day)
        by_city_day[places[code].city, day] += 1
    for code, days in by_place.items():
        if any(number[b] - number[a] < REVISIT_GAP for a, b in pairwise(sorted(days, key=request.days.index))):
            raise Refused(N_("%(place)s dikunci dua kali dalam %(gap)s hari kerja."), place=code, gap=REVISIT_GAP)
    for code, times in Counter(code for code, _days in [*request.pins, *request.granted]).items():
        if times > MAX_VISITS:
            raise Refused(N_("%(place)s paling banyak dikunjungi %(most)s kali."), place=code, most=MAX_VISITS)
    cities = {city.code: city for city in request.cities}
    for (code, day), pinned in by_city_day.items():
        position, city = request.days.index(day), cities[code]
        lent = request.pools.get(city.pool, (0,) * len(request.days))[position]
        others = sum(
            other.vans[position] for other in request.cities if request.lend_own and other.pool == city.pool and other != city
        )
        if pinned > (vans := city.vans[position] + lent + others):
            raise Refused(
                N_("Pada %(day)s ada %(pins)s titik yang dikunci di %(city)s, tetapi hanya %(vans)s mobil."),
                day=day,
                pins=pinned,
                city=code,
                vans=vans,
            )
