"""A region's target: its own, else the sum of its children's."""

import pytest

from recording.targets.roll_up import Amount, rolled_up


@pytest.mark.parametrize(
    ("own", "code", "amount"),
    [
        ({"31.73.01.1001": Amount(10)}, "31", Amount(10)),
        ({"31.73.01.1001": Amount(10), "31.73.01.1004": Amount(5, 2)}, "31.73.01", Amount(15, 2)),
        ({"31.73.01.1001": Amount(10), "31.73": Amount(50)}, "31.73.01", Amount(10)),
        ({"31.73.01.1001": Amount(10), "31.73": Amount(50)}, "31.73", Amount(50)),  # its own hides the sum
        ({"31.73.01.1001": Amount(10), "31.73": Amount(50), "31.71": Amount(7)}, "31", Amount(57)),
        ({"31.73": Amount(0)}, "31", Amount(0)),
        ({"31": Amount(3), "31.73": Amount(9)}, "31", Amount(3)),
        ({}, "31", None),
    ],
)
def test_own_targets_roll_up(own: dict[str, Amount], code: str, amount: Amount | None) -> None:
    assert rolled_up(own).get(code) == amount
