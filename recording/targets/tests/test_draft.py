"""Targets carried over to a new period: a draft that counts for nothing until it is confirmed."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from accounts.acts import Act
from accounts.rights import SYSTEM, Actor
from accounts.tests import cast
from dukcapil.clock import JAKARTA
from dukcapil.errors import Conflict, NotAllowed, Refused
from recording.coverage.services import recompute_coverage
from recording.coverage.voiding import void_run
from recording.models import CoverageFigure, Period, Region, Target
from recording.targets.draft import TargetDraft, confirm_draft, newest_draft
from recording.targets.next_period import make_next_period
from recording.targets.services import TargetInput, TargetOutcome, set_target
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON, count, target, write

pytestmark = pytest.mark.usefixtures("small_world")
FIRST_OF_DECEMBER = datetime(2021, 12, 1, 9, tzinfo=JAKARTA)
NEW_YEAR = date(2022, 1, 1)


def new_period() -> Period:
    return make_next_period(act=Act(SYSTEM, FIRST_OF_DECEMBER, "page"), name="2022")


def draft(by: Actor = SYSTEM) -> TargetDraft:
    found = newest_draft(by, FIRST_OF_DECEMBER.date())
    assert found is not None
    return found


def confirm(seen: str, source: str = "SK 1/2022", by: Actor = SYSTEM) -> list[TargetOutcome]:
    period = Period.objects.get(name="2022")
    return confirm_draft(act=Act(by, FIRST_OF_DECEMBER, "page"), period=period, seen=seen, source=source)


def of_2022() -> list[tuple[str, str, int | None, int, str]]:
    rows = Target.objects.filter(period__name="2022").order_by("region", "kind")
    return list(rows.values_list("region", "kind", "people", "opening", "source"))


def test_a_draft_carries_what_the_period_ended_with() -> None:
    target(100, KAPUK)
    target(80, KAPUK, since=date(2021, 12, 15))  # decreed for later in the year: it is what the period ends with
    target(60, BARAT)
    target(None, BARAT)
    target(9_000, DKI, kind="stock", opening=7_000)
    write(count(30))
    run = recompute_coverage(by=SYSTEM, day=DAY, now=NOON)
    new_period()
    carried = draft()
    assert (carried.period.name, carried.before.name, carried.openings) == ("2022", "2021", run)
    assert [(row.region, row.kind, row.people, row.opening, row.effective_from) for row in carried.targets] == [
        (DKI, "stock", 9_000, 7_030, NEW_YEAR),
        (KAPUK, "task", 80, 0, NEW_YEAR),
    ]
    assert carried.targets[1].source == "Diteruskan dari 2021: SK 1/2021"


def test_openings_come_from_a_credible_run() -> None:
    """Neither from one that is void nor from one of days that have not come."""
    target(9_000, DKI, kind="stock", opening=7_000)
    write(count(30))
    true = recompute_coverage(by=SYSTEM, day=DAY, now=NOON)
    write(count(900))
    wrong = recompute_coverage(by=SYSTEM, day=DAY + timedelta(days=1), now=NOON + timedelta(days=1))
    void_run(act=Act(SYSTEM, NOON, "page"), number=wrong.number, reason="salah")
    recompute_coverage(by=SYSTEM, day=date(2021, 12, 9), now=datetime(2021, 12, 9, 9, tzinfo=JAKARTA))
    new_period()
    assert (draft().openings, draft().targets[0].opening) == (true, 7_030)


@pytest.mark.parametrize(
    ("day", "opening"),
    [
        (date(2020, 12, 31), 7_000),  # says nothing of 2021
        (date(2021, 12, 31), 7_030),
        (date(2022, 1, 3), 7_030),  # what is recorded in 2022 is no opening figure
    ],
)
def test_openings_hold_the_period_before_alone(day: date, opening: int) -> None:
    target(9_000, DKI, kind="stock", opening=7_000)
    write(count(30), count(4, day=date(2020, 12, 30)))
    new_period()
    write(count(500, day=date(2022, 1, 2)), now=datetime(2022, 1, 4, 8, tzinfo=JAKARTA))
    now = datetime.combine(day + timedelta(days=1), datetime.min.time(), JAKARTA)
    run = recompute_coverage(by=SYSTEM, day=day, now=now)
    found = newest_draft(SYSTEM, date(2022, 1, 4))
    assert found
    assert (found.openings, found.targets[0].opening) == (run if day.year > 2020 else None, opening)


def test_a_withdrawn_target_stays_withdrawn() -> None:
    """Whoever took a target out of the new period does not find it in the draft again."""
    target(100, KAPUK)
    new_period()
    confirm(draft().digest)
    gone = TargetInput(KAPUK, "KTP", "2022", None, "SK 2/2022", NEW_YEAR)
    set_target(act=Act(SYSTEM, FIRST_OF_DECEMBER, "page"), target=gone)
    assert newest_draft(SYSTEM, DAY) is None


def test_a_draft_counts_only_once_confirmed() -> None:
    target(100, KAPUK)
    new_period()
    seen = draft().digest
    day = date(2022, 1, 3)
    now = datetime(2022, 1, 4, 9, tzinfo=JAKARTA)
    write(count(2, day=day), now=now)
    figure = CoverageFigure.objects.filter(period__name="2022", region=KAPUK, document="KTP")
    assert figure.get(run=recompute_coverage(by=SYSTEM, day=day, now=now)).target is None
    assert not Target.objects.filter(period__name="2022").exists()
    assert [outcome.status for outcome in confirm(seen)] == ["new"]
    assert figure.get(run=recompute_coverage(by=SYSTEM, day=day, now=now)).target == 100
    assert of_2022() == [(KAPUK, "task", 100, 0, "SK 1/2022")]


def test_confirming_again_writes_nothing_more() -> None:
    target(100, KAPUK)
    new_period()
    seen = draft().digest
    assert [len(confirm(seen)) for _ in range(3)] == [1, 0, 0]
    assert len(of_2022()) == 1
    assert newest_draft(SYSTEM, DAY) is None


def test_only_the_draft_seen_is_confirmed() -> None:
    target(100, KAPUK)
    new_period()
    seen = draft().digest
    target(90, KAPUK, since=date(2021, 12, 1))
    with pytest.raises(Conflict, match="sudah berubah"):
        confirm(seen)
    assert of_2022() == []


def test_a_draft_is_changed_target_by_target() -> None:
    """What the new period has a target for already, by import or by hand, is no longer in the draft."""
    target(100, KAPUK)
    target(60, BARAT)
    new_period()
    wanted = replace(draft().targets[0], people=75, source="SK 9")
    set_target(act=Act(SYSTEM, FIRST_OF_DECEMBER, "page"), target=wanted)
    assert [row.region for row in draft().targets] == [KAPUK]
    confirm(draft().digest)
    assert of_2022() == [(BARAT, "task", 75, 0, "SK 9"), (KAPUK, "task", 100, 0, "SK 1/2022")]


def test_targets_of_closed_regions_stay_behind() -> None:
    target(100, KAPUK)
    target(60, BARAT)
    Region.objects.filter(code=KAPUK).update(closed=date(2021, 12, 31))
    new_period()
    assert ([row.region for row in draft().targets], draft().left_out) == ([BARAT], 1)


def test_a_decree_and_the_right_are_needed() -> None:
    target(100, KAPUK)
    new_period()
    with pytest.raises(Refused, match="nomor keputusan") as refused:
        confirm(draft().digest, source=" ")
    assert refused.value.field == "source"
    with pytest.raises(NotAllowed):
        confirm(draft().digest, by=cast.head_barat())
    assert of_2022() == []


def test_without_an_earlier_period_there_is_no_draft() -> None:
    set_target(act=Act(SYSTEM, NOON, "page"), target=TargetInput(KAPUK, "KTP", "2020", 5, "SK", date(2020, 1, 1)))
    assert [row.period for row in draft().targets] == ["2021"]
    Period.objects.filter(name="2021").delete()
    assert newest_draft(SYSTEM, DAY) is None
