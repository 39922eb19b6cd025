"""The rules that the proof counts, one by one."""

import pytest

from fleet.planning.problem import Problem
from fleet.planning.proof import bound_of, value_of

PROBLEM: Problem = {
    "days": ["d1", "d2", "d3", "d4"],
    "workdays": [0, 1, 2, 2],
    "revisit_gap": 2,
    "pools": [[1, 0, 0, 0]],
    "cities": [{"code": "A", "pool": 0, "vans": [1, 1, 1, 1]}, {"code": "B", "pool": 0, "vans": [0, 0, 1, 1]}],
    "places": [
        {"code": "a1", "city": 0, "visits": [50, 30], "bonus": [1, 2, 3, 4]},
        {"code": "a2", "city": 0, "visits": [40], "bonus": [0, 0, None, 0]},
        {"code": "b1", "city": 1, "visits": [20], "bonus": [0, 0, 0, 0]},
    ],
    "needs": [{"places": [0, 1], "days": [0, 1], "at_least": 1}],
}
GOOD = [
    ({(0, 0)}, 51),
    ({(0, 0), (0, 2)}, 84),  # a whole gap apart
    ({(0, 0), (1, 0)}, 91),  # the second by a van that is lent
    ({(0, 0), (2, 0)}, 71),
    ({(0, 1), (2, 3)}, 72),
]
BROKEN = [
    (set(), "a need that is not met"),
    ({(0, 2)}, "a need met on another day only"),
    ({(0, 0), (0, 1)}, "two visits within the gap"),
    ({(1, 0), (0, 2), (0, 3)}, "two visits on one working day"),
    ({(1, 0), (1, 3)}, "more visits than a place may have"),
    ({(0, 1), (1, 1)}, "more stops than vans"),
    ({(0, 1), (2, 1)}, "a stop without a van"),
    ({(0, 0), (1, 0), (2, 0)}, "a van that is lent twice"),
]


@pytest.mark.parametrize(("stops", "value"), GOOD)
def test_stops_that_keep_the_rules_are_counted(stops: set[tuple[int, int]], value: int) -> None:
    assert value_of(PROBLEM, stops) == value


@pytest.mark.parametrize(("stops", "because"), BROKEN)
def test_stops_that_break_a_rule_are_refused(stops: set[tuple[int, int]], because: str) -> None:
    with pytest.raises(AssertionError, match=r"terlalu sering|tidak dipenuhi"):
        assert value_of(PROBLEM, stops) is None, because


def test_a_stop_on_a_closed_day_is_refused() -> None:
    with pytest.raises(TypeError):
        value_of(PROBLEM, {(0, 0), (1, 2)})


@pytest.mark.parametrize(
    ("prices", "need", "bound"),
    [
        ([[0] * 4] * 2, 0, 145),  # 85 by visits on d1 and d4, 40, 20
        ([[-9] * 4] * 2, -9, 145),  # below nothing is nothing
        ([[100] * 4] * 2, 0, 700),  # every van-day at its price
        ([[40] * 4, [0] * 4], 0, 234),  # the second visit of a1 is worth less than its van
        ([[0] * 4] * 2, 10, 155),  # both places of the need gain 10, one of them was owed
    ],
)
def test_the_bound_at_given_prices(prices: list[list[int]], need: int, bound: int) -> None:
    assert bound_of(PROBLEM, prices, [need]) == bound
