"""Splitting a total over regions, to the last person. Pure; the numbers are people, whole and not negative."""

from collections.abc import Mapping
from typing import TypeVar

from dukcapil.errors import N_, Grouped, Refused

Code = TypeVar("Code", str, int)
PROPORTION, REMAINING, EQUAL = "proportion", "remaining", "equal"


def split(total: int, weights: Mapping[Code, int]) -> dict[Code, int]:
    """A total over codes in proportion to their weights, by largest remainder; equal remainders in the order of codes.

    The parts sum exactly to the total, and a greater weight never gets less than a smaller one. Weights that are all 0
    split equally. ValueError for what is negative, and for a total with nobody to get it.
    """
    if total < 0 or any(weight < 0 for weight in weights.values()):
        raise ValueError("People cannot be negative.")
    if not weights:
        if total:
            raise ValueError("Nobody is there to get a part.")
        return {}
    shares = weights if any(weights.values()) else dict.fromkeys(weights, 1)
    whole = sum(shares.values())
    parts = {code: total * share // whole for code, share in shares.items()}
    missing = total - sum(parts.values())
    by_remainder = sorted(shares, key=lambda code: (-(total * shares[code] % whole), code))
    for code in by_remainder[:missing]:
        parts[code] += 1
    return parts


def split_by_remaining(total: int, targets: Mapping[str, int], recorded: Mapping[str, int]) -> dict[str, int]:
    """Each code keeps what is recorded of its target; the rest of the total is split by the people who remain. Where nobody
    remains, by the targets. Refused when the total is less than what is recorded."""
    settled = {code: min(target, recorded.get(code, 0)) for code, target in targets.items()}
    rest = total - sum(settled.values())
    if rest < 0:
        sentence = N_("Total ini lebih kecil daripada yang sudah tercapai, %(settled)s orang. Bagi sebanding dengan target.")
        raise Refused(sentence, "total", settled=Grouped(sum(settled.values())))
    left = {code: target - settled[code] for code, target in targets.items()}
    parts = split(rest, left if any(left.values()) else targets)
    return {code: settled[code] + parts[code] for code in targets}


def proposal(way: str, total: int, targets: Mapping[str, int], recorded: Mapping[str, int]) -> dict[str, int]:
    """The parts of a total by one of the ways; `targets` holds every code, with 0 where there is none."""
    if way == REMAINING and any(targets.values()):
        return split_by_remaining(total, targets, recorded)
    return split(total, dict.fromkeys(targets, 1) if way == EQUAL else targets)
