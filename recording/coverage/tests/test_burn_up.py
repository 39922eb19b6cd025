"""The burn-up: a point's height is its value, labels keep apart, and odd periods draw without an error."""

import re
from datetime import date, timedelta
from itertools import accumulate, pairwise

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from recording.coverage.charts.axes import BOTTOM, RIGHT, TICK_WIDTH, TOP, readable_from, y_ticks
from recording.coverage.charts.burn_up import MAX_POINTS, BurnUp, burn_up, cumulative, shorter_spans, thinned
from recording.coverage.charts.labels import Box, Label, crosses, overlap, text_width
from recording.coverage.charts.picture import EXPECTED_SIZE, TARGET_SIZE, TOTAL_SIZE, Picture
from recording.coverage.plan import plan_on

pytestmark = pytest.mark.once

FIRST, LAST, AS_OF = date(2021, 1, 1), date(2021, 12, 31), date(2021, 11, 25)
DAYS = 365


def chart(
    recorded: dict[date, int],
    targets: list[tuple[date, int]],
    *,
    as_of: date = AS_OF,
    last: date = LAST,
    expected: int | None = None,
    span: int | None = None,
) -> BurnUp:
    return burn_up(
        first_day=FIRST, last_day=last, as_of=as_of, recorded=recorded, targets=targets, expected=expected, span=span
    )


def points(line: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in (point.split(",") for point in line.split())]


def people_at(picture: Picture, most: int, y: float) -> float:
    """The value that a height stands for, by the axis alone."""
    floor = picture.height - BOTTOM
    return (floor - y) / (floor - TOP) * most


def day_at(picture: Picture, x: float, days: int = DAYS) -> float:
    """How many days of the period are over at a place on the axis."""
    return (x - picture.left) / (picture.width - picture.left - RIGHT) * days


@given(st.dictionaries(st.dates(FIRST, AS_OF), st.integers(0, 500), max_size=60), st.integers(1, 100_000))
def test_every_points_height_is_its_value(recorded: dict[date, int], goal: int) -> None:
    found = chart(recorded, [(FIRST, goal)])
    for picture in (found.wide, found.narrow):
        most = int(str(picture.y_ticks[-1].value))
        course = thinned(cumulative(recorded, FIRST, AS_OF))
        course = course and [(FIRST - timedelta(days=1), 0), *course]
        drawn = points(picture.recorded)
        assert len(drawn) == len(course)
        for (x, y), (day, people) in zip(drawn, course, strict=True):
            assert people_at(picture, most, y) == pytest.approx(people, abs=most / 2_000)
            assert day_at(picture, x) == pytest.approx((day - FIRST).days + 1, abs=0.2)
        for tick in picture.y_ticks:
            assert people_at(picture, most, float(tick.at)) == pytest.approx(tick.value, abs=most / 2_000)
    assert found.total == (sum(recorded.values()) if recorded else None)


def test_days_on_which_nobody_was_recorded_are_level() -> None:
    course = cumulative({date(2021, 2, 1): 30, date(2021, 8, 2): 90}, FIRST, AS_OF)
    so_far = dict(course)
    assert len(course) == 329
    assert [so_far[date(2021, *day)] for day in ((1, 31), (2, 1), (8, 1), (8, 2), (11, 25))] == [0, 30, 30, 120, 120]


def test_a_reported_zero_has_a_line_nothing_none() -> None:
    found = chart({}, [(FIRST, 60)])
    assert (found.total, found.wide.recorded, found.wide.dot, found.wide.required) == (None, "", None, "")
    assert [row.recorded for row in found.rows] == [None] * 12
    nobody = chart({date(2021, 3, 1): 0}, [(FIRST, 60)])
    assert (nobody.total, nobody.wide.recorded == "") == (0, False)
    assert {row.recorded for row in nobody.rows if row.day <= AS_OF} == {0}


def test_the_line_ends_at_the_runs_day() -> None:
    picture = chart({date(2021, 6, 1): 31_000}, [(FIRST, 60_000)]).wide
    last = picture.recorded.split()[-1]
    assert picture.dot == tuple(last.split(","))
    assert picture.required.split()[0] == last
    assert picture.required.split()[1] == picture.plan.split()[1]
    assert people_at(picture, 60_000, points(picture.required)[1][1]) == pytest.approx(60_000)
    assert points(picture.required)[1][0] == picture.right


def test_nothing_is_required_after_target_or_period() -> None:
    assert chart({AS_OF: 60}, [(FIRST, 60)]).wide.required == ""
    assert chart({AS_OF: 10}, [(FIRST, 60)], as_of=LAST).wide.required == ""
    assert chart({AS_OF: 10}, []).wide.required == ""


def test_a_revised_target_steps_on_its_day() -> None:
    since = date(2021, 8, 1)
    found = chart({}, [(date(2021, 1, 4), 40_000), (since, 60_000)])
    step = points(found.wide.target)
    heights = [people_at(found.wide, 60_000, y) for _x, y in step]
    assert heights == pytest.approx([40_000, 40_000, 60_000, 60_000], abs=30)
    assert [round(day_at(found.wide, x)) for x, _y in step] == [0, 212, 212, 365]
    assert (found.revised, found.target) == (True, 60_000)
    before = chart({}, [(FIRST, 40_000), (since, 60_000)], as_of=date(2021, 7, 31))
    assert (before.revised, before.target) == (False, 40_000)


def test_revisions_before_the_period_are_no_step() -> None:
    found = chart({}, [(date(2020, 10, 1), 40_000), (date(2020, 12, 1), 60_000)])
    assert (found.revised, found.target, len(points(found.wide.target))) == (False, 60_000, 2)


def test_people_beyond_the_target_still_fit() -> None:
    picture = chart({FIRST: 130}, [(FIRST, 100)]).wide
    assert min(y for _x, y in points(picture.recorded)) >= TOP


def test_a_thinned_line_keeps_its_last_point() -> None:
    recorded = {FIRST + timedelta(days=number): 1 for number in range(320)}
    picture = chart(recorded, []).wide
    drawn = points(picture.recorded)
    assert len(drawn) <= MAX_POINTS + 1
    assert day_at(picture, drawn[-1][0]) == pytest.approx(329, abs=0.1)
    assert day_at(picture, drawn[0][0]) == 0


@pytest.mark.parametrize(
    ("as_of", "last", "recorded"),
    [
        (date(2020, 12, 31), LAST, {}),
        (date(2022, 3, 1), LAST, {LAST: 5, date(2022, 1, 2): 9}),
        (FIRST, FIRST, {FIRST: 3}),
        (date(2021, 1, 10), date(2021, 1, 31), {FIRST: 3}),
        (AS_OF, LAST, {}),
    ],
)
def test_odd_periods_draw_without_an_error(as_of: date, last: date, recorded: dict[date, int]) -> None:
    for targets in ([], [(FIRST, 0)], [(FIRST, 10)]):
        found = chart(recorded, targets, as_of=as_of, last=last)
        told = [people for day, people in recorded.items() if day <= min(as_of, last)]
        assert found.total == (sum(told) if told else None)
        assert found.as_of <= last
        for picture in (found.wide, found.narrow):
            for x, y in points(f"{picture.recorded} {picture.plan} {picture.required} {picture.target}"):
                assert picture.left <= x <= picture.right + 0.1
                assert TOP - 0.1 <= y <= picture.bottom


def test_the_pace_that_stays_leads_to_its_total() -> None:
    picture = chart({AS_OF: 31_000}, [(FIRST, 60_000)], expected=34_615).wide
    begin, end = points(picture.stays)
    assert begin == points(picture.recorded)[-1]
    assert end[0] == picture.right
    assert people_at(picture, 60_000, end[1]) == pytest.approx(34_615, abs=30)
    beyond = chart({AS_OF: 31_000}, [(FIRST, 60_000)], expected=75_000)
    assert (beyond.high, beyond.expected) == (80_000, 75_000)
    for nothing in (
        chart({AS_OF: 31_000}, [(FIRST, 60_000)]),
        chart({}, [(FIRST, 60_000)], expected=5),
        chart({AS_OF: 31_000}, [(FIRST, 60_000)], as_of=LAST, expected=31_000),
        chart({AS_OF: 31_000}, [(FIRST, 60_000)], span=30, expected=34_615),
    ):
        assert (nothing.wide.stays, nothing.expected, nothing.wide.expected_label) == ("", None, None)


EVERY_DAY = {FIRST + timedelta(days=number): 100 for number in range(329)}


@pytest.mark.parametrize(
    ("span", "as_of", "begin", "days"),
    [
        (30, AS_OF, date(2021, 10, 27), 30),
        (90, AS_OF, date(2021, 8, 28), 90),
        (30, date(2021, 1, 30), FIRST, 30),
        (30, date(2021, 1, 12), FIRST, 12),  # the period is younger
        (30, FIRST, FIRST, 1),
        (90, date(2022, 3, 1), date(2021, 10, 3), 90),  # after the end: its last days
        (30, date(2020, 12, 1), FIRST, 365),  # before the beginning: the whole period, without a line
    ],
)
def test_a_range_ends_at_the_last_day(span: int, as_of: date, begin: date, days: int) -> None:
    found = chart(EVERY_DAY, [(FIRST, 60_000)], as_of=as_of, span=span)
    assert found.days == days
    assert (found.readout is None) == (as_of < FIRST)
    if found.readout:
        assert found.readout.first_day == begin
        assert found.added == sum(people for day, people in EVERY_DAY.items() if begin <= day <= found.as_of)
        for picture in (found.wide, found.narrow):
            drawn = points(picture.recorded)
            assert (drawn[0][0], drawn[-1][0]) == (picture.left, picture.right)


@given(st.integers(1, 365), st.integers(0, 400), st.integers(1, 200_000), st.sampled_from([30, 90]))
def test_points_of_a_range_have_their_value(over: int, per_day: int, goal: int, span: int) -> None:
    as_of = FIRST + timedelta(days=over - 1)
    recorded = {FIRST + timedelta(days=number): per_day for number in range(over)}
    found = chart(recorded, [(FIRST, goal)], as_of=as_of, span=span)
    for picture in (found.wide, found.narrow):
        first_tick, last_tick = picture.y_ticks[0], picture.y_ticks[-1]
        assert (first_tick.value, last_tick.value) == (found.low, found.high)
        assert (float(first_tick.at), float(last_tick.at)) == (picture.bottom, TOP)
        for line, people in ((picture.recorded, over * per_day), (picture.plan, plan_on(as_of, FIRST, LAST, goal))):
            end = points(line)[-1][1]
            value = found.low + people_at(picture, found.high - found.low, end)
            assert value == pytest.approx(people, abs=(found.high - found.low) / 1_000)
        for _x, y in points(picture.target):
            assert found.low + people_at(picture, found.high - found.low, y) == pytest.approx(
                goal, abs=(found.high - found.low) / 1_000
            )


@pytest.mark.parametrize(
    ("lowest", "highest", "begins"),
    [(0, 10, 0), (5, 10, 0), (6, 10, 6), (29_759, 31_000, 29_759), (31_000, 31_000, 31_000), (0, 0, 0)],
)
def test_an_axis_starts_where_the_course_is_readable(lowest: int, highest: int, begins: int) -> None:
    assert readable_from(lowest, highest) == begins


def test_a_range_leaves_a_far_target_out() -> None:
    june = date(2021, 6, 30)
    recorded = {FIRST: 28_000, june: 1_000}
    far = chart(recorded, [(FIRST, 60_000)], as_of=june, span=30)
    assert (far.wide.target, far.wide.target_label, far.target) == ("", None, 60_000)
    assert 20_000 <= far.low < far.high <= 40_000
    near = chart(recorded, [(FIRST, 30_000)], as_of=june, span=30)
    assert (near.low, len(points(near.wide.target))) == (0, 2)


@pytest.mark.parametrize(
    ("until", "spans"),
    [(date(2020, 12, 1), []), (FIRST, []), (date(2021, 1, 30), []), (date(2021, 1, 31), [30]), (AS_OF, [90, 30])],
)
def test_only_shorter_ranges_are_offered(until: date, spans: list[int]) -> None:
    assert shorter_spans((90, 30), FIRST, until) == spans


def sums(text: str) -> list[int]:
    return [int(number or 0) for number in text.split(",")]


@pytest.mark.parametrize("span", [None, 30])
def test_the_readout_adds_up_to_every_day(span: int | None) -> None:
    recorded = {date(2021, 1, 15): 10, date(2021, 11, 1): 0, date(2021, 11, 24): 5}
    readout = chart(recorded, [(FIRST, 700)], span=span).readout
    assert readout
    days = [readout.first_day + timedelta(days=number) for number in range((AS_OF - readout.first_day).days + 1)]
    so_far = dict(cumulative(recorded, FIRST, AS_OF))
    assert list(accumulate(sums(readout.people)))[1:] == [so_far[day] for day in days]
    assert list(accumulate(sums(readout.plan)))[1:] == [plan_on(day, FIRST, LAST, 700) for day in days]
    own = readout.people.split(",")[1:]
    assert [day for day, text in zip(days, own, strict=True) if text] == [day for day in recorded if day in days]
    assert (readout.last, readout.last_plan) == (None, plan_on(AS_OF, FIRST, LAST, 700))
    assert chart({}, [(FIRST, 700)]).readout is None
    without_target = chart(recorded, []).readout
    assert without_target
    assert without_target.plan == ""


def test_the_distance_from_the_plan_is_exact() -> None:
    behind, ahead = chart({AS_OF: 31_000}, [(FIRST, 60_000)]), chart({AS_OF: 329}, [(FIRST, 300)])
    assert behind.ahead == 31_000 - 54_082
    assert ahead.ahead == 329 - 270
    assert chart({AS_OF: 3}, []).ahead is None


def test_before_the_period_nothing_is_drawn() -> None:
    found = chart({}, [], as_of=date(2020, 12, 31))
    assert (found.wide.recorded, found.wide.dot, found.total) == ("", None, None)


@pytest.mark.parametrize(
    ("last", "unit"),
    [
        (FIRST, "week"),
        (date(2021, 2, 10), "week"),
        (date(2021, 2, 15), "week"),  # a Monday: its name has no room
        (date(2021, 6, 30), "month"),
        (LAST, "month"),
        (date(2024, 12, 31), "year"),
        (date(2045, 12, 31), "year"),
    ],
)
def test_names_of_weeks_and_months_have_room(last: date, unit: str) -> None:
    found = chart({}, [(FIRST, 40_000_000)], last=last)
    assert found.unit == unit
    for picture in (found.wide, found.narrow):
        at = [float(tick.at) for tick in picture.x_ticks]
        assert at
        assert all(after - before > TICK_WIDTH[unit] for before, after in pairwise(at))
        assert at[-1] + TICK_WIDTH[unit] <= picture.width


def box(label: Label | None, people: int, size: int) -> Box:
    assert label is not None
    x, y, width = float(label.x), float(label.y), text_width(people, size)
    left = x - width if label.anchor == "end" else x
    return left, y - 0.7 * size, left + width, y


def labels_apart(found: BurnUp) -> None:
    """Inside of the picture, right of the axis, and not on each other."""
    assert found.total is not None
    assert found.target is not None
    for picture in (found.wide, found.narrow):
        total = box(picture.total_label, found.total, TOTAL_SIZE)
        target = box(picture.target_label, found.target, TARGET_SIZE)
        assert not overlap(total, target)
        boxes = [total, target]
        if found.expected is not None:
            boxes.append(box(picture.expected_label, found.expected, EXPECTED_SIZE))
            assert not overlap(boxes[2], total)
            assert not overlap(boxes[2], target)
        for left, top, right, bottom in boxes:
            assert picture.left - 0.1 <= left < right <= picture.width + 0.1
            assert 0 <= top < bottom <= picture.bottom


@given(
    st.dates(FIRST, LAST),
    st.integers(0, 99_999),
    st.integers(1, 99_999),
    st.integers(1, 99_999),
    st.none() | st.integers(0, 99_999),
)
def test_numbers_in_the_chart_never_overlap(as_of: date, people: int, before: int, goal: int, more: int | None) -> None:
    recorded = {FIRST: people // 2, as_of: people - people // 2}
    expected = None if more is None else people + more
    labels_apart(chart(recorded, [(FIRST, before), (as_of, goal)], as_of=as_of, expected=expected))


@pytest.mark.parametrize(
    ("people", "goal", "as_of"),
    [
        (31_000, 60_000, AS_OF),  # half of it
        (13_770, 13_770, AS_OF),  # reached
        (13_770, 13_770, LAST),  # reached on the last day
        (59_000, 60_000, LAST),  # nearly reached on the last day: both numbers want the same corner
        (15_000, 13_770, AS_OF),  # beyond it
        (1_234, 60_000, date(2021, 1, 9)),  # just begun
        (21_000_000, 38_000_000, AS_OF),  # a large province
    ],
)
def test_numbers_in_the_chart_lie_on_no_line(people: int, goal: int, as_of: date) -> None:
    days = (as_of - FIRST).days + 1
    recorded = {FIRST + timedelta(days=n): people * (n + 1) // days - people * n // days for n in range(days)}
    found = chart(recorded, [(FIRST, goal)], as_of=as_of)
    labels_apart(found)
    picture = found.wide
    for line in (picture.recorded, picture.plan, picture.required, picture.stays, picture.target):
        assert not crosses(points(line), box(picture.total_label, people, TOTAL_SIZE))
        assert not crosses(points(line), box(picture.target_label, goal, TARGET_SIZE))


@pytest.mark.parametrize(
    ("line", "passes"),
    [
        ([(0.0, 0.0), (10.0, 10.0)], True),
        ([(0.0, 5.0), (20.0, 5.0)], True),
        ([(5.0, 0.0), (5.0, 20.0)], True),
        ([(0.0, 0.0), (3.0, 20.0)], False),
        ([(0.0, 7.0), (20.0, 7.0)], False),
        ([(7.0, 0.0), (20.0, 20.0)], False),
        ([], False),
    ],
)
def test_a_line_crossing_a_box_is_recognised(line: list[tuple[float, float]], passes: bool) -> None:
    assert crosses(line, (4, 4, 6, 6)) is passes


@pytest.mark.parametrize("most", [9, 60_000, 400_000, 40_000_000])
def test_numbers_of_the_axis_have_room(most: int) -> None:
    for picture in (chart({FIRST: most}, []).wide, chart({FIRST: most}, []).narrow):
        assert picture.left - 8 >= text_width(most, 12)


@pytest.mark.parametrize(
    ("most", "ticks"),
    [
        (1, [0, 1]),
        (5, [0, 1, 2, 3, 4, 5]),
        (6, [0, 2, 4, 6]),
        (60_000, [0, 20_000, 40_000, 60_000]),
        (90_001, [0, 20_000, 40_000, 60_000, 80_000, 100_000]),
        (110, [0, 25, 50, 75, 100, 125]),
    ],
)
def test_the_axis_has_few_round_numbers(most: int, ticks: list[int]) -> None:
    assert y_ticks(most) == ticks


@given(st.integers(1, 10**9))
def test_the_axis_covers_everything_in_six_numbers(most: int) -> None:
    ticks = y_ticks(most)
    assert ticks[0] == 0
    assert ticks[-1] >= most
    assert ticks[-2] < most
    assert len(ticks) <= 6


def test_the_table_holds_month_ends_and_the_day() -> None:
    found = chart({date(2021, 1, 15): 10, date(2021, 3, 31): 5}, [(FIRST, 365), (date(2021, 8, 1), 730)])
    by_day = {row.day: row for row in found.rows}
    assert len(by_day) == 13
    assert (by_day[date(2021, 2, 28)].recorded, by_day[date(2021, 2, 28)].target) == (10, 365)
    assert (by_day[AS_OF].recorded, by_day[AS_OF].plan) == (15, 2 * 329)
    assert (by_day[LAST].recorded, by_day[LAST].plan, by_day[LAST].target) == (None, 730, 730)


def drawn(found: BurnUp, language: str = "id", document: str = "KTP") -> str:
    with translation.override(language):
        return render_to_string("recording/coverage/_burn_up.html", {"chart": found, "document": document})


@pytest.mark.parametrize("language", ["id", "en"])
def test_coordinates_have_a_dot_in_every_language(language: str) -> None:
    page = drawn(chart({AS_OF: 31_000}, [(FIRST, 60_000)]), language)
    assert page.count('<svg class="burn-up') == 2
    for line in re.findall(r'points="([^"]*)"', page):
        assert re.fullmatch(r"\d+\.\d,\d+\.\d( \d+\.\d,\d+\.\d)+", line)
    for number in re.findall(r' (?:x|y|cx|cy|width|height)="([^"]*)"', page):
        assert re.fullmatch(r"\d+(\.\d)?", number)


@pytest.mark.parametrize(
    ("recorded", "targets", "finding"),
    [
        ({AS_OF: 31_000}, [(FIRST, 60_000)], "31.000 orang sampai Kamis, 25 November 2021, dari target 60.000."),
        ({AS_OF: 310}, [], "310 orang sampai Kamis, 25 November 2021; belum ada target."),
        ({}, [(FIRST, 60_000)], "Belum ada laporan sampai Kamis, 25 November 2021."),
    ],
)
def test_the_legend_names_only_lines_that_are_drawn(
    recorded: dict[date, int], targets: list[tuple[date, int]], finding: str
) -> None:
    page = drawn(chart(recorded, targets, expected=34_615))
    assert page.count(f'aria-label="{finding}"') == 2
    for line in ("recorded", "plan", "required", "stays", "target"):
        shown = f'<polyline class="line-{line}"' in page
        assert (f'<path class="line-{line}"' in page) == shown


def test_a_kia_is_issued_and_never_recorded() -> None:
    assert "KIA terbit" in drawn(chart({AS_OF: 3}, []), document="KIA")
    assert "Sudah rekam" not in drawn(chart({AS_OF: 3}, []), document="KIA")
