"""What every page asks for is read once a second: but whoever has just written something sees it."""

import re
from itertools import count as count_from
from typing import Any

import pytest
from django.test import Client

from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil import clock
from dukcapil.kept import Kept, KeptByKey, reads_anew
from recording.conftest import at_noon, kept, small_world
from recording.coverage import services
from recording.coverage.ledger_sums import sum_ledger
from recording.coverage.runs import newest_runs
from recording.coverage.services import recompute_coverage
from recording.tests import world
from recording.tests.pages import logged_in, words

__all__ = ["at_noon", "kept", "small_world"]


def test_a_value_is_read_once_for_its_arguments(kept: None, settings: Any) -> None:
    asked: list[int] = []

    @Kept
    def read(number: int) -> int:
        asked.append(number)
        return len(asked)

    assert [read(5), read(5), read(6), read(6)] == [1, 1, 2, 2]
    token = reads_anew.set(True)
    assert read(6) == 3
    reads_anew.reset(token)
    assert read(6) == 3, "which the others are given from then on"
    settings.KEPT_SECONDS = 0
    assert read(6) == 4
    assert asked == [5, 6, 6, 6]


def test_what_is_exact_is_kept_for_its_arguments(settings: Any) -> None:
    settings.KEPT_SECONDS = 0.000_001
    asked: list[int] = []

    def count(number: int) -> int:
        asked.append(number)
        return len(asked)

    read = Kept(count, exact=True)
    assert [read(5), read(5), read(6), read(5)] == [1, 1, 2, 3]
    token = reads_anew.set(True)
    assert read(5) == 4
    reads_anew.reset(token)


def test_a_failed_reading_is_not_kept(kept: None) -> None:
    answers = iter([0, 7])
    read = Kept(lambda: 1 // next(answers) + 7)
    with pytest.raises(ZeroDivisionError):
        read()
    assert (read(), read()) == (7, 7)


@pytest.fixture
def unsettled(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that has just begun."""
    monkeypatch.setattr(clock, "_in_earnest", False)
    monkeypatch.setattr(clock, "_demo_row", Kept(clock._demo_row._read))


def test_the_examples_clock_is_asked_once(at_noon: None, unsettled: None, kept: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert [clock.demo(), clock.demo()] == [clock.demo()] * 2 != [None, None]


def test_without_an_example_nobody_asks_any_more(
    small_world: None, unsettled: None, settings: Any, django_assert_num_queries: Any
) -> None:
    cast.reader()
    settings.KEPT_SECONDS = 0.000_001
    with django_assert_num_queries(3):
        assert clock.demo() is None
    with django_assert_num_queries(0):
        assert clock.demo() is None


def test_an_example_that_comes_is_found(db: None, unsettled: None, kept: None) -> None:
    """On an empty database: first its row, then its people. Where it is set, it is known at once."""
    assert clock.demo() is None
    clock.set_demo(world.DAY, world.NOON)
    cast.reader()
    found = clock.demo()
    assert found
    assert found.until == world.DAY


def test_whoever_wrote_sees_it_others_soon(at_noon: None, kept: None, settings: Any) -> None:
    writer, reader = logged_in(cast.staff()), logged_in(cast.reader())
    writer.post("/hitung-ulang/", {})
    assert (shown(writer), shown(reader)) == (1, 1)
    world.write(world.count(20))
    recompute_coverage(by=SYSTEM, day=world.DAY, now=clock.now())  # as another process does
    assert shown(reader) == 1
    assert shown(writer) == 2
    del writer.cookies["wrote"]
    settings.KEPT_SECONDS = 0
    assert (shown(reader), shown(writer)) == (2, 2)


def test_others_soon_see_every_new_state(at_noon: None, kept: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what the runs are kept by: another run, an act that changes what is said of one, and a summed ledger."""
    settings.KEPT_SECONDS = 0.000_001
    monkeypatch.setattr(services, "sum_ledger", lambda **_limit: None)
    world.write(world.count(20))

    def state() -> tuple[int, ...]:
        runs = newest_runs(world.DAY)
        return (runs.newest.number, runs.newest.audit_now, runs.newest.summed_position) if runs else ()

    states = [state()]
    for change in (
        lambda: recompute_coverage(by=SYSTEM, day=world.DAY, now=clock.now()),
        lambda: world.target(50, world.KAPUK),
        sum_ledger,
    ):
        change()
        states.append(state())
    assert len(set(states)) == 4


def test_a_strangers_form_leaves_no_mark(client: Client, at_noon: None) -> None:
    assert "wrote" not in client.post("/masuk/", {"username": "a", "password": "b"}).cookies


def test_a_form_leaves_a_mark_for_a_while(at_noon: None) -> None:
    mark = logged_in(cast.staff()).post("/hitung-ulang/", {}).cookies["wrote"]
    assert (mark["max-age"], mark["httponly"], mark["samesite"]) == (5, True, "Lax")


def shown(browser: Client) -> int:
    """The number of the run that the first page shows."""
    found = re.search(r"nomor (\d+)", words(browser.get("/")))
    assert found
    return int(found[1])


def test_values_are_kept_for_each_key(settings: Any) -> None:
    settings.KEPT_SECONDS = 60
    numbers = count_from(1)
    read: KeptByKey[int] = KeptByKey(max_keys=2)
    value = lambda key: read(key, lambda: next(numbers))  # noqa: E731
    assert [value("a"), value("b"), value("a"), value("b")] == [1, 2, 1, 2]
    token = reads_anew.set(True)
    try:
        assert value("a") == 3
    finally:
        reads_anew.reset(token)
    assert value("a") == 3, "what a writer read is there for all"
    assert [value("c"), value("a")] == [4, 5], "no more keys than said"
    read.forget()
    assert value("a") == 6
    settings.KEPT_SECONDS = 0
    assert [value("a"), value("a")] == [7, 8]
