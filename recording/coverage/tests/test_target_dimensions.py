"""A target is of one region, document, period AND kind: a region's own target along one of them must not keep the
children's from being summed along another."""

from datetime import date
from itertools import product

import pytest

from accounts.acts import Act
from accounts.rights import SYSTEM
from recording.coverage.services import recompute_coverage
from recording.models import CoverageFigure, Door
from recording.targets.services import TargetInput, set_targets
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON

pytestmark = pytest.mark.usefixtures("small_world")
CENGKARENG, CENGKARENG_BARAT = "31.73.01", "31.73.01.1001"
DOCUMENTS, PERIODS, KINDS = ("KTP", "KIA"), ("2020", "2021"), ("task", "stock")
ALL = list(product(DOCUMENTS, PERIODS, KINDS))
OWN = 1_000


def set_target(region: str, document: str, period: str, kind: str, people: int) -> None:
    wanted = TargetInput(region, document, period, people, "SK 1", date(int(period), 1, 1), kind=kind)
    set_targets(act=Act(SYSTEM, NOON, Door.COMMAND), targets=[wanted])


def figures(region: str) -> dict[tuple[str, str, str], int | None]:
    """What the run says of a region: people by document, period and kind."""
    run = recompute_coverage(by=SYSTEM, day=DAY, now=NOON)
    rows = CoverageFigure.objects.filter(run=run, region=region).select_related("period")
    columns = {"task": "target", "stock": "eligible"}
    return {(row.document, row.period.name, kind): getattr(row, column) for row in rows for kind, column in columns.items()}


@pytest.mark.parametrize("own", ALL, ids="-".join)
def test_a_target_replaces_only_its_kinds_sum(own: tuple[str, str, str]) -> None:
    for number, key in enumerate(ALL, 1):
        set_target(KAPUK, *key, people=number)
        set_target(CENGKARENG_BARAT, *key, people=10 * number)
    set_target(CENGKARENG, *own, people=OWN)
    sums = {key: 11 * number for number, key in enumerate(ALL, 1)}
    for region in (CENGKARENG, BARAT, DKI):
        assert figures(region) == sums | {own: OWN}, region
