"""Webhooks for the page that manages them, each with its last deliveries."""

from dataclasses import dataclass

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from accounts.rights import Actor
from recording.models import Webhook, WebhookDelivery

DELIVERIES_SHOWN = 5  # of each webhook


@dataclass(frozen=True)
class ShownWebhook:
    """A live webhook and its last deliveries, the newest first."""

    webhook: Webhook
    deliveries: list[WebhookDelivery]


def webhooks_of(by: Actor) -> list[ShownWebhook]:
    """One's own webhooks that are not stopped, newest first; everybody's for whoever manages accounts. Two queries."""
    webhooks = list(Webhook.objects.visible_to(by).filter(stopped_at=None).select_related("owner"))
    if not webhooks:
        return []
    rank = Window(RowNumber(), partition_by=F("webhook"), order_by=F("pk").desc())
    last = WebhookDelivery.objects.filter(webhook__in=webhooks).select_related("run").alias(rank=rank)
    deliveries: dict[int, list[WebhookDelivery]] = {webhook.pk: [] for webhook in webhooks}
    for delivery in last.filter(rank__lte=DELIVERIES_SHOWN).order_by("-pk"):
        deliveries[delivery.webhook_id].append(delivery)
    return [ShownWebhook(webhook, deliveries[webhook.pk]) for webhook in webhooks]
