"""The bars of the last days."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from fleet.reports.day_chart import LABEL_WIDTH, day_charts
from fleet.reports.watch import DayNumbers
from recording.tests.world import DAY

numbers = st.builds(
    lambda scheduled, held: DayNumbers(DAY, 17, 17, scheduled, min(held, scheduled), 0), st.integers(0, 60), st.integers(0, 60)
)


@given(st.lists(numbers, min_size=1, max_size=31))
def test_bars_have_their_value_and_stay_inside(days: list[DayNumbers]) -> None:
    for chart in day_charts(days):
        top = chart.ticks[-1][1]
        room = chart.ground - chart.ticks[-1][0]
        for bar, day in zip(chart.bars, days, strict=True):
            assert abs(bar.height - room * day.held / top) <= 0.5
            assert bar.y + bar.height == chart.ground
            assert chart.left <= bar.x
            assert bar.x + bar.width <= chart.width
        points = [tuple(map(int, point.split(","))) for point in chart.line.split()]
        assert [x for x, _y in points] == [bar.middle for bar in chart.bars]
        for (_x, y), day in zip(points, days, strict=True):
            assert abs((chart.ground - y) - room * day.scheduled / top) <= 0.5


@given(st.lists(numbers, min_size=1, max_size=31))
def test_named_days_have_room_and_end_today(days: list[DayNumbers]) -> None:
    for chart in day_charts(days):
        named = [bar.middle for bar in chart.bars if bar.labelled]
        assert chart.bars[-1].labelled
        assert named[-1] + 18 <= chart.width
        assert all(after - before >= LABEL_WIDTH - 1 for before, after in pairwise(named))
