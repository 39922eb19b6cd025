"""Idempotency-Key: what is sent again is answered again and done once, for a day, whatever happens in between."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches

from accounts.models import ApiKey, StoredAnswer
from accounts.services.keys import revoke_key
from accounts.tests import cast
from dukcapil import clock
from dukcapil.models import Demo
from dukcapil.tests.processes import fork, join, together
from recording.ledger.selectors import check_ledger
from recording.models import CountChange, Posting, Target
from recording.tests import world
from recording.tests.api import bearer, contents, fields, post, row, told
from recording.tests.world import BARAT, KAPUK, NOON

KEY = "kirim-2021-11-25"
TARGET = {
    "region": KAPUK,
    "document": "KTP",
    "period": "2021",
    "people": 240,
    "source": "SK 12/2021",
    "effective_from": "2021-01-01",
}


def send(asking: dict[str, str], body: Any, key: str = KEY, path: str = "counts/") -> Any:
    return post(asking, body, path, Idempotency_Key=key)


def head() -> dict[str, str]:
    return bearer(cast.head_barat())


def replayed(answer: Any) -> bool:
    assert answer.status_code == 200, answer.content
    return bool(answer.get("Idempotent-Replayed") == "true")


def set_clock(moment: Any) -> None:
    Demo.objects.filter(pk=1).update(shift=clock.real_now() - moment)


@pytest.mark.usefixtures("at_noon")
class TestOneAfterTheOther:
    def test_a_repeated_request_gets_the_first_answer(self) -> None:
        asking = head()
        first = send(asking, [row(), row(region=BARAT)])
        before = contents()
        again = send(asking, [row(), row(region=BARAT)])
        assert (replayed(first), replayed(again)) == (False, True)
        assert (again.content, again["Content-Type"]) == (first.content, "application/json")
        assert first.json()["new"] == 2
        assert contents() == before

    def test_the_first_answer_outlasts_a_correction(self) -> None:
        asking = head()
        first = send(asking, row())
        world.write(world.count(40))
        assert send(asking, row()).content == first.content
        assert world.value() == 40

    @pytest.mark.parametrize("body", [row(people=32), row(reason="x"), [row()], {**row(), "expected": 0}])
    def test_another_body_under_the_key_is_a_422(self, body: Any) -> None:
        asking = head()
        send(asking, row())
        before = contents()
        found = told(send(asking, body), 422)
        assert (fields(found), found["type"].endswith("#key-reused")) == ([(None, "Idempotency-Key")], True)
        assert contents() == before
        assert replayed(send(asking, row()))

    def test_another_address_under_it_is_a_422(self) -> None:
        asking = bearer(cast.staff(), "counts:write", "targets:write")
        assert not replayed(send(asking, TARGET, path="targets/"))
        told(send(asking, row()), 422)
        assert replayed(send(asking, TARGET, path="targets/"))
        assert (Target.objects.count(), Posting.objects.count()) == (1, 0)

    @pytest.mark.parametrize(
        ("bad", "status"),
        [
            (row(people=-1), 400),
            (row(people=6), 400),
            ([row(), row()], 400),
            (row(region="31.75"), 403),
            (row(people=6, reason="x", expected=0), 409),
            (b"{", 400),
        ],
    )
    def test_a_refused_request_does_not_consume_the_key(self, bad: Any, status: int) -> None:
        world.write(world.count(5))
        asking = head()
        told(send(asking, bad), status)
        assert not StoredAnswer.objects.exists()
        assert not replayed(send(asking, row(people=6, reason="uji")))
        assert replayed(send(asking, row(people=6, reason="uji")))
        assert world.value() == 6

    def test_what_changed_nothing_is_kept_as_well(self) -> None:
        world.write(world.count(31))
        asking = head()
        assert send(asking, row()).json()["posting"] is None
        world.write(world.count(40))
        assert replayed(send(asking, row()))
        assert world.value() == 40

    def test_two_people_may_use_the_same_text(self) -> None:
        first = send(head(), row())
        second = send(bearer(cast.staff()), row(people=40, reason="uji"))
        assert (replayed(first), replayed(second), world.value()) == (False, False, 40)
        assert StoredAnswer.objects.count() == 2

    def test_two_keys_of_one_owner_are_one_sender(self) -> None:
        assert not replayed(send(head(), row()))
        assert replayed(send(head(), row()))
        assert Posting.objects.count() == 1

    def test_a_revoked_key_gets_no_stored_answer(self) -> None:
        asking = head()
        send(asking, row())
        revoke_key(by=cast.head_barat(), number=ApiKey.objects.latest("pk").pk, now=NOON)
        told(send(asking, row()), 401)
        told(send(bearer(cast.head_barat(), "read"), row()), 403)

    @pytest.mark.parametrize(("hours", "again"), [(1, True), (23.9, True), (24.1, False), (1_000, False)])
    def test_an_answer_is_kept_for_24_hours(self, hours: float, again: bool) -> None:
        asking = bearer(cast.head_barat(), days=366)
        first = send(asking, row())
        set_clock(NOON + timedelta(hours=hours))
        second = send(asking, row())
        assert replayed(second) is again
        assert second.json()["new"] == (1 if again else 0)
        assert (first.content == second.content) is again
        assert (StoredAnswer.objects.count(), Posting.objects.count()) == (1, 1)

    def test_after_24_hours_the_key_is_free(self) -> None:
        asking = head()
        send(asking, row())
        set_clock(NOON + timedelta(hours=25))
        assert not replayed(send(asking, row(people=32, reason="uji")))
        assert world.value() == 32

    def test_without_a_key_nothing_is_kept(self) -> None:
        asking = head()
        assert [replayed(send(asking, row(), "")) for _turn in range(2)] == [False, False]
        assert not replayed(post(asking, row()))
        assert not StoredAnswer.objects.exists()

    @pytest.mark.parametrize("key", ["x" * 81, "x" * 5_000, "kirim-ñ", "kirim\t1", "a\x7f"])
    def test_an_invalid_key_is_refused_by_name(self, key: str) -> None:
        asking, before = head(), contents()
        assert fields(told(send(asking, row(), key), 400)) == [(None, "Idempotency-Key")]
        assert contents() == before

    @pytest.mark.parametrize("key", ["x", "x" * 80, '"8e03978e-40d5-43dd-bc93-6894a57f9324"', "3173010101010001", "a b"])
    def test_any_other_text_is_a_key(self, key: str) -> None:
        asking = head()
        assert [replayed(send(asking, row(), key)) for _turn in range(2)] == [False, True]
        assert StoredAnswer.objects.get().key == key

    def test_of_a_request_a_digest_is_kept(self) -> None:
        send(head(), row())
        stored = StoredAnswer.objects.get()
        assert (stored.owner, stored.status, stored.key) == (cast.head_barat(), 200, KEY)
        assert len(stored.request) == 64


# Several at once


def _into(file: Path, ask: Callable[[], Any]) -> None:
    """What a process was answered: status, whether it is a repetition, and the body."""
    answer = ask()
    told_again = answer.get("Idempotent-Replayed", "-")
    file.write_bytes(f"{answer.status_code} {told_again}\n".encode() + answer.content)


def _answers(folder: Path, asks: list[Callable[[], Any]]) -> list[tuple[str, bytes]]:
    files = [folder / str(number) for number in range(len(asks))]
    works = [partial(_into, file, ask) for file, ask in zip(files, asks, strict=True)]
    assert together(*works) == [0] * len(works)
    return [(head.decode(), body) for head, _n, body in (file.read_bytes().partition(b"\n") for file in files)]


@pytest.mark.usefixtures("committed_world", "at_noon")
def test_eight_concurrent_repeats_have_one_effect(tmp_path: Path) -> None:
    asking = head()
    answers = _answers(tmp_path, [lambda: send(asking, [row(), row(region=BARAT)])] * 8)
    assert sorted(head for head, _body in answers) == ["200 -"] + ["200 true"] * 7
    assert len({body for _head, body in answers}) == 1
    assert (Posting.objects.count(), CountChange.objects.count(), StoredAnswer.objects.count()) == (1, 2, 1)
    assert check_ledger().mismatches == 0


@pytest.mark.usefixtures("committed_world", "at_noon")
def test_of_two_concurrent_bodies_one_is_refused(tmp_path: Path) -> None:
    asking = head()
    asks: list[Callable[[], Any]] = [partial(send, asking, row(people=n)) for n in (31, 32)]
    answers = _answers(tmp_path, asks)
    assert sorted(head for head, _body in answers) == ["200 -", "422 -"]
    assert (Posting.objects.count(), CountChange.objects.count()) == (1, 1)
    done = [head for head, _body in answers].index("200 -")
    assert world.value() == (31, 32)[done]


@pytest.mark.usefixtures("committed_world", "at_noon")
def test_another_process_repeats_the_first_answer(tmp_path: Path) -> None:
    asking, file = head(), tmp_path / "first"
    assert join([fork(partial(_into, file, lambda: send(asking, row())))]) == [0]
    for name in settings.CACHES:
        caches[name].clear()
    again = send(asking, row())
    assert replayed(again)
    assert file.read_bytes() == b"200 -\n" + again.content
    assert Posting.objects.count() == 1
