"""What one van can be worth at most at given prices of the places, in whole numbers."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

MAX_CELLS = 20_000_000  # of the table of one van; above it the bound of the best broken filling is used
LARGEST = 2**62


def filling(worth: Sequence[int], duration: Sequence[int], available: int) -> tuple[int, list[int]]:
    """The most that one van's places can be worth within its days, and which places that takes. For a table that would be
    too large: an upper limit of it, and the places of the greedy filling."""
    fitting = [p for p, each in enumerate(worth) if each > 0 and duration[p] <= available]
    if sum(duration[p] for p in fitting) <= available:
        return sum(worth[p] for p in fitting), fitting
    if len({duration[p] for p in fitting}) == 1:
        best = sorted(fitting, key=lambda p: (-worth[p], p))[: available // duration[fitting[0]]]
        return sum(worth[p] for p in best), sorted(best)
    if len(fitting) * (available + 1) > MAX_CELLS or sum(worth[p] for p in fitting) > LARGEST:
        return broken_filling(worth, duration, available, fitting)
    return table_filling(worth, duration, available, fitting)


def table_filling(worth: Sequence[int], duration: Sequence[int], available: int, fitting: list[int]) -> tuple[int, list[int]]:
    """The best filling, by the table of what can be had within each number of days."""
    best, taken = np.zeros(available + 1, dtype=np.int64), np.zeros((len(fitting), available + 1), dtype=bool)
    for step, p in enumerate(fitting):
        days = duration[p]
        more = best[: available + 1 - days] + worth[p]
        taken[step, days:] = more > best[days:]
        best[days:] = np.maximum(best[days:], more)
    chosen: list[int] = []
    left = available
    for step in range(len(fitting) - 1, -1, -1):
        if taken[step, left]:
            chosen.append(fitting[step])
            left -= duration[fitting[step]]
    return int(best[available]), sorted(chosen)


def broken_filling(worth: Sequence[int], duration: Sequence[int], available: int, fitting: list[int]) -> tuple[int, list[int]]:
    """Fill by worth per day; the first place that no longer fits counts by its part, rounded up."""
    total, left = 0, available
    chosen: list[int] = []
    for p in sorted(fitting, key=lambda p: (duration[p] > 0, -Fraction(worth[p], duration[p] or 1), p)):
        if duration[p] > left:
            return total + -(-worth[p] * left // duration[p]), sorted(chosen)
        total, left = total + worth[p], left - duration[p]
        chosen.append(p)
    return total, sorted(chosen)
