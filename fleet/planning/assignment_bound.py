"""What no assignment exceeds, in whole numbers: prices of the places, one knapsack for each van, and cases where these two
leave a gap. Nothing of the solver is believed; its prices are only where the search begins."""

from collections.abc import Callable
from dataclasses import replace

from fleet.planning.instance import Instance
from fleet.planning.knapsack import filling

FINENESS = 1_000  # prices of places are counted in thousandths of a value
ROUNDS, CASE_ROUNDS, PATIENCE = 300, 40, 10
MAX_CELLS = 3_000_000  # pairs of van and place looked at in the cases: a number of steps, not of seconds
Bounded = tuple[int, list[int], list[int]]  # the bound, its prices, how many vans want each place


def proved_bound(instance: Instance, objective: int, prices: list[int]) -> int:
    """The lowest bound that the work allowed can prove: the highest of all open cases, never below the objective."""
    size = max(1, len(instance.vans) * len(instance.places))
    open_cases = [(lowest_bound(instance, objective, prices, min(ROUNDS, MAX_CELLS // size)), instance)]
    cells = 0
    while open_cases and cells < MAX_CELLS:
        position = max(range(len(open_cases)), key=lambda number: (open_cases[number][0][0], number))
        (bound, prices, wanted), case = open_cases[position]
        if bound <= objective:
            return objective
        if (split := cases(case, prices, wanted)) is None:
            break
        del open_cases[position]
        found = ((lowest_bound(part, objective, prices, CASE_ROUNDS), part) for part in split)
        open_cases += [(bounded, part) for bounded, part in found if bounded[0] > objective]
        cells += 2 * CASE_ROUNDS * size
    return max([objective, *(bounded[0] for bounded, _case in open_cases)])


def cases(instance: Instance, prices: list[int], wanted: list[int]) -> tuple[Instance, Instance] | None:
    """Two cases that hold every assignment: the place most in dispute goes to one van or to nobody, or not to that van."""
    disputed = max(range(len(wanted)), key=lambda place: (wanted[place], prices[place], -place), default=None)
    if disputed is None or wanted[disputed] < 2:
        return None
    rows = zip(instance.value, instance.duration, instance.available, strict=True)
    takers = [
        van
        for van, (value, duration, days) in enumerate(rows)
        if disputed in filling([FINENESS * v - u for v, u in zip(value, prices, strict=True)], duration, days)[1]
    ]
    van = max(takers, key=lambda taker: (instance.value[taker][disputed], -taker))
    return without(instance, disputed, lambda other: other != van), without(instance, disputed, lambda other: other == van)


def without(instance: Instance, place: int, forbidden: Callable[[int], bool]) -> Instance:
    """The instance in which these vans gain nothing at a place."""
    value = tuple(
        tuple(0 if p == place else worth for p, worth in enumerate(row)) if forbidden(van) else row
        for van, row in enumerate(instance.value)
    )
    return replace(instance, value=value)


def bound_at(instance: Instance, prices: list[int]) -> tuple[int, list[int]]:
    """What no assignment exceeds when each place is sold at its price: in thousandths, and how many vans want each place."""
    total, wanted = sum(prices), [0] * len(prices)
    for value, duration, available in zip(instance.value, instance.duration, instance.available, strict=True):
        worth, chosen = filling([FINENESS * v - u for v, u in zip(value, prices, strict=True)], duration, available)
        total += worth
        for place in chosen:
            wanted[place] += 1
    return total, wanted


def lowest_bound(instance: Instance, objective: int, prices: list[int], rounds: int) -> Bounded:
    """The lowest bound found by raising the prices of places that are wanted twice and lowering those that nobody wants."""
    lowest, wanted = bound_at(instance, prices)
    best, best_wanted, step, vain = prices, wanted, FINENESS, 0
    for _round in range(rounds):
        total, wanted = bound_at(instance, prices)
        if total < lowest:
            best, best_wanted, lowest, vain = prices, wanted, total, 0
        else:
            vain += 1
        slack = [1 - count if count != 1 and (count or price) else 0 for count, price in zip(wanted, prices, strict=True)]
        norm = sum(n * n for n in slack)
        if lowest // FINENESS <= objective or not norm or not step:
            break
        if vain >= PATIENCE:
            prices, step, vain = best, step // 2, 0
            continue
        move = max(1, (total - FINENESS * objective) * step // (FINENESS * norm))
        prices = [max(0, price - move * n) for price, n in zip(prices, slack, strict=True)]
    return lowest // FINENESS, best, best_wanted
