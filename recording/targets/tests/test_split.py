"""Splitting a total: exact, never negative, and fair to the greater weight; by remaining people, what is reached stays."""

import random
from itertools import pairwise

import pytest

from dukcapil.errors import Refused
from recording.targets.split import EQUAL, PROPORTION, REMAINING, proposal, split, split_by_remaining

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (10, {"a": 1, "b": 1}, {"a": 5, "b": 5}),
        (10, {"a": 1, "b": 1, "c": 1}, {"a": 4, "b": 3, "c": 3}),  # equal remainders: by code
        (11, {"c": 1, "b": 1, "a": 1}, {"a": 4, "b": 4, "c": 3}),
        (10, {"a": 2, "b": 1}, {"a": 7, "b": 3}),  # 6.67 and 3.33
        (60_326, {"a": 40_000, "b": 20_000}, {"a": 40_217, "b": 20_109}),
        (10, {"a": 0, "b": 5}, {"a": 0, "b": 10}),
        (3, {"a": 0, "b": 0}, {"a": 2, "b": 1}),  # no weight at all: equally
        (0, {"a": 3, "b": 4}, {"a": 0, "b": 0}),
        (1, {"a": 1, "b": 1}, {"a": 1, "b": 0}),
        (0, {}, {}),
    ],
)
def test_a_total_is_split_by_largest_remainder(total: int, weights: dict[str, int], parts: dict[str, int]) -> None:
    assert split(total, weights) == parts


@pytest.mark.parametrize(("total", "weights"), [(-1, {"a": 1}), (1, {"a": -1, "b": 2}), (1, {})])
def test_nonsense_is_not_split(total: int, weights: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"negative|Nobody"):
        split(total, weights)


@pytest.mark.parametrize("seed", range(200))
def test_any_split_is_exact_and_fair(seed: int) -> None:
    """Sums exactly, never negative, within one person of its share, and a greater weight never gets less."""
    rng = random.Random(seed)
    codes = [f"31.{number:02}" for number in range(1, rng.randint(2, 60))]
    weights = {code: rng.choice([0, rng.randint(0, 9), rng.randint(0, 9_000_000)]) for code in codes}
    total = rng.choice([0, rng.randint(0, 50), rng.randint(0, 999_999_999)])
    parts = split(total, weights)
    assert list(parts) == codes
    assert sum(parts.values()) == total
    assert min(parts.values()) >= 0
    whole = sum(weights.values())
    if whole:
        assert all(abs(parts[code] * whole - total * weights[code]) < whole for code in codes)
    ordered = sorted(codes, key=lambda code: weights[code])
    assert all(parts[low] <= parts[high] for low, high in pairwise(ordered) if weights[low] < weights[high])
    assert split(total, dict(reversed(weights.items()))) == parts  # whatever their order


@pytest.mark.parametrize("seed", range(200))
def test_what_is_reached_stays_with_its_region(seed: int) -> None:
    rng = random.Random(seed)
    codes = [f"31.{number:02}" for number in range(1, rng.randint(2, 40))]
    targets = {code: rng.choice([0, rng.randint(0, 5_000)]) for code in codes}
    recorded = {code: rng.randint(0, 6_000) for code in codes if rng.random() < 0.8}
    settled = {code: min(targets[code], recorded.get(code, 0)) for code in codes}
    total = sum(settled.values()) + rng.randint(0, 5_000)
    parts = split_by_remaining(total, targets, recorded)
    assert sum(parts.values()) == total
    assert all(parts[code] >= settled[code] for code in codes)
    remains = any(targets[code] > settled[code] for code in codes)
    assert all(parts[code] == settled[code] for code in codes if remains and targets[code] == settled[code])
    assert split_by_remaining(sum(targets.values()), targets, recorded) == targets or not remains


def test_less_than_what_is_reached_is_refused() -> None:
    with pytest.raises(Refused, match=r"sudah tercapai, 1\.500 orang"):
        split_by_remaining(1_499, {"a": 1_000, "b": 2_000}, {"a": 1_200, "b": 500})


@pytest.mark.parametrize(
    ("way", "targets", "parts"),
    [
        (PROPORTION, {"a": 30, "b": 10}, {"a": 60, "b": 20}),
        (REMAINING, {"a": 30, "b": 10}, {"a": 30, "b": 50}),  # a has reached its target
        (EQUAL, {"a": 30, "b": 10}, {"a": 40, "b": 40}),
        (PROPORTION, {"a": 0, "b": 0}, {"a": 40, "b": 40}),
        (REMAINING, {"a": 0, "b": 0}, {"a": 40, "b": 40}),
    ],
)
def test_each_way_proposes_its_own_parts(way: str, targets: dict[str, int], parts: dict[str, int]) -> None:
    assert proposal(way, 80, targets, {"a": 30, "b": 0}) == parts
