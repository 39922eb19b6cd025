"""The forecasts of one night: every target that is not reached gets one, and none knows more than its night did."""

from datetime import date, timedelta
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recording.coverage.charts.fan import Fan
from recording.coverage.forecast.night import (
    MAX_TEACHERS,
    NEEDED_WORKING_DAYS,
    Forecast,
    State,
    night_forecasts,
    teachers_among,
)
from recording.coverage.tests.campaigns import FIRST, exhausted_list, steady
from recording.coverage.workdays import is_working_day, last_working_days

Campaign = dict[str, dict[date, int]]
LAST = FIRST + timedelta(days=199)


def up_to(campaign: Campaign, day: date) -> Campaign:
    return {area: {each: people for each, people in counts.items() if each <= day} for area, counts in campaign.items()}


def worked(campaign: Campaign) -> Campaign:
    return {area: {day: n for day, n in counts.items() if is_working_day(day)} for area, counts in campaign.items()}


def share_of(campaign: Campaign, share: float) -> dict[str, int]:
    return {area: ceil(sum(counts.values()) * share) for area, counts in campaign.items()}


def made(campaign: Campaign, targets: dict[str, int], day: date, teachers: list[str] | None = None) -> dict[str, Forecast]:
    known = up_to(campaign, day)
    forecasts = night_forecasts(known, targets, teachers or teachers_among(list(known)), day)
    return {forecast.area: forecast for forecast in forecasts}


LISTS = worked(exhausted_list(1, areas=24, days=200))
GOALS = share_of(LISTS, 0.8)


def test_nothing_recorded_is_nothing_forecast() -> None:
    assert night_forecasts({}, {}, [], LAST) == []
    assert night_forecasts({"A": {}}, {"A": 10}, [], LAST) == []
    assert night_forecasts({"A": {FIRST: 1}}, {}, [], LAST) == []


@pytest.mark.parametrize("day", [FIRST, FIRST + timedelta(days=1), FIRST + timedelta(days=5), date(2021, 5, 16)])
def test_any_day_of_a_campaign_can_be_forecast(day: date) -> None:
    """The first one, a Saturday, and one among the days of Idulfitri."""
    for forecast in made(LISTS, GOALS, day).values():
        dates = (forecast.expected_on, forecast.low_on, forecast.middle_on, forecast.high_on)
        assert all(each > day for each in dates if each)


def test_few_areas_give_the_pace_alone() -> None:
    few = {area: LISTS[area] for area in list(LISTS)[:6]}
    found = made(few, {area: GOALS[area] for area in few}, FIRST + timedelta(days=60))
    assert {forecast.state for forecast in found.values()} == {State.UNCALIBRATED}
    assert all(forecast.expected_on and forecast.low_on is None for forecast in found.values())


def test_a_range_lies_around_its_middle() -> None:
    found = [forecast for forecast in made(LISTS, GOALS, FIRST + timedelta(days=65)).values() if forecast.state == State.RANGE]
    assert len(found) >= 5
    for each in found:
        assert each.low_on
        assert each.middle_on
        assert each.high_on
        assert each.low_on <= each.middle_on <= each.high_on


def test_what_is_reached_is_forecast_no_more() -> None:
    found = made(LISTS, GOALS, FIRST + timedelta(days=65))
    totals = {area: sum(counts.values()) for area, counts in up_to(LISTS, FIRST + timedelta(days=65)).items()}
    assert set(found) == {area for area, total in totals.items() if total < GOALS[area]}
    assert {area: forecast.recorded for area, forecast in found.items()} == {area: totals[area] for area in found}


def test_a_list_that_runs_out_must_be_checked() -> None:
    beyond = {area: ceil(sum(counts.values()) * 1.3) for area, counts in LISTS.items()}
    found = made(LISTS, beyond, FIRST + timedelta(days=100))
    assert State.CHECK_LIST in {forecast.state for forecast in found.values()}
    assert all(each.low_on is None for each in found.values() if each.state == State.CHECK_LIST)


def test_nobody_lately_is_a_standstill() -> None:
    campaign = steady([3, 3, 3], 60)
    campaign["A00"] = {day: people for day, people in campaign["A00"].items() if day < FIRST + timedelta(days=20)}
    (stands, *others) = made(campaign, dict.fromkeys(campaign, 1_000), FIRST + timedelta(days=58)).values()
    assert (stands.state, stands.expected_on, stands.pace_people, stands.pace_days) == (State.STANDSTILL, None, 0, 20)
    assert {each.state for each in others} == {State.UNCALIBRATED}


def test_a_weekend_counts_with_its_friday() -> None:
    friday = FIRST + timedelta(days=32)
    campaign = worked(steady([4], 40))
    campaign["A00"][friday + timedelta(days=1)] = 7
    (of_friday,) = made(campaign, {"A00": 1_000}, friday).values()
    (of_sunday,) = made(campaign, {"A00": 1_000}, friday + timedelta(days=2)).values()
    assert (of_friday.pace_people, of_sunday.pace_people, of_sunday.pace_days) == (80, 87, 20)


def test_a_silent_campaign_has_no_pace_left() -> None:
    """A daily campaign in which nobody has entered anything for a while: those days count, too."""
    campaign = worked(steady([4] * 3, 120))
    (forecast, *_others) = made(campaign, dict.fromkeys(campaign, 10_000), FIRST + timedelta(days=134)).values()
    assert 0 < forecast.pace_people < 80


@settings(max_examples=15, deadline=None)
@given(st.integers(20, 190), st.lists(st.integers(0, 60), min_size=24, max_size=24))
def test_no_later_entry_changes_a_night(night: int, noise: list[int]) -> None:
    """Nothing that is entered for a later day, and nothing about areas that do not teach."""
    day = FIRST + timedelta(days=night)
    later = {
        area: counts | {each: people + more for each, people in counts.items() if each > day}
        for (area, counts), more in zip(LISTS.items(), noise, strict=True)
    }
    assert made(later, GOALS, day) == made(LISTS, GOALS, day)


@settings(max_examples=10, deadline=None)
@given(st.integers(90, 190))
def test_a_past_in_one_sum_forecasts_the_same(night: int) -> None:
    """Of areas that teach nobody only the last days are read; what came before stands on the first day."""
    day, teachers = FIRST + timedelta(days=night), list(LISTS)[:12]
    since = last_working_days(day, NEEDED_WORKING_DAYS)[0]
    short = dict(LISTS)
    for area in LISTS.keys() - teachers:
        before = sum(people for each, people in LISTS[area].items() if each < since)
        short[area] = {FIRST: before} | {each: people for each, people in LISTS[area].items() if each >= since}
    assert made(short, GOALS, day, teachers) == made(LISTS, GOALS, day, teachers)


def test_teachers_are_spread_and_few() -> None:
    names = [f"{number:04}" for number in range(1_000)]
    teachers = teachers_among(names)
    assert len(teachers) <= MAX_TEACHERS
    assert teachers == sorted(teachers)
    assert (teachers_among(names[:7]), teachers_among([])) == (names[:7], [])


@pytest.mark.parametrize(
    ("low", "high", "corners"),
    [
        (10, 20, [(0, 40), (10, 100), (20, 100)]),
        (10, 60, [(0, 40), (10, 100), (30, 100), (30, 70)]),
        (40, 60, [(0, 40), (30, 85), (30, 70)]),
        (10, 10, [(0, 40), (10, 100)]),
        (30, 60, [(0, 40), (30, 100), (30, 70)]),
    ],
)
def test_a_fan_is_cut_at_the_last_day(low: int, high: int, corners: list[tuple[int, int]]) -> None:
    day = lambda number: FIRST + timedelta(days=number)  # noqa: E731
    fan = Fan(FIRST, 40, 100, day(low), day(high))
    assert fan.corners(day(30)) == [(day(number), people) for number, people in corners]
    assert [fan.slow(day(high)), fan.fast(day(low)), fan.fast(day(low + 1))] == [100, 100, 100]
