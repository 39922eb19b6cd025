"""How many people the next visits of a place will record: a removal model, learnt from very few reports.

Of the paper gap of a place an unknown share can be reached at all, and each visit takes an unknown part of those who are
still left. Both stand on a grid of weights, which each report moves; all places share one prior, which is estimated from
all of them. Where neither gap nor reports are known, each visit is expected to yield 0.7 of the last one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import exp, lgamma, log, log1p

SHARES = tuple(step / 10 for step in range(1, 11))  # of the paper gap: who can be reached
TAKE_UPS = (0.01, 0.02, 0.04, 0.06, 0.09, 0.13, 0.18, 0.25, 0.35, 0.5, 0.7)  # of those left: who comes to one visit
GRID = tuple((share, take_up) for share in SHARES for take_up in TAKE_UPS)
SPREAD = 8.0  # size of the negative binomial: about a third of the mean beside chance
STRENGTH = 30.0  # the first prior counts as so many places
ROUNDS = 5  # of estimating the prior from all places
FADING = 0.7  # of the last yield, where nothing else is known
SMALLEST_MEAN = 0.05
LOW, HIGH = 0.1, 0.9  # the ends of the range


@dataclass(frozen=True)
class Visit:
    """One report: who was recorded, and who was confirmed not to be recordable. `full`: the van could take no more, so
    that more may have come."""

    recorded: int
    not_found: int = 0
    full: bool = False


@dataclass(frozen=True)
class PlaceHistory:
    """`paper_gap`: target less recorded before the first of these visits, None where there is no target. `elsewhere`:
    recorded since then by others than vans. `capacity`: what one visit can record."""

    paper_gap: int | None
    visits: Sequence[Visit] = field(default_factory=tuple)
    elsewhere: int = 0
    capacity: int = 60


@dataclass(frozen=True)
class Yield:
    """What one visit will record: the mean, and the range that holds it in 80 of 100 cases."""

    mean: float
    low: int
    high: int


def expected_yields(places: Mapping[str, PlaceHistory], visits: int = 3) -> dict[str, list[Yield]]:
    """The next visits of every place."""
    weights = weights_of(places)
    return {
        code: predicted(place, weights[code], visits) if code in weights else faded(place, visits)
        for code, place in places.items()
    }


def people_left(places: Mapping[str, PlaceHistory]) -> dict[str, float]:
    """How many of the list of every place can still be reached, on average; 0 where no target is known."""
    weights = weights_of(places)
    return {
        code: sum(w * people for w, people in zip(weights[code], left_at(place), strict=True)) if code in weights else 0.0
        for code, place in places.items()
    }


def weights_of(places: Mapping[str, PlaceHistory]) -> dict[str, list[float]]:
    """Of every place with a target how likely each point of the grid is after its reports."""
    known = {code: likelihood(place) for code, place in sorted(places.items()) if place.paper_gap is not None}
    prior = shared_prior(list(known.values()))
    return {code: posterior(prior, likely) for code, likely in known.items()}


def likelihood(place: PlaceHistory) -> list[float]:
    """How well each point of the grid explains the reports of a place, the best of them 1."""
    logs = []
    for share, take_up in GRID:
        total, taken, not_found = 0.0, 0, 0
        for visit in place.visits:
            not_found += visit.not_found
            left = reachable(place, share, not_found) - taken
            total += log_chance(visit, max(SMALLEST_MEAN, take_up * left))
            taken += visit.recorded
        logs.append(total)
    best = max(logs)
    return [exp(each - best) for each in logs]


def reachable(place: PlaceHistory, share: float, not_found: int) -> float:
    """Who of the paper gap can be reached: never those who were confirmed not to be there."""
    return min(share * (place.paper_gap or 0), (place.paper_gap or 0) - not_found)


def log_chance(visit: Visit, mean: float) -> float:
    """The logarithm of the chance of a report; of one from a full van, that at least so many came."""
    if not visit.full:
        return log_binomial(visit.recorded, mean)
    below = sum(exp(log_binomial(count, mean)) for count in range(visit.recorded))
    return log(max(1e-12, 1 - below))


@cache
def constant(count: int) -> float:
    return lgamma(count + SPREAD) - lgamma(SPREAD) - lgamma(count + 1)


def log_binomial(count: int, mean: float) -> float:
    """The logarithm of the negative binomial chance of a count."""
    return constant(count) - SPREAD * log1p(mean / SPREAD) + count * (log(mean) - log(mean + SPREAD))


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
            for point, weight in enumerate(posterior(prior, likely)):
                sums[point] += weight
        prior = [each / (STRENGTH + len(places)) for each in sums]
    return prior


def predicted(place: PlaceHistory, weights: Sequence[float], visits: int) -> list[Yield]:
    """The next visits, each of which leaves fewer for the one after it."""
    left, yields = left_at(place), []
    for _visit in range(visits):
        means = [min(place.capacity, take_up * people) for (_share, take_up), people in zip(GRID, left, strict=True)]
        yields.append(range_of(means, weights, place.capacity))
        left = [people - mean for people, mean in zip(left, means, strict=True)]
    return yields


def left_at(place: PlaceHistory) -> list[float]:
    """Who is still left to be reached, at each point of the grid."""
    taken = place.elsewhere + sum(visit.recorded for visit in place.visits)
    not_found = sum(visit.not_found for visit in place.visits)
    return [max(0.0, reachable(place, share, not_found) - taken) for share, _take_up in GRID]


def range_of(means: Sequence[float], weights: Sequence[float], capacity: int) -> Yield:
    """The mean of the mixture and its quantiles, chance of a single day included; nobody beyond the capacity."""
    mean = sum(weight * each for weight, each in zip(weights, means, strict=True))
    points = [(weight, each) for weight, each in zip(weights, means, strict=True) if weight > 1e-4]
    whole = sum(weight for weight, _mean in points)
    share, low = 0.0, None
    for count in range(capacity):
        share += sum(w * (exp(log_binomial(count, m)) if m > 0 else float(count == 0)) for w, m in points) / whole
        if low is None and share >= LOW:
            low = count
        if share >= HIGH:
            return Yield(mean, low or 0, count)
    return Yield(mean, capacity if low is None else low, capacity)


def faded(place: PlaceHistory, visits: int) -> list[Yield]:
    """Where no target is known: 0.7 of the last yield, again and again; nothing where there was no visit either."""
    last = place.visits[-1].recorded if place.visits else 0
    means = [last * FADING**number for number in range(1, visits + 1)]
    return [range_of([mean], [1.0], place.capacity) for mean in means]
