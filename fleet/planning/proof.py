"""Check a plan by whole numbers alone: `python proof.py <FILE` fails, or is silent. Decision 0026 says why this suffices."""

import json
import sys
from collections import Counter
from itertools import accumulate, pairwise, product
from typing import Any


def value_of(problem: Any, stops: set[tuple[int, int]]) -> int:
    """The value of stops, as positions (place, day); AssertionError or TypeError when they break a rule."""
    places, cities, numbers, value, over = problem["places"], problem["cities"], problem["workdays"], 0, Counter[tuple]()
    for p, place in enumerate(places):
        own = [d for d in range(len(numbers)) if (p, d) in stops]
        if len(own) > len(place["visits"]) or any(numbers[b] - numbers[a] < problem["revisit_gap"] for a, b in pairwise(own)):
            raise AssertionError(f"Kelurahan {place['code']} dikunjungi terlalu sering.")
        value += sum(place["visits"][: len(own)]) + sum(place["bonus"][d] for d in own)  # None, closed: a TypeError
    for (c, d), used in Counter((places[p]["city"], d) for p, d in stops).items():
        over[cities[c]["pool"], d] += max(0, used - cities[c]["vans"][d])
    met = [sum((p, d) in stops for p in n["places"] for d in n["days"]) >= n["at_least"] for n in problem["needs"]]
    if not all(met) or any(lent > problem["pools"][pool][d] for (pool, d), lent in over.items()):
        raise AssertionError("Titik layanan wajib tidak dipenuhi, atau ada hari dengan titik lebih banyak daripada mobil.")
    return value


def bound_of(problem: Any, *case: list) -> int:
    """What no plan exceeds at prices of van-days and needs; or of two cases, without a stop and with it, the higher bound."""
    if len(case) == 4:
        bonus, d, sure = problem["places"][case[0]]["bonus"], case[1], 10**15
        both = [bound_of(problem, *at) - less for bonus[d], less, at in ((None, 0, case[2]), (bonus[d] + sure, sure, case[3]))]
        bonus[d] -= sure
        return max(both)
    (vans, needs), numbers, total, top, extra = case, problem["workdays"], 0, Counter[tuple](), Counter[tuple]()
    for (city, row), d in product(zip(problem["cities"], vans, strict=True), range(len(numbers))):
        total, top[city["pool"], d] = total + max(0, row[d]) * city["vans"][d], max(row[d], top[city["pool"], d])
    for need, price in zip(problem["needs"], needs, strict=True):
        total -= max(0, price) * need["at_least"]
        extra.update({(p, d): max(0, price) for p in need["places"] for d in need["days"]})
    before = [sum(other <= number - problem["revisit_gap"] for other in numbers) for number in numbers]
    for p, place in enumerate(problem["places"]):
        row, best = vans[place["city"]], [0] * (len(numbers) + 1)  # best[d]: of visits on the first d days
        gains = [None if b is None else b - max(0, row[d]) + extra[p, d] for d, b in enumerate(place["bonus"])]
        for worth in place["visits"]:
            ends = [0 if gain is None else best[ago] + worth + gain for ago, gain in zip(before, gains, strict=True)]
            best = [0, *accumulate(map(max, best[1:], ends), max)]
        total += best[-1]
    return total + sum(price * problem["pools"][pool][d] for (pool, d), price in top.items())


def check(plan: Any) -> None:
    """Raise an error unless the stops keep every rule, and their value and bound are as the plan says."""
    problem, places = plan["problem"], {place["code"]: p for p, place in enumerate(plan["problem"]["places"])}
    stops = {(places[code], problem["days"].index(day)) for code, day in plan["stops"]}
    found = [len(stops), value_of(problem, stops), bound_of(problem, *plan["multipliers"])]
    if found != [len(plan["stops"]), plan["value"], plan["bound"]]:
        raise AssertionError(f"Titik layanan, nilai dan batas yang dihitung ulang: {found}; rencana ini menyebut angka lain.")


if __name__ == "__main__":
    check(json.load(sys.stdin, parse_float=int))
