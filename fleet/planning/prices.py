"""Prices of van-days: made usable when an engine gave them, found by whole numbers alone when none did."""

from collections import Counter
from collections.abc import Sequence

from fleet.planning.problem import Prices, Problem, Stop
from fleet.planning.proof import bound_of

ROUNDS, PATIENCE = 40, 4  # how often prices are changed; how often in vain before the steps are halved
HALVINGS, EARLY = 14, 2  # of the span in which a level price is sought; what an early day is worth more, in percent
STEP = 1_000  # the first step is the whole gap, in thousandths
LARGEST = 10**15


def usable(problem: Problem, prices: Prices) -> Prices:
    """These prices with 0 in the place of whatever is missing, negative or no whole number."""
    days = range(len(problem["days"]))
    vans = [[whole(prices.vans, city, day) for day in days] for city in range(len(problem["cities"]))]
    return Prices(vans, [whole([prices.needs], 0, number) for number in range(len(problem["needs"]))])


def whole(rows: Sequence[Sequence[object]], row: int, column: int) -> int:
    try:
        number = rows[row][column]
    except (LookupError, TypeError):
        return 0
    return number if type(number) is int and 0 <= number <= LARGEST else 0


def prices_of(problem: Problem, stops: list[Stop]) -> Prices:
    """The worth of the least stop of each city and day on which all its own vans go: where a search may begin."""
    visits, least = Counter(place for place, _day in stops), dict[tuple[int, int], int]()
    used = Counter((problem["places"][place]["city"], day) for place, day in stops)
    for p, day in stops:
        place = problem["places"][p]
        worth = place["visits"][visits[p] - 1] + (place["bonus"][day] or 0)
        least[place["city"], day] = min(worth, least.get((place["city"], day), worth))
    vans = [
        [max(0, least.get((c, day), 0)) if used[c, day] >= own else 0 for day, own in enumerate(city["vans"])]
        for c, city in enumerate(problem["cities"])
    ]
    return Prices(vans, [0] * len(problem["needs"]))


def level_prices(problem: Problem) -> Prices:
    """One price for each city on all of its days, a little dearer on early ones, at which its places want as many van-days as
    there are: found by halving, and where a search does best to begin."""
    days, none = len(problem["days"]), [0] * len(problem["needs"])
    low = [0] * len(problem["cities"])
    high = [0] * len(problem["cities"])
    for place in problem["places"]:
        high[place["city"]] = max(high[place["city"]], *place["visits"], 0)
    for _halving in range(HALVINGS):
        middle = [sum(ends) // 2 for ends in zip(low, high, strict=True)]
        early = [EARLY * (days - 1 - day) for day in range(days)]
        prices = Prices([[price + price * more // (100 * days) for more in early] for price in middle], none)
        for city, row in enumerate(left_over(problem, prices)[0]):
            (high if sum(row) > 0 else low)[city] = middle[city]
    return prices


def find_prices(problem: Problem, value: int, prices: Prices) -> Prices:
    """Lower the price of a van-day that is left over and raise that of one that is wanted too often, while it helps."""
    best, bound = prices, bound_of(problem, *prices)
    step, vain = STEP, 0
    for _round in range(ROUNDS):
        slack, need_slack = left_over(problem, prices)
        norm = sum(n * n for row in [*slack, need_slack] for n in row)
        if not norm or bound <= value:
            break
        move = max(1, (bound_of(problem, *prices) - value) * step // (STEP * norm))
        prices = Prices(
            [[max(0, p - move * n) for p, n in zip(*rows, strict=True)] for rows in zip(prices.vans, slack, strict=True)],
            [max(0, p - move * n) for p, n in zip(prices.needs, need_slack, strict=True)],
        )
        found = bound_of(problem, *prices)
        if found < bound:
            best, bound, vain = prices, found, 0
        else:
            vain += 1
            step, vain = (step // 2, 0) if vain >= PATIENCE else (step, vain)
    return best


def left_over(problem: Problem, prices: Prices) -> tuple[list[list[int]], list[int]]:
    """Van-days minus those that the places want at these prices, by city and day; for needs, stops minus those needed."""
    slack = [list(city["vans"]) for city in problem["cities"]]
    for number, pool in enumerate(problem["pools"]):
        members = [c for c, city in enumerate(problem["cities"]) if city["pool"] == number]
        for day, lent in enumerate(pool):
            dearest = max(members, key=lambda c: (prices.vans[c][day], -c), default=None)
            if lent and dearest is not None:
                slack[dearest][day] += lent
    stops = set()
    for p, place in enumerate(problem["places"]):
        extra = dict.fromkeys(range(len(problem["days"])), 0)
        for need, price in zip(problem["needs"], prices.needs, strict=True):
            for day in need["days"] if price and p in need["places"] else ():
                extra[day] += price
        row = prices.vans[place["city"]]
        gains = [None if b is None else b - row[d] + extra[d] for d, b in enumerate(place["bonus"])]
        for day in wanted(problem, place["visits"], gains):
            slack[place["city"]][day] -= 1
            stops.add((p, day))
    met = [sum((p, d) in stops for p in need["places"] for d in need["days"]) - need["at_least"] for need in problem["needs"]]
    return slack, met


def wanted(problem: Problem, visits: list[int], gains: list[int | None]) -> list[int]:
    """The days on which a place wants a stop at these gains: the best of all choices that keep the distance."""
    numbers, most = problem["workdays"], max(visits, default=0)
    days = [(day, gain) for day, gain in enumerate(gains) if gain is not None and most + gain > 0]
    far = [numbers[day] - problem["revisit_gap"] for day, _gain in days]
    before = [sum(numbers[other] <= number for other, _gain in days) for number in far]
    tables = [[0] * (len(days) + 1)]  # by visits: what can be had on the first so many of these days
    for worth in visits:
        fewer, best = tables[-1], [0]
        for position, (_day, gain) in enumerate(days):
            best.append(max(best[position], fewer[position + 1], fewer[before[position]] + worth + gain))
        tables.append(best)
    chosen, position, count = list[int](), len(days), len(visits)
    while position and count:
        here = tables[count][position]
        if here == tables[count - 1][position]:
            count -= 1
        elif here == tables[count][position - 1]:
            position -= 1
        else:
            position, count = position - 1, count - 1
            chosen.append(days[position][0])
            position = before[position]
    return sorted(chosen)
