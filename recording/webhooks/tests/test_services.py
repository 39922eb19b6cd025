"""Webhooks: who has one, what is sent, when it is sent again, and that nothing is lost or sent for nothing."""

import base64
import hashlib
import hmac
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.acts import Act
from accounts.models import User
from accounts.rights import SYSTEM, Actor
from accounts.tests import cast
from dukcapil import clock
from dukcapil.errors import Conflict, NotAllowed, NotFound, Refused
from dukcapil.tests.processes import fork, join, together
from recording.coverage.services import recompute_coverage, run_due
from recording.coverage.voiding import void_run
from recording.models import AuditEntry, CoverageRun, DeliveryStatus, Door, Webhook, WebhookDelivery
from recording.tasks import deliver_webhooks
from recording.tests.world import DAY, NOON, count, write
from recording.webhooks import delivery, outgoing
from recording.webhooks.delivery import deliver_due
from recording.webhooks.selectors import DELIVERIES_SHOWN, webhooks_of
from recording.webhooks.services import register_webhook, stop_webhook
from recording.webhooks.tests.receiver import Receiver

YESTERDAY = DAY - timedelta(days=1)
MINUTE = timedelta(minutes=1)
PUBLIC = ["93.184.215.14"]


@pytest.fixture(autouse=True)
def _private_addresses_allowed(settings: Settings) -> None:
    settings.WEBHOOKS_ALLOW_PRIVATE_ADDRESSES = True


@pytest.fixture
def receiver(tmp_path: Path, small_world: None) -> Iterator[Receiver]:
    with Receiver(tmp_path / "received").in_a_thread() as started:
        yield started


def register(url: str, by: Actor | None = None, name: str = "Dasbor", **more: Any) -> tuple[Webhook, str]:
    return register_webhook(act=Act(by or cast.reader(), NOON, Door.PAGE), url=url, name=name, **more)


def stop(by: Actor, webhook: Webhook) -> Webhook:
    return stop_webhook(act=Act(by, NOON, Door.PAGE), number=webhook.pk)


def official() -> CoverageRun:
    """A new official run: a count changed since the one before."""
    write(count(CoverageRun.objects.count() + 1, day=YESTERDAY))
    return recompute_coverage(by=SYSTEM, day=YESTERDAY, now=NOON)


def deliver(now: datetime = NOON, **more: object) -> int:
    """How many arrive at that moment."""
    return len(deliver_due(by=SYSTEM, now=now, **more))  # type: ignore[arg-type]


def only() -> WebhookDelivery:
    return WebhookDelivery.objects.get()


# Who has one


def test_the_secret_of_an_address_is_not_stored(small_world: None) -> None:
    webhook, secret = register("http://10.0.0.1/hook?token=abc", cast.reader(), " Dasbor Balai Kota ")
    assert (webhook.owner, webhook.name, webhook.created_at) == (cast.reader(), "Dasbor Balai Kota", NOON)
    assert secret.startswith("whsec_")
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    stored = [*Webhook.objects.values_list(), *AuditEntry.objects.values_list()]
    assert secret.removeprefix("whsec_") not in str(stored)
    (entry,) = AuditEntry.objects.filter(action="webhook.register")
    assert (entry.by, entry.subject, entry.door) == (cast.reader(), str(webhook.pk), "page")
    assert entry.details == {"host": "10.0.0.1"}, "the rest of the address may be a password"


def test_secrets_differ_and_names_default_to_hosts(small_world: None) -> None:
    webhook, secret = register("http://a.test/", name="  ")
    assert webhook.name == "a.test"
    assert register("http://b.test/")[1] != secret


def test_a_live_address_twice_is_a_conflict(small_world: None) -> None:
    webhook, _secret = register("http://a.test/hook")
    with pytest.raises(Conflict, match="sudah terdaftar"):
        register("HTTP://A.test:80/hook")
    register("http://a.test/hook", cast.head_barat())
    stop(cast.reader(), webhook)
    register("http://a.test/hook")
    with pytest.raises(IntegrityError), transaction.atomic():
        Webhook.objects.create(owner=cast.reader(), url="http://a.test/hook", name="x", nonce="x", created_at=NOON)


def test_an_owner_has_at_most_ten_live_ones(small_world: None) -> None:
    made = [register(f"http://a.test/{number}")[0] for number in range(10)]
    with pytest.raises(Refused, match="Paling banyak 10"):
        register("http://a.test/10")
    stop(cast.reader(), made[0])
    register("http://a.test/10")


@pytest.mark.parametrize("name", ["x" * 81, "3171012345678901", "a\x00b"])
def test_a_bad_name_is_refused(name: str, small_world: None) -> None:
    with pytest.raises(Refused) as refusal:
        register("http://a.test/", name=name)
    assert refusal.value.field == "name"


@pytest.mark.parametrize("url", ["http://hook.test/", "https://10.0.0.1/", "https://localhost/", "https://a:b@hook.test/"])
def test_without_the_setting_only_public_https_is_registered(url: str, small_world: None, settings: Settings) -> None:
    settings.WEBHOOKS_ALLOW_PRIVATE_ADDRESSES = False
    with pytest.raises(Refused) as refusal:
        register(url)
    assert refusal.value.field == "url"
    assert not Webhook.objects.exists()


def test_a_public_or_unresolved_host_is_registered(small_world: None, settings: Settings) -> None:
    settings.WEBHOOKS_ALLOW_PRIVATE_ADDRESSES = False
    register("https://a.test/", resolve=lambda *_: PUBLIC)
    register("https://b.test/", resolve=lambda *_: [])
    with pytest.raises(Refused, match="jaringan umum"):
        register("https://c.test/", resolve=lambda *_: [*PUBLIC, "10.0.0.1"])


@pytest.mark.parametrize("who", [AnonymousUser, cast.disabled, lambda: SYSTEM])
def test_without_an_active_account_nothing_is_registered(who: Callable[[], Actor], small_world: None) -> None:
    webhook, _secret = register("http://a.test/")
    with pytest.raises(NotAllowed):
        register("http://b.test/", who())
    if who() is not SYSTEM:
        assert webhooks_of(who()) == []
        with pytest.raises(NotAllowed):
            stop(who(), webhook)
        with pytest.raises(NotAllowed):
            deliver_due(by=who(), now=NOON)


@pytest.mark.parametrize(
    ("who", "may"),
    [
        (cast.reader, True),
        (cast.admin, True),
        (cast.staff, False),
        (cast.head_barat, False),
        (cast.reader_barat, False),
        (cast.api_client, False),
        (cast.staff_jabar, False),
    ],
)
def test_only_owner_and_account_managers_stop_it(who: Callable[[], User], may: bool, small_world: None) -> None:
    webhook, _secret = register("http://a.test/", cast.reader())
    assert [each.webhook for each in webhooks_of(who())] == [webhook] * may
    if not may:
        with pytest.raises(NotFound):
            stop(who(), webhook)
        with pytest.raises(NotFound):
            stop_webhook(act=Act(who(), NOON, Door.PAGE), number=2**70)
        with pytest.raises(NotAllowed):
            deliver_due(by=who(), now=NOON)
    else:
        assert stop(who(), webhook).stopped_at == stop(who(), webhook).stopped_at == NOON
        assert AuditEntry.objects.filter(action="webhook.stop", by=who()).count() == 1
        assert webhooks_of(who()) == []


def test_the_page_asks_two_queries_whatever_was_sent(
    small_world: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first, second = register("http://a.test/")[0], register("http://b.test/")[0]
    runs = [official() for _ in range(DELIVERIES_SHOWN + 2)]
    by = cast.reader()
    with django_assert_num_queries(2):
        shown = [
            (each.webhook, each.webhook.owner.full_name, [one.run.number for one in each.deliveries])
            for each in webhooks_of(by)
        ]
    newest = [run.number for run in reversed(runs)][:DELIVERIES_SHOWN]
    assert shown == [(second, by.full_name, newest), (first, by.full_name, newest)]


# What waits


def test_each_run_waits_once_per_live_webhook(small_world: None) -> None:
    stopped = register("http://stopped.test/")[0]
    stop(cast.reader(), stopped)
    leaving = register("http://leaving.test/", cast.head_barat())[0]
    User.objects.filter(pk=leaving.owner_id).update(is_active=False)
    live = [register("http://a.test/")[0], register("http://b.test/", cast.staff())[0]]
    run = official()
    assert recompute_coverage(by=SYSTEM, day=YESTERDAY, now=NOON) == run
    assert run_due(by=SYSTEM, now=NOON) == [run]
    assert run_due(by=SYSTEM, now=NOON) == []
    waiting = WebhookDelivery.objects.order_by("pk").values_list("webhook", "run", "status", "next_at")
    assert list(waiting) == [(each.pk, run.number, "pending", NOON) for each in sorted(live, key=lambda w: -w.pk)]


def test_a_provisional_run_is_not_told(small_world: None) -> None:
    register("http://a.test/")
    write(count(1))
    assert recompute_coverage(by=SYSTEM, day=DAY, now=NOON).status == "provisional"
    assert not WebhookDelivery.objects.exists()


def test_a_rolled_back_run_leaves_no_delivery(small_world: None) -> None:
    register("http://a.test/")
    with transaction.atomic():
        official()
        assert WebhookDelivery.objects.count() == 1
        transaction.set_rollback(True)
    assert (CoverageRun.objects.count(), WebhookDelivery.objects.count()) == (0, 0)


# What is sent


def test_a_message_is_signed_and_holds_no_figure(receiver: Receiver, settings: Settings) -> None:
    settings.PORTAL_NAME = "Rekam\r\nJakarta™"
    _webhook, secret = register(receiver.url("/hook?token=abc"))
    run = official()
    assert deliver(real_now=NOON + timedelta(days=365)) == 1
    (request,) = receiver.received()
    assert request.path == "/hook?token=abc"
    assert json.loads(request.body) == {
        "event": "run.official",
        "run": run.number,
        "as_of": "2021-11-24",
        "finished_at": "2021-11-25T12:00:00+07:00",
        "coverage": f"/api/v1/coverage/?run={run.number}",
    }
    stamp = request.headers["webhook-timestamp"]
    assert int(stamp) == pytest.approx((NOON + timedelta(days=365)).timestamp(), abs=30)
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.new(key, f"{request.number}.{stamp}.{request.body}".encode(), hashlib.sha256).digest()
    assert request.headers["webhook-signature"] == "v1," + base64.b64encode(signed).decode()
    assert request.headers["content-type"] == "application/json"
    assert request.headers["user-agent"] == "Rekam-Jakarta/webhook"
    sent = only()
    assert (sent.status, sent.attempts, sent.answer, sent.error, sent.next_at) == ("delivered", 1, 200, "", None)
    assert deliver(NOON + timedelta(days=1)) == 0
    assert len(receiver.received()) == 1


def test_every_delivery_has_its_own_number(receiver: Receiver) -> None:
    register(receiver.url("/a"))
    register(receiver.url("/b"))
    official(), official()
    assert deliver() == 4
    assert len({request.number for request in receiver.received()}) == 4


def test_the_task_sends_by_the_machines_clock(receiver: Receiver, at_noon: None) -> None:
    register(receiver.url())
    official()
    assert deliver_webhooks() == [only().pk]
    (request,) = receiver.received()
    assert abs(int(request.headers["webhook-timestamp"]) - clock.real_now().timestamp()) < 300


# What does not arrive


def test_retries_wait_ever_longer_and_then_end(receiver: Receiver) -> None:
    register(receiver.url())
    official()
    receiver.status = 503
    moment, waits = NOON, []
    for attempt in range(1, 8):
        assert deliver(moment) == 0
        row = only()
        assert (row.attempts, row.answer, row.error) == (attempt, 503, "Penerima menjawab 503.")
        if row.next_at:
            waits.append(round((row.next_at - moment) / MINUTE))
            assert deliver(row.next_at - MINUTE / 2) == 0
            assert len(receiver.received()) == attempt, "it was sent before its time"
            moment = row.next_at + MINUTE / 60
    assert waits == [1, 5, 30, 2 * 60, 6 * 60, 12 * 60]
    assert (only().status, only().next_at) == ("failed", None)
    receiver.status = 200
    assert deliver(moment + timedelta(days=10)) == 0
    assert len(receiver.received()) == 7
    assert len({request.number for request in receiver.received()}) == 1


def test_a_retry_keeps_the_deliverys_number(receiver: Receiver) -> None:
    register(receiver.url())
    official()
    receiver.status = 500
    deliver()
    receiver.status = 204
    assert deliver(NOON + 2 * MINUTE) == 1
    assert (only().status, only().attempts, only().answer, only().error) == ("delivered", 2, 204, "")
    assert len({request.number for request in receiver.received()}) == 1


@pytest.mark.parametrize(
    ("path", "answer", "error"), [("/elsewhere", 302, "Penerima menjawab 302."), ("/slow", None, "Tidak ada jawaban")]
)
def test_a_failing_receiver_holds_up_no_other(
    path: str, answer: int | None, error: str, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "TIMEOUT_SECONDS", 0.3)
    bad, _secret = register(receiver.url(f"/{path}"))
    register(receiver.url("/good"))
    official()
    assert deliver() == 1
    row = WebhookDelivery.objects.get(webhook=bad)
    assert (row.status, row.answer) == ("pending", answer)
    assert row.error.startswith(error)
    assert {request.path for request in receiver.received()} == {path, "/good"}


def test_an_internal_failure_holds_up_no_other(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, _secret = register("http://broken.test/")
    register(receiver.url())
    official()

    def resolve(host: str, port: int) -> list[str]:
        if host == "broken.test":
            raise ZeroDivisionError
        return ["127.0.0.1"]

    assert deliver(resolve=resolve) == 1
    assert WebhookDelivery.objects.get(webhook=broken).error == delivery.BROKEN


def test_a_host_that_became_private_is_not_asked(receiver: Receiver, settings: Settings) -> None:
    settings.WEBHOOKS_ALLOW_PRIVATE_ADDRESSES = False
    register(f"https://hook.test:{receiver.server_port}/", resolve=lambda *_: PUBLIC)
    official()
    assert deliver(resolve=lambda *_: ["127.0.0.1"]) == 0
    assert (only().status, only().error) == ("pending", "Host hook.test tidak berada di jaringan umum.")
    assert receiver.received() == []


@pytest.mark.parametrize("how", ["stopped", "disabled"])
def test_deliveries_of_stopped_or_ownerless_webhooks_fail_unsent(how: str, receiver: Receiver) -> None:
    webhook, _secret = register(receiver.url())
    official()
    receiver.status = 500
    deliver()
    if how == "stopped":
        stop(cast.reader(), webhook)
    else:
        User.objects.filter(pk=webhook.owner_id).update(is_active=False)
    assert deliver() == 0
    assert (only().status, only().next_at, only().error) == ("failed", None, delivery.STOPPED)
    assert len(receiver.received()) == 1


def test_a_void_run_is_not_told(receiver: Receiver) -> None:
    """As one that a clock made which had jumped ahead: its delivery would be due days later."""
    register(receiver.url())
    void_run(act=Act(SYSTEM, NOON, Door.PAGE), number=official().number, reason="jam salah")
    assert deliver() == 0
    assert (only().status, only().error, receiver.received()) == ("failed", delivery.VOID, [])


def test_who_was_told_hears_that_it_is_void(receiver: Receiver) -> None:
    """Also where the answer may only have been lost, and once; not who was registered later, or is stopped."""
    for path in ("told", "unanswered", "stopped"):
        register(receiver.url(f"/{path}"))
    run = official()
    deliver()
    stop(cast.reader(), Webhook.objects.get(url__endswith="stopped"))
    WebhookDelivery.objects.filter(webhook__url__endswith="unanswered").update(status="pending", next_at=NOON + MINUTE)
    register(receiver.url("/later"))
    for _twice in range(2):
        void_run(act=Act(SYSTEM, NOON, Door.PAGE), number=run.number, reason="jam salah")
    assert WebhookDelivery.objects.filter(event="run.void").count() == 2
    assert (deliver(NOON + MINUTE), deliver(NOON + 9 * MINUTE)) == (2, 0)
    requests = receiver.received()
    told = {(each.path, json.loads(each.body)["event"]) for each in requests[3:]}
    assert told == {("/told", "run.void"), ("/unanswered", "run.void")}
    assert len({each.number for each in requests}) == 5
    assert {json.loads(each.body)["run"] for each in requests} == {run.number}


def test_a_delivery_stopped_between_steps_is_unsent(receiver: Receiver) -> None:
    webhook, _secret = register(receiver.url())
    official()
    Webhook.objects.update(stopped_at=NOON)
    claimed = delivery._claim(only().pk, NOON)
    assert claimed
    assert not delivery._deliver(claimed, NOON, NOON, outgoing.resolve_host)
    assert (only().status, only().error, receiver.received()) == ("failed", delivery.STOPPED, [])
    assert webhook.pk == only().webhook_id


def test_finished_deliveries_are_forgotten_after_ninety_days(receiver: Receiver) -> None:
    register(receiver.url("/a"))
    official()
    deliver()
    register(receiver.url("/b"))
    official()
    deliver(NOON + timedelta(days=90))
    assert WebhookDelivery.objects.count() == 3
    WebhookDelivery.objects.filter(webhook__url__endswith="/b").update(
        status=DeliveryStatus.PENDING, next_at=NOON + timedelta(days=100)
    )
    deliver(NOON + timedelta(days=90, minutes=1))
    assert [row.webhook.url[-2:] for row in WebhookDelivery.objects.all()] == ["/b"]


# Two at once, and sudden death


def claimed_by_another(now: datetime) -> WebhookDelivery:
    claimed = delivery._claim(only().pk, now)
    assert claimed
    return claimed


def test_a_claim_is_exclusive_until_its_lease_ends(receiver: Receiver) -> None:
    register(receiver.url())
    official()
    first = claimed_by_another(NOON)
    assert delivery._claim(first.pk, NOON + delivery.LEASE - MINUTE) is None
    second = claimed_by_another(NOON + delivery.LEASE)
    delivery._write_failure(first, "terlambat", 500, retry_from=NOON)
    assert (only().next_at, only().error) == (NOON + 2 * delivery.LEASE, ""), "its claim was over"
    assert delivery._deliver(first, NOON, NOON, outgoing.resolve_host)
    delivery._write_failure(second, "gagal", 500, retry_from=NOON)
    assert (only().status, only().error) == ("delivered", ""), "it has arrived, whoever brought it"


def test_a_delivery_that_kills_workers_is_abandoned(receiver: Receiver) -> None:
    register(receiver.url())
    official()
    for attempt in range(len(delivery.RETRY_AFTER) + 1):
        claimed_by_another(NOON + attempt * delivery.LEASE)
    assert deliver(NOON + timedelta(days=1)) == 0
    assert (only().status, only().error, receiver.received()) == ("failed", delivery.BROKEN, [])


@pytest.fixture
def apart(tmp_path: Path, committed_world: None) -> Iterator[Receiver]:
    """A receiver in a process of its own, for tests that fork."""
    started = Receiver(tmp_path / "received")
    child = fork(started.serve_forever)
    yield started
    os.kill(child, signal.SIGKILL)
    join([child])
    started.server_close()


def test_two_workers_at_once_send_each_delivery_once(apart: Receiver) -> None:
    for number in range(8):
        register(apart.url(f"/{number}"))
    official()
    official()
    assert together(*[partial(deliver_due, by=SYSTEM, now=NOON)] * 2) == [0, 0]
    numbers = [request.number for request in apart.received()]
    assert (len(numbers), len(set(numbers))) == (16, 16)
    assert list(WebhookDelivery.objects.values_list("status", "attempts").distinct().order_by()) == [("delivered", 1)]


def test_a_worker_killed_while_sending_loses_nothing(apart: Receiver) -> None:
    register(apart.url("/hangs-once"))
    official()
    child = fork(partial(deliver_due, by=SYSTEM, now=NOON))
    try:
        deadline = time.monotonic() + 30
        while not apart.received() and time.monotonic() < deadline:
            time.sleep(0.01)
    finally:
        os.kill(child, signal.SIGKILL)
        assert join([child]) == [-signal.SIGKILL]
    assert (only().status, only().attempts) == ("pending", 1)
    assert deliver(NOON + delivery.LEASE - MINUTE) == 0
    assert deliver(NOON + delivery.LEASE + MINUTE) == 1
    assert (only().status, only().attempts) == ("delivered", 2)
    first, second = apart.received()
    assert first.number == second.number


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize("path", ["3173010107900001", "317301/450890/0002?x=1"])
def test_an_address_with_a_nik_is_refused(path: str) -> None:
    with pytest.raises(Refused, match="16 digit"):
        register(f"https://dasbor.example/{path}")
    assert not Webhook.objects.exists()
