"""The bars: each as long as its value, its value at the end, and names that keep clear of the notes."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.performance.bars import LONGEST, SHOWN_AT_EACH_END, WIDTH, Value, bar_chart, shortened

pytestmark = pytest.mark.once

values = st.decimals(0, 500, places=1).map(lambda value: Value("Kapuk", value, str(value), "12 kunjungan"))


@given(st.lists(values, max_size=2 * SHOWN_AT_EACH_END))
def test_every_bar_is_as_long_as_its_value(of: list[Value]) -> None:
    chart = bar_chart(of)
    most = max([1.0, *(float(value.value) for value in of)])
    assert (len(chart.bars), chart.left_out) == (len(of), 0)
    for bar, value in zip(chart.bars, of, strict=True):
        assert float(bar.length) / LONGEST * most == pytest.approx(float(value.value), abs=most / 1_000)
        assert float(bar.text_x) == pytest.approx(float(bar.length) + 6, abs=0.2)
        assert 0 <= float(bar.name_y) < float(bar.y) < float(bar.text_y) < chart.height
        assert bar.text == str(value.value)


def test_a_bounded_value_fills_its_bound() -> None:
    chart = bar_chart([Value("A", Decimal(100), "100%", ""), Value("B", Decimal("25.00"), "25%", "")], Decimal(100))
    assert [bar.length for bar in chart.bars] == [f"{LONGEST:.1f}", f"{LONGEST / 4:.1f}"]


@pytest.mark.parametrize(("number", "left_out"), [(0, 0), (12, 0), (13, 1), (60, 48)])
def test_of_many_both_ends_are_drawn(number: int, left_out: int) -> None:
    chart = bar_chart([Value(str(place), Decimal(number - place), "", "") for place in range(number)])
    shown = list(range(number)) if not left_out else [*range(6), *range(number - 6, number)]
    assert (chart.left_out, [bar.name for bar in chart.bars]) == (left_out, [str(place) for place in shown])
    tops = [float(bar.y) for bar in chart.bars]
    assert tops == sorted(set(tops))
    if left_out:
        assert tops[5] < float(chart.gap_y) < tops[6] - 14


@pytest.mark.parametrize(
    ("name", "room", "written"),
    [
        ("Kapuk", 200, "Kapuk"),
        ("Kantor RW 05, Kapuk", 100, "Kantor RW 05…"),
        ("Kantor RW 05, Kapuk", 137, "Kantor RW 05, Kapuk"),
    ],
)
def test_a_long_name_is_cut(name: str, room: float, written: str) -> None:
    assert shortened(name, room) == written


def test_names_leave_room_for_their_notes() -> None:
    [bar] = bar_chart([Value("Kantor Kelurahan " * 5, Decimal(1), "1", "hanya 2 kunjungan")]).bars
    assert len(bar.name) * 7.2 + len(bar.note) * 7.2 <= WIDTH
