"""When each act of the minute is due, and what its times add up to. Pure."""

import math
import random
from collections.abc import Sequence

SEED = 8


def moments(number: int, seconds: float, seed: int = SEED) -> list[float]:
    """So many moments within a span, in order: people come at random, and in every run the same way."""
    chance = random.Random(seed)
    return sorted(chance.uniform(0, seconds) for _each in range(number))


def within(share: float, values: Sequence[float]) -> float:
    """The value that this share of them does not exceed: one of them, never less than the share."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]
