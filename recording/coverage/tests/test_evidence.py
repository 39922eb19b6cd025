"""What a copy must have in common with its original: the same while nothing changed, another one when any figure did."""

import pytest

from accounts.rights import SYSTEM
from recording.coverage.evidence import newest_change, newest_figures
from recording.coverage.services import recompute_coverage
from recording.models import CountChange
from recording.tests.world import BARAT, DAY, NOON, after, count, write

pytestmark = pytest.mark.usefixtures("small_world")


def test_evidence_differs_when_one_figure_does() -> None:
    assert (newest_figures(), newest_change()) == ("none yet", 0)
    write(count(5), count(0, BARAT))
    recompute_coverage(by=SYSTEM, day=DAY, now=NOON)
    first = newest_figures()
    assert first == newest_figures()
    assert first.startswith(f"run 1 of {DAY}: ")
    write(count(6), now=after(hours=1))
    recompute_coverage(by=SYSTEM, day=DAY, now=after(hours=2))
    assert newest_figures() != first
    assert newest_figures().split()[4] == first.split()[4], "as many figures"
    assert newest_change() == CountChange.objects.order_by("-pk")[0].pk
