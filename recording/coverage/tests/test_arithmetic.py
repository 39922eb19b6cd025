"""The percentage: exact, honest at both ends, and one division for a total."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recording.coverage.arithmetic import Coverage, band, bar_width, percent, total

pytestmark = pytest.mark.once

PEOPLE = st.integers(0, 10**18)


@pytest.mark.parametrize(
    ("recorded", "target", "shown"),
    [
        (31_000, 60_000, "51.67"),
        (13_770, 13_770, "100.00"),
        (0, 60_000, "0.00"),
        (1, 60_000, "0.01"),
        (1, 10**9, "0.01"),
        (59_999, 60_000, "99.99"),
        (10**9 - 1, 10**9, "99.99"),
        (60_001, 60_000, "100.00"),
        (3_149, 2_971, "105.99"),
        (123_456, 1, "12345600.00"),
        (1, 3, "33.33"),
        (2, 3, "66.67"),
        (1, 8, "12.50"),
        (1, 800, "0.13"),  # 0.125: half goes up, where floats and bankers go down
        (9, 800, "1.13"),
        (5, None, None),
        (5, 0, None),
        (0, 0, None),
    ],
)
def test_the_percentage(recorded: int, target: int | None, shown: str | None) -> None:
    answer = percent(recorded, target)
    assert answer == Coverage(recorded, target).percent
    assert (None if answer is None else str(answer)) == shown


@given(PEOPLE, st.integers(1, 10**18))
def test_percentages_reach_0_and_100_only_exactly(recorded: int, target: int) -> None:
    answer = percent(recorded, target)
    assert answer is not None
    assert answer.as_tuple().exponent == -2
    # |answer/100 - recorded/target| in whole numbers, twice over: at most half a hundredth of a percent.
    off = abs(int(answer * 100) * target - recorded * 10_000) * 2
    assert off <= target or answer in (Decimal("99.99"), Decimal("0.01"))
    assert (answer >= 100) == (recorded >= target)
    assert (answer == 0) == (recorded == 0)


@given(PEOPLE, PEOPLE, st.integers(1, 10**18))
def test_more_people_are_never_a_smaller_percentage(some: int, others: int, target: int) -> None:
    less, more = sorted((some, others))
    assert (percent(less, target) or 0) <= (percent(more, target) or 0)


@pytest.mark.parametrize(
    ("recorded", "target", "left", "over", "done"),
    [
        (31_000, 60_000, 29_000, 0, False),
        (13_770, 13_770, 0, 0, True),
        (3_149, 2_971, 0, 178, True),
        (5, None, None, 0, False),
        (0, 0, 0, 0, True),
        (5, 0, 0, 5, True),
    ],
)
def test_what_remains(recorded: int, target: int | None, left: int | None, over: int, done: bool) -> None:
    coverage = Coverage(recorded, target)
    assert (coverage.remaining, coverage.surplus, coverage.reached) == (left, over, done)


@given(PEOPLE, PEOPLE)
def test_recorded_plus_remaining_is_target_plus_surplus(recorded: int, target: int) -> None:
    coverage = Coverage(recorded, target)
    assert coverage.remaining is not None
    assert recorded + coverage.remaining == target + coverage.surplus
    assert coverage.remaining == 0 or coverage.surplus == 0
    assert coverage.reached == (coverage.remaining == 0)


@pytest.mark.parametrize(("recorded", "target"), [(-1, 5), (5, -1), (-1, None)])
def test_negative_people_are_a_mistake_of_the_program(recorded: int, target: int | None) -> None:
    for made in (Coverage, percent):
        with pytest.raises(ValueError, match="negative"):
            made(recorded, target)


def test_a_total_divides_once() -> None:
    parts = [Coverage(10, 10), Coverage(0, 990)]
    assert total(parts) == Coverage(10, 1_000)
    assert total(parts).percent == Decimal("1.00"), "not 50, the mean of 100 and 0"


def test_a_surplus_here_hides_no_gap_there() -> None:
    parts = [Coverage(15, 10), Coverage(5, 10)]
    assert total(parts).percent == 100
    assert sum(part.remaining or 0 for part in parts) == 5


@pytest.mark.parametrize(
    ("parts", "together"),
    [
        ([], Coverage(0, None)),
        ([Coverage(3, None), Coverage(4, None)], Coverage(7, None)),
        ([Coverage(3, None), Coverage(4, 8)], Coverage(7, 8)),
        ([Coverage(3, 0), Coverage(4, None)], Coverage(7, 0)),
    ],
)
def test_a_total_has_a_target_if_parts_do(parts: list[Coverage], together: Coverage) -> None:
    assert total(parts) == together


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("0.00", 0),
        ("19.99", 0),
        ("20.00", 1),
        ("39.99", 1),
        ("40.00", 2),
        ("59.99", 2),
        ("60.00", 3),
        ("79.99", 3),
        ("80.00", 4),
        ("99.99", 4),
        ("100.00", 5),
        ("12345.00", 5),
    ],
)
def test_the_palette(text: str, step: int) -> None:
    assert band(Decimal(text)) == step


def test_without_a_percentage_no_colour_and_no_bar() -> None:
    assert band(None) is None
    assert bar_width(None) == "0%"


@pytest.mark.parametrize(
    ("text", "width"),
    [("51.67", "51.67%"), ("0.00", "0.00%"), ("0.01", "0.01%"), ("99.99", "99.99%"), ("100.00", "100%"), ("105.99", "100%")],
)
def test_a_bar_ends_at_the_edge(text: str, width: str) -> None:
    assert bar_width(Decimal(text)) == width


@pytest.mark.parametrize("drawn", [band, bar_width])
def test_a_negative_percentage_is_not_drawn(drawn: object) -> None:
    with pytest.raises(ValueError, match="negative"):
        drawn(Decimal("-0.01"))  # type: ignore[operator]
