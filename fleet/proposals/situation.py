"""What is known when a proposal is planned: days, vans, places and stops; and the request to the planner that follows from
it. Pure: no database, no clock."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from dukcapil.errors import N_, Refused
from fleet.planning.request import REVISIT_GAP, CityVans, PlaceYields, PlanRequest
from fleet.planning.yields import PlaceHistory, Yield
from fleet.proposals.question import Question

DIGITS = Decimal("0.001")  # of a recording: the same request on every machine


@dataclass(frozen=True)
class ServiceDay:
    """`number`: counted in working days; a Saturday has that of the Friday before it."""

    day: str
    number: int


@dataclass(frozen=True)
class ReadyVan:
    """`away`: days on which it cannot go or has a stop that nobody moves."""

    number: int
    plate: str
    base: str
    away: frozenset[str] = frozenset()


@dataclass(frozen=True)
class StandingStop:
    """A stop of the schedule around the horizon, on the working day `at`. `fixed`: the planner leaves it as it is. It is
    pinned, reported, the answer to a request, of a van that is not planned here or leaves early that day, one of several that
    day, not for recordings, or published for today, so that the crew is on its way."""

    trip: int
    van: int
    village: str
    day: str
    at: int
    published: bool
    fixed: bool


@dataclass(frozen=True)
class Wish:
    """A Sudin's request for a van. `granted`: it was promised, and its stop was called off since."""

    request: int
    village: str
    day: str
    granted: bool


@dataclass(frozen=True)
class CalledOff:
    """A stop that people were told of and that will not be. `by_hand`: that day is no longer wanted there; otherwise its van
    could not come, and another one may."""

    village: str
    day: str
    by_hand: bool


@dataclass(frozen=True)
class KnownPlace:
    """A kelurahan. `target` None: there is none. `closed`: days on which it is not open."""

    code: str
    city: str
    recorded: int
    target: int | None
    history: PlaceHistory
    last_day: str = ""
    closed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Situation:
    """`run`: the official run whose figures these are, 0 without one. `called_off`: only of a repair. `saturday`: the first on
    which no van goes. `histories`: of all kelurahan of the province, which learn from each other."""

    days: tuple[ServiceDay, ...]
    province: str
    cities: tuple[str, ...]
    vans: tuple[ReadyVan, ...]
    places: tuple[KnownPlace, ...]
    stops: tuple[StandingStop, ...] = ()
    wishes: tuple[Wish, ...] = ()
    called_off: tuple[CalledOff, ...] = ()
    saturday: str = ""
    today: str = ""
    run: int = 0
    as_of: str = ""
    histories: Mapping[str, PlaceHistory] = field(default_factory=dict)

    @property
    def movable(self) -> list[StandingStop]:
        """The stops in the horizon that a new plan takes the place of."""
        return [stop for stop in self.stops if not stop.fixed]

    def closed_days(self) -> dict[str, set[str]]:
        """By kelurahan the days that lie too near to a stop that stays, and those on which it is not open."""
        closed: dict[str, set[str]] = defaultdict(set)
        for place in self.places:
            closed[place.code] |= place.closed
        for stop in self.stops:
            if stop.fixed:
                closed[stop.village] |= {day.day for day in self.days if abs(day.number - stop.at) < REVISIT_GAP}
        return closed


def request_of(
    question: Question, situation: Situation, yields: Mapping[str, list[Yield]], left: Mapping[str, float]
) -> PlanRequest:
    """What the planner is asked. `left`: people of each kelurahan who can still be reached. Refused with a sentence where
    there is no van or no kelurahan to plan with."""
    days = tuple(day.day for day in situation.days)
    if days and not any(set(days) - van.away for van in situation.vans):
        raise Refused(N_("Tidak ada mobil yang siap dalam jangka itu: semuanya tidak siap, nonaktif, atau sudah terpakai."))
    if days and not situation.places:
        raise Refused(N_("Tidak ada kelurahan yang dapat dilayani mobil di wilayah ini."))
    closed = situation.closed_days()
    lend = question.options.agency
    cities = tuple(
        CityVans(city, ready(situation.vans, city, days), situation.province, question.options.floor)
        for city in situation.cities
    )
    places = tuple(
        PlaceYields(
            place.code,
            place.city,
            place.recorded if place.target is not None else 0,
            place.recorded + round(left[place.code]) if place.target is not None else 0,
            tuple(Decimal(each.mean).quantize(DIGITS) for each in yields[place.code]),
            frozenset(closed[place.code]),
            tuple((each.low, each.high) for each in yields[place.code]),
            len(place.history.visits),
            place.history.visits[-1].recorded if place.history.visits else None,
        )
        for place in situation.places
    )
    known = {place.code for place in situation.places}
    published = {(s.village, s.day) for s in situation.movable if s.published}
    published |= {(stop.village, stop.day) for stop in situation.called_off}
    unwanted = {(stop.village, stop.day) for stop in situation.called_off if stop.by_hand and stop.village in known}
    return PlanRequest(
        days,
        cities,
        places,
        {situation.province: ready(situation.vans, situation.province, days) if lend else (0,) * len(days)},
        tuple(day.number for day in situation.days),
        pins=frozenset((pin.village, pin.day) for pin in question.pins) - unwanted,
        bans=frozenset((ban.village, ban.day) for ban in question.bans) | unwanted,
        granted=promised(situation, closed),
        published=frozenset(stop for stop in published if stop[0] in known),
        alpha=question.options.weight,
        lend_own=question.options.lend_own,
        worst_city_first=question.options.worst_city_first,
    )


def ready(vans: Iterable[ReadyVan], base: str, days: tuple[str, ...]) -> tuple[int, ...]:
    """How many vans of a base can go on each day."""
    own = [van for van in vans if van.base == base]
    return tuple(sum(day not in van.away for van in own) for day in days)


def promised(situation: Situation, closed: Mapping[str, set[str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Promised stops that have none any more, on days on which the planner may plan one."""
    days = {day.day for day in situation.days}
    rows = {(wish.village, wish.day) for wish in situation.wishes if wish.granted}
    return tuple((village, (day,)) for village, day in sorted(rows) if day in days and day not in closed[village])
