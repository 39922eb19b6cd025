"""The range of days until a target is reached: from the other areas of the campaign, never from the future."""

from dataclasses import replace
from datetime import date, timedelta
from math import ceil, exp, log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recording.coverage.forecast.calibration import INMOST, LEARNING, OUTMOST, Case, Kind, Pool, Shares, Width, ended_by
from recording.coverage.forecast.course import Course, Days, Pace, courses, usual_days
from recording.coverage.forecast.predictors import LONGEST, Situation
from recording.coverage.forecast.reachable import depletion_end, list_must_be_checked
from recording.coverage.forecast.score import interval_score, report, score
from recording.coverage.forecast.walk import MOST_LEARNED_FROM, NEARLY, Walk
from recording.coverage.tests.campaigns import FIRST, exhausted_list, steady

pytestmark = pytest.mark.once

WEEKLY = {FIRST: 7, FIRST + timedelta(days=7): 70, FIRST + timedelta(days=14): 140}


def case(area: str = "A", took: int | None = 10, **changes: object) -> Case:
    return replace(Case(area, 100, 1.0, 0, 0.5, 10.0, 8, 10, 12, took, logs=(log(10),)), **changes)  # type: ignore[arg-type]


EVEN = Shares(0.1, 0.5, 0.9)


def pool(cases: list[Case], day: int = 14) -> Pool:
    return Pool(cases, day, 56, EVEN)


def days_of(found: tuple[float, float, float] | None) -> list[int] | None:
    return found and [round(each) for each in found]


def own(campaign: dict[str, dict[date, int]]) -> dict[str, list[int]]:
    totals = {area: sum(counts.values()) for area, counts in campaign.items()}
    return {area: [ceil(total * share / 100) for share in (70, 80, 90, 95)] for area, total in totals.items()}


def walked(campaign: dict[str, dict[date, int]], targets: dict[str, list[int]]) -> list[Case]:
    axis, of_areas = courses(campaign, Days.CALENDAR, by_area=True)
    return Walk(of_areas, targets, 7).run(len(axis))


def as_made(cases: list[Case]) -> list[tuple[object, ...]]:
    """What was said on the day, without what became of it."""
    return [(c.area, c.target, c.made, c.predicted, c.low, c.middle, c.high, c.list_must_be_checked) for c in cases]


@pytest.mark.parametrize(
    ("day", "pace"), [(0, Pace(3, 1)), (9, Pace(30, 10)), (19, Pace(60, 20)), (20, Pace(60, 20)), (25, Pace(60, 20))]
)
def test_the_pace_is_that_of_twenty_days(day: int, pace: Pace) -> None:
    _axis, of_areas = courses(steady([3], 26), Days.CALENDAR)
    assert of_areas["A00"].pace(day) == pace


def test_nobody_recorded_gives_no_pace() -> None:
    assert Pace(0, 20).needed(5) is None
    assert Pace(40, 20).needed(5) == 2.5


@pytest.mark.parametrize(
    ("campaign", "days"),
    [
        (exhausted_list(1, 2, 40), Days.CALENDAR),
        ({"A": dict.fromkeys(Days.WORKING.between(FIRST, FIRST + timedelta(days=60)), 5)}, Days.WORKING),
        ({"A": {FIRST + timedelta(days=n): 5 * ((FIRST + timedelta(days=n)).weekday() < 6) for n in range(60)}}, Days.WORKING),
        ({"A": WEEKLY}, Days.CALENDAR),
    ],
)
def test_sundays_tell_which_days_count(campaign: dict[str, dict[date, int]], days: Days) -> None:
    assert usual_days(campaign) is days


@pytest.mark.parametrize(
    ("days", "number", "day"),
    [
        (Days.CALENDAR, 9, date(2021, 5, 20)),
        (Days.WORKING, 1, date(2021, 5, 17)),  # after the days of Idulfitri, collective leave and a weekend
        (Days.WORKING, 0, date(2021, 5, 11)),
    ],
)
def test_a_number_of_days_is_a_date(days: Days, number: int, day: date) -> None:
    assert days.after(date(2021, 5, 11), number) == day


def test_a_saturday_counts_with_the_next_workday() -> None:
    friday = FIRST + timedelta(days=4)
    axis, of_areas = courses({"A": {FIRST: 1, friday: 2, friday + timedelta(days=1): 4}}, Days.WORKING)
    assert axis == [*Days.WORKING.between(FIRST, friday), friday + timedelta(days=3)]
    assert of_areas["A"].totals[-2:] == [3, 7]


def test_a_gap_is_missing_unless_daily() -> None:
    weekly = courses({"A": WEEKLY}, Days.CALENDAR)[1]["A"]
    assert list(weekly.known) == [0, 7, 14]
    assert weekly.totals[7:15] == [77, 97, 117, 137, 157, 177, 197, 217]
    assert weekly.reached(100, 13) is None  # on the way there, but the entry has not come yet
    assert weekly.reached(100, 14) == 9
    daily = {"A": {FIRST + timedelta(days=n): 5 for n in range(20) if n != 9}}
    course = courses(daily, Days.CALENDAR)[1]["A"]
    assert course.totals[8:11] == [45, 45, 50]
    assert course.last_known(9) == 9


@pytest.mark.parametrize(
    ("seen", "values"),
    [
        ([], None),
        ([(1, False, 1), (2, False, 1)], [1, 1, 2]),
        ([(1, True, 1), (2, False, 1)], [2, 2, 2]),  # what is open at 1 lies beyond it
        ([(1, False, 1), (2, True, 1), (3, False, 2)], [1, 3, 3]),
        ([(1, False, 1), (2, True, 3)], None),  # nobody knows how long the slowest tenth takes
        ([(number, False, 1) for number in range(1, 11)], [1, 5, 9]),
    ],
)
def test_what_is_open_counts_as_longer(seen: list[tuple[float, bool, float]], values: list[float] | None) -> None:
    assert ended_by(seen, sum(weight for _value, _is_open, weight in seen), EVEN) == values


def test_the_last_truth_stands_for_the_end() -> None:
    seen = [(number, number == 20, 1) for number in range(1, 21)]
    assert ended_by(seen, 20, Shares(0.1, 0.5, 0.99)) == [2, 10, 19]


def test_the_range_is_that_of_others() -> None:
    cases = [case(f"A{number}", took=number) for number in range(1, 11)]
    assert days_of(pool(cases).range(case("B"))) == [1, 5, 9]
    assert days_of(pool(cases).range(case("B", logs=(log(20),)))) == [2, 10, 18]


def test_too_few_areas_give_no_range() -> None:
    cases = [case(f"A{number}") for number in range(4)]
    assert pool(cases).range(case()) is not None
    assert pool(cases[:3]).range(case()) is None
    assert pool([*cases[:3], cases[2]]).range(case()) is None  # two weeks of one area are one area
    assert pool([*cases[:3], case("W", took=None, waited=9)]).range(case()) is None
    assert pool(cases).range(case(depth=0.6, progress=0.1)) is None  # cases elsewhere are fewer


def test_too_many_open_give_no_range() -> None:
    cases = [case(f"A{number}") for number in range(9)]
    waiting = [case(f"B{number}", took=None, waited=30) for number in range(2)]
    assert pool([*cases, waiting[0]]).range(case()) is not None
    assert pool([*cases, *waiting]).range(case()) is None


def test_the_nearest_predictor_weighs_most() -> None:
    cases = [case(f"A{n}", took=10 + n, logs=(log(10 + n) + 0.5 * (-1) ** n, log(10 + n))) for n in range(8)]
    found = pool(cases).range(case(logs=(log(40), log(20))))
    assert found is not None
    assert days_of(found) == [20, 20, 20]


@pytest.mark.parametrize(
    ("other", "likeness"),
    [
        (Kind(5, 9, 6), 1.0),
        (Kind(5, 6, 6), 0.5),
        (Kind(5, 9, 8), 0.5),
        (Kind(5, 9, 4), 0.5),
        (Kind(0, 1, 6), 0.1),  # elsewhere on the way, but predicted as long
        (Kind(0, 1, 10), 0.0),
    ],
)
def test_cases_are_alike_by_way_and_length(other: Kind, likeness: float) -> None:
    assert Kind(5, 9, 6).likeness(other) == pytest.approx(likeness)


def test_the_weeks_of_a_target_share_its_weight() -> None:
    quick = [case(f"A{number}", took=5) for number in range(8)]
    slow = [case("S", took=50) for _week in range(40)]  # weighs as the root of forty
    assert days_of(pool([*quick, *slow]).range(case())) == [5, 5, 50]


def test_the_width_follows_the_misses() -> None:
    width = Width(0, 0, waiting=[case(took=20), case(took=5)])  # 8 to 12 days: one above, one below
    width.learn(0.1)
    assert width.below == width.above == pytest.approx(LEARNING * 0.1 * (0.9 - 0.1))
    assert not width.waiting
    assert width.shares.low < 0.1
    assert width.shares.high > 0.9
    width = Width(0, 0, waiting=[case(took=10)])
    width.learn(0.1)
    assert width.below == width.above == pytest.approx(-LEARNING * 0.1 * 0.1)
    assert Width(0, 0).shares == pytest.approx(EVEN)


def test_a_range_that_passed_is_a_miss() -> None:
    late = case(took=None, waited=12)
    width = Width(0, 0, waiting=[late])
    width.learn(0.1)
    assert (width.below < 0, width.above) == (True, 0)  # it is not below; whether above, nobody knows yet
    late.waited = 13
    width.learn(0.1)
    assert width.above > 0


def test_the_width_stays_within_bounds() -> None:
    for took, bound in ((99, OUTMOST), (10, INMOST)):
        width = Width(waiting=[case(took=took) for _number in range(900)])
        width.learn(1.0)
        assert width.above == bound


LEVEL = Course([10 * day for day in range(1, 101)], range(100))
GROWING = Course([day * day for day in range(1, 101)], range(100))


@pytest.mark.parametrize(
    ("course", "day", "target", "days"),
    [
        (LEVEL, 79, 1_000, [20, 20, 52.8, 28.4, 20]),
        (GROWING, 39, 2_400, [800 / 60, 20, 48.4, 23.8, 800 / 120]),  # twice as many as in the 20 days before
    ],
)
def test_each_predictor_has_its_days(course: Course, day: int, target: int, days: list[float]) -> None:
    assert [exp(each) for each in Situation.of(course, day, target).logs(target)] == pytest.approx(days, rel=0.05)


FALLING = [0, 400, 720, 976, 1181, 1345, 1476, 1581, 1665]  # a fifth of 2.000 who are left in each week


@pytest.mark.parametrize(
    ("totals", "target", "checked"),
    [
        (FALLING, 2_500, True),
        (FALLING, 1_900, False),  # the line ends at 2.000
        (FALLING, 1_600, False),  # reached
        (FALLING, 3_400, False),  # not half of it yet
        (FALLING[1:], 2_500, False),  # seven weeks
        ([100 * week for week in range(9)], 1_000, False),  # not falling
        ([0, 90, 190, 280, 370, 470, 560, 660, 750], 1_000, False),  # up and down
    ],
)
def test_depletion_says_whether_a_target_is_reachable(totals: list[float], target: int, checked: bool) -> None:
    assert list_must_be_checked(totals, target) is checked


def test_the_depletion_line_ends_at_the_list() -> None:
    assert depletion_end(FALLING) == pytest.approx(2_000, rel=0.01)


@pytest.mark.parametrize(
    ("truth", "points"), [(10, (0.8 + 0) / 1.5), (6, (2 + 0.8 + 0) / 1.5), (4, (3 + 0.8 + 2) / 1.5), (20, (5 + 0.8 + 6) / 1.5)]
)
def test_the_score_adds_width_and_misses(truth: int, points: float) -> None:
    assert interval_score(truth, 6, 10, 14) == pytest.approx(points)


def test_each_forecast_counts_where_it_belongs() -> None:
    cases = [
        case(took=10),
        case(took=7),
        case(took=13),
        case(took=None, waited=13),  # passed without the target
        case(took=None, waited=12),  # open
        case(low=None, middle=None, high=None),
        case(low=None, middle=None, high=None, list_must_be_checked=True),
        case(made=56),
    ]
    found = report(cases, 7)
    assert (found["forecasts"], found["not_calibrated"], found["not_reachable"], found["open"]) == (8, 1, 1, 1)
    every = score(cases)
    assert (every.inside, every.below, every.above, every.passed, every.scored) == (2, 1, 2, 1, 5)
    assert every.bare_pace_score == 6
    assert found["after_eight_weeks"]["scored"] == 1
    assert sum(band["forecasts"] for band in found["bands"]) == 8


def test_no_forecast_is_shown_before_others_arrived() -> None:
    campaign = exhausted_list(3)
    axis, of_areas = courses(campaign, Days.CALENDAR)
    shown = [made for made in Walk(of_areas, own(campaign), 7).run(len(axis)) if made.low is not None]
    assert shown
    for made in shown:
        day = ceil(made.made / 7) * 7
        deep = [of_areas[area].totals[day] / max(own(campaign)[area]) for area in campaign if area != made.area]
        assert max(deep) >= made.depth - NEARLY
        assert sorted([made.low, made.middle, made.high]) == [made.low, made.middle, made.high]  # type: ignore[type-var]


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 50), day=st.integers(30, 149), factor=st.integers(0, 9))
def test_the_future_changes_no_former_forecast(seed: int, day: int, factor: int) -> None:
    campaign = exhausted_list(seed)
    cut = FIRST + timedelta(days=day)
    other = {a: {d: n if d <= cut else n * factor + factor for d, n in counts.items()} for a, counts in campaign.items()}
    targets = own(campaign)
    before = [made for made in walked(campaign, targets) if made.made <= day]
    assert as_made(before) == as_made([made for made in walked(other, targets) if made.made <= day])
    short = {area: {d: n for d, n in counts.items() if d <= cut} for area, counts in campaign.items()}
    assert as_made(before) == as_made(walked(short, targets))


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 50), week=st.integers(6, 20))
def test_weekly_entries_look_not_ahead(seed: int, week: int) -> None:
    daily = exhausted_list(seed)
    campaign = {a: {d: n * 7 for d, n in counts.items() if (d - FIRST).days % 7 == 0} for a, counts in daily.items()}
    cut = FIRST + timedelta(days=7 * week)
    other = {a: {d: n if d <= cut else n + 50 for d, n in counts.items()} for a, counts in campaign.items()}
    targets = own(campaign)
    before, after = ([made for made in walked(each, targets) if made.made <= 7 * week] for each in (campaign, other))
    assert before
    assert as_made(before) == as_made(after)


def test_most_ranges_hold_and_are_narrow() -> None:
    campaigns = [exhausted_list(seed) for seed in range(6)]
    cases = [made for campaign in campaigns for made in walked(campaign, own(campaign))]
    found = report(cases, 7)["after_eight_weeks"]
    assert found["scored"] > 500
    assert 0.75 <= found["coverage"] <= 0.95
    assert found["relative_wis"] <= 0.6


def test_a_large_campaign_learns_from_some() -> None:
    areas = MOST_LEARNED_FROM * 2
    campaign = exhausted_list(5, areas=areas, days=60)
    axis, of_areas = courses(campaign, Days.CALENDAR)
    made = Walk(of_areas, own(campaign), 7).run(len(axis))
    assert len({each.area for each in made if each.low is not None}) > 1.5 * MOST_LEARNED_FROM


def test_what_takes_ages_is_ten_years() -> None:
    made = walked(steady([1, 1]), {"A00": [10_000_000]})
    assert {each.predicted for each in made} == {LONGEST}


def test_a_reached_target_is_not_forecast() -> None:
    made = walked(steady([10], 40), {"A00": [100, 300]})
    assert [(each.target, each.made, each.took) for each in made] == [
        (100, 7, 2),
        (300, 7, 22),
        (300, 14, 15),
        (300, 21, 8),
        (300, 28, 1),
    ]


def test_an_area_without_entries_is_silent() -> None:
    course = Course([0, 0, 5], [2])
    assert course.last_known(1) is None
    assert course.reached(5, 1) is None


def test_newer_forecasts_weigh_more() -> None:
    old = [case(f"A{number}", took=5) for number in range(8)]
    new = [case(f"B{number}", took=20, made=56) for number in range(8)]
    found = pool([*old, *new], 90).range(case())
    assert found is not None
    assert found[1] == pytest.approx(20)


def test_a_list_to_check_has_no_range() -> None:
    campaign = exhausted_list(1)
    totals = {area: sum(counts.values()) for area, counts in campaign.items()}
    made = walked(campaign, {area: [total * (90 if area < "A08" else 120) // 100] for area, total in totals.items()})
    checked = [each for each in made if each.list_must_be_checked]
    assert {each.area for each in checked} >= {"A08", "A09", "A10", "A11"}
    assert all(each.low is None for each in checked)


def test_corrections_do_not_undo_a_target() -> None:
    days = [FIRST + timedelta(days=number) for number in range(40)]
    counts = {day: -60 if number == 20 else 10 for number, day in enumerate(days)}
    course = courses({"A": counts}, Days.CALENDAR)[1]["A"]
    assert course.totals[19:22] == [200, 140, 150]
    assert course.reached(195, 25) == 19
    assert course.reached(201, 25) is None
    made = walked({"A": counts}, {"A": [195, 300]})
    assert {each.target for each in made if each.made >= 20} == {300}
    assert [each.made for each in made if each.made in (21, 28)] == [21, 28]


def test_each_area_has_its_own_rhythm() -> None:
    """Areas that report on different days leave no day empty, and none of them is daily."""
    campaign = {f"A{n}": {FIRST + timedelta(days=7 * week + n): 70 for week in range(6)} for n in range(7)}
    of_areas = courses(campaign, Days.CALENDAR, by_area=True)[1]
    assert list(of_areas["A3"].known) == [3, 10, 17, 24, 31, 38]
    assert of_areas["A3"].pace(38).people == 200
    assert list(courses(campaign, Days.CALENDAR)[1]["A3"].known) == list(range(42))


@settings(max_examples=25, deadline=None)
@given(
    campaign=st.dictionaries(
        st.sampled_from("ABCDEFGHIJ"),
        st.dictionaries(st.integers(0, 120), st.integers(-300, 3_000), min_size=1, max_size=60),
        min_size=1,
    ),
    days=st.sampled_from(Days),
)
def test_any_campaign_gives_forecasts_in_order(campaign: dict[str, dict[int, int]], days: Days) -> None:
    dated = {area: {FIRST + timedelta(days=day): n for day, n in counts.items()} for area, counts in campaign.items()}
    axis, of_areas = courses(dated, days)
    for made in Walk(of_areas, {area: [500, 20_000] for area in dated}, days.week).run(len(axis)):
        assert made.took is None or made.took >= 1
        if made.low is not None:
            assert 1 <= made.low <= made.middle <= made.high <= LONGEST  # type: ignore[operator]


def test_nothing_new_is_not_forecast_again() -> None:
    monthly = {"A": {FIRST + timedelta(days=28 * number): 10 for number in range(5)}}
    assert [each.made for each in walked(monthly, {"A": [60]})] == [0, 28, 56, 84, 112]
