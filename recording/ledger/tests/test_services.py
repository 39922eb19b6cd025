"""Writing counts: idempotent, told about conflicts, refused in words, and always in the ledger."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.acts import Act
from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil.errors import Conflict, NotAllowed, NotFound, Refused, RefusedRows
from recording.ledger.checks import CountInput
from recording.ledger.selectors import check_ledger
from recording.ledger.services import record_count, record_counts, return_counts, undo_posting
from recording.models import CountChange, DailyCount, Posting, Region
from recording.parsing.numbers import MAX_PEOPLE
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON, count, value, write

pytestmark = pytest.mark.usefixtures("small_world")


def ledger() -> list[tuple[int | None, int | None, int]]:
    return list(CountChange.objects.order_by("pk").values_list("old_people", "new_people", "delta"))


def test_every_change_is_a_row_of_the_ledger() -> None:
    write(count(10))
    write(count(12))
    assert value() == 12
    assert ledger() == [(None, 10, 10), (10, 12, 2)]


def test_writing_the_same_again_changes_nothing() -> None:
    write(count(10))
    again = write(count(10))
    assert again.posting is None
    assert [outcome.status for outcome in again.outcomes] == ["unchanged"]
    assert len(ledger()) == Posting.objects.count() == 1


def test_nihil_is_stored_and_is_not_missing() -> None:
    write(count(0))
    assert value() == 0
    assert ledger() == [(None, 0, 0)]


def test_the_same_key_and_body_repeat_the_answer() -> None:
    first = write(count(10), count(5, BARAT), key="telepon-1")
    again = write(count(5, BARAT), count(10), key="telepon-1")
    assert again.repeated
    assert again.posting == first.posting
    assert {(o.key, o.new) for o in again.outcomes} == {(o.key, o.new) for o in first.outcomes}


def test_a_key_with_another_body_is_refused() -> None:
    write(count(10), key="telepon-1")
    with pytest.raises(Conflict, match="sudah dipakai"):
        write(count(11), key="telepon-1")
    assert value() == 10


@pytest.mark.parametrize("key", ["k" * 81, "telepon\x00"])
def test_a_key_that_cannot_be_stored_is_refused(key: str) -> None:
    with pytest.raises(Refused) as refused:
        write(count(10), key=key)
    assert refused.value.field == "key"
    assert value() is None
    assert write(count(10), key="3173010101010001").posting, "digits alone make no key a person's number"


def test_another_users_key_is_refused() -> None:
    write(count(10), key="telepon-1")
    with pytest.raises(Conflict):
        record_count(act=Act(cast.head_barat(), NOON, "page"), count=count(10), key="telepon-1")


def test_a_correction_needs_a_reason() -> None:
    write(count(10))
    with pytest.raises(RefusedRows) as refused:
        write(count(12), reason=" ")
    assert refused.value.errors[0][1].field == "reason"
    assert value() == 10


def test_the_second_writer_is_told_who_was_first() -> None:
    head, staff = cast.head_barat(), cast.staff()
    write(count(10))
    seen = DailyCount.objects.get(region_id=KAPUK).posting_id
    edited = CountInput(KAPUK, "KTP", DAY, "loket", 12, expected=seen)
    record_count(act=Act(head, NOON, "page"), count=edited, reason="hitung ulang")
    with pytest.raises(Conflict, match=f"{head.full_name} baru saja mengubah catatan ini menjadi 12"):
        record_count(act=Act(staff, NOON, "page"), count=CountInput(KAPUK, "KTP", DAY, "loket", 15, seen), reason="x")
    assert value() == 12


def test_a_writer_who_saw_nothing_learns_of_values() -> None:
    write(count(10))
    with pytest.raises(Conflict):
        record_count(act=Act(SYSTEM, NOON, "page"), count=CountInput(KAPUK, "KTP", DAY, "loket", 11, 0), reason="x")


@pytest.mark.parametrize(
    ("bad", "field", "words"),
    [
        (count(1, "31.99"), "region", "tidak dikenal"),
        (count(1, f"{KAPUK}\x00"), "region", "tidak dikenal"),
        (count(1, document="KTP\x00"), "document", "tidak dikenal"),
        (count(1, source="loket\x00"), "source", "tidak dikenal"),
        (count(1, document="SIM"), "document", "tidak dikenal"),
        (count(1, source="Loket Besar"), "source", "tidak dikenal"),
        (count(-1), "people", "antara 0"),
        (count(MAX_PEOPLE + 1), "people", "antara 0"),
        (count(1, day=DAY + timedelta(days=1)), "day", "belum tiba"),
        (count(1, day=date(2019, 12, 31)), "day", "mendahului periode pertama"),
    ],
)
def test_bad_input_is_refused_at_its_field(bad: CountInput, field: str, words: str) -> None:
    with pytest.raises(Refused, match=words) as refused:
        record_count(act=Act(SYSTEM, NOON, "page"), count=bad)
    assert refused.value.field == field
    with pytest.raises(RefusedRows) as rows:
        write(count(3), bad)
    assert [index for index, _ in rows.value.errors] == [1]
    assert not DailyCount.objects.exists()


def test_a_closed_region_takes_counts_until_its_end() -> None:
    Region.objects.filter(code=KAPUK).update(closed=DAY - timedelta(days=1))
    write(count(5, day=DAY - timedelta(days=1)))
    with pytest.raises(RefusedRows) as refused:
        write(count(5))
    assert "tutup" in str(refused.value.errors[0][1])


def test_a_duplicate_in_one_batch_is_refused() -> None:
    with pytest.raises(RefusedRows) as refused:
        write(count(1), count(2))
    assert refused.value.errors[0][0] == 1


def test_a_reason_with_a_nik_is_refused() -> None:
    with pytest.raises(Refused, match="NIK"):
        write(count(1), reason="warga 3173010101010001")
    assert not DailyCount.objects.exists()


def test_a_head_writes_for_the_own_city_only() -> None:
    with pytest.raises(NotAllowed):
        record_count(act=Act(cast.head_timur(), NOON, "page"), count=count(1))
    record_count(act=Act(cast.head_barat(), NOON, "page"), count=count(1))
    with pytest.raises(NotAllowed):
        record_count(act=Act(cast.head_barat(), NOON, "page"), count=count(1, DKI))


def test_an_unreadable_region_is_not_found() -> None:
    with pytest.raises(NotFound):
        record_count(act=Act(cast.reader_barat(), NOON, "page"), count=count(1, "31.75"))


def test_returned_counts_can_be_entered_again() -> None:
    write(count(10))
    return_counts(act=Act(SYSTEM, NOON, "page"), keys=[count(0).key], reason="angka keliru")
    assert value() is None
    write(count(8), reason="")
    assert ledger() == [(None, 10, 10), (10, None, -10), (None, 8, 8)]


def test_an_undo_spares_what_was_changed_since() -> None:
    write(count(1), count(2, BARAT))
    posting = write(count(5), count(6, BARAT), count(7, DKI)).posting
    assert posting
    write(count(9, BARAT))
    undone = undo_posting(act=Act(SYSTEM, NOON, "page"), posting=posting.pk, reason="salah berkas")
    assert (value(), value(BARAT), value(DKI)) == (1, 9, None)
    assert (undone.restored, undone.kept) == (2, [count(0, BARAT).key])
    assert undo_posting(act=Act(SYSTEM, NOON, "page"), posting=posting.pk, reason="lagi").posting is None


def test_an_undo_needs_reason_posting_and_right() -> None:
    posting = write(count(1)).posting
    assert posting
    with pytest.raises(Refused, match="alasan"):
        undo_posting(act=Act(SYSTEM, NOON, "page"), posting=posting.pk, reason="")
    with pytest.raises(NotFound):
        undo_posting(act=Act(SYSTEM, NOON, "page"), posting=0, reason="x")
    stranger = cast.head_timur()
    with CaptureQueriesContext(connection) as asked, pytest.raises(NotAllowed):
        undo_posting(act=Act(stranger, NOON, "page"), posting=posting.pk, reason="x")
    assert not any("SAVEPOINT" in query["sql"] for query in asked), "who may not, takes no lock"


def test_a_dry_run_answers_and_writes_nothing() -> None:
    answer = record_counts(act=Act(SYSTEM, NOON, "command"), counts=[count(1)], dry_run=True)
    assert [outcome.status for outcome in answer.outcomes] == ["new"]
    assert not Posting.objects.exists()


KEYS = [count(0), count(0, BARAT), count(0, day=DAY - timedelta(days=3)), count(0, document="KIA")]
steps = st.lists(
    st.tuples(
        st.sampled_from(["page", "api", "command", "return", "undo", "again"]),
        st.sampled_from(KEYS),
        st.integers(0, 30),
        st.integers(0, 9),
    ),
    max_size=30,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_the_value_is_the_sum_of_its_changes(steps: list[tuple[str, CountInput, int, int]]) -> None:
    """Writes, repeats, corrections, returns and undos through many doors, against a dictionary."""
    with transaction.atomic():
        model: dict[object, int | None] = {}
        acts: list[tuple[int, dict[object, int | None], dict[object, int]]] = []
        for step, like, people, which in steps:
            wanted = CountInput(*like.key, people)
            if step == "return":
                return_counts(act=Act(SYSTEM, NOON, "page"), keys=[like.key], reason="x")
                if model.get(like.key) is not None:
                    model[like.key] = None
            elif step == "undo" and acts:
                posting, before, _ = acts[which % len(acts)]
                if undo_posting(act=Act(SYSTEM, NOON, "page"), posting=posting, reason="x").restored:
                    model |= before
            else:
                before = dict(model)
                request = f"k-{people}-{like.key}" if step == "again" else None
                done = record_counts(act=Act(SYSTEM, NOON, "page"), counts=[wanted], reason="x", key=request)
                if done.posting and not done.repeated:
                    acts.append((done.posting.pk, {like.key: before.get(like.key)}, {like.key: people}))
                    model[like.key] = people
        stored = {(c.region_id, c.document, c.day, c.source): c.people for c in DailyCount.objects.all()}
        assert {k: v for k, v in stored.items() if v is not None} == {k: v for k, v in model.items() if v is not None}
        assert check_ledger().mismatches == 0
        transaction.set_rollback(True)


def test_a_request_that_changed_nothing_is_remembered_too() -> None:
    """Else a late retry of it would undo what a colleague corrected in between."""
    write(count(10))
    first = write(count(10), key="telepon-1")
    write(count(12))
    again = write(count(10), key="telepon-1")
    assert (first.posting, again.posting, again.repeated) == (None, None, True)
    assert [outcome.status for outcome in again.outcomes] == ["unchanged"]
    with pytest.raises(Conflict, match="sudah dipakai"):
        write(count(99), key="telepon-1")
    assert value() == 12


def test_a_returned_count_may_be_entered_unseen() -> None:
    write(count(10))
    return_counts(act=Act(SYSTEM, NOON, "page"), keys=[count(0).key], reason="keliru")
    record_count(act=Act(SYSTEM, NOON, "page"), count=CountInput(KAPUK, "KTP", DAY, "loket", 11, 0))
    assert value() == 11


def test_an_act_without_changes_cannot_be_undone() -> None:
    write(count(10))
    write(count(10), key="telepon-1")
    empty = Posting.objects.get(key="telepon-1")
    undone = undo_posting(act=Act(SYSTEM, NOON, "page"), posting=empty.pk, reason="x")
    assert (undone.posting, undone.restored, value()) == (None, 0, 10)
