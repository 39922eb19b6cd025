"""Acts of writing too large for one transaction: unseen until they have ended, and gone when they cannot end."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from threading import Thread
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from accounts.acts import Act
from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil.clock import real_now
from dukcapil.errors import Conflict, Refused
from dukcapil.locks import one_writer
from recording.coverage.services import recompute_coverage
from recording.ledger import large_writes, services
from recording.ledger.checks import CountInput, CountKey
from recording.ledger.large_writes import Writing, take_back_left_behind, wait_for_large_writes
from recording.ledger.selectors import check_ledger, current_count, history
from recording.ledger.services import undo_posting
from recording.ledger.stage import Stage
from recording.models import CountChange, CurrentCount, DailyCount, OpenPosting, Posting, PostingKind
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON, count, write

ACT = Act(SYSTEM, NOON, "command")
KEYS: list[CountKey] = [
    (region, document, DAY - timedelta(days=days), source)
    for region in (KAPUK, BARAT)
    for document in ("KTP", "KIA")
    for days in (0, 3)
    for source in ("loket", "kiriman")
]
Values = dict[CountKey, int | None]
OTHER: CountKey = (KAPUK, "KTP", DAY, "lain")  # of no file


@pytest.fixture(autouse=True)
def every_act_is_large(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of two rows, whatever they take, and nobody waits long."""
    settings.COUNTS_WRITTEN_AT_ONCE = 0
    monkeypatch.setattr(large_writes, "FIRST_PART", 2)
    monkeypatch.setattr(large_writes, "SMALLEST_PART", 2)
    monkeypatch.setattr(large_writes, "PART_SECONDS", 0)
    monkeypatch.setattr(large_writes, "PAUSE_SECONDS", 0)


def store(values: Values, *, at_each_part: Callable[[], None] = lambda: None, finish: Callable[[], Any] = lambda: None) -> None:
    """Write these values as one act."""
    with Stage() as stage:
        begun(stage, values, at_each_part, finish).complete()


def begun(
    stage: Stage, values: Values, at_each_part: Callable[[], None] = lambda: None, finish: Callable[[], Any] = lambda: None
) -> Writing[Any]:
    stage.load([(line, *key, people) for line, (key, people) in enumerate(values.items())])
    with one_writer():
        stage.analyze()
        stage.compare()
        posting = Posting.objects.create(at=NOON, door="command", kind=PostingKind.ENTRY, reason="berkas")
        writing = Writing(stage, posting, finish, at_each_part)
        writing.begin()
    return writing


def left_behind(values: Values, parts: int) -> Posting:
    """What a process that was killed after so many parts leaves."""
    parts_left = iter(range(parts - 1))

    def killed_at_last() -> None:
        if next(parts_left, None) is None:
            raise KeyboardInterrupt

    with Stage() as stage:
        writing = begun(stage, values, killed_at_last)
        if parts:
            with pytest.raises(KeyboardInterrupt):
                writing._write_parts(writing.opened)  # type: ignore[arg-type]  # `complete` would tidy up behind it
    return writing.posting


def run_out() -> None:
    """The time of whoever was writing is over."""
    OpenPosting.objects.update(until=real_now() - timedelta(seconds=1))


def shown() -> Values:
    return values_of(CurrentCount)


def stored() -> Values:
    return values_of(DailyCount)


def values_of(model: type[CurrentCount] | type[DailyCount]) -> Values:
    rows = model._default_manager.filter(people__isnull=False)
    return {(row.region_id, row.document, row.day, row.source): row.people for row in rows}


def versions() -> dict[CountKey, int]:
    rows = CurrentCount.objects.filter(people__isnull=False)
    return {(row.region_id, row.document, row.day, row.source): row.posting_id for row in rows}


def as_input(key: CountKey, people: int) -> CountInput:
    return CountInput(*key, people)


def fed_after(position: int) -> list[int]:
    """What the feed of changes gives to whoever has read up to this position."""
    return list(CountChange.objects.settled().filter(pk__gt=position).order_by("pk").values_list("pk", flat=True))


def some(people: int, keys: list[CountKey] = KEYS) -> Values:
    return dict.fromkeys(keys, people)


values_of_keys = st.dictionaries(st.sampled_from(KEYS), st.integers(0, 30), max_size=len(KEYS))
changed_values = st.dictionaries(st.sampled_from(KEYS), st.one_of(st.none(), st.integers(0, 30)), min_size=1)


@examples(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=values_of_keys, file=changed_values, others=st.lists(st.integers(0, 30), max_size=3))
def test_readers_see_all_or_nothing(small_world: None, before: Values, file: Values, others: list[int]) -> None:
    """At each part, with someone else writing in between: lists, versions, and the feed read on from where one was."""
    with transaction.atomic():
        if before:
            write(*(as_input(key, people or 0) for key, people in before.items()))
        seen_first, versions_first, fed = shown(), versions(), list[int]()
        elsewhere = iter(others)

        def look() -> None:
            people = next(elsewhere, None)
            if people is not None:
                write(as_input(OTHER, people), reason="x")
            assert {key: value for key, value in shown().items() if key != OTHER} == seen_first
            assert {key: value for key, value in versions().items() if key != OTHER} == versions_first
            fed.extend(fed_after(fed[-1] if fed else 0))
            assert fed == before_it

        before_it = fed_after(0)
        store(file, at_each_part=look)
        fed.extend(fed_after(fed[-1] if fed else 0))
        after = {key: value for key, value in (seen_first | file).items() if value is not None}
        assert {key: value for key, value in shown().items() if key != OTHER} == after
        assert shown() == stored()
        assert fed == list(CountChange.objects.order_by("pk").values_list("pk", flat=True))
        assert check_ledger().mismatches == 0
        transaction.set_rollback(True)


def test_pages_show_former_values_meanwhile(small_world: None, client: Client) -> None:
    write(count(7))
    client.force_login(cast.staff())

    def look() -> None:
        page = client.get(f"/wilayah/{KAPUK}/catatan/").content.decode()
        rows = client.get("/api/v1/counts/", {"below": DKI}).json()["results"]
        assert "kiriman" not in page
        assert [(row["people"], row["source"]) for row in rows] == [(7, "loket")]
        now = current_count(SYSTEM, *count(0).key)
        assert now is not None
        assert (now.people, now.posting.reason) == (7, "uji")
        assert [change.new_people for change in history(SYSTEM, *count(0).key)] == [7]

    store(some(9), at_each_part=look)
    rows = client.get("/api/v1/counts/", {"below": DKI}).json()["results"]
    assert {row["people"] for row in rows} == {9}
    assert [change.new_people for change in history(SYSTEM, *count(0).key)] == [9, 7]


def test_no_run_reads_half(small_world: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recording.coverage.services.PATIENCE_SECONDS", 0)

    def start_a_run() -> None:
        with pytest.raises(Conflict, match="Impor besar sedang ditulis"):
            recompute_coverage(by=SYSTEM, day=DAY, now=NOON)

    store(some(5), at_each_part=start_a_run)
    run = recompute_coverage(by=SYSTEM, day=DAY, now=NOON)
    assert run.ledger_position == CountChange.objects.latest("pk").pk


def test_no_run_reads_what_began_after_its_wait(small_world: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recording.coverage.services.wait_for_large_writes", lambda *_waiting: None)
    left_behind(some(9), 2)
    with pytest.raises(Refused, match="Coba lagi sebentar"):
        recompute_coverage(by=SYSTEM, day=DAY, now=NOON)


@pytest.mark.parametrize("part", [1, len(KEYS) // 2], ids=["after the first part", "after the last part"])
@pytest.mark.parametrize("which", [0, -1], ids=["of the first part", "of the last part"])
def test_a_count_changed_meanwhile_stops_it(small_world: None, which: int, part: int) -> None:
    """What was compared is no longer so. Everything is as before, but for what the other one wrote."""
    write(count(7))
    other = KEYS[which]
    parts = iter(range(1, len(KEYS)))

    def look() -> None:
        if next(parts) == part:
            write(as_input(other, 11), reason="koreksi")

    with pytest.raises(Conflict, match="berubah selama"):
        store(some(9), at_each_part=look)
    assert stored() == shown() == {count(0).key: 7} | {other: 11}
    assert not OpenPosting.objects.exists()
    assert check_ledger().mismatches == 0


def test_all_that_was_compared_is_written(small_world: None) -> None:
    """A row that is lost on the way is found at the end, as in a small act."""

    def lose_the_last() -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM count_stage WHERE line = %s", [len(KEYS) - 1])

    with pytest.raises(Refused, match="berbeda dari yang diperlihatkan"):
        store(some(9), at_each_part=lose_the_last)
    assert (stored(), OpenPosting.objects.exists()) == ({}, False)


def test_a_failure_at_the_end_leaves_nothing(small_world: None) -> None:
    write(count(7))

    def fail() -> None:
        raise Refused("gagal")

    with pytest.raises(Refused, match="gagal"):
        store(some(9), finish=fail)
    assert stored() == shown() == {count(0).key: 7}
    assert not OpenPosting.objects.exists()


def test_a_failure_of_the_database_leaves_nothing(unlucky: None) -> None:
    with pytest.raises(Refused, match="berbeda dari yang diperlihatkan"):
        store(some(9) | {KEYS[-1]: 13})
    assert stored() == shown() == {}
    assert not OpenPosting.objects.exists()


@pytest.mark.parametrize("parts", range(0, len(KEYS) // 2 + 1, 2))
def test_what_is_left_behind_is_taken_back(small_world: None, parts: int) -> None:
    """When its time is over, not before. What was there stands again, and nothing of it was ever shown."""
    write(count(7))
    posting = left_behind(some(9), parts)
    assert shown() == {count(0).key: 7}
    take_back_left_behind(NOON)
    assert OpenPosting.objects.exists()
    run_out()
    take_back_left_behind(NOON)
    assert stored() == shown() == {count(0).key: 7}
    assert not OpenPosting.objects.exists()
    assert [(each.door, each.by) for each in posting.undone_by.all()] == ([("task", None)] if parts else [])
    assert check_ledger().mismatches == 0


def test_a_run_takes_back_what_is_left_behind(small_world: None) -> None:
    left_behind(some(9), 2)
    run_out()
    run = recompute_coverage(by=SYSTEM, day=DAY, now=NOON)
    assert run.ledger_position == CountChange.objects.latest("pk").pk
    assert stored() == {}


def test_taking_back_keeps_what_others_wrote(small_world: None) -> None:
    left_behind(some(9), 2)
    write(count(12), reason="koreksi")
    run_out()
    take_back_left_behind(NOON)
    assert stored() == {count(0).key: 12}


def test_taking_back_may_be_killed_as_well(small_world: None, monkeypatch: pytest.MonkeyPatch) -> None:
    write(count(7))
    left_behind(some(9), 4)
    run_out()
    with monkeypatch.context() as patch:
        patch.setattr(large_writes, "_parts", lambda first, last: killed_after(first))
        with pytest.raises(KeyboardInterrupt):
            take_back_left_behind(NOON)
    assert shown() == {count(0).key: 7}
    run_out()
    take_back_left_behind(NOON)
    assert stored() == shown() == {count(0).key: 7}
    assert check_ledger().mismatches == 0


def killed_after(first: int) -> Iterator[tuple[int, int]]:
    yield first, first + 1
    raise KeyboardInterrupt


def test_a_writer_taken_for_dead_stops(small_world: None) -> None:
    """He slept too long, and another one has taken his parts back."""
    asleep = iter([True])

    def sleep() -> None:
        if next(asleep, False):
            run_out()
            take_back_left_behind(NOON)

    with pytest.raises(Conflict, match="terhenti terlalu lama"):
        store(some(9), at_each_part=sleep)
    assert stored() == {}
    assert check_ledger().mismatches == 0


def test_one_large_act_at_a_time(small_world: None) -> None:
    left_behind(some(9), 1)
    with Stage() as stage, pytest.raises(Conflict, match="Impor besar sedang ditulis"):
        begun(stage, some(8))
    with pytest.raises(Conflict, match="Impor besar sedang ditulis"):
        wait_for_large_writes(NOON, 0)


def test_whoever_waits_tells_that_he_lives(small_world: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the job of an import that waits for another one would be taken for dead, three times and then for good."""
    monkeypatch.setattr(large_writes, "LOOKS_EVERY_SECONDS", 0)
    left_behind(some(9), 1)
    looks = list[int]()

    def renew() -> None:
        looks.append(1)
        if len(looks) == 3:
            run_out()

    wait_for_large_writes(NOON, renew=renew)
    assert (len(looks) >= 3, OpenPosting.objects.exists()) == (True, False)


def test_a_small_act_is_told_of_it(small_world: None, settings: LazySettings) -> None:
    """Its counts are in the hands of the large one, unseen as yet."""
    write(count(7))
    left_behind(some(9), 2)
    settings.COUNTS_WRITTEN_AT_ONCE = 100
    with pytest.raises(Conflict, match="Impor besar sedang ditulis"), Stage() as stage:
        begun(stage, some(9, KEYS[:1]))
    write(as_input(OTHER, 3))
    assert shown() == {count(0).key: 7, OTHER: 3}


def test_undoing_is_one_act_in_parts(small_world: None) -> None:
    write(count(7))
    store(some(9))
    posting = Posting.objects.latest("pk")
    parts = list[Values]()
    undone = undo_posting(act=ACT, posting=posting.pk, reason="keliru", finish=lambda undone: parts.append(shown()))
    assert parts == [some(9)]  # readers saw all of it until its end
    assert stored() == shown() == {count(0).key: 7}
    assert undone.restored == len(KEYS)
    acts = CountChange.objects.filter(posting__kind=PostingKind.UNDO).values_list("posting", flat=True)
    assert list(acts.distinct()) == [undone.posting and undone.posting.pk]
    assert undo_posting(act=ACT, posting=posting.pk, reason="lagi").restored == 0


def test_others_write_while_an_undoing_is_staged(small_world: None, monkeypatch: pytest.MonkeyPatch) -> None:
    store(some(9))
    posting, staging = Posting.objects.latest("pk"), services._stage_undoing

    def stage_while_others_write(stage: Stage, undone: Posting) -> list[CountKey]:
        kept = staging(stage, undone)
        write(count(11), reason="koreksi")
        return kept

    monkeypatch.setattr(services, "_stage_undoing", stage_while_others_write)
    with pytest.raises(Conflict, match="berubah selama"):
        undo_posting(act=ACT, posting=posting.pk, reason="keliru")
    assert stored() == some(9) | {count(0).key: 11}


def test_an_undoing_left_behind_is_done_again(small_world: None) -> None:
    store(some(9))
    posting = Posting.objects.latest("pk")
    with pytest.raises(KeyboardInterrupt):
        undo_posting(act=ACT, posting=posting.pk, reason="keliru", finish=interrupted)
    assert stored() == shown() == some(9)
    assert undo_posting(act=ACT, posting=posting.pk, reason="lagi").restored == len(KEYS)
    assert stored() == {}


def interrupted(_undone: object) -> None:
    raise KeyboardInterrupt


def test_others_write_between_parts(committed_world: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another connection, for real: what it writes during the act is there at once, and the act ends."""
    monkeypatch.setattr(large_writes, "PAUSE_SECONDS", 0.11)
    wrote = list[date]()

    def write_elsewhere() -> None:
        try:
            write(count(len(wrote) + 1, KAPUK, day=DAY - timedelta(days=10 + len(wrote)), source="lain"))
            wrote.append(DAY)
        finally:
            connection.close()

    def at_each_part() -> None:
        other = Thread(target=write_elsewhere)
        other.start()
        other.join(timeout=20)

    store(some(9), at_each_part=at_each_part)
    assert len(wrote) == len(KEYS) / 2
    assert DailyCount.objects.filter(source="lain").count() == len(wrote)
    assert check_ledger().mismatches == 0
