"""Saving what a preview showed: exactly that, once, and not on top of what nobody saw."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from accounts.acts import Act
from accounts.rights import Actor
from accounts.tests import cast
from dukcapil.errors import Conflict, NotAllowed, NotFound, RefusedRows
from recording.models import AuditEntry, Door, Region, Target
from recording.targets.services import TargetInput, TargetOutcome, newest_version, seen_token, set_seen_targets
from recording.targets.split_plan import SplitPlan, split_plan
from recording.targets.tree import TargetTree, target_tree
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON, period, target, versions

pytestmark = pytest.mark.usefixtures("small_world")
GOOD = TargetInput(BARAT, "KTP", "2021", 500, "SK 12/2021", date(2021, 8, 1))
AUGUST = date(2021, 8, 1)


def token(*targets: TargetInput) -> str:
    return seen_token(targets, newest_version("KTP", "2021"))


def save(*targets: TargetInput, seen: str, by: Actor | None = None) -> list[TargetOutcome]:
    return set_seen_targets(act=Act(by or cast.staff(), NOON, Door.PAGE), targets=targets, seen=seen)


def tree() -> TargetTree:
    return target_tree(DKI, "KTP", period(), "task")


def plan(code: str, *, down: bool, day: date = DAY) -> SplitPlan:
    return split_plan(cast.staff(), code, day, tree(), down_to_villages=down)


def test_what_was_seen_is_saved_once() -> None:
    seen = token(GOOD)
    assert [outcome.status for outcome in save(GOOD, seen=seen)] == ["new"]
    assert [outcome.status for outcome in save(GOOD, seen=seen)] == ["unchanged"]
    assert versions(BARAT) == [500]
    assert AuditEntry.objects.filter(action="target.set").count() == 1


@pytest.mark.parametrize("change", [{"people": 501}, {"source": "SK 13/2021"}, {"effective_from": date(2021, 8, 2)}])
def test_another_target_than_seen_is_refused(change: dict[str, Any]) -> None:
    seen = token(GOOD)
    with pytest.raises(Conflict, match="berubah sejak pratinjau"):
        save(replace(GOOD, **change), seen=seen)
    assert versions(BARAT) == []


@pytest.mark.parametrize("elsewhere", [BARAT, KAPUK, DKI])
def test_a_target_written_meanwhile_is_refused(elsewhere: str) -> None:
    """Also one of another region: the preview showed the sums of those above."""
    seen = token(GOOD)
    target(77, elsewhere)
    with pytest.raises(Conflict):
        save(GOOD, seen=seen)
    assert Target.objects.count() == 1


def test_one_wrong_row_saves_none() -> None:
    wrong = replace(GOOD, region=KAPUK, source="")
    with pytest.raises(RefusedRows):
        save(GOOD, wrong, seen=token(GOOD, wrong))
    assert not Target.objects.exists()


@pytest.mark.parametrize(
    ("by", "refusal"), [(cast.head_barat, NotAllowed), (cast.reader, NotAllowed), (cast.staff_jabar, NotFound)]
)
def test_only_the_agency_saves_targets(by: object, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        save(GOOD, seen="", by=by())  # type: ignore[operator]


def test_the_tree_knows_planned_versions() -> None:
    target(40_000, KAPUK)
    target(42_000, KAPUK, since=date(2021, 10, 1))
    planned = tree().with_planned([replace(GOOD, region=KAPUK, people=41_000)])
    assert [planned.on(day)[DKI].people for day in (date(2021, 7, 31), AUGUST, date(2021, 10, 1))] == [40_000, 41_000, 42_000]
    course = [(span.first, span.last, span.row.people, span.planned) for span in planned.course(KAPUK)]
    assert course == [
        (date(2021, 1, 1), date(2021, 7, 31), 40_000, False),
        (AUGUST, date(2021, 9, 30), 41_000, True),
        (date(2021, 10, 1), None, 42_000, False),
    ]


def test_a_plan_holds_what_is_open() -> None:
    """A region that is closed on the day gets nothing, and loses the target it still has."""
    target(10, KAPUK)
    Region.objects.filter(code=KAPUK).update(closed=date(2021, 7, 31))
    after, before = plan("31.73.01", down=False), plan("31.73.01", down=False, day=date(2021, 7, 31))
    assert (after.parts, after.closed) == (["31.73.01.1001"], [KAPUK])
    assert (before.parts, before.closed) == (["31.73.01.1001", KAPUK], [])
    rows = after.targets({"31.73.01.1001": 9}, document="KTP", period=period(), source="SK", effective_from=AUGUST)
    assert {row.region: row.people for row in rows} == {"31.73.01.1001": 9, KAPUK: None}


def test_own_targets_between_follow_their_parts() -> None:
    """Or the split would not reach those above."""
    target(60_001, DKI)
    target(100, "31.73.02")
    target(5, KAPUK)
    down = plan(DKI, down=True)
    assert down.between == [DKI, "31.73.02"]
    numbers = dict.fromkeys(down.parts, 1) | {"31.73.02.1001": 70}
    rows = down.targets(numbers, document="KTP", period=period(), source="SK", effective_from=AUGUST)
    people = {row.region: row.people for row in rows}
    assert (people[DKI], people["31.73.02"]) == (sum(numbers.values()), 70)
    assert plan(DKI, down=False).between == [DKI]
