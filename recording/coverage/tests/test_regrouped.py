"""When a region moves, its old figures move with it: the explanation says so, and its parts still sum."""

import pytest

from accounts.rights import SYSTEM
from recording.coverage.changes import Comparison, Difference, differences, named_parts
from recording.coverage.services import recompute_coverage
from recording.models import CoverageRun, Region
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON, after, count, period, write

PUSAT = "31.71"


@pytest.fixture
def runs(at_noon: None) -> tuple[CoverageRun, CoverageRun]:
    """10 people of Kapuk; then Cengkareng belongs to another city, and 4 more are recorded."""
    write(count(10))
    first = recompute_coverage(by=SYSTEM, day=DAY, now=NOON)
    Region.objects.filter(code="31.73.01").update(parent=PUSAT)
    write(count(14), now=after(hours=1))
    return first, recompute_coverage(by=SYSTEM, day=DAY, now=after(hours=2))


def of(runs: tuple[CoverageRun, CoverageRun], code: str) -> Difference:
    return differences(Comparison(*runs, "KTP", period()), [code])[code]


@pytest.mark.parametrize(("code", "regrouped", "recorded"), [(PUSAT, 14, 14), (BARAT, -14, -10), (DKI, 0, 4), (KAPUK, 0, 4)])
def test_parts_and_regrouped_sum_to_the_difference(
    runs: tuple[CoverageRun, CoverageRun], code: str, regrouped: int, recorded: int
) -> None:
    difference = of(runs, code)
    assert difference.regrouped == regrouped
    assert difference.recorded == recorded
    assert sum(people for _name, people, _meaning in named_parts(difference)) == recorded
