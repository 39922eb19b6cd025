"""A request as a problem in whole numbers: what each visit is worth, what each day adds, and what must be met."""

from collections import Counter
from collections.abc import Collection, Iterator
from decimal import ROUND_HALF_EVEN, Context, Decimal
from zlib import crc32

from fleet.planning.problem import RECORDING, City, Need, Place, Problem
from fleet.planning.request import MAX_VISITS, REVISIT_GAP, PlaceYields, PlanRequest, refuse_contradictions

EARLY_PERCENT = 2  # what the first day adds to a stop, of its worth; the last day adds nearly nothing
TIE_BREAK = 100  # units: what tells two plans of the same worth apart is far below one recording
LOWEST_COVERAGE = Decimal("0.05")  # below this share of its target a place is not weighed any higher
WORST_CITY = 10  # of cities in order of coverage the worst is weighed so many times, the best once
ARITHMETIC = Context(prec=28, rounding=ROUND_HALF_EVEN)  # the same digits on every machine


def problem_of(request: PlanRequest) -> Problem:
    """The request in whole numbers; Refused when it contradicts itself."""
    refuse_contradictions(request)
    days = request.days
    pools = {city.pool: [0] * len(days) for city in request.cities} | {code: list(row) for code, row in request.pools.items()}
    cities: list[City] = []
    order = {code: number for number, code in enumerate(sorted(pools))}
    for city in request.cities:
        vans = list(city.vans)
        if request.lend_own:
            pools[city.pool] = [lent + own for lent, own in zip(pools[city.pool], vans, strict=True)]
            vans = [0] * len(days)
        cities.append({"code": city.code, "pool": order[city.pool], "vans": vans})
    city_at = {city.code: number for number, city in enumerate(request.cities)}
    weights = city_weights(request)
    standing, banned = stops_that_stand(request), banned_days(request)
    places = []
    for place in request.places:
        closed = place.closed | banned.get(place.code, set())
        values = visit_values(place, request.alpha, weights[place.city], standing[place.code])
        places.append(place_of(request, place.code, city_at[place.city], values, closed))
    return {
        "days": list(days),
        "workdays": list(request.workdays or range(len(days))),
        "revisit_gap": REVISIT_GAP,
        "pools": [pools[code] for code in sorted(pools)],
        "cities": cities,
        "places": places,
        "needs": list(needs_of(request)),
    }


def stops_that_stand(request: PlanRequest) -> Counter[str]:
    """How many stops of a place must be possible, whatever they are worth: those it must have, or has published."""
    must = Counter(code for code, _days in [*request.pins, *request.granted])
    return must | Counter(code for code, day in request.published if day in request.days)


def banned_days(request: PlanRequest) -> dict[str, set[str]]:
    """By place; the day "" stands for all of them."""
    banned: dict[str, set[str]] = {}
    for code, day in request.bans:
        banned.setdefault(code, set()).update([day] if day else request.days)
    return banned


def place_of(request: PlanRequest, code: str, city: int, values: list[int], closed: Collection[str]) -> Place:
    possible = [None if day in closed or not values else day for day in request.days]
    return {
        "code": code,
        "city": city,
        "visits": values,
        "bonus": [None if day is None else bonus_of(request, code, day, values[0]) for day in possible],
    }


def visit_values(place: PlaceYields, alpha: Decimal, weight: Decimal, at_least: int) -> list[int]:
    """The worth of each next visit: its recordings, those at a place of low coverage weighed higher (alpha-fair), and no
    visit more than the one before it. Visits that are worth nothing are left out, but for so many."""
    values: list[int] = []
    recorded = Decimal(place.recorded)
    for expected in place.yields[:MAX_VISITS]:
        worth = expected
        if place.reachable > 0:
            share = [ARITHMETIC.divide(n, Decimal(place.reachable)) for n in (recorded, recorded + expected)]
            worth = (utility(share[1], alpha) - utility(share[0], alpha)) * place.reachable
        recorded += expected
        value = int((worth * weight * RECORDING).to_integral_value(ROUND_HALF_EVEN))
        values.append(min([value, *values[-1:]]))
    values = [value for value in values if value > 0]
    return values + [0] * (min(at_least, MAX_VISITS) - len(values))


def utility(coverage: Decimal, alpha: Decimal) -> Decimal:
    """The alpha-fair worth of a coverage, straight below the lowest: its slope is coverage to the power of -alpha."""
    if alpha == 0:
        return coverage
    low = min(coverage, LOWEST_COVERAGE) - LOWEST_COVERAGE
    high = max(coverage, LOWEST_COVERAGE)
    bent = ARITHMETIC.ln(high) if alpha == 1 else 2 * ARITHMETIC.sqrt(high)
    return bent + ARITHMETIC.divide(low, LOWEST_COVERAGE if alpha == 1 else ARITHMETIC.sqrt(LOWEST_COVERAGE))


def bonus_of(request: PlanRequest, code: str, day: str, worth: int) -> int:
    """What the day adds: a little for an early one, much for a published stop, and a fixed number that breaks ties."""
    left = len(request.days) - 1 - request.days.index(day)
    early = worth * EARLY_PERCENT * left // (100 * len(request.days))
    keep = request.keep * RECORDING if (code, day) in request.published else 0
    return early + keep + crc32(f"{code} {day}".encode()) % TIE_BREAK


def city_weights(request: PlanRequest) -> dict[str, Decimal]:
    """1 for every city; with the worst city first, more the lower a city's coverage stands among the others'."""
    weights = {city.code: Decimal(1) for city in request.cities}
    if request.worst_city_first and len(weights) > 1:
        coverage = {
            code: ARITHMETIC.divide(
                Decimal(sum(place.recorded for place in request.places if place.city == code)),
                Decimal(max(1, sum(place.reachable for place in request.places if place.city == code))),
            )
            for code in weights
        }
        for rank, code in enumerate(sorted(weights, key=lambda code: (-coverage[code], code))):
            weights[code] += ARITHMETIC.divide(Decimal((WORST_CITY - 1) * rank), Decimal(len(weights) - 1))
    return weights


def needs_of(request: PlanRequest) -> Iterator[Need]:
    place_at = {place.code: number for number, place in enumerate(request.places)}
    day_at = {day: number for number, day in enumerate(request.days)}
    for code, day in sorted(request.pins):
        yield {"places": [place_at[code]], "days": [day_at[day]], "at_least": 1}
    for code, days in request.granted:
        yield {"places": [place_at[code]], "days": [day_at[day] for day in days], "at_least": 1}
    for city in request.cities:
        if city.floor:
            own = [place_at[place.code] for place in request.places if place.city == city.code]
            yield {"places": own, "days": list(day_at.values()), "at_least": city.floor}
