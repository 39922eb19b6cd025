"""Delivering webhooks: each official run is told to every live webhook, at least once, and that it became void to those
that were told of it (docs/decisions/0014).

A delivery is a row, written with the run itself; workers only ask which rows are due.
"""

import json
import logging
import re
import time
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q
from django.utils import translation

from accounts.rights import Actor, can, require
from accounts.roles import Action
from dukcapil.clock import JAKARTA
from dukcapil.errors import N_, Refused
from dukcapil.locks import delete_if_any
from dukcapil.task_queue import wake_workers
from recording.models import CoverageRun, DeliveryStatus, RunStatus, Webhook, WebhookDelivery, WebhookEvent
from recording.webhooks import outgoing
from recording.webhooks.signature import signature_headers

log = logging.getLogger(__name__)
TASK = "recording.deliver_webhooks"
# How long after each failed attempt the next one comes; after the last of them the delivery has failed.
RETRY_AFTER = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
)
LEASE = timedelta(minutes=5)  # longer than one sending takes; then a killed worker's delivery is due again
MAX_DELIVERIES_PER_CALL, MAX_TIME_PER_CALL = 200, timedelta(seconds=45)  # the next call goes on
KEEP_DELIVERIES = timedelta(days=90)
STOPPED = N_("Webhook dihentikan atau akun pemiliknya tidak aktif.")
VOID = N_("Angka ini tidak berlaku.")
BROKEN = N_("Pengiriman berulang kali terputus di sisi portal.")


def queue_deliveries(*, run: CoverageRun, now: datetime) -> None:
    """One delivery of an official run for each live webhook. Called inside the transaction that writes the run."""
    if run.status != RunStatus.OFFICIAL:
        return
    _queue(WebhookEvent.OFFICIAL, Webhook.objects.live(), run, now)


def queue_void_deliveries(*, run: CoverageRun, now: datetime) -> None:
    """One delivery for each live webhook that was told of the run, or may have been: one that was tried and not answered
    may have arrived. Called inside the transaction that declares the run void."""
    tried = WebhookDelivery.objects.filter(run=run, event=WebhookEvent.OFFICIAL, attempts__gt=0)
    _queue(WebhookEvent.VOID, Webhook.objects.live().filter(pk__in=tried.values("webhook")), run, now)


def _queue(event: WebhookEvent, webhooks: Iterable[Webhook], run: CoverageRun, now: datetime) -> None:
    rows = [WebhookDelivery(webhook=webhook, run=run, event=event, at=now, next_at=now) for webhook in webhooks]
    if WebhookDelivery.objects.bulk_create(rows):
        wake_workers(TASK)


def deliver_due(
    *, by: Actor, now: datetime, real_now: datetime | None = None, resolve: outgoing.Resolver = outgoing.resolve_host
) -> list[int]:
    """Send what is due, the longest due first; returns the deliveries that arrived. Safe to call at any time.

    `real_now` is the machine's clock, which receivers compare with theirs: the portal's may be that of the example.
    """
    require(by=by, action=Action.USER_MANAGE)
    started = time.monotonic()
    arrived = []
    with translation.override(settings.LANGUAGE_CODE):  # errors are stored in the language of the portal
        _fail_unsent()
        for number in _due(now):
            passed = timedelta(seconds=time.monotonic() - started)
            if passed > MAX_TIME_PER_CALL:
                break
            delivery = _claim(number, now + passed)
            if delivery and _deliver(delivery, now + passed, (real_now or now) + passed, resolve):
                arrived.append(number)
    _delete_old(now)
    return arrived


def _due(now: datetime) -> list[int]:
    due = WebhookDelivery.objects.filter(status=DeliveryStatus.PENDING, next_at__lte=now)
    return list(due.order_by("next_at", "pk").values_list("pk", flat=True)[:MAX_DELIVERIES_PER_CALL])


def _fail_unsent() -> None:
    """What is not to be sent any more: of stopped webhooks, and of runs that were declared void meanwhile."""
    not_live = ~Q(webhook__stopped_at=None) | Q(webhook__owner__is_active=False)
    for which, why in ((not_live, STOPPED), (~Q(run__void=None) & Q(event=WebhookEvent.OFFICIAL), VOID)):
        pending = WebhookDelivery.objects.filter(which, status=DeliveryStatus.PENDING)
        if pending.exists():  # an UPDATE of nothing would take SQLite's write lock at every call
            pending.update(status=DeliveryStatus.FAILED, next_at=None, error=str(Refused(why)))


def _claim(number: int, now: datetime) -> WebhookDelivery | None:
    """Only one worker's UPDATE finds the row due. One that dies while sending leaves it due again after the lease."""
    claimed = WebhookDelivery.objects.filter(pk=number, status=DeliveryStatus.PENDING, next_at__lte=now).update(
        next_at=now + LEASE, last_at=now, attempts=F("attempts") + 1
    )
    deliveries = WebhookDelivery.objects.select_related("webhook__owner", "run")
    return deliveries.get(pk=number) if claimed else None


def _deliver(delivery: WebhookDelivery, now: datetime, sent_at: datetime, resolve: outgoing.Resolver) -> bool:
    """Send a claimed delivery, outside of any transaction, and write down how it ended; whether it arrived."""
    webhook = delivery.webhook
    if webhook.stopped_at or not can(webhook.owner, Action.KEY_WRITE):
        _write_failure(delivery, str(Refused(STOPPED)))
        return False
    if delivery.attempts > len(RETRY_AFTER) + 1:
        _write_failure(delivery, str(Refused(BROKEN)))
        return False
    status, error = _send(delivery, sent_at, resolve)
    if error:
        _write_failure(delivery, error, status, retry_from=now)
        return False
    # Without asking for the claim: it has arrived, whichever worker says so.
    WebhookDelivery.objects.filter(pk=delivery.pk).update(
        status=DeliveryStatus.DELIVERED, next_at=None, answer=status, error=""
    )
    return True


def _send(delivery: WebhookDelivery, sent_at: datetime, resolve: outgoing.Resolver) -> tuple[int | None, str]:
    """(HTTP status of the answer, None without one; what went wrong, "" for nothing)."""
    body = message_body(delivery)
    portal = re.sub(r"[^A-Za-z0-9]+", "-", settings.PORTAL_NAME).strip("-") or "Portal"
    headers = {"Content-Type": "application/json", "User-Agent": f"{portal}/webhook"}
    try:
        status = outgoing.post(
            delivery.webhook.url,
            body,
            headers | signature_headers(delivery, body, sent_at),
            allow_private=settings.WEBHOOKS_ALLOW_PRIVATE_ADDRESSES,
            resolve=resolve,
        )
    except Refused as problem:
        return None, str(problem)
    except Exception:  # an unforeseen failure of one receiver must not hold up the others
        log.exception("webhook delivery %s failed", delivery.pk)
        return None, str(Refused(BROKEN))
    return status, "" if 200 <= status < 300 else str(Refused(N_("Penerima menjawab %(answer)s."), answer=status))


def _write_failure(
    delivery: WebhookDelivery, error: str, status: int | None = None, retry_from: datetime | None = None
) -> None:
    """It did not arrive. Due again after the wait of RETRY_AFTER, counted from `retry_from`; never without it, or after
    the last attempt. Changes nothing when another worker has claimed the delivery meanwhile."""
    next_at = None
    if retry_from is not None and delivery.attempts <= len(RETRY_AFTER):
        next_at = retry_from + RETRY_AFTER[delivery.attempts - 1]
    WebhookDelivery.objects.filter(pk=delivery.pk, status=DeliveryStatus.PENDING, attempts=delivery.attempts).update(
        status=DeliveryStatus.PENDING if next_at else DeliveryStatus.FAILED, next_at=next_at, answer=status, error=error[:300]
    )


def message_body(delivery: WebhookDelivery) -> bytes:
    """JSON that names the event, the run and where its figures are. No figure, so that no right can leak."""
    run = delivery.run
    message = {
        "event": delivery.event,
        "run": run.number,
        "as_of": run.as_of.isoformat(),
        "finished_at": run.finished_at.astimezone(JAKARTA).isoformat(),
        "coverage": f"/api/v1/coverage/?run={run.number}",
    }
    return json.dumps(message).encode()


def _delete_old(now: datetime) -> None:
    delete_if_any(WebhookDelivery.objects.filter(at__lt=now - KEEP_DELIVERIES).exclude(status=DeliveryStatus.PENDING))
