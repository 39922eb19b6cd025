"""The proof of the ledger on ledgers that were tampered with at random, held against the rule in plain words."""

from collections import defaultdict
from datetime import date, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recording.guards import postgresql, sqlite
from recording.ledger.selectors import LedgerCheck, check_ledger
from recording.models import CountChange, DailyCount
from recording.tests.world import BARAT, DAY, KAPUK, count, write

Key = tuple[str, str, date, str]
Change = tuple[Key, int | None, int | None, int]  # old, new, delta
BASE: Key = (KAPUK, "KTP", DAY, "loket")
# Each differs from the first in one part of the key.
KEYS: list[Key] = [
    BASE,
    (BARAT, *BASE[1:]),
    (KAPUK, "KIA", DAY, "loket"),
    (KAPUK, "KTP", DAY - timedelta(days=1), "loket"),
    (*BASE[:3], "mobil"),
]
VALUES = st.sampled_from([None, 0, 1, 2])


@pytest.fixture
def unguarded(small_world: None) -> int:
    """The number of a posting, in a database without guards."""
    posting = write(count(1)).posting
    assert posting
    connection.check_constraints()
    guards = sqlite if connection.vendor == "sqlite" else postgresql
    with connection.cursor() as cursor:
        for statement in guards.DROP:
            cursor.execute(statement)
    return posting.pk


@st.composite
def ledgers(draw: st.DrawFn) -> tuple[dict[Key, int | None], list[Change]]:
    """Counts and changes as the portal writes them, and then none to two things that it never does."""
    counts: dict[Key, int | None] = {}
    changes: list[Change] = []
    for key in draw(st.lists(st.sampled_from(KEYS), max_size=7)):
        old, new = counts.get(key), draw(VALUES)
        if new != old:
            changes.append((key, old, new, (new or 0) - (old or 0)))
            counts[key] = new
    for _damage in range(draw(st.integers(0, 2))):
        key = draw(st.sampled_from(KEYS))
        what = draw(st.sampled_from(["count", "no count", "change", "no change", "order"]))
        if what == "count":
            counts[key] = draw(VALUES)
        elif what == "no count":
            counts.pop(key, None)
        elif what == "change":
            changes.append((key, draw(VALUES), draw(VALUES), draw(st.integers(-2, 2))))
        elif what == "no change" and changes:
            changes.pop(draw(st.integers(0, len(changes) - 1)))
        elif what == "order":
            changes.reverse()
    return counts, changes


def mismatches(counts: dict[Key, int | None], changes: list[Change]) -> int:
    """Counts whose value is not the sum of their changes, or whose changes do not follow each other."""
    of_key: dict[Key, list[Change]] = defaultdict(list)
    for change in changes:
        of_key[change[0]].append(change)
    wrong = 0
    for key in counts.keys() | of_key.keys():
        before, chained = None, True
        for _key, old, new, delta in of_key[key]:
            chained = chained and old == before and delta == (new or 0) - (old or 0)
            before = new
        total = sum(delta for _key, _old, _new, delta in of_key[key])
        wrong += not (key in counts and of_key[key] and chained and total == (counts[key] or 0))
    return wrong


def _store(counts: dict[Key, int | None], changes: list[Change], posting: int) -> None:
    named = ("region_id", "document", "day", "source")
    for key, people in counts.items():
        DailyCount.objects.create(**dict(zip(named, key, strict=True)), people=people, posting_id=posting)
    for key, old, new, delta in changes:
        values = {"old_people": old, "new_people": new, "delta": delta, "posting_id": posting}
        CountChange.objects.create(**dict(zip(named, key, strict=True)), **values)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ledger=ledgers())
def test_every_tampering_is_counted(unguarded: int, ledger: tuple[dict[Key, int | None], list[Change]]) -> None:
    counts, changes = ledger
    CountChange.objects.all().delete()
    DailyCount.objects.all().delete()
    _store(counts, changes, unguarded)
    assert check_ledger() == LedgerCheck(len(counts), len(changes), mismatches(counts, changes))


@pytest.mark.parametrize("other", KEYS[1:])
def test_two_values_in_each_others_place_are_found(unguarded: int, other: Key) -> None:
    _store({other: 5}, [(other, None, 5, 5)], unguarded)
    assert check_ledger() == LedgerCheck(2, 2, 0)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE recording_dailycount SET people = 6 - people")
    assert check_ledger() == LedgerCheck(2, 2, 2)
