"""How a webhook is signed: as Standard Webhooks says, so that receivers verify it with the libraries that exist for it.

The secret is derived from SECRET_KEY and the webhook's nonce, so that no copy of the database gives it away.
"""

import base64
import hmac
from datetime import datetime

from django.utils.crypto import salted_hmac

from recording.models import Webhook, WebhookDelivery, WebhookEvent


def secret_of(webhook: Webhook) -> str:
    """What the receiver verifies with."""
    return "whsec_" + base64.b64encode(_key(webhook)).decode()


def signature_headers(delivery: WebhookDelivery, body: bytes, sent_at: datetime) -> dict[str, str]:
    """The id, the Unix time and the signature of both together with the body (HMAC-SHA256)."""
    message_id = _message_id(delivery)
    timestamp = str(int(sent_at.timestamp()))
    digest = hmac.digest(_key(delivery.webhook), f"{message_id}.{timestamp}.".encode() + body, "sha256")
    return {
        "Webhook-Id": message_id,
        "Webhook-Timestamp": timestamp,
        "Webhook-Signature": "v1," + base64.b64encode(digest).decode(),
    }


def _message_id(delivery: WebhookDelivery) -> str:
    """The same in every attempt; another one for another event, and for a run that a restored database numbers again."""
    run = delivery.run
    value = f"{delivery.webhook.nonce}.{run.number}.{run.finished_at.timestamp()}"
    if delivery.event != WebhookEvent.OFFICIAL:
        value += f".{delivery.event}"
    return "msg_" + salted_hmac("recording.webhook.id", value, algorithm="sha256").hexdigest()[:32]


def _key(webhook: Webhook) -> bytes:
    return salted_hmac("recording.webhook.secret", webhook.nonce, algorithm="sha256").digest()
