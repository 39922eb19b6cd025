"""Webhooks: telling other systems of every new official run. A delivery is a row (docs/decisions/0014).

The row is written with the run itself; workers only ask which rows are due. The scheme of the signature is that of
Standard Webhooks: receivers verify it with the libraries that exist for it.
"""

import base64
import hmac
import json
import logging
import re
import secrets
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q
from django.utils import translation
from django.utils.crypto import salted_hmac

from accounts.acts import Act
from accounts.rights import Actor, can, require
from accounts.roles import Action
from dukcapil.clock import JAKARTA
from dukcapil.errors import N_, Conflict, NotAllowed, NotFound, Refused
from dukcapil.locks import one_writer
from dukcapil.task_queue import wake_workers
from recording.audit import write_audit
from recording.models import CoverageRun, DeliveryStatus, RunStatus, Webhook, WebhookDelivery
from recording.parsing.free_text import free_text
from recording.webhooks import outgoing

log = logging.getLogger(__name__)
TASK = "recording.deliver_webhooks"
MOST = 10  # live webhooks of one owner
# How long after each failed attempt the next one comes; after the last of them the delivery has failed.
RETRY_AFTER = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
)
LEASE = timedelta(minutes=5)  # longer than one sending takes; then a killed worker's delivery is taken up again
AT_ONCE, AT_MOST = 200, timedelta(seconds=45)  # of one ring; the next one goes on
KEPT = timedelta(days=90)
STOPPED = N_("Webhook dihentikan atau akun pemiliknya tidak aktif.")
BROKEN = N_("Pengiriman berulang kali terputus di sisi portal.")


def register_webhook(
    *, act: Act, url: str, name: str, resolve: outgoing.Resolve = outgoing.look_up
) -> tuple[Webhook, str]:
    """An address of one's own that is told of new official runs, and its secret, which is never shown again.

    One address once for an owner, at most MOST of them. A host that cannot be resolved now is asked again when sending.
    """
    require(by=act.by, action=Action.KEY_WRITE)
    owner = act.author
    if owner is None:
        raise NotAllowed(N_("Webhook harus dimiliki sebuah akun."))
    place = outgoing.place(url, anywhere=settings.WEBHOOKS_ALLOW_PRIVATE_ADDRESSES)
    name = free_text(name, "name", longest=80) or place.host[:80]
    if not settings.WEBHOOKS_ALLOW_PRIVATE_ADDRESSES:
        try:
            outgoing.addresses(place, anywhere=False, resolve=resolve)
        except outgoing.Unreachable:
            log.info("webhook %s does not resolve yet", place.host)
    with one_writer():
        live = Webhook.objects.filter(owner=owner, stopped_at=None)
        if live.filter(url=str(place)).exists():
            raise Conflict(N_("Alamat ini sudah terdaftar sebagai webhook Anda."), "url")
        if live.count() >= MOST:
            raise Refused(N_("Paling banyak %(most)s webhook aktif; hentikan satu dulu."), most=MOST)
        webhook = Webhook.objects.create(
            owner=owner, url=str(place), name=name, nonce=secrets.token_hex(16), created_at=act.now
        )
        # The host alone: the rest of such an address is often a password.
        write_audit(act=act, action="webhook.register", subject=str(webhook.pk), details={"host": place.host})
    return webhook, secret_of(webhook)


def stop_webhook(*, act: Act, number: int) -> Webhook:
    """Nothing is sent to it any more, what waits included. One's own; any, for whoever manages accounts."""
    require(by=act.by, action=Action.KEY_WRITE)
    with one_writer():
        webhook = Webhook.objects.visible_to(act.by).filter(pk=number).first()
        if webhook is None:
            raise NotFound(N_("Webhook %(number)s tidak ditemukan."), number=number)
        if webhook.stopped_at is None:
            webhook.stopped_at = act.now
            webhook.save(update_fields=["stopped_at"])
            write_audit(act=act, action="webhook.stop", subject=str(webhook.pk), details={})
    return webhook


def queue_deliveries(*, run: CoverageRun, now: datetime) -> None:
    """One delivery of an official run for each live webhook. Called inside the transaction that writes the run."""
    if run.status != RunStatus.OFFICIAL:
        return
    live = Webhook.objects.live()
    if WebhookDelivery.objects.bulk_create(
        WebhookDelivery(webhook=webhook, run=run, at=now, next_at=now) for webhook in live
    ):
        wake_workers(TASK)


def deliver_due(
    *, by: Actor, now: datetime, machine: datetime | None = None, resolve: outgoing.Resolve = outgoing.look_up
) -> list[int]:
    """Send what is due, the longest due first; the deliveries that arrived. Safe to call at any time, however often.

    `machine` is the machine's own moment, for the receivers to compare with theirs: the portal's may be the example's.
    """
    require(by=by, action=Action.USER_MANAGE)
    started = time.monotonic()
    arrived = []
    with translation.override(settings.LANGUAGE_CODE):  # what is stored is in the language of the portal
        _give_up_the_stopped()
        for number in _due(now):
            passed = timedelta(seconds=time.monotonic() - started)
            if passed > AT_MOST:
                break
            delivery = _claim(number, now + passed)
            if delivery and _deliver(delivery, now + passed, (machine or now) + passed, resolve):
                arrived.append(number)
    _forget_old(now)
    return arrived


def secret_of(webhook: Webhook) -> str:
    """What the receiver verifies with: derived from SECRET_KEY, so that no copy of the database gives it away."""
    return "whsec_" + base64.b64encode(_key(webhook)).decode()


def _key(webhook: Webhook) -> bytes:
    return salted_hmac("recording.webhook.secret", webhook.nonce, algorithm="sha256").digest()


def _due(now: datetime) -> list[int]:
    due = WebhookDelivery.objects.filter(status=DeliveryStatus.PENDING, next_at__lte=now)
    return list(due.order_by("next_at", "pk").values_list("pk", flat=True)[:AT_ONCE])


def _give_up_the_stopped() -> None:
    over = ~Q(webhook__stopped_at=None) | Q(webhook__owner__is_active=False)
    pending = WebhookDelivery.objects.filter(over, status=DeliveryStatus.PENDING)
    if pending.exists():  # an UPDATE of nothing would take SQLite's write lock at every ring
        pending.update(status=DeliveryStatus.FAILED, next_at=None, error=str(Refused(STOPPED)))


def _claim(number: int, now: datetime) -> WebhookDelivery | None:
    """Only one worker's UPDATE finds the row due. One that dies while sending leaves it due again after the lease."""
    claimed = WebhookDelivery.objects.filter(pk=number, status=DeliveryStatus.PENDING, next_at__lte=now).update(
        next_at=now + LEASE, last_at=now, attempts=F("attempts") + 1
    )
    found = WebhookDelivery.objects.select_related("webhook__owner", "run")
    return found.get(pk=number) if claimed else None


def _deliver(delivery: WebhookDelivery, now: datetime, machine: datetime, resolve: outgoing.Resolve) -> bool:
    """Send one that was claimed, outside of any transaction, and write down how it ended."""
    webhook = delivery.webhook
    if webhook.stopped_at or not can(webhook.owner, Action.KEY_WRITE):
        return _failed(delivery, str(Refused(STOPPED)))
    if delivery.attempts > len(RETRY_AFTER) + 1:
        return _failed(delivery, str(Refused(BROKEN)))
    body = _body(delivery.run)
    answer = None
    try:
        answer = outgoing.post(
            webhook.url,
            body,
            _headers(delivery, body, machine),
            anywhere=settings.WEBHOOKS_ALLOW_PRIVATE_ADDRESSES,
            resolve=resolve,
        )
        error = "" if 200 <= answer < 300 else str(Refused(N_("Penerima menjawab %(answer)s."), answer=answer))
    except Refused as problem:
        error = str(problem)
    except Exception:  # whatever a receiver comes up with: the others must be told
        log.exception("webhook delivery %s failed", delivery.pk)
        error = str(Refused(BROKEN))
    if error:
        return _failed(delivery, error, answer, again=now)
    # Without asking for the claim: that it has arrived is true whoever says so.
    WebhookDelivery.objects.filter(pk=delivery.pk).update(
        status=DeliveryStatus.DELIVERED, next_at=None, answer=answer, error=""
    )
    return True


def _failed(delivery: WebhookDelivery, error: str, answer: int | None = None, again: datetime | None = None) -> bool:
    """It did not arrive: due a while after `again`, as RETRY_AFTER says, or never. Only the claim's holder says so."""
    retry = again is not None and delivery.attempts <= len(RETRY_AFTER)
    WebhookDelivery.objects.filter(pk=delivery.pk, status=DeliveryStatus.PENDING, attempts=delivery.attempts).update(
        status=DeliveryStatus.PENDING if retry else DeliveryStatus.FAILED,
        next_at=again + RETRY_AFTER[delivery.attempts - 1] if again and retry else None,
        answer=answer,
        error=error[:300],
    )
    return False


def _body(run: CoverageRun) -> bytes:
    """What is told: that there is a run, and where its figures are. No figure, so that no right can leak."""
    told = {
        "event": "run.official",
        "run": run.number,
        "as_of": run.as_of.isoformat(),
        "finished_at": run.finished_at.astimezone(JAKARTA).isoformat(),
        "coverage": f"/api/v1/coverage/?run={run.number}",
    }
    return json.dumps(told).encode()


def _headers(delivery: WebhookDelivery, body: bytes, machine: datetime) -> dict[str, str]:
    """The id is the same in every attempt, and another one for a run that a restored database numbers again."""
    run, webhook = delivery.run, delivery.webhook
    told = f"{webhook.nonce}.{run.number}.{run.finished_at.timestamp()}"
    number = "msg_" + salted_hmac("recording.webhook.id", told, algorithm="sha256").hexdigest()[:32]
    stamp = str(int(machine.timestamp()))
    signed = hmac.digest(_key(webhook), f"{number}.{stamp}.".encode() + body, "sha256")
    portal = re.sub(r"[^A-Za-z0-9]+", "-", settings.PORTAL_NAME).strip("-") or "Portal"
    return {
        "Content-Type": "application/json",
        "User-Agent": f"{portal}/webhook",
        "Webhook-Id": number,
        "Webhook-Timestamp": stamp,
        "Webhook-Signature": "v1," + base64.b64encode(signed).decode(),
    }


def _forget_old(now: datetime) -> None:
    old = WebhookDelivery.objects.filter(at__lt=now - KEPT).exclude(status=DeliveryStatus.PENDING)
    if old.exists():
        old.delete()
