"""How many people the next visits of a place will record: a removal model, learnt from very few reports.

Of the paper gap of a place an unknown share can be reached at all, and each visit takes an unknown part of those who are
still left. Both stand on a grid of weights, which each report moves; all places share one prior, which is estimated from
all of them that were visited. Where neither gap nor reports are known, each visit is expected to yield 0.7 of the last one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import comb, exp, log
from operator import add, mul

SHARES = tuple(step / 10 for step in range(1, 11))  # of the paper gap: who can be reached
TAKE_UPS = (0.01, 0.02, 0.04, 0.06, 0.09, 0.13, 0.18, 0.25, 0.35, 0.5, 0.7)  # of those left: who comes to one visit
GRID = tuple((share, take_up) for share in SHARES for take_up in TAKE_UPS)
SPREAD = 8  # size of the negative binomial: about a third of the mean beside chance
STRENGTH = 30.0  # the first prior counts as so many places
ROUNDS = 5  # of estimating the prior from all places
FADING = 0.7  # of the last yield, where nothing else is known
SMALLEST_MEAN = 0.05
LOW, HIGH = 0.1, 0.9  # the ends of the range
NO_WEIGHT = 1e-5  # of a point of the grid that is left out of a prediction
STEPS = 4  # means are told apart by quarters of a person where chance is added
KEPT = 4096  # places whose reports are not weighed again while they stay the same


@dataclass(frozen=True)
class Visit:
    """One report: who was recorded, and who was confirmed not to be recordable. `full`: the van could take no more, so
    that more may have come. `others`: recorded by others than vans between the first visit of the place and this one."""

    recorded: int
    not_found: int = 0
    full: bool = False
    others: int = 0


@dataclass(frozen=True)
class PlaceHistory:
    """`paper_gap`: target less recorded before the first of these visits, None where there is no target. `elsewhere`:
    recorded since then by others than vans. `capacity`: what one visit can record."""

    paper_gap: int | None
    visits: tuple[Visit, ...] = ()
    elsewhere: int = 0
    capacity: int = 60

    @property
    def taken(self) -> int:
        """Recorded since the gap was taken, by anybody."""
        return self.elsewhere + sum(visit.recorded for visit in self.visits)


@dataclass(frozen=True)
class Yield:
    """What one visit will record: the mean, and the range that holds it in 80 of 100 cases."""

    mean: float
    low: int
    high: int


@dataclass(frozen=True)
class Outlook:
    """What is known of a place. `left`: how many of its list can still be reached, on average; 0 where no target is known.
    `means`: of its next visits. `comes`: for each of them the means that count by `shares`."""

    left: float
    means: tuple[float, ...]
    shares: Sequence[float]
    comes: Sequence[Sequence[float]]
    capacity: int

    def yields(self) -> list[Yield]:
        """The next visits with their ranges: chance of a single day included, nobody beyond the capacity."""
        return [Yield(mean, *self.range_of(comes)) for mean, comes in zip(self.means, self.comes, strict=True)]

    def range_of(self, comes: Sequence[float]) -> tuple[int, int]:
        weights: dict[int, float] = {}
        for share, mean in zip(self.shares, comes, strict=True):
            weights[round(mean * STEPS)] = weights.get(round(mean * STEPS), 0.0) + share
        rows = [(weight, up_to(steps, self.capacity)) for steps, weight in weights.items()]
        return quantile(rows, LOW, self.capacity), quantile(rows, HIGH, self.capacity)


def expected_yields(places: Mapping[str, PlaceHistory], visits: int = 3) -> dict[str, list[Yield]]:
    """The next visits of every place."""
    return {code: outlook.yields() for code, outlook in outlooks(places, visits).items()}


def people_left(places: Mapping[str, PlaceHistory]) -> dict[str, float]:
    """How many of the list of every place can still be reached, on average; 0 where no target is known."""
    return {code: outlook.left for code, outlook in outlooks(places).items()}


def outlooks(places: Mapping[str, PlaceHistory], visits: int = 3) -> dict[str, Outlook]:
    """What is known of every place, all of them having learnt from each other."""
    known = {code: likelihood(place) for code, place in sorted(places.items()) if place.paper_gap is not None}
    prior = shared_prior([likely for code, likely in known.items() if places[code].visits])
    return {
        code: predicted(place, posterior(prior, known[code]), visits) if code in known else faded(place, visits)
        for code, place in places.items()
    }


@lru_cache(maxsize=KEPT)
def likelihood(place: PlaceHistory) -> tuple[float, ...]:
    """How well each point of the grid explains the reports of a place, the best of them 1."""
    logs, taken, not_found = [0.0] * len(GRID), 0, 0
    for visit in place.visits:
        not_found += visit.not_found
        left = [reachable(place, share, not_found) - taken - visit.others for share in SHARES]
        means = [max(SMALLEST_MEAN, take_up * people) for people in left for take_up in TAKE_UPS]
        logs = list(map(add, logs, log_chances(visit, means)))
        taken += visit.recorded
    best = max(logs)
    return tuple(exp(each - best) for each in logs)


def reachable(place: PlaceHistory, share: float, not_found: int) -> float:
    """Who of the paper gap can be reached: never those who were confirmed not to be there."""
    return min(share * (place.paper_gap or 0), (place.paper_gap or 0) - not_found)


def log_chances(visit: Visit, means: Sequence[float]) -> list[float]:
    """The logarithm of the chance of a report at each mean, by the negative binomial but for what they have in common; of
    a report from a full van, that at least so many came."""
    count, size = visit.recorded, SPREAD
    if not visit.full:
        return [count * log(mean) - (count + size) * log(mean + size) for mean in means]
    # At least n before the 8th failure: at most 7 failures in the first n + 7 trials.
    trials = count + size - 1
    ways = [comb(trials, failures) for failures in range(size)]
    answer = []
    for mean in means:
        success, odds = mean / (mean + size), size / mean
        chance = success ** (trials - size + 1) * sum(way * success ** (size - 1) * odds**j for j, way in enumerate(ways))
        answer.append(log(max(1e-12, chance)))
    return answer


def posterior(prior: Sequence[float], likely: Sequence[float]) -> list[float]:
    weights = [before * evidence for before, evidence in zip(prior, likely, strict=True)]
    total = sum(weights)
    return [weight / total for weight in weights] if total > 0 else list(prior)


def shared_prior(places: Sequence[Sequence[float]]) -> list[float]:
    """The weights of the grid over all places: an even one that counts as 30 places, moved by each place's own."""
    even = 1 / len(GRID)
    prior = [even] * len(GRID)
    for _round in range(ROUNDS if places else 0):
        sums = [STRENGTH * even] * len(GRID)
        for likely in places:
            sums = [before + weight for before, weight in zip(sums, posterior(prior, likely), strict=True)]
        prior = [each / (STRENGTH + len(places)) for each in sums]
    return prior


def predicted(place: PlaceHistory, weights: Sequence[float], visits: int) -> Outlook:
    """The next visits, each of which leaves fewer for the one after it."""
    points = [(weight, *point) for weight, point in zip(weights, GRID, strict=True) if weight > NO_WEIGHT]
    not_found, taken = sum(visit.not_found for visit in place.visits), place.taken
    left = [max(0.0, reachable(place, share, not_found) - taken) for _weight, share, _take_up in points]
    whole = sum(point[0] for point in points)
    shares = [point[0] / whole for point in points]
    expected, comes = weighed(shares, left), []
    for _visit in range(visits):
        comes.append([min(place.capacity, point[2] * people) for point, people in zip(points, left, strict=True)])
        left = [people - mean for people, mean in zip(left, comes[-1], strict=True)]
    return Outlook(expected, tuple(weighed(shares, row) for row in comes), shares, comes, place.capacity)


def weighed(shares: Sequence[float], values: Sequence[float]) -> float:
    return sum(map(mul, shares, values))


def faded(place: PlaceHistory, visits: int) -> Outlook:
    """Where no target is known: 0.7 of the last yield, again and again; nothing where there was no visit either."""
    last = place.visits[-1].recorded if place.visits else 0
    means = tuple(min(float(place.capacity), last * FADING**number) for number in range(1, visits + 1))
    return Outlook(0, means, [1.0], [[mean] for mean in means], place.capacity)


def quantile(rows: Sequence[tuple[float, Sequence[float]]], share: float, capacity: int) -> int:
    """The least count up to which that share of the mixture lies."""
    low, high = 0, capacity
    while low < high:
        middle = (low + high) // 2
        if sum(weight * row[middle] for weight, row in rows) >= share:
            high = middle
        else:
            low = middle + 1
    return low


@lru_cache(maxsize=KEPT)
def up_to(steps: int, capacity: int) -> tuple[float, ...]:
    """The chance of at most 0, 1, … people below the capacity at a mean of so many quarters."""
    chance, total, answer = (SPREAD / (SPREAD + steps / STEPS)) ** SPREAD, 0.0, []
    ratio = steps / (steps + SPREAD * STEPS)
    for count in range(capacity):
        total += chance
        answer.append(total)
        chance *= ratio * (count + SPREAD) / (count + 1)
    return tuple(answer)
