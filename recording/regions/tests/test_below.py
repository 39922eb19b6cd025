"""Everybody means the same by "a region and everything in it": the codes, the lists, the filters and the rights."""

from collections.abc import Iterable

import pytest

from accounts.models import User
from accounts.rights import SYSTEM, can
from accounts.roles import Action, Role
from dukcapil.region_codes import is_within, within_region
from recording.coverage.services import recompute_coverage
from recording.filters import CountFilter, RegionFilter, TargetFilter
from recording.models import CountChange, CoverageFigure, DailyCount, Region, RegionTree, Target
from recording.tests import world

LOOKALIKE = "31.730"  # begins like 31.73 and lies beside it
CODES = [*(code for code, _name in world.REGIONS), LOOKALIKE]
REGIONAL = (DailyCount, CountChange, Target, CoverageFigure)
FILTERS = ((CountFilter, DailyCount), (CountFilter, CountChange), (TargetFilter, Target))


@pytest.fixture
def numbers_everywhere(small_world: None) -> None:
    """A count, a target and a figure of every region."""
    Region.objects.create(code=LOOKALIKE, name="Mirip", level="city", parent_id="31")
    RegionTree.objects.bulk_create(RegionTree(descendant_id=LOOKALIKE, ancestor_id=above) for above in ("31", LOOKALIKE))
    Target.objects.bulk_create(
        Target(
            region_id=code,
            document="KTP",
            period=world.period(),
            kind="task",
            version=1,
            people=9,
            source="SK",
            effective_from=world.DAY,
            at=world.NOON,
        )
        for code in CODES
    )
    posting = world.write(world.count(1)).posting
    DailyCount.objects.bulk_create(
        DailyCount(region_id=code, document="KIA", day=world.DAY, source="loket", people=1, posting=posting) for code in CODES
    )
    recompute_coverage(by=SYSTEM, day=world.DAY, now=world.NOON)


def codes_of(rows: Iterable[DailyCount | CountChange | Target | CoverageFigure]) -> set[str]:
    return {row.region_id for row in rows}


@pytest.mark.usefixtures("numbers_everywhere")
@pytest.mark.parametrize("above", ["31", "31.73", "31.73.01", "31.73.01.1004", LOOKALIKE, "31.7", "32", ""])
def test_all_spellings_agree(above: str) -> None:
    inside = {code for code in CODES if is_within(code, above)}
    head = User(role=Role.HEAD, jurisdiction=above)
    assert {region.pk for region in Region.objects.filter(within_region("code", above))} == inside
    assert {region.pk for region in Region.objects.below(above)} == inside
    assert {region.pk for region in Region.objects.allowed_to(head, Action.COUNT_WRITE)} == inside
    assert {code for code in CODES if can(head, Action.COUNT_WRITE, code)} == inside
    for model in REGIONAL:
        assert codes_of(model.objects.below(above)) == inside, model
        assert codes_of(model.objects.allowed_to(head, Action.COUNT_WRITE)) == inside, model


@pytest.mark.usefixtures("numbers_everywhere")
@pytest.mark.parametrize("above", ["31", "31.73", "31.73.01", "31.73.01.1004", "32"])
def test_filters_of_lists_agree(above: str) -> None:
    inside = {code for code in CODES if is_within(code, above)}
    assert {region.pk for region in RegionFilter({"below": above}, Region.objects.all()).qs} == inside
    for chosen, model in FILTERS:
        assert codes_of(chosen({"below": above}, model.objects.all()).qs) == inside, chosen
