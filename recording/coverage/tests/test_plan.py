"""The straight plan, and where a figure stands against target and plan."""

from datetime import date

import pytest

from recording.coverage.figures import Figure
from recording.coverage.plan import Plan, plan_on
from recording.models import Level

FIRST, LAST = date(2021, 1, 1), date(2021, 12, 31)


@pytest.mark.parametrize(
    ("day", "people"),
    [
        (date(2020, 12, 30), 0),
        (date(2020, 12, 31), 0),
        (FIRST, 1),
        (date(2021, 11, 25), 329),
        (LAST, 365),
        (date(2022, 3, 1), 365),
    ],
)
def test_the_plan_is_straight(day: date, people: int) -> None:
    assert plan_on(day, FIRST, LAST, 365) == people


def test_the_plan_is_rounded_down() -> None:
    assert [plan_on(date(2021, 1, day), FIRST, LAST, 100) for day in (3, 4)] == [0, 1]


@pytest.mark.parametrize(
    ("recorded", "entries", "target", "as_of", "standing", "behind"),
    [
        (990, 4, None, date(2021, 11, 25), "none", 0),
        (0, 0, None, date(2021, 11, 25), "none", 0),
        (366, 4, 365, date(2021, 11, 25), "over", 0),
        (365, 4, 365, date(2021, 11, 25), "done", 0),
        (0, 0, 0, date(2021, 11, 25), "done", 0),
        (0, 0, 365, date(2021, 11, 25), "silent", 329),
        (329, 4, 365, date(2021, 11, 25), "on_plan", 0),
        (328, 4, 365, date(2021, 11, 25), "behind", 1),
        (0, 4, 365, FIRST, "behind", 1),
        (1, 4, 365, FIRST, "on_plan", 0),
        (364, 4, 365, date(2022, 3, 1), "behind", 1),
    ],
)
def test_a_standing_follows_the_plan_to_date(
    recorded: int, entries: int, target: int | None, as_of: date, standing: str, behind: int
) -> None:
    plan = Plan(FIRST, LAST, as_of)
    figure = Figure("31", "DKI", Level.PROVINCE, recorded, entries, target, plan=plan)
    assert (figure.standing, figure.behind) == (standing, behind)
    if target is not None:
        assert figure.ahead == recorded - plan.to_date(target)
