"""Sixteen writers at once: nothing lost, nothing doubled, no "database is locked"."""

from datetime import timedelta
from functools import partial

import pytest

from dukcapil.tests.processes import together
from recording.ledger.selectors import check_ledger
from recording.models import CountChange, DailyCount, Posting
from recording.tests.world import DAY, KAPUK, count, value, write

WRITERS, WRITES = 16, 12


def _same_key(writer: int) -> None:
    for turn in range(WRITES):
        write(count(1 + writer * WRITES + turn))


def _own_keys(writer: int) -> None:
    for turn in range(WRITES):
        write(count(turn, day=DAY - timedelta(days=turn), source=f"loket-{writer}"))


def _same_request(writer: int) -> None:
    for turn in range(WRITES):
        write(count(7 + turn, day=DAY - timedelta(days=turn)), key=f"telepon-{turn}")


@pytest.mark.usefixtures("committed_world")
def test_concurrent_writers_of_one_count_lose_no_change() -> None:
    assert together(*(partial(_same_key, writer) for writer in range(WRITERS))) == [0] * WRITERS
    changes = list(CountChange.objects.order_by("pk"))
    assert len(changes) == WRITERS * WRITES
    assert sum(change.delta for change in changes) == value(KAPUK) == changes[-1].new_people
    assert check_ledger().mismatches == 0


@pytest.mark.usefixtures("committed_world")
def test_concurrent_writers_of_different_counts_lose_none() -> None:
    assert together(*(partial(_own_keys, writer) for writer in range(WRITERS))) == [0] * WRITERS
    assert DailyCount.objects.count() == CountChange.objects.count() == WRITERS * WRITES
    assert check_ledger().mismatches == 0


@pytest.mark.usefixtures("committed_world")
def test_concurrent_repeats_of_a_request_count_once() -> None:
    assert together(*(partial(_same_request, writer) for writer in range(WRITERS))) == [0] * WRITERS
    assert Posting.objects.count() == CountChange.objects.count() == WRITES


@pytest.mark.usefixtures("committed_world")
def test_ledger_positions_are_in_the_order_of_commits() -> None:
    """A reader that saw position n never finds a smaller one later: it polls while others write."""

    def poll() -> None:
        seen: set[int] = set()
        for _ in range(60):
            now = set(CountChange.objects.values_list("pk", flat=True))
            late = {position for position in now - seen if seen and position < max(seen)}
            assert not late, f"came in behind: {late}"
            seen = now

    works = [partial(_own_keys, writer) for writer in range(6)]
    assert together(poll, *works) == [0] * 7
