"""Check a plan by whole numbers alone: `python proof.py <FILE` fails, or is silent. Decision 0026 says why this suffices."""

import json
import sys
from collections import Counter
from itertools import pairwise
from typing import Any


def value_of(problem: Any, stops: set[tuple[int, int]]) -> int:
    """The value of stops, as positions (place, day); AssertionError or TypeError when they break a rule."""
    places, cities, gap, value, over = problem["places"], problem["cities"], problem["revisit_gap"], 0, Counter[tuple]()
    for p, place in enumerate(places):
        own = [d for d in range(len(problem["days"])) if (p, d) in stops]
        near = any(b - a < gap for a, b in pairwise(problem["workdays"][d] for d in own))
        if near or len(own) > len(place["visits"]):
            raise AssertionError(f"Kelurahan {place['code']} dikunjungi terlalu sering.")
        value += sum(place["visits"][: len(own)]) + sum(place["bonus"][d] for d in own)  # None, closed: a TypeError
    for (c, d), used in Counter((places[p]["city"], d) for p, d in stops).items():
        over[cities[c]["pool"], d] += max(0, used - cities[c]["vans"][d])
    met = [sum((p, d) in stops for p in n["places"] for d in n["days"]) >= n["at_least"] for n in problem["needs"]]
    if not all(met) or any(lent > problem["pools"][pool][d] for (pool, d), lent in over.items()):
        raise AssertionError("Titik layanan wajib tidak dipenuhi, atau ada hari dengan titik lebih banyak daripada mobil.")
    return value


def bound_of(problem: Any, prices: list[list[int]], need_prices: list[int]) -> int:
    """What no plan exceeds: all van-days at their price (never below 0) and, of each place, the best when it pays them."""
    numbers, total, top, extra = problem["workdays"], 0, Counter[tuple](), Counter[tuple]()
    prices = [[max(0, row[d]) for d in range(len(numbers))] for row in prices]
    for city, d in ((c, d) for c in range(len(prices)) for d in range(len(numbers))):
        pool, vans = problem["cities"][city]["pool"], problem["cities"][city]["vans"]
        total, top[pool, d] = total + prices[city][d] * vans[d], max(prices[city][d], top[pool, d])
    for need, price in zip(problem["needs"], need_prices, strict=True):
        total -= max(0, price) * need["at_least"]
        extra.update({(p, d): max(0, price) for p in need["places"] for d in need["days"]})
    before = [sum(other <= number - problem["revisit_gap"] for other in numbers) for number in numbers]
    for p, place in enumerate(problem["places"]):
        best, row = [0] * (len(numbers) + 1), prices[place["city"]]  # best[d]: of visits on the first d days
        for worth in place["visits"]:
            fewer, best = best, [0]
            for d, bonus in enumerate(place["bonus"]):
                more = 0 if bonus is None else fewer[before[d]] + worth + bonus - row[d] + extra[p, d]
                best.append(max(best[d], fewer[d + 1], more))
        total += best[-1]
    return total + sum(price * problem["pools"][pool][d] for (pool, d), price in top.items())


def check(plan: Any) -> None:
    """Raise an error unless the stops keep every rule, and their value and bound are as the plan says."""
    problem, (prices, need_prices) = plan["problem"], plan["multipliers"]
    places = {place["code"]: p for p, place in enumerate(problem["places"])}
    stops = {(places[code], problem["days"].index(day)) for code, day in plan["stops"]}
    found = [len(stops), value_of(problem, stops), bound_of(problem, prices, need_prices)]
    if found != [len(plan["stops"]), plan["value"], plan["bound"]]:
        raise AssertionError(f"Titik layanan, nilai dan batas yang dihitung ulang: {found}; rencana ini menyebut angka lain.")


if __name__ == "__main__":
    check(json.load(sys.stdin, parse_float=int))
