"""Expected yields: learnt from few reports, bounded by who is left, never worse than knowing nothing."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.planning.yields import PlaceHistory, Visit, expected_yields

pytestmark = pytest.mark.once

histories = st.builds(
    PlaceHistory,
    st.none() | st.integers(0, 900),
    st.lists(st.builds(Visit, st.integers(0, 60), st.integers(0, 40), st.booleans()), max_size=4).map(tuple),
    st.integers(0, 200),
    st.integers(1, 160),
)


@given(st.dictionaries(st.text(max_size=3), histories, max_size=4))
def test_whatever_is_reported_yields_are_sane(places: dict[str, PlaceHistory]) -> None:
    for code, yields in expected_yields(places).items():
        means = [each.mean for each in yields]
        assert len(means) == 3
        assert all(0 <= each.low <= each.high <= places[code].capacity for each in yields)
        assert all(a >= b - 1e-9 for a, b in pairwise(means))


TABLE = [
    (PlaceHistory(0), PlaceHistory(500), "none are left"),
    (PlaceHistory(500, (Visit(5),)), PlaceHistory(500, (Visit(50),)), "a poor visit"),
    (PlaceHistory(500, (Visit(40), Visit(20))), PlaceHistory(500, (Visit(40), Visit(40))), "a falling yield"),
    (PlaceHistory(300, (Visit(30, 200),)), PlaceHistory(300, (Visit(30),)), "people confirmed gone"),
    (PlaceHistory(300, (Visit(30),), elsewhere=200), PlaceHistory(300, (Visit(30),)), "recorded elsewhere"),
    (PlaceHistory(900, (Visit(40),)), PlaceHistory(900, (Visit(40, full=True),)), "a van that was not full"),
    (PlaceHistory(900, (Visit(50),), capacity=20), PlaceHistory(900, (Visit(50),)), "a small van"),
]


@pytest.mark.parametrize(("less", "more", "because"), TABLE)
def test_what_lowers_the_next_yield(less: PlaceHistory, more: PlaceHistory, because: str) -> None:
    yields = expected_yields({"less": less, "more": more})
    assert yields["less"][0].mean < yields["more"][0].mean, because


def test_who_came_elsewhere_meanwhile_was_reachable_too() -> None:
    """Three falling visits alone say that few can be reached; with a hundred at the counter meanwhile many more can."""
    alone = PlaceHistory(300, (Visit(20), Visit(16), Visit(13)))
    beside = PlaceHistory(300, (Visit(20), Visit(16, others=50), Visit(13, others=100)), elsewhere=100)
    not_seen = PlaceHistory(300, alone.visits, elsewhere=100)
    mean = {name: row[0].mean for name, row in expected_yields({"a": alone, "b": beside, "c": not_seen}).items()}
    assert mean["c"] < mean["b"]
    assert 8 < mean["b"] < 13


def test_without_a_target_the_last_yield_fades() -> None:
    yields = expected_yields({"a": PlaceHistory(None, (Visit(20),)), "b": PlaceHistory(None)})
    assert [round(each.mean, 2) for each in yields["a"]] == [14.0, 9.8, 6.86]
    assert [each.mean for each in yields["b"]] == [0, 0, 0]


def test_places_learn_from_each_other() -> None:
    poor = {f"p{number}": PlaceHistory(400, (Visit(4),)) for number in range(60)}
    rich = {f"p{number}": PlaceHistory(400, (Visit(55),)) for number in range(60)}
    new = {"new": PlaceHistory(400)}
    assert expected_yields(poor | new)["new"][0].mean * 2 < expected_yields(rich | new)["new"][0].mean


def test_two_reports_beat_the_paper_gap() -> None:
    draw, places, truth = Random(3), {}, {}
    for number in range(80):
        gap, share, take_up = draw.randint(100, 600), draw.choice([0.3, 0.9]), draw.choice([0.05, 0.15])
        left, visits = share * gap, []
        for _visit in range(2):
            visits.append(Visit(round(min(60, take_up * left * draw.uniform(0.7, 1.3)))))
            left -= visits[-1].recorded
        places[str(number)], truth[str(number)] = PlaceHistory(gap, tuple(visits)), min(60, take_up * left)
    yields = expected_yields(places)
    error = sum(abs(yields[code][0].mean - people) for code, people in truth.items())
    assert error < 0.25 * sum(truth.values())
    held = sum(yields[code][0].low <= round(people) <= yields[code][0].high for code, people in truth.items())
    assert held >= 0.8 * len(truth)
