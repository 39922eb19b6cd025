"""A region's target: its own where it has one, else the sum of its children's. `coverage/run_sql` says the same in SQL."""

from collections.abc import Mapping
from typing import NamedTuple

from recording.parsing.region_names import parent_of


class Amount(NamedTuple):
    """People, and of a stock how many were recorded before the period."""

    people: int
    opening: int = 0


def rolled_up(own: Mapping[str, Amount]) -> dict[str, Amount]:
    """The targets of the codes and of every region above them."""
    amounts = dict(own)
    for depth in range(max((code.count(".") for code in own), default=0), 0, -1):
        sums: dict[str, Amount] = {}
        for code in [code for code in amounts if code.count(".") == depth]:
            above = parent_of(code) or ""
            before = sums.get(above, Amount(0))
            sums[above] = Amount(before.people + amounts[code].people, before.opening + amounts[code].opening)
        amounts |= {code: amount for code, amount in sums.items() if code not in own}
    return amounts
